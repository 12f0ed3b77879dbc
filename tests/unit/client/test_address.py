"""Where the socket is, from what people type."""

import pytest

from app.client.address import is_loopback, rest_address, socket_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/ws"),
        ("https://trips.example.com/", "wss://trips.example.com/ws"),
        ("ws://[::1]:8000/ws", "ws://[::1]:8000/ws"),
        ("https://example.com/tripsage", "wss://example.com/tripsage/ws"),
        ("localhost:8000", "ws://localhost:8000/ws"),
    ],
)
def test_every_way_to_name_a_server(typed: str, address: str) -> None:
    assert socket_address(typed) == address


@pytest.mark.parametrize("typed", ["ftp://example.com", "http://", "", "http:///ws"])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is not an address like http://127\.0\.0\.1:8000"):
        socket_address(typed)


def test_this_machine_is_known_by_its_names() -> None:
    assert all(is_loopback(socket_address(name)) for name in ("localhost", "127.0.0.1:80", "http://[::1]"))
    assert not is_loopback("ws://example.com/ws")


def test_the_rest_api_stands_beside_the_socket() -> None:
    assert rest_address("https://example.com/tripsage/ws") == "https://example.com/tripsage"
    assert rest_address("localhost:8000") == "http://localhost:8000"
