"""Runs the supervisor on small programs described in JSON, as a process of its own that tests can signal.

`python -m tests.support.supervised '[{"name": "one", "stage": 1, "code": "..."}]'`; `"valkey": true` stands
for the real embedded server.
"""

import json
import os
import sys
from typing import Any

from app import settings
from app.cli.errors import CannotStart
from app.cli.up.programs import Probe, Program, Stage, system
from app.cli.up.run import up


def program(described: dict[str, Any], loaded: settings.Settings) -> Program:
    if described.get("valkey"):
        return next(program for program in system(loaded) if program.name == "valkey")
    return Program(
        name=described["name"],
        arguments=(sys.executable, "-S", "-c", described["code"]),
        stage=Stage(described.get("stage", Stage.GATEWAY)),
        drain_seconds=described.get("drain_seconds", 30),
        probe=Probe("127.0.0.1", loaded.port, "/readyz") if described.get("probe") else None,
    )


if __name__ == "__main__":
    loaded = settings.load(os.environ)
    programs = [program(described, loaded) for described in json.loads(sys.argv[1])]
    try:
        sys.exit(up(loaded, os.environ, programs))
    except (CannotStart, settings.SettingsError) as error:
        sys.stderr.write(f"tripsage: {error}\n")
        sys.exit(2)
