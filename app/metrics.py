"""What a gateway measures of itself, in Prometheus' terms."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """One registry a process, so that tests and two apps in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.connections = Gauge(
            "tripsage_connections", "WebSocket connections open on this gateway", registry=self.registry
        )
        self.frames_received = Counter(
            "tripsage_frames_received", "Frames that clients sent to this gateway", registry=self.registry
        )
        self.events_delivered = Counter(
            "tripsage_events_delivered", "Events written to clients by this gateway", registry=self.registry
        )
        self.bytes_delivered = Counter(
            "tripsage_bytes_delivered",
            "Bytes of events written to clients by this gateway",
            registry=self.registry,
        )
        self.closes = Counter(
            "tripsage_closes",
            "Connections that this gateway closed, by close code",
            ["code"],
            registry=self.registry,
        )
