"""What a provider's client reports of its calls."""


class Report:
    """Remembers the last endpoint and every note."""

    def __init__(self) -> None:
        self.endpoint = ""
        self.notes: list[str] = []

    def used(self, endpoint: str) -> None:
        self.endpoint = endpoint

    async def note(self, message: str) -> None:
        self.notes.append(message)
