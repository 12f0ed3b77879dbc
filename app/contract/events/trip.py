"""What happens to a trip that several people edit, and who is there."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct

from app.contract.events.base import Added, Count, Moment, Number, Permission, Time, TimedEvent, UserId

FieldName = Annotated[str, Meta(description="A field of the trip, or one keyed item of it: `stops/ID`.")]


class TripEvent(TimedEvent, kw_only=True):
    trip_id: Annotated[str, Meta(description="The trip.")]


class CursorPosition(Struct, kw_only=True):
    """Where somebody's pointer is."""

    x: Annotated[Number, Meta(description="In pixels within the element.")]
    y: Annotated[Number, Meta(description="In pixels within the element.")]
    element_id: Annotated[str | None, Meta(description="The element of the page.")] = None


class TripCollaborationJoin(TripEvent, kw_only=True, tag="trip_collaboration_join"):
    """Somebody joined the trip."""

    user_id: UserId
    user_name: Annotated[str, Meta(description="As to be shown.")]
    permissions: Annotated[list[Permission], Meta(description="What they may do.")]
    cursor_position: Annotated[CursorPosition | None, Meta(description="Where they point, if anywhere.")] = (
        None
    )


class TripCollaborationLeave(TripEvent, kw_only=True, tag="trip_collaboration_leave"):
    """Somebody left the trip."""

    user_id: UserId
    reason: Annotated[str, Meta(description="`user_left`, or `user_disconnected` after a lost connection.")]


class TripFieldEditingStart(TripEvent, kw_only=True, tag="trip_field_editing_start"):
    """Somebody is editing a field; it is advisory, lasts 10 s and writes nothing."""

    user_id: UserId
    field_name: FieldName
    field_value: Annotated[Any, Meta(description="As the editor has it now.")] = None


class TripFieldEditingStop(TripEvent, kw_only=True, tag="trip_field_editing_stop"):
    """Somebody stopped editing a field."""

    user_id: UserId
    field_name: FieldName
    final_value: Annotated[
        Any, Meta(description="As the editor leaves it; what is written comes with an update.")
    ] = None


class TripChange(Struct, kw_only=True):
    """One field that was written."""

    field: FieldName
    old_value: Annotated[Any, Meta(description="Before the write.")]
    new_value: Annotated[Any, Meta(description="After it.")]
    timestamp: Time


class TripUpdateBroadcast(TripEvent, kw_only=True, tag="trip_update_broadcast"):
    """A write was applied; all get it, its author included. Whoever joins gets the trip as it stands."""

    updated_by: Annotated[str, Meta(description="Who wrote.")]
    changes: Annotated[list[TripChange], Meta(description="Empty for whoever joins.")]
    full_trip_data: Annotated[dict[str, Any], Meta(description="The trip after the write.")]
    version: Annotated[Added[Count], Meta(description="The trip's version: `seq` of its last write.")] = UNSET
    field_versions: Annotated[
        Added[dict[str, int]], Meta(description="Each field's version: `seq` of its last write.")
    ] = UNSET
    mutation_id: Annotated[
        Added[str | None], Meta(description="The author's own id of the write: how it knows its echo.")
    ] = UNSET
    client_id: Annotated[
        Added[str | None], Meta(description="Which of the author's clients wrote: two tabs are two clients.")
    ] = UNSET


class Collaborator(Struct, kw_only=True):
    """Somebody who is on the trip now."""

    user_id: Annotated[str, Meta(description="Who it is.")]
    user_name: Annotated[str, Meta(description="As to be shown.")]
    status: Annotated[
        Literal["active", "idle", "away", "offline"], Meta(description="The most active of the connections'.")
    ]
    last_seen: Annotated[Moment, Meta(description="When they last did something.")]
    current_field: Annotated[str | None, Meta(description="The field being edited.")] = None
    cursor_position: Annotated[CursorPosition | None, Meta(description="Where they point, if anywhere.")] = (
        None
    )


class TripCollaboratorPresence(TripEvent, kw_only=True, tag="trip_collaborator_presence"):
    """Who is on the trip now, and where: it replaces what was known before."""

    collaborators: Annotated[list[Collaborator], Meta(description="Everybody who is there.")]


class ConflictingChange(Struct, kw_only=True):
    """One side of a conflict."""

    user_id: Annotated[str, Meta(description="Who wants it.")]
    value: Annotated[Any, Meta(description="The value.")]
    timestamp: Time


class TripConflictDetected(TripEvent, kw_only=True, tag="trip_conflict_detected"):
    """A write met a newer one of the same field and was refused; it goes to the author alone."""

    field_name: FieldName
    conflicting_changes: Annotated[
        list[ConflictingChange], Meta(description="Both sides: what stands, and what was refused.")
    ]
    resolution_required: Annotated[bool, Meta(description="Whether somebody has to decide.")]
    conflict_id: Annotated[
        Added[str], Meta(description="Resolve it at `/api/trips/ID/conflicts/CONFLICT_ID/resolve`.")
    ] = UNSET
    base_value: Annotated[Added[Any], Meta(description="The value that the author had before it.")] = UNSET
    current_version: Annotated[Added[Count], Meta(description="The field's version now.")] = UNSET


class TripPermissionChange(TripEvent, kw_only=True, tag="trip_permission_change"):
    """Somebody's permissions on the trip changed."""

    user_id: UserId
    old_permissions: Annotated[list[Permission], Meta(description="What they might do before.")]
    new_permissions: Annotated[
        list[Permission], Meta(description="Empty: no access; the stream ends for that user.")
    ]
    changed_by: Annotated[str, Meta(description="Who changed them; of an invitation, who made it.")]
    owner: Annotated[
        Added[bool], Meta(description="Whether the trip is theirs now: when it is handed over.")
    ] = UNSET
