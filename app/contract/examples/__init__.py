"""One example of every frame: events with each of their fields set, commands as a client sends them."""

import json
from importlib.resources import files
from typing import Any, Literal

Kind = Literal["events", "commands"]


def example(kind: Kind, frame_type: str) -> dict[str, Any]:
    """The example of one type's frames, as JSON reads. Raises `FileNotFoundError` where there is none."""
    return json.loads((files(__name__) / kind / f"{frame_type}.json").read_bytes())
