"""Ports of this machine that nobody else is given before the tests are over."""

import random
import socket

BELOW_THE_KERNELS = range(20_000, 32_000)
"""The kernel gives outgoing connections ports above these: a killed server has to find its own free again."""

_left = iter(random.SystemRandom().sample(BELOW_THE_KERNELS, len(BELOW_THE_KERNELS)))
_signs: list[socket.socket] = []


def free_port() -> int:
    """A TCP port of the loopback address; as long as this process lives, no other one of tests is given it."""
    for port in _left:
        sign = socket.socket(type=socket.SOCK_DGRAM)  # the UDP port of that number, which nothing else uses
        try:
            sign.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            sign.close()
        else:
            _signs.append(sign)
            return port
    raise LookupError("every port is taken")


def free_ports() -> dict[str, str]:
    """Those of a gateway and a sandbox, as their variables."""
    return {"TRIPSAGE_PORT": str(free_port()), "TRIPSAGE_SANDBOX_PORT": str(free_port())}
