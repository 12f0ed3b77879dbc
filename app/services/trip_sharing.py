"""Who may do what with a trip. What is taken away is gone before the call returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec
from msgspec import Struct

from app.contract import events as e
from app.contract import trip as t
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import derived, user_stream
from app.domain.ports import Clock
from app.domain.roles import Role, allows, permissions_of, role_of
from app.services.trip_answers import Answers, Asked, Nothing, kept
from app.services.trip_presence import TripPresence
from app.services.trip_refusals import check_version, crowded, refusal
from app.services.trip_writing import ATTEMPTS
from app.services.trips import TripEditing
from app.storage.trip_roles import Grant, Invitation, TripRoles
from app.storage.trips import Stored
from app.streams.log import RedisEventLog

Plan = Callable[[Mapping[str, Role]], Mapping[str, Role | None]]
"""Who is to have which role, given everybody's roles. Raises `TripSageError`."""


AnswerOf = Callable[[Mapping[str, Role | None]], Struct]
"""What the request is answered, given everybody's roles after it."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Who changes roles, by a role of theirs or by an invitation, and who answers for it."""

    user_id: str
    authority: Role | Literal["invited"]
    changed_by: str
    invitation_id: str = ""
    asked: Asked | None = None


class TripSharing:
    """Raises what `TripEditing` raises. Roles are checked by the script that writes, so no write and no
    grant of somebody who lost them lands later.

    With a `key` of its user's own a request is done once, and its repeat answered like it: one that is late on
    its way does not let somebody in again who was taken out meanwhile.
    """

    def __init__(
        self,
        roles: TripRoles,
        editing: TripEditing,
        presence: TripPresence,
        answers: Answers,
        log: RedisEventLog,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._roles = roles
        self._editing = editing
        self._presence = presence
        self._answers = answers
        self._log = log
        self._clock = clock
        self._new_id = new_id

    async def list(self, user_id: str, trip_id: str) -> t.CollaboratorList:
        await self._editing.read(user_id, trip_id)
        roles = await self._roles.all(trip_id)
        if user_id not in roles:  # taken away meanwhile
            raise refusal("not_found")
        return t.CollaboratorList(collaborators=[_shown(user, role) for user, role in sorted(roles.items())])

    async def grant(
        self,
        by: str,
        trip_id: str,
        user_id: str,
        order: t.CollaboratorOrder,
        *,
        known: bool = False,
        key: str | None = None,
    ) -> t.CollaboratorState:
        """Lets somebody in, who is told; or changes what they may do. Admins may. The owner's role stays.

        Raises `NOT_FOUND` for who is not in, if they have to be `known`.
        """
        role = role_of(order.permissions)
        asked = Asked.of(trip_id, by, key, "grant", [user_id, role, known])
        before = await self._answers.before(asked, t.CollaboratorState)
        if before is not None:
            return before
        stored = await self._editing.read(by, trip_id, "admin")

        def plan(roles: Mapping[str, Role]) -> dict[str, Role | None]:
            _check_not_owner(roles, user_id)
            if known:
                _check_in(roles, user_id)
            return {user_id: role}

        answer = _shown(user_id, role)
        doing = Doing(by, "admin", by, asked=asked)
        changes = await self._let_in(trip_id, user_id, doing, plan, lambda _: answer)
        if any(change.before is None for change in changes):
            may = " and ".join(permissions_of(role))
            await self._tell(changes[0], "A trip was shared with you", f"{by} lets you {may}", stored)
        return answer

    async def revoke(self, by: str, trip_id: str, user_id: str, *, key: str | None = None) -> None:
        """Takes everything away. Admins may, and everybody for themselves but the owner."""
        asked = Asked.of(trip_id, by, key, "revoke", user_id)
        if await self._answers.before(asked, Nothing) is not None:
            return
        needed: Role = "read" if by == user_id else "admin"
        await self._editing.read(by, trip_id, needed)

        def plan(roles: Mapping[str, Role]) -> dict[str, Role | None]:
            _check_in(roles, user_id)
            _check_not_owner(roles, user_id)
            return {user_id: None}

        await self._change(trip_id, Doing(by, needed, by, asked=asked), plan, lambda _: Nothing())
        await self._roles.unlist(user_id, trip_id)
        if user_id in await self._roles.all(trip_id):  # somebody let them in again meanwhile
            await self._roles.list_for(user_id, trip_id, self._clock().timestamp())

    async def hand_over(
        self, by: str, trip_id: str, user_id: str, *, key: str | None = None
    ) -> t.CollaboratorState:
        """Makes a collaborator the owner, who is told, and the owner an admin, in one step.

        The same again changes nothing. Raises `FORBIDDEN` for who is not the owner, `NOT_FOUND` for somebody
        who is no collaborator.
        """
        asked = Asked.of(trip_id, by, key, "hand over", user_id)
        before = await self._answers.before(asked, t.CollaboratorState)
        if before is not None:
            return before
        stored = await self._editing.read(by, trip_id)

        def plan(roles: Mapping[str, Role]) -> dict[str, Role | None]:
            if roles.get(by) != "owner" and roles.get(user_id) != "owner":
                raise refusal("forbidden")
            _check_in(roles, user_id)
            return {} if roles[user_id] == "owner" else {user_id: "owner", by: "admin"}

        answer = _shown(user_id, "owner")
        changes = await self._change(trip_id, Doing(by, "read", by, asked=asked), plan, lambda _: answer)
        if changes:
            await self._tell(changes[0], "A trip is yours now", f"{by} handed it over to you", stored)
        return answer

    async def delete(
        self, user_id: str, trip_id: str, if_match: int | None = None, *, key: str | None = None
    ) -> None:
        """Deletes the trip for everybody; only its owner may. Its id cannot be used again."""
        asked = Asked.of(trip_id, user_id, key, "delete", None)
        if await self._answers.before(asked, Nothing) is not None:
            return
        for _ in range(ATTEMPTS):
            stored = await self._editing.read(user_id, trip_id, "owner")
            check_version(stored, if_match)
            roles = await self._roles.all(trip_id)
            doing = Doing(user_id, "owner", user_id)
            grants = [
                Grant(user, role, None, self._event(trip_id, doing, user, role, None))
                for user, role in roles.items()
            ]
            status, _ = await self._roles.share(
                trip_id, user_id, "owner", grants, deleting=True, answer=kept(asked, Nothing())
            )
            if status in ("done", "answered"):
                return
            if status != "moved":
                raise refusal(status)
        raise crowded()

    async def admit(
        self,
        user_id: str,
        trip_id: str,
        invitation_id: str,
        invitation: Invitation,
        asked: Asked | None = None,
    ) -> t.CollaboratorState:
        """Lets somebody in by an invitation, which counts it; nothing changes for who may as much already.

        Raises what an invitation is refused for.
        """
        role = invitation.role

        def plan(roles: Mapping[str, Role]) -> dict[str, Role | None]:
            return {} if allows(roles.get(user_id), role) else {user_id: role}

        def answer(roles: Mapping[str, Role | None]) -> t.CollaboratorState:
            return _shown(user_id, roles.get(user_id) or role)

        doing = Doing(user_id, "invited", invitation.by, invitation_id, asked)
        await self._let_in(trip_id, user_id, doing, plan, answer)
        return answer(await self._roles.all(trip_id))

    async def _let_in(
        self, trip_id: str, user_id: str, doing: Doing, plan: Plan, answer: AnswerOf
    ) -> "list[Grant]":
        """Listed before, lest a crash leaves them a trip that they cannot find; and after, lest a revocation
        that came between has taken it off the list."""
        at = self._clock().timestamp()
        await self._roles.list_for(user_id, trip_id, at)
        changes = await self._change(trip_id, doing, plan, answer)
        await self._roles.list_for(user_id, trip_id, at)
        return changes

    async def _change(self, trip_id: str, doing: Doing, plan: Plan, answer: AnswerOf) -> "list[Grant]":
        for _ in range(ATTEMPTS):
            roles = await self._roles.all(trip_id)
            planned = plan(roles)
            wanted: dict[str, Role | None] = {
                user: planned[user] for user in planned if planned[user] != roles.get(user)
            }
            answered = answer({**roles, **planned})
            if not wanted:
                await self._answers.keep(doing.asked, answered)
                return []
            grants = [
                Grant(user, roles.get(user), role, self._event(trip_id, doing, user, roles.get(user), role))
                for user, role in wanted.items()
            ]
            status, freed = await self._roles.share(
                trip_id,
                doing.user_id,
                doing.authority,
                grants,
                invitation_id=doing.invitation_id,
                answer=kept(doing.asked, answered),
            )
            if status == "answered":
                return []
            if status == "done":
                await self._presence.tell_free(trip_id, freed)
                return grants
            if status != "moved":
                raise refusal(status)
        raise crowded()

    def _event(
        self, trip_id: str, doing: Doing, user_id: str, before: Role | None, after: Role | None
    ) -> e.TripPermissionChange:
        return e.TripPermissionChange(
            id=self._new_id(),
            timestamp=self._clock(),
            trip_id=trip_id,
            user_id=user_id,
            old_permissions=permissions_of(before),
            new_permissions=permissions_of(after),
            changed_by=doing.changed_by,
            owner=after == "owner",
        )

    async def _tell(self, change: Grant, title: str, what: str, stored: Stored) -> None:
        """Best effort: the person may not follow the trip's stream. It is theirs whether they are told or not."""
        event = change.event
        name = msgspec.json.decode(stored.snapshot.values["name"], type=str)
        notice = e.Notification(
            id=derived(event.id, "notice"),
            timestamp=event.timestamp,
            level="info",
            title=title,
            message=f"“{name}”: {what}.",
            action_url=f"/api/trips/{event.trip_id}",
        )
        await self._log.append(user_stream(change.user_id), notice)


def _check_in(roles: Mapping[str, Role], user_id: str) -> None:
    if user_id not in roles:
        raise TripSageError(ErrorCode.NOT_FOUND, "That user is no collaborator of the trip.")


def _check_not_owner(roles: Mapping[str, Role], user_id: str) -> None:
    if roles.get(user_id) == "owner":
        raise TripSageError(
            ErrorCode.CONFLICT, "The owner's permissions stay; the owner may hand the trip over first."
        )


def _shown(user_id: str, role: Role) -> t.CollaboratorState:
    return t.CollaboratorState(user_id=user_id, permissions=permissions_of(role), owner=role == "owner")
