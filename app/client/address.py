"""Where a server's socket is, from what people type."""

from urllib.parse import SplitResult, urlsplit

SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def socket_address(url: str) -> str:
    """`http://host:8000` and `ws://host:8000/ws` alike as the address of the socket.

    Raises `ValueError` for what is no such address.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError(f"{url} is not an address like http://127.0.0.1:8000")
    path = parts.path.rstrip("/").removesuffix("/ws") + "/ws"
    return SplitResult(SCHEMES[parts.scheme], parts.netloc, path, "", "").geturl()


def rest_address(url: str) -> str:
    """The address that the paths of the REST API stand behind. Raises as `socket_address` does."""
    address = socket_address(url)
    return "http" + address.removeprefix("ws").removesuffix("/ws")


def is_loopback(address: str) -> bool:
    """Whether the address names this machine."""
    return urlsplit(address).hostname in LOOPBACK
