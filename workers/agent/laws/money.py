"""Laws of money: one currency, a sum, every price found somewhere, a hard budget met."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from app.contract.turn import FxRate, Money, Plan, RequestSummary
from workers.agent.laws.evidence import Evidence

NO_MINOR_UNITS = frozenset({"JPY", "KRW", "VND", "ISK", "CLP", "HUF", "XOF", "XAF"})


def broken_cost(plan: Plan, evidence: Evidence) -> Iterator[str]:
    cost = plan.cost
    if {item.currency for item in cost.items} - {cost.currency}:
        yield "cost items are in more than one currency"
    if sum((item.amount for item in cost.items), Decimal()) != cost.total:
        yield "cost items do not sum to the total"
    for rate in cost.fx:
        if not _is_published(rate, evidence):
            yield f"the rate from {rate.from_} to {rate.to} was returned by no currency_convert"
    yield from _broken_prices(plan, evidence)
    yield from _untraced(plan)


def _is_published(rate: FxRate, evidence: Evidence) -> bool:
    known = evidence.rates.get((rate.from_, rate.to), ())
    had = evidence.before is not None and rate in evidence.before.cost.fx
    return had or any((each.rate, each.date) == (rate.rate, rate.date) for each in known)


def _broken_prices(plan: Plan, evidence: Evidence) -> Iterator[str]:
    for transfer in plan.transfers or ():
        if transfer.price is None or evidence.had_transfer(transfer):
            continue
        if not any(
            (option.mode, option.price) == (transfer.mode, transfer.price) for option in evidence.transfers
        ):
            yield f"the price of the transfer {transfer.city} was returned by no ground_transport"
    for day in plan.days:
        for activity in day.activities:
            price, found = activity.price, evidence.activities.get(activity.name, ())
            known = [one.price for one in found if one.price is not None]
            if price is not None and found and not any(_is_multiple(price, one) for one in known):
                yield f"the price of {activity.name} was returned by no activity_search"


def _is_multiple(price: Money, of: Money) -> bool:
    """Whether it is the price for one adult, or for several."""
    if price.currency != of.currency:
        return False
    return price.amount == of.amount if not of.amount else price.amount % of.amount == 0


def _untraced(plan: Plan) -> Iterator[str]:
    """Every item is the price of a part of the plan, and every such price is an item."""
    left = [(item.kind, item.amount) for item in plan.cost.items]
    for kind, price in _prices(plan):
        amounts = _converted(price, plan)
        unit = Decimal(1) if plan.cost.currency in NO_MINOR_UNITS else Decimal("0.01")
        match = next(
            (each for each in left if any(abs(each[1] - amount) <= unit / 2 for amount in amounts)), None
        )
        if match is None:
            yield f"the cost leaves out the {kind} for {price.amount} {price.currency}"
        else:
            left.remove(match)
    for kind, amount in left:
        yield f"the cost has a {kind} for {amount} that is no part of the plan"


def _converted(price: Money, plan: Plan) -> list[Decimal]:
    if price.currency == plan.cost.currency:
        return [price.amount]
    pairs = (price.currency, plan.cost.currency)
    return [price.amount * rate.rate for rate in plan.cost.fx if (rate.from_, rate.to) == pairs]


def _prices(plan: Plan) -> Iterator[tuple[str, Money]]:
    for price in _bookings(plan):
        yield "flight", price
    for stay in plan.stays or ():
        yield "stay", stay.price
    for transfer in plan.transfers or ():
        if transfer.price is not None and transfer.price.amount:
            yield "transfer", transfer.price
    for day in plan.days:
        for activity in day.activities:
            if activity.price is not None and activity.price.amount:
                yield "activity", activity.price


def _bookings(plan: Plan) -> Iterator[Money]:
    """Two groups of a large party may be booked on the same offer: its legs then stand there twice."""
    times = Counter((leg.source_offer_id, leg.flight_number, leg.departs_local) for leg in plan.legs)
    prices = {leg.source_offer_id: leg.price for leg in plan.legs}
    for offer_id, price in prices.items():
        yield from [price] * max(count for (booked, *_), count in times.items() if booked == offer_id)


def broken_budget(plan: Plan, request: RequestSummary | None) -> Iterator[str]:
    if request is None or request.budget is None or not request.budget.hard:
        return
    heads = request.travellers.count if request.travellers is not None else 1
    limit = request.budget.amount * (heads if request.budget.scope == "per_person" else 1)
    if plan.cost.currency != request.budget.currency:
        yield "the cost is not in the budget's currency"
    elif plan.cost.total > limit:
        yield f"the total of {plan.cost.total} is over the budget of {limit}"
