"""`tripsage ops replay` on a stage."""

import io

from rich.console import Console

from tests.support.stage import Stage
from workers import ops


async def replayed(on: Stage, turn_id: str = "m1", session: str | None = None) -> tuple[int, str]:
    said = io.StringIO()
    code = await ops.run(on.shared, turn_id, session, Console(file=said, width=120))
    return code, said.getvalue()
