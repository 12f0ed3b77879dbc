"""Who may do what with a trip. What is taken away is gone before the call returns."""

from collections.abc import Callable

from app.contract import events as e
from app.contract import trip as t
from app.contract.errors import ErrorCode, TripSageError
from app.domain.ports import Clock
from app.domain.roles import Role, permissions_of, role_of
from app.services.trip_refusals import crowded, refusal
from app.services.trips import ATTEMPTS, TripEditing
from app.storage.trips import Grant, Trips


class TripSharing:
    """Raises what `TripEditing` raises. Roles are checked by the script that writes, so no write and no
    grant of somebody who lost them lands later."""

    def __init__(self, trips: Trips, editing: TripEditing, clock: Clock, new_id: Callable[[], str]) -> None:
        self._trips = trips
        self._editing = editing
        self._clock = clock
        self._new_id = new_id

    async def list(self, user_id: str, trip_id: str) -> t.CollaboratorList:
        await self._editing.read(user_id, trip_id)
        roles = await self._trips.roles(trip_id)
        return t.CollaboratorList(collaborators=[_shown(user, role) for user, role in sorted(roles.items())])

    async def grant(
        self, by: str, trip_id: str, user_id: str, order: t.CollaboratorOrder
    ) -> t.CollaboratorState:
        """Lets somebody in, or changes what they may do; admins may. The owner's role stays."""
        role = role_of(order.permissions)
        await self._editing.read(by, trip_id, "admin")
        await self._trips.list_for(user_id, trip_id, self._clock().timestamp())
        await self._change(by, trip_id, user_id, role, "admin")
        return _shown(user_id, role)

    async def change(
        self, by: str, trip_id: str, user_id: str, order: t.CollaboratorOrder
    ) -> t.CollaboratorState:
        """As `grant`, for somebody who is in. Raises `NOT_FOUND` for who is not."""
        await self._editing.read(by, trip_id, "admin")
        if user_id not in await self._trips.roles(trip_id):
            raise TripSageError(ErrorCode.NOT_FOUND, "That user is no collaborator of the trip.")
        return await self.grant(by, trip_id, user_id, order)

    async def revoke(self, by: str, trip_id: str, user_id: str) -> None:
        """Takes everything away. Admins may, and everybody for themselves but the owner."""
        needed: Role = "read" if by == user_id else "admin"
        await self._editing.read(by, trip_id, needed)
        await self._change(by, trip_id, user_id, None, needed)
        await self._trips.unlist(user_id, trip_id)

    async def _change(self, by: str, trip_id: str, user_id: str, role: Role | None, needed: Role) -> None:
        for _ in range(ATTEMPTS):
            before = (await self._trips.roles(trip_id)).get(user_id)
            if before == "owner":
                raise TripSageError(ErrorCode.CONFLICT, "The owner's permissions cannot be changed.")
            if before is None and role is None:
                raise TripSageError(ErrorCode.NOT_FOUND, "That user is no collaborator of the trip.")
            if before == role:
                return
            event = e.TripPermissionChange(
                id=self._new_id(),
                timestamp=self._clock(),
                trip_id=trip_id,
                user_id=user_id,
                old_permissions=permissions_of(before),
                new_permissions=permissions_of(role),
                changed_by=by,
            )
            status = await self._trips.share(trip_id, by, needed, [Grant(user_id, before, role, event)])
            if status == "done":
                return
            if status != "moved":
                raise refusal(status)
        raise crowded()


def _shown(user_id: str, role: Role) -> t.CollaboratorState:
    return t.CollaboratorState(user_id=user_id, permissions=permissions_of(role), owner=role == "owner")
