"""The real server in the place of the machine's: its services on a real Valkey, asked as over REST."""

import asyncio
import itertools
from typing import Any

import msgspec

from app.client.rest import Done, Refused
from app.client.trips.edits import Request
from app.client.trips.fields import fields_of
from app.contract import events as e
from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import TripSageError
from app.contract.events import ErrorBody
from app.contract.ids import trip_stream
from app.services.trip_commits import Call
from app.streams.keys import TripKeys
from app.wiring import Services
from tests.support.lisbon_turn import AT
from tests.support.trip_reference import ReferenceTrip

OWNER = "alice"
WRITER = t.CollaboratorOrder(permissions=["read", "write"])
_numbers = itertools.count()


class ServedTrip(ReferenceTrip):
    """A trip on the server. `log` is its stream; what is no write of the trip stands there as one of nothing."""

    services: Services
    run: asyncio.Runner

    def __init__(self, writers: set[str], values: dict[str, Any]) -> None:
        super().__init__(writers, values)
        self._trip_id = f"t{next(_numbers)}"
        self._names = tuple(values)
        stops = [t.Stop(id="s1", position=0.0, name=values["stops/s1"]["name"])]
        trip = t.Trip(name=values["name"], notes=values["notes"], stops=stops)
        self._do(self.services.trips.create(OWNER, self._trip_id, trip))
        for user in writers - {OWNER}:
            self._do(self.services.trip_sharing.grant(OWNER, self._trip_id, user, WRITER))
        self._catch_up()

    def copy(self) -> None:
        self._copied_to, self._copied_keys = self.top, self._do(self._dump())

    def fail_over(self) -> None:
        self.losses += 1
        self._do(self._restore(self._copied_keys, f"{self._trip_id}-{self.losses}"))
        self.log = self.log[: self._copied_to]
        self._catch_up()

    def ask(self, user: str, request: Request) -> Done | Refused:
        try:
            done = Done(msgspec.to_builtins(self._do(self._perform(user, request))))
        except TripSageError as error:
            details = msgspec.json.decode(encode(error.details))
            return Refused(
                ErrorBody(code=error.code, message=error.message, retryable=False, details=details)
            )
        finally:
            self._catch_up()
        return done

    def revoke(self, user: str) -> None:
        if user in self.writers:
            self.writers.discard(user)
            self._do(self.services.trip_sharing.revoke(OWNER, self._trip_id, user))
            self._catch_up()

    def let_in(self, user: str) -> None:
        if user not in self.writers:
            self.writers.add(user)
            self._do(self.services.trip_sharing.grant(OWNER, self._trip_id, user, WRITER))
            self._catch_up()

    async def _dump(self) -> dict[bytes, bytes]:
        """All that the server has of the trip, but its people."""
        redis, keys = self.services.redis, TripKeys.of(self._trip_id)
        names = {name async for name in redis.scan_iter(match=f"*{{{keys.stream}}}*", count=1000)}
        return {name: await redis.dump(name) for name in names - {keys.roles.encode()}}

    async def _restore(self, dumped: dict[bytes, bytes], epoch: str) -> None:
        redis = self.services.redis
        for name in await self._dump():
            await redis.delete(name)
        for name, value in dumped.items():
            await redis.restore(name, 0, value)
        await redis.hset(TripKeys.of(self._trip_id).meta, "epoch", epoch)  # as who notices the loss does

    async def _perform(self, user: str, request: Request) -> t.Written:
        body = encode(request.body)
        services = self.services
        match request.path.split("/"):
            case [""]:
                mutation = msgspec.json.decode(body, type=t.Mutation)
                call = Call(user, request.mutation_id, mutation.client_id)
                return await services.trips.write(self._trip_id, call, mutation)
            case ["", "undo"]:
                order = msgspec.json.decode(body, type=t.Undo)
                call = Call(user, request.mutation_id, order.client_id, epoch=order.epoch)
                return await services.trip_past.undo(self._trip_id, order.version, call)
            case ["", "conflicts", conflict_id, "resolve"]:
                resolution = msgspec.json.decode(body, type=t.Resolution)
                return await services.trips.resolve(self._trip_id, user, conflict_id, resolution)
            case _:
                raise AssertionError(request.path)

    def _catch_up(self) -> None:
        page = self._do(self.services.log.read(trip_stream(self._trip_id), len(self.log), limit=1000))
        self.epoch = page.epoch
        for seq, frame in page.frames:
            assert seq == len(self.log) + 1
            self.log.append(self._update(msgspec.json.decode(frame)))
        stored = self._do(self.services.trips.read(OWNER, self._trip_id))
        self.values = self._of_interest(fields_of(msgspec.json.decode(stored.json)))

    def _update(self, event: dict[str, Any]) -> e.TripUpdateBroadcast:
        writes = event["type"] == "trip_update_broadcast"
        changes: list[dict[str, Any]] = event["changes"] if writes else []
        return e.TripUpdateBroadcast(
            id=event["id"],
            timestamp=AT,
            trip_id="t1",
            updated_by=event["updated_by"] if writes else "",
            changes=[
                e.TripChange(
                    field=each["field"],
                    old_value=each["old_value"],
                    new_value=each["new_value"],
                    timestamp=AT,
                )
                for each in changes
                if each["field"] in self._names
            ],
            full_trip_data={},
            mutation_id=event["mutation_id"] if writes else event["id"],
            client_id=event.get("client_id"),
        )

    def _of_interest(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: fields[name] for name in self._names if name in fields}

    def _do(self, work: Any) -> Any:
        return self.run.run(work)
