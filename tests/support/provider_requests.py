"""Which requests to the travel APIs a tool call makes, so that those of a turn can be told apart by its calls."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.travel import Bench

RequestCounts = Counter[str]
"""How often each request was made; two that differ in anything that is sent are two."""


async def requests_of_call(tool: str, parameters: Mapping[str, Any]) -> RequestCounts:
    """Those of one attempt at a call that nothing disturbs: the tool itself makes them, of a sandbox of its own."""
    bench = Bench()
    await bench.call(tool, dict(parameters))
    return requests_of_journal(bench.admin("GET", "requests"))


def requests_of_journal(journal: Iterable[Mapping[str, Any]]) -> RequestCounts:
    """Of the entries of the sandbox's journal."""
    return Counter(
        " ".join(
            (
                entry["provider"],
                entry["method"],
                entry["path"],
                json.dumps(entry["query"], sort_keys=True),
                entry["body"],
            )
        )
        for entry in journal
    )
