"""The data directory and the ports: whatever has to be free before anything starts."""

import contextlib
import errno
import fcntl
import os
import socket
import stat
import time
from collections.abc import Generator
from pathlib import Path

from app.cli.errors import CannotStart
from app.settings import Settings, SettingsError

TAKE_OVER_SECONDS = 10.0


@contextlib.contextmanager
def exclusive(data_dir: Path) -> Generator[int]:
    """Holds the data directory for this process; gives the descriptor of the lock.

    Raises `CannotStart` while another supervisor holds it, `SettingsError` when it cannot be written.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(data_dir / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SettingsError(f"TRIPSAGE_DATA_DIR {data_dir} cannot be used: {error.strerror}") from error
    try:
        _acquire(lock, data_dir)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def _acquire(lock: int, data_dir: Path) -> None:
    deadline = time.monotonic() + TAKE_OVER_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode()
            # A supervisor that was killed has its guard clean up after it; that ends by itself.
            if _is_running(holder) or time.monotonic() > deadline:
                raise CannotStart(
                    f"TripSage runs already on {data_dir} (process {holder or 'unknown'}): stop it first, "
                    "or set TRIPSAGE_DATA_DIR to another directory"
                ) from None
            time.sleep(0.05)
        else:
            return


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def prepare_valkey(settings: Settings) -> None:
    """Makes the directories of the embedded server, readable by this user alone.

    Raises `CannotStart` when the socket's directory is somebody else's.
    """
    for folder in (settings.valkey_dir, settings.socket_path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.socket_path.parent == settings.data_dir:
        return
    found = settings.socket_path.parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise CannotStart(
            f"{settings.socket_path.parent} is not a private directory of yours: remove it, "
            "or set TRIPSAGE_DATA_DIR to a shorter path"
        )


def require_free_ports(settings: Settings) -> None:
    """Raises `SettingsError` with the port and its variable for the first one that is taken."""
    wanted = [(settings.host, settings.port, "TRIPSAGE_PORT")]
    if settings.travel == "sandbox":
        wanted.append(("127.0.0.1", settings.sandbox_port, "TRIPSAGE_SANDBOX_PORT"))
    if settings.travel == "sandbox" and settings.port == settings.sandbox_port:
        raise SettingsError(f"TRIPSAGE_PORT and TRIPSAGE_SANDBOX_PORT are both {settings.port}")
    for host, port, variable in wanted:
        _require_free(host, port, variable)


def _require_free(host: str, port: int, variable: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(
                    f"Port {port} is in use: stop what listens there, or set {variable} to another port"
                ) from None
            if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                raise SettingsError(f"TRIPSAGE_HOST={host} is no address of this machine") from None
            raise SettingsError(f"{host}:{port} cannot be bound: {error.strerror} ({variable})") from None
