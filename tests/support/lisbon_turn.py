"""One whole turn as the server tells it: the events between a message and the agent's last status.

Each comes with the pause before it, in seconds, for whoever wants to watch.
"""

from datetime import UTC, datetime
from decimal import Decimal

from msgspec import UNSET

from app.contract import events as e
from app.contract.codec import to_builtins
from app.contract.ids import derived
from app.contract.turn import (
    CostItem,
    FxRate,
    Money,
    PlaceRef,
    Plan,
    PlanActivity,
    PlanCost,
    PlanDay,
    PlanLeg,
    RequestSummary,
    Response,
    TurnResult,
    Weather,
    WeatherDay,
)

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
Paced = list[tuple[float, e.ServerEvent]]

ANSWER = (
    "Lisbon from 4 to 9 May 2027 works for two, and leaves 612 EUR of your budget.\n\n"
    "You fly out with TAP Air Portugal on Tuesday at 07:10 and are there at 09:35 local time; the way back "
    "on Sunday leaves at 18:25.\n\n"
    "Expect around 21 °C and the odd shower: May is one of the better months there. Prices are for both of "
    "you and were asked for a moment ago, so they can still move."
)


def _leg(offer: str, number: str, start: str, end: str, departs: datetime, arrives: datetime) -> PlanLeg:
    return PlanLeg(
        source_offer_id=offer,
        carrier="TAP Air Portugal",
        flight_number=number,
        depart_iata=start,
        arrive_iata=end,
        departs_local=departs,
        arrives_local=arrives,
        departs_local_date=departs.date(),
        arrives_local_date=arrives.date(),
        duration_minutes=205,
        arrival_day_offset=0,
        stops=0,
        passengers=[{"type": "adult"}, {"type": "adult"}],
        price=Money(Decimal("444.00"), "EUR"),
    )


def lisbon_result() -> TurnResult:
    out = _leg("off_1", "TP 531", "BER", "LIS", datetime(2027, 5, 4, 7, 10), datetime(2027, 5, 4, 9, 35))
    back = _leg("off_1", "TP 534", "LIS", "BER", datetime(2027, 5, 9, 18, 25), datetime(2027, 5, 9, 22, 50))
    first, last = out.departs_local_date, back.departs_local_date
    lisbon = PlaceRef(name="Lisbon", iata="LIS", country="PT", nights=5)
    return TurnResult(
        outcome="plan",
        request=RequestSummary(
            origin=PlaceRef(name="Berlin", iata="BER", country="DE"),
            destinations=[lisbon],
            depart=first,
            return_=last,
        ),
        plan=Plan(
            nights=5,
            date_range=(first, last),
            days=[PlanDay(date=first, city="Lisbon", activities=[PlanActivity(name="Alfama on foot")])],
            legs=[out, back],
            outbound=out,
            inbound=back,
            cost=PlanCost(
                total=Decimal("888.00"),
                currency="EUR",
                items=[
                    CostItem(kind="flight", label="Flights for two", amount=Decimal("888.00"), currency="EUR")
                ],
                fx=[FxRate(from_="USD", to="EUR", rate=Decimal("0.91"), date=first)],
            ),
        ),
        assumptions=["“5 days” is taken as five nights.", "Both travellers are adults."],
        warnings=["Hotels are not part of this plan."],
        weather=Weather(
            source="climatology",
            period=(first, last),
            years_averaged=10,
            days=[WeatherDay(date=first, tmax_c=21.4, tmin_c=13.2, precipitation_mm=1.1)],
        ),
        response=Response(text=ANSWER),
    )


class TurnScript:
    """Makes the events of one turn with ids that belong to it."""

    def __init__(self, session_id: str, turn_id: str) -> None:
        self.session_id = session_id
        self.turn_id = turn_id
        self._made = 0
        self._calls: dict[str, e.MessageToolCall] = {}

    def _base(self) -> dict[str, str]:
        self._made += 1
        return {
            "id": derived(self.turn_id, "event", self._made),
            "session_id": self.session_id,
            "turn_id": self.turn_id,
        }

    def status(
        self, status: e.AgentStatus, task: str | None = None, progress: float | None = None
    ) -> e.Event:
        return e.AgentStatusUpdate(
            **self._base(),
            timestamp=AT,
            agent_id="planner",
            status=status,
            current_task=task,
            progress=progress,
        )

    def task(self, key: str, name: str, description: str, parent: str | None = None) -> e.AgentTaskStart:
        parent_id = derived(self.turn_id, parent) if parent else UNSET
        return e.AgentTaskStart(
            **self._base(),
            timestamp=AT,
            task_id=derived(self.turn_id, key),
            parent_task_id=parent_id,
            task_name=name,
            description=description,
            estimated_duration=3,
        )

    def task_progress(self, key: str, progress: float, message: str) -> e.AgentTaskProgress:
        return e.AgentTaskProgress(
            **self._base(),
            timestamp=AT,
            task_id=derived(self.turn_id, key),
            progress=progress,
            message=message,
        )

    def task_end(self, key: str, result: object) -> e.AgentTaskComplete:
        return e.AgentTaskComplete(
            **self._base(), timestamp=AT, task_id=derived(self.turn_id, key), result=to_builtins(result)
        )

    def task_error(self, key: str, error: e.ErrorBody) -> e.AgentTaskError:
        return e.AgentTaskError(**self._base(), timestamp=AT, task_id=derived(self.turn_id, key), error=error)

    def _tool(self, key: str, task: str, name: str) -> dict[str, str]:
        ids = {"tool_call_id": derived(self.turn_id, key), "task_id": derived(self.turn_id, task)}
        return {**self._base(), **ids, "tool_name": name}

    def call(self, key: str, task: str, name: str, **parameters: object) -> e.ToolCallStart:
        call_id = derived(self.turn_id, key)
        self._calls[key] = e.MessageToolCall(id=call_id, name=name, parameters=parameters, status="complete")
        return e.ToolCallStart(**self._tool(key, task, name), timestamp=AT, parameters=parameters)

    def call_progress(self, key: str, task: str, name: str, progress: float, message: str) -> e.Event:
        return e.ToolCallProgress(
            **self._tool(key, task, name), timestamp=AT, progress=progress, message=message
        )

    def call_end(self, key: str, task: str, name: str, **result: object) -> e.ToolCallComplete:
        return e.ToolCallComplete(**self._tool(key, task, name), timestamp=AT, result=result)

    def call_error(self, key: str, task: str, name: str, error: e.ErrorBody) -> e.ToolCallError:
        return e.ToolCallError(**self._tool(key, task, name), timestamp=AT, error=error)

    def chunk(self, text: str, sequence: int, last: bool, attempt: str = "answer") -> e.ChatMessageChunk:
        message_id = derived(self.turn_id, attempt)
        return e.ChatMessageChunk(
            **self._base(), message_id=message_id, chunk=text, is_complete=last, sequence=sequence
        )

    def answer(self, text: str, chunks: int, reason: e.FinishReason = "stop") -> list[e.ServerEvent]:
        message_id = derived(self.turn_id, "answer")
        complete = e.ChatMessageComplete(
            **self._base(),
            message_id=message_id,
            full_content=text,
            total_chunks=chunks,
            finish_reason=reason,
        )
        message = e.ChatMessage(
            **{**self._base(), "id": message_id},
            timestamp=AT,
            role="assistant",
            content=text,
            tool_calls=list(self._calls.values()),
        )
        return [complete, message]


def lisbon_turn(session_id: str, turn_id: str) -> Paced:
    """A turn with three tools, one of which has to be asked twice."""
    s = TurnScript(session_id, turn_id)
    words = ANSWER.split(" ")
    texts = [
        " ".join(words[i : i + 4]) + (" " if i + 4 < len(words) else "") for i in range(0, len(words), 4)
    ]
    chunks = [(0.06, s.chunk(t, n, n == len(texts))) for n, t in enumerate(texts, 1)]
    flights = {"origin": "BER", "destination": "LIS", "depart": "2027-05-04", "adults": 2}
    events: list[tuple[float, e.Event]] = [
        (0.02, s.status("thinking", "Reading the request")),
        (0.05, s.task("trip", "Plan a trip", "5 days in Lisbon from Berlin")),
        (0.3, s.status("active", "Searching")),
        (0.0, s.task("flights", "Find flights", "Berlin to Lisbon and back, 1–10 May", "trip")),
        (0.0, s.task("weather", "Look at the weather", "Lisbon in early May", "trip")),
        (0.1, s.call("f1", "flights", "flight_search", **flights)),
        (0.0, s.call("f2", "flights", "flight_search", **{**flights, "depart": "2027-05-05"})),
        (0.1, s.call("w1", "weather", "weather_forecast", place="Lisbon", start="2027-05-04")),
        (0.3, s.call_progress("f1", "flights", "flight_search", 0.4, "12 offers so far")),
        (0.3, s.call_end("w1", "weather", "weather_forecast", days=6, tmax_c=21.4)),
        (0.0, s.task_progress("weather", 1.0, "Ten years of Mays")),
        (0.0, s.task_end("weather", {"days": 6})),
        (0.2, s.task_progress("trip", 0.3, "Weather is known")),
        (0.3, s.call_progress("f2", "flights", "flight_search", 0.2, "No answer in time; trying again")),
        (0.3, s.call_end("f1", "flights", "flight_search", offers=23, cheapest="888.00 EUR")),
        (0.1, s.task_progress("flights", 0.5, "23 offers for 4 May")),
        (0.5, s.call_end("f2", "flights", "flight_search", offers=19, cheapest="930.00 EUR")),
        (0.1, s.task_end("flights", {"offers": 42})),
        (0.0, s.task_progress("trip", 0.6, "Comparing 42 offers")),
        (0.1, s.task("prices", "Convert prices", "USD to EUR", "trip")),
        (0.1, s.call("c1", "prices", "currency_convert", **{"from": "USD", "to": "EUR"})),
        (0.3, s.call_end("c1", "prices", "currency_convert", rate=0.91)),
        (0.0, s.task_end("prices", {"rate": 0.91})),
        (0.1, s.task_progress("trip", 0.9, "Writing the answer")),
        (0.0, s.status("active", "Writing the answer", 0.9)),
        *chunks,
        *[(0.0, event) for event in s.answer(ANSWER, len(texts))],
        (0.0, s.task_end("trip", lisbon_result())),
        (0.0, s.status("idle")),
    ]
    return events  # pyright: ignore[reportReturnType]  # every `Event` here is a `ServerEvent`


def cancelled_turn(session_id: str, turn_id: str) -> Paced:
    """How a turn ends that was stopped while its first call ran."""
    s = TurnScript(session_id, turn_id)
    s._made = 1000  # its ids must not meet those of the turn's beginning
    error = e.ErrorBody(code="CANCELLED", message="Stopped on request.", retryable=False)
    events: list[e.Event] = [
        s.call_error("f1", "flights", "flight_search", error),
        s.task_error("flights", error),
        s.task_error("trip", error),
        s.chunk("Stopped.", 1, True),
        *s.answer("Stopped.", 1, "cancelled"),
        s.status("idle"),
    ]
    return [(0.0, event) for event in events]  # pyright: ignore[reportReturnType]
