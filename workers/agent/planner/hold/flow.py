"""The flights of a plan held: looked at again, named passengers for every seat, and a call that people approve."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import to_builtins

from app.contract.events import ErrorBody
from app.contract.turn import Clarification, Response, Travellers, TurnError, TurnResult
from tools.passengers import NamedPassenger, shared_out
from tools.providers.duffel_orders import OfferedPassenger
from tools.results import FlightHoldResult, FlightOffer, FlightOfferResult, FlightSearchResult
from workers.agent.planner.context import Flow
from workers.agent.planner.hold.asked import PASSENGERS_MISSING, Hold
from workers.agent.planner.hold.instead import SEARCH, cheapest_that_can_be_held, search_of
from workers.agent.planner.hold.phrases import HOLD_PHRASES, HoldPhrases
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.speak.brief import party

HOLD = "hold"
_LAST_FIELDS = ("given_name", "family_name")


async def hold_flights(flow: Flow, hold: Hold) -> None:
    """Waits for the offers, and for people to decide."""
    await _Holding(flow, hold).write()


class _Holding:
    def __init__(self, flow: Flow, hold: Hold) -> None:
        self._flow = flow
        self._hold = hold
        self._phrases: HoldPhrases = HOLD_PHRASES[flow.asked.language]

    async def write(self) -> None:
        script, phrases = self._flow.script, self._phrases
        if self._hold.plan is None:
            self._answer(phrases.no_plan)
            return
        script.task(HOLD, phrases.task, phrases.description)
        script.status(phrases.status)
        current = await self._current([leg.source_offer_id for leg in self._hold.plan.legs])
        if current is None:
            return
        paid_at_once = [one.offer for one in current if not one.offer.can_be_held]
        if paid_at_once:
            self._end(await self._said_to_be_paid_at_once(paid_at_once))
            return
        shares = self._passengers([one.offer for one in current])
        if shares is not None:
            await self._order(current, shares)

    async def _current(self, offer_ids: Sequence[str]) -> list[FlightOfferResult] | None:
        """The plan's offers as they are now; None when one cannot be looked at, which is said.

        Two parts of a large party may fly on the same offer, which then stands there twice.
        """
        script = self._flow.script
        legs = Counter(offer_ids)
        keys = {offer_id: f"offer{number}" for number, offer_id in enumerate(legs, 1)}
        for offer_id, key in keys.items():
            script.call(key, HOLD, "flight_offer", {"offer_id": offer_id})
        current: list[FlightOfferResult] = []
        for count, outcome in zip(legs.values(), await script.outcomes(list(keys.values())), strict=True):
            read = read_outcome(outcome, FlightOfferResult)
            if isinstance(read, ErrorBody):
                self._fail(self._phrases.gone, read)
                return None
            current += [read] * (count // len(read.offer.slices))
        return current

    async def _said_to_be_paid_at_once(self, offers: Sequence[FlightOffer]) -> str:
        """Also says what can be held for the same journeys, which are searched for again."""
        carriers = list(dict.fromkeys(offer.carrier_name for offer in offers))
        said = [self._fill(self._phrases.paid_at_once, carriers=self._flow.voice.joined(carriers))]
        searches = {one.offer_id: search_of(one, self._hold.recent) for one in offers}
        keys = {offer_id: f"instead{number}" for number, offer_id in enumerate(searches, 1)}
        for offer_id, search in searches.items():
            if search is not None:
                self._flow.script.call(keys[offer_id], HOLD, SEARCH, dict(search))
        asked = [offer for offer in offers if searches[offer.offer_id] is not None]
        outcomes = await self._flow.script.outcomes([keys[offer.offer_id] for offer in asked])
        for offer, outcome in zip(asked, outcomes, strict=True):
            found = read_outcome(outcome, FlightSearchResult)
            if isinstance(found, FlightSearchResult):
                said.append(self._instead(cheapest_that_can_be_held(offer, found)))
        return " ".join(dict.fromkeys(said))

    def _instead(self, other: FlightOffer | None) -> str:
        if other is None:
            return self._phrases.none_can_be_held
        numbers = [segment.flight_number for one in other.slices for segment in one.segments]
        return self._fill(
            self._phrases.can_be_held,
            route=self._route(other),
            carrier=other.carrier_name,
            numbers=self._flow.voice.joined(numbers),
            total=other.total,
        )

    def _passengers(self, offers: Sequence[FlightOffer]) -> list[list[NamedPassenger]] | None:
        """Who flies on each offer; None when that has to be asked, which it is."""
        details = self._hold.details
        if not details:
            self._ask([])
            return None
        incomplete = [one for one in details if one.named is None]
        if incomplete:
            self._ask([self._missing(one.name, one.missing) for one in incomplete])
            return None
        flown_on = offers[0].slices[-1].segments[0].departs_local.date()
        named = [one.named for one in details if one.named is not None]
        shares = shared_out([_seats(offer) for offer in offers], named, flown_on)
        if shares is None:
            self._ask([self._fill(self._phrases.others, party=self._party(), date=flown_on)])
        return shares

    async def _order(
        self, current: Sequence[FlightOfferResult], shares: Sequence[list[NamedPassenger]]
    ) -> None:
        script = self._flow.script
        keys = [f"hold{number}" for number in range(1, len(current) + 1)]
        for key, one, share in zip(keys, current, shares, strict=True):
            arguments = {
                "offer_id": one.offer.offer_id,
                "passengers": to_builtins(share),
                "total": {"amount": str(one.offer.total.amount), "currency": one.offer.total.currency},
            }
            script.call(key, HOLD, "flight_hold", arguments, self._summary(one, share))
        outcomes = await script.outcomes(keys)
        said: list[str] = []
        errors: list[ErrorBody] = []
        for one, outcome in zip(current, outcomes, strict=True):
            read = read_outcome(outcome, FlightHoldResult)
            if isinstance(read, FlightHoldResult):
                said.append(self._held(one.offer, read))
            elif outcome.status == "cancelled":
                said.append(self._fill(self._phrases.rejected, route=self._route(one.offer)))
            else:
                errors.append(read)
                said.append(self._fill(self._phrases.failed, reason=read.message))
        self._end(" ".join(dict.fromkeys(said)), errors[0] if errors else None)

    def _ask(self, wrong: Sequence[str]) -> None:
        phrases = self._phrases
        question = self._fill(phrases.who, party=self._party())
        lines = [*wrong, question, phrases.how, phrases.example]
        self._flow.script.end(HOLD)
        self._flow.say_lines(*lines)
        self._flow.script.finish(
            TurnResult(
                outcome="clarify",
                clarifications=[
                    Clarification(field="passengers", code=PASSENGERS_MISSING, question="\n".join(lines))
                ],
            )
        )

    def _missing(self, name: str, fields: Sequence[str]) -> str:
        named = dict.fromkeys(self._phrases.fields["name" if one in _LAST_FIELDS else one] for one in fields)
        return self._fill(
            self._phrases.missing, name=name or "?", fields=self._flow.voice.joined(list(named))
        )

    def _summary(self, current: FlightOfferResult, passengers: Sequence[NamedPassenger]) -> str:
        names = [f"{one.given_name} {one.family_name}" for one in passengers]
        summary = self._fill(
            self._phrases.summary,
            route=self._route(current.offer),
            carrier=current.offer.carrier_name,
            names=self._flow.voice.joined(names),
            total=current.offer.total,
        )
        deadline = current.payment_required_by
        return f"{summary} {self._pay_by(deadline)}" if deadline else summary

    def _held(self, offer: FlightOffer, held: FlightHoldResult) -> str:
        phrases = self._phrases
        text = self._fill(
            phrases.held,
            route=self._route(offer),
            carrier=held.carrier_name,
            reference=held.booking_reference,
            total=held.total,
        )
        certain = held.price_guarantee_expires_at
        price = self._until(phrases.price_until, certain) if certain else phrases.price_open
        return f"{text} {self._pay_by(held.payment_required_by)} {price}"

    def _pay_by(self, deadline: datetime) -> str:
        return self._until(self._phrases.pay_by, deadline)

    def _until(self, template: str, deadline: datetime) -> str:
        voice = self._flow.voice
        return self._fill(template, deadline=f"{voice.day(deadline.date())}, {voice.time(deadline)} UTC")

    def _route(self, offer: FlightOffer) -> str:
        voice = self._flow.voice
        parts = [
            f"{one.origin} → {one.destination} ({voice.day(one.segments[0].departs_local.date())})"
            for one in offer.slices
        ]
        return ", ".join(parts)

    def _party(self) -> str:
        request = self._hold.request
        return party(self._flow.voice, (request.travellers if request else None) or Travellers())

    def _fill(self, template: str, **values: object) -> str:
        return self._flow.voice.fill(template, **values)  # pyright: ignore[reportArgumentType]  # all are values

    def _fail(self, template: str, error: ErrorBody) -> None:
        self._end(self._fill(template, reason=error.message), error)

    def _end(self, text: str, error: ErrorBody | None = None) -> None:
        self._flow.script.end(HOLD, None if error else {}, error)
        self._answer(text, error)

    def _answer(self, text: str, error: ErrorBody | None = None) -> None:
        self._flow.say_lines(text)
        result = TurnResult(
            outcome="answer",
            explanation=text,
            response=Response(text=text),
            error=TurnError(code=error.code, message=error.message) if error else None,
        )
        self._flow.script.finish(result, "error" if error else "stop")


def _seats(offer: FlightOffer) -> list[OfferedPassenger]:
    return [OfferedPassenger("", one.get("type", ""), one.get("age")) for one in offer.passengers]
