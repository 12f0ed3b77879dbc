"""TripSage: agents plan trips, and everything they do arrives live over one WebSocket."""

__version__ = "0.1.0"
