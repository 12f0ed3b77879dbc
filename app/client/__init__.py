"""A client of the TripSage socket: it reconnects and resumes by itself, without a gap or a repeat.

async with Client("http://127.0.0.1:8000", token=token) as client:
    turn = await client.say("5 days in Lisbon from Berlin in early May for 2 under 1500 EUR")
    async for event in turn.events():
        ...
"""

from app.client.client import Client
from app.client.errors import (
    AuthenticationRefused,
    ClientError,
    CommandRefused,
    ConnectionStopped,
    HistoryLost,
    ServerUnreachable,
)
from app.client.frames import JSON, MSGPACK, Received
from app.client.notices import Connected, Disconnected, Notice
from app.client.protocol import Cursor
from app.client.transcript import Transcript
from app.client.turn import Turn

__all__ = [
    "JSON",
    "MSGPACK",
    "AuthenticationRefused",
    "Client",
    "ClientError",
    "CommandRefused",
    "Connected",
    "ConnectionStopped",
    "Cursor",
    "Disconnected",
    "HistoryLost",
    "Notice",
    "Received",
    "ServerUnreachable",
    "Transcript",
    "Turn",
]
