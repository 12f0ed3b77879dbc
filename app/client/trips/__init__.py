"""Trips as several people edit them, seen from one client.

async with Client(url, token=token) as client, TripSession(client, "trip_1") as trip:
    update = trip.update({"budget": 3500})
    print(trip.trip["budget"])  # shown already
    await update.confirmed()
"""

from app.client.trips.edits import Conflict
from app.client.trips.manager import OptimisticUpdateManager
from app.client.trips.session import TripSession
from app.client.trips.updates import EditConflicted, EditRefused, Update

__all__ = ["Conflict", "EditConflicted", "EditRefused", "OptimisticUpdateManager", "TripSession", "Update"]
