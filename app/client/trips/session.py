"""A trip on the socket: joined, shown with this client's edits in it, and kept in step with the server."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

import msgspec

from app.client.client import Client
from app.client.errors import ClientError, HistoryLost
from app.client.frames import Received
from app.client.rest import Done, Refused, Reply, Rest, Unanswered
from app.client.trips.edits import Choice, Conflict, Request
from app.client.trips.fields import Fields, whole
from app.client.trips.manager import OptimisticUpdateManager
from app.client.trips.updates import EditConflicted, EditRefused, Update
from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import ErrorCode
from app.contract.ids import trip_stream
from app.contract.trip import Strategy

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0


class TripSession:
    """One trip; use it as an async context manager, inside that of its client.

    Entering joins the trip and raises `CommandRefused` for one that the user may not open. Edits go out over
    REST, one of a field at a time, and again until they are answered; what others do arrives on the socket.
    """

    def __init__(
        self, client: Client, trip_id: str, *, fraction: Callable[[], float] = random.random
    ) -> None:
        self.trip_id = trip_id
        self.collaborators: Sequence[e.Collaborator] = ()
        """Who is on the trip now."""
        self.new_id = client.new_id
        self._client = client
        self._stream = trip_stream(trip_id)
        self._manager = OptimisticUpdateManager(client.new_id(), client.new_id)
        self._fraction = fraction
        self._waiting: dict[str, asyncio.Future[int]] = {}
        self._watchers: set[asyncio.Event] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: ClientError | None = None

    # Its life

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._rest = await stack.enter_async_context(Rest(self._client.address, self._client.bearer))
            feed = self._client.listen(self._concerns, stream=self._stream)
            stack.callback(feed.close)
            stack.push_async_callback(self._stop)
            ready = asyncio.Event()
            self._watchers.add(ready)
            await self._client.send(c.JoinTrip(id=self._client.new_id(), trip_id=self.trip_id))
            self._spawn(self._read(feed))
            while not self._manager.synchronised:
                await ready.wait()
                ready.clear()
                self._check()
            self._watchers.discard(ready)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leaves the trip. Edits that are still on their way may land or not; await them first."""
        try:
            if self._ended is None:
                await self._client.send(c.LeaveTrip(id=self._client.new_id(), trip_id=self.trip_id))
        finally:
            await self._stack.aclose()

    # What there is to see

    @property
    def trip(self) -> dict[str, Any]:
        """The trip as `GET` has it, with this client's edits in it."""
        return whole(self._manager.visible)

    @property
    def fields(self) -> dict[str, Any]:
        """The same by field: items of lists are fields of their own, `stops/ID`."""
        return self._manager.visible

    @property
    def client_id(self) -> str:
        """How this client's own writes are known on the stream."""
        return self._manager.client_id

    @property
    def version(self) -> int:
        """The version of the trip that this client has seen."""
        return self._manager.version

    @property
    def pending(self) -> list[str]:
        """The fields that are shown with a value that is not confirmed yet."""
        return sorted({name for edit in self._manager.pending for name in edit.values})

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """What waits for `settle`."""
        return self._manager.conflicts

    async def watch(self) -> AsyncIterator[Self]:
        """Comes round now and whenever something has changed since; what happened in between is one change.

        Raises what ends the session: access taken away, the trip deleted, the connection over.
        """
        changed = asyncio.Event()
        changed.set()
        self._watchers.add(changed)
        try:
            while True:
                await changed.wait()
                changed.clear()
                self._check()
                yield self
        finally:
            self._watchers.discard(changed)

    # What the user does

    def update(self, values: Fields, *, strategy: Strategy = "reject") -> Update:
        """Shows new values at once and sends them, all or none; None removes an item."""
        self._check()
        return self._on_its_way(self._manager.edit(values, strategy))

    def undo(self) -> Update | None:
        """Takes back this session's last update that is not undone; None where there is none.

        It is an edit like any, of what that update wrote: where somebody has changed it since, it conflicts.
        """
        self._check()
        mutation_id = self._manager.undo()
        return None if mutation_id is None else self._on_its_way(mutation_id)

    def settle(self, conflict_id: str, choice: Choice, value: Any = None) -> Update:
        """Settles a conflict against the version that was seen: if it has moved on, that is a new conflict.

        Raises `KeyError` for one that is not open.
        """
        self._check()
        return self._on_its_way(self._manager.settle(conflict_id, choice, value))

    async def editing(self, field: str, *, active: bool = True) -> None:
        """Shows the others that this user is at a field, for 10 s, or no longer. It writes nothing."""
        kind = c.StartEditingField if active else c.StopEditingField
        await self._client.send(kind(id=self._client.new_id(), trip_id=self.trip_id, field_name=field))

    # How

    def _concerns(self, received: Received) -> bool:
        subscribed = isinstance(received.event, e.StreamSubscribed)
        of_trip = getattr(received.event, "trip_id", None) == self.trip_id
        return subscribed or of_trip or received.stream == self._stream

    async def _read(self, feed: AsyncIterator[Received]) -> None:
        while self._ended is None:
            try:
                self._heed(await anext(feed))
            except HistoryLost as loss:
                self._manager.lost(loss.epoch)
            except StopAsyncIteration:
                return
            except ClientError as error:
                self._end(error)
            self._changed()

    def _heed(self, received: Received) -> None:
        match received.event:
            case e.TripUpdateBroadcast() as update if received.seq is not None:
                self._manager.applied(received.seq, update)
                if update.mutation_id and update.client_id == self._manager.client_id:
                    self._settle_waiting(update.mutation_id, received.seq)
            case e.TripUpdateBroadcast(full_trip_data=trip, version=version) if isinstance(version, int):
                self._manager.snapshot(trip, version)
            case e.StreamSubscribed(streams=streams) if not self._manager.synchronised:
                for epoch in (cursor.epoch for cursor in streams if cursor.stream == self._stream):
                    self._manager.lost(epoch)
            case e.TripConflictDetected(conflict_id=str(conflict_id), resolution_required=False):
                self._manager.lapsed(conflict_id)
            case e.TripCollaboratorPresence(collaborators=collaborators):
                self.collaborators = collaborators
            case e.TripPermissionChange(user_id=user_id, new_permissions=[]) if (
                user_id == self._client.user_id
            ):
                self._end(ClientError("You may not open this trip any more."))
            case _:
                pass

    def _on_its_way(self, mutation_id: str) -> Update:
        done = self._waiting.get(mutation_id)
        if done is None:
            done = self._waiting[mutation_id] = asyncio.get_running_loop().create_future()
            done.add_done_callback(lambda each: each.cancelled() or each.exception())  # it may be left alone
        self._changed()
        return Update(mutation_id, done)

    def _changed(self) -> None:
        for request in self._manager.requests():
            self._spawn(self._carry_out(request))
        for watcher in self._watchers:
            watcher.set()

    async def _carry_out(self, request: Request) -> None:
        body = msgspec.json.encode(request.body)
        path = f"/api/trips/{self.trip_id}{request.path}"
        pause = FIRST_PAUSE
        while isinstance(reply := await self._rest.ask(request.method, path, body), Unanswered):
            await asyncio.sleep((reply.after or pause) * (0.5 + self._fraction()))
            pause = min(LONGEST_PAUSE, 2 * pause)
        self._answered(request, reply)
        self._changed()

    def _answered(self, request: Request, reply: Reply) -> None:
        match reply:
            case Done(body):
                self._manager.landed(request.mutation_id, body["version"], body["written"])
                self._settle_waiting(request.mutation_id, body["version"])
            case Refused(error) if conflicts := conflicts_of(error, request):
                for mutation_id in self._manager.conflicted(request.mutation_id, conflicts):
                    self._settle_waiting(mutation_id, EditConflicted(conflicts))
            case Refused(error) if (error.details or {}).get("resync"):
                if not self._manager.outdated(request.mutation_id):
                    self._settle_waiting(request.mutation_id, EditRefused(error))
            case Refused(error):
                still_open = error.code == ErrorCode.VALIDATION_ERROR
                self._manager.refused(request.mutation_id, still_open=still_open)
                self._settle_waiting(request.mutation_id, EditRefused(error))
            case Unanswered():
                pass

    def _settle_waiting(self, mutation_id: str, outcome: int | ClientError) -> None:
        done = self._waiting.pop(mutation_id, None)
        if done is None or done.done():
            return
        if isinstance(outcome, ClientError):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)

    def _check(self) -> None:
        if self._ended is not None:
            raise self._ended

    def _end(self, error: ClientError) -> None:
        self._ended = self._ended or error
        for mutation_id in list(self._waiting):
            self._settle_waiting(mutation_id, error)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self) -> None:
        self._end(ClientError("This trip was left."))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def conflicts_of(error: e.ErrorBody, request: Request) -> list[Conflict]:
    """What a 409 names; nothing where it is another refusal."""
    details: Any = error.details or {}
    return [
        Conflict(
            conflict_id=each["conflict_id"],
            field=each["field"],
            wanted=request.values.get(each["field"]),
            current=each["current_value"],
            version=each["current_version"],
            recorded=request.values.get(each["field"]),
        )
        for each in details.get("conflicts", ())
    ]
