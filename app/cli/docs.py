"""Writes the files under `docs/` that are derived from the contract, or checks that they are fresh."""

import json
import sys
from pathlib import Path

from app.cli.reference import events_page
from app.contract.asyncapi import asyncapi_document
from app.contract.ids import PROTOCOL_VERSION
from app.contract.schema import json_schema
from app.settings import Limits, Retention

ROOT = Path(__file__).resolve().parents[2]


def generated() -> dict[str, str]:
    """The text of every generated file by its path from the root of the project."""
    return {
        "docs/events.md": events_page(Limits(), Retention()),
        "docs/asyncapi.json": _json(asyncapi_document(PROTOCOL_VERSION)),
        "docs/schema.json": _json(json_schema()),
    }


def write_docs(*, check: bool, root: Path = ROOT) -> int:
    """Writes what is stale; with `check` only names it. The exit code: 1 when a check found something."""
    stale = {
        path: text
        for path, text in generated().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        print(f"{path} is stale: run `make docs`" if check else f"wrote {path}")
        if not check:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(write_docs(check="--check" in sys.argv[1:]))
