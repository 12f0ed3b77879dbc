"""How uvicorn is told to serve the gateway."""

from litestar import Litestar

from app.gateway.server import server_config
from app.settings import load


def test_a_balancer_lets_go_of_an_idle_connection_before_the_gateway_does() -> None:
    """Else it may send a request on one that is just being closed, and a client gets its 502."""
    assert server_config(load({}), Litestar()).timeout_keep_alive > 60
