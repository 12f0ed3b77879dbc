"""How this person starts the command line from where they are."""

import os
import shutil
import sys
from pathlib import Path


def tripsage() -> str:
    """What to type: `tripsage` where a shell finds this very one, else its path."""
    script = Path(sys.executable).parent / "tripsage"
    found = shutil.which("tripsage")
    if not script.exists() or (found and Path(found).resolve() == script.resolve()):
        return "tripsage"
    return short(script)


def short(path: Path) -> str:
    """From here, if it is below."""
    here = Path(os.getcwd())
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
