"""Duffel's lists: pages with a cursor before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from .duffel_errors import Refused, malformed, not_included

PAGE, LARGEST_PAGE = 50, 200


def page(found: Sequence[Any], query: Mapping[str, str]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Those of the page that `limit` and `after` ask for, and the list's `meta`.

    Raises `Refused` for a limit or a cursor that is none.
    """
    limit = _page_size(query.get("limit"))
    start = _cursor(query.get("after"), len(found))
    following = start + limit
    meta = {
        "limit": limit,
        "before": f"g{max(0, start - limit)}" if start else None,
        "after": f"g{following}" if following < len(found) else None,
    }
    return found[start:following], meta


def _page_size(text: str | None) -> int:
    if text is None:
        return PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LARGEST_PAGE:
        raise Refused(422, not_included("limit", "/limit", f"must be between 1 and {LARGEST_PAGE}"))
    return int(text)


def _cursor(text: str | None, count: int) -> int:
    if text is None:
        return 0
    digits = text.removeprefix("g")
    if not digits.isascii() or not digits.isdigit() or int(digits[:9]) > count:
        raise Refused(422, malformed("after", "/after"))
    return int(digits)
