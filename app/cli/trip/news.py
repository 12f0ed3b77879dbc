"""What happens to a trip, a line each."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.cli.chat.words import one_line
from app.client.trips import Conflict
from app.contract import events as e

MARKS = {"active": "●", "idle": "○", "away": "○", "offline": "·"}


def news_of(
    event: e.ServerEvent | None, own_client: str, user_id: str, names: Mapping[str, str]
) -> Text | None:
    """None for what this client did itself, or need not be told. `names` are those of users, where known."""

    def named(user: str) -> str:
        return one_line(names.get(user, user))

    match event:
        case e.TripUpdateBroadcast(changes=[_, *_]) if event.client_id != own_client:
            told = "; ".join(
                change_in_words(change.field, change.old_value, change.new_value) for change in event.changes
            )
            return Text.assemble((named(event.updated_by), "bold cyan"), f" {one_line(told)}")
        case e.TripCollaborationJoin() if event.user_id != user_id:
            return _about(one_line(event.user_name), "is here")
        case e.TripCollaborationLeave() if event.user_id != user_id:
            gone = "left" if event.reason == "user_left" else "lost the connection"
            return _about(named(event.user_id), gone)
        case e.TripFieldEditingStart() if event.user_id != user_id:
            return _about(named(event.user_id), f"is editing {event.field_name}")
        case e.TripFieldEditingStop() if event.user_id != user_id:
            return _about(named(event.user_id), f"stopped editing {event.field_name}")
        case e.TripConflictDetected(resolution_required=False):
            stands = shown(event.conflicting_changes[0].value)
            return Text(
                f"nobody settled the conflict on {event.field_name} in time: {stands} stays", "yellow"
            )
        case e.TripPermissionChange():
            return _about(named(event.changed_by), _allowed(event, user_id, named(event.user_id)))
        case _:
            return None


def conflict_lines(conflict: Conflict) -> Text:
    return Text.assemble(
        ("conflict ", "bold yellow"),
        f"on {conflict.field}: yours {shown(conflict.wanted)}, theirs {shown(conflict.current)}\n",
        ("         mine, theirs, merge, or keep VALUE?", "yellow"),
    )


def whole_trip(
    trip: Mapping[str, Any], pending: Sequence[str], people: Sequence[e.Collaborator]
) -> RenderableType:
    """The trip as a table; what is not confirmed yet is marked."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", justify="right")
    table.add_column()
    rows = {
        "name": trip["name"],
        "dates": " – ".join(filter(None, (trip["start_date"], trip["end_date"]))),
        "travellers": trip["travellers"],
        "budget": "" if trip["budget"] is None else f"{_amount(trip['budget'])} {trip['currency']}",
        "stops": " → ".join(trip["destinations"]),
        "activities": ", ".join(item["name"] for item in trip["activities"]),
        "tags": ", ".join(trip["tags"]),
        "notes": trip["notes"],
    }
    waiting = {name.partition("/")[0] for name in pending}
    waiting |= {"dates"} if waiting & {"start_date", "end_date"} else set()
    for name, value in rows.items():
        mark = ("  …", "yellow") if name in waiting else ""
        table.add_row(name, Text.assemble(one_line(str(value)) or ("–", "dim"), mark))
    return Group(table, Text(), who(people)) if people else table


def _amount(number: float) -> str:
    """With cents where there are any."""
    return f"{number:,}" if number == int(number) else f"{number:,.2f}"


def who(people: Sequence[e.Collaborator]) -> Text:
    if not people:
        return Text("Nobody else is known to be here.", "dim")
    lines = [
        f"{MARKS[person.status]} {person.user_name}"
        + (f", editing {person.current_field}" if person.current_field else "")
        for person in people
    ]
    return Text("   ".join(lines), "cyan")


def shown(value: Any) -> str:
    if isinstance(value, dict):
        item = cast(dict[str, Any], value)
        whole = ", ".join(f"{key} {each}" for key, each in item.items())
        return one_line(str(item.get("name") or item.get("title") or whole))
    if isinstance(value, list):
        return one_line(", ".join(map(str, cast(list[Any], value)))) or "nothing"
    if value is None or value == "":
        return "nothing"
    return one_line(str(value))


def change_in_words(field: str, old: Any, new: Any) -> str:
    name = field.partition("/")[0]
    if field == name:
        return f"set {name.replace('_', ' ')} to {shown(new)}"
    before, after = shown(old), shown(new)
    if new is None:
        return f"dropped {before} from {name}"
    if old is None:
        return f"added {after} to {name}"
    return f"changed {after} in {name}" if before == after else f"changed {before} to {after} in {name}"


def _allowed(event: e.TripPermissionChange, user_id: str, name: str) -> str:
    whom = "you" if event.user_id == user_id else name
    if event.owner:
        return f"made {whom} the owner"
    if not event.new_permissions:
        return f"took {whom} off the trip"
    return f"lets {whom} {' and '.join(event.new_permissions)}"


def _about(who: str, what: str) -> Text:
    return Text.assemble((who, "cyan"), (f" {one_line(what)}", "dim"))
