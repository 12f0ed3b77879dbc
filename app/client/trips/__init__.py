"""Trips as several people edit them, seen from one client."""

from app.client.trips.edits import Conflict
from app.client.trips.manager import OptimisticUpdateManager

__all__ = ["Conflict", "OptimisticUpdateManager"]
