"""What flights cost: by date, season, cabin and passenger, and the same each time."""

from datetime import date, timedelta

from tests.support.sandbox_flights import MAY, TODAY, journeys, nonstops
from tools.sandbox.fares import adult_fare, passenger_fare
from tools.sandbox.geography import resolve
from tools.sandbox.itineraries import Itineraries, SliceQuery


def test_prices_move_with_the_date_and_stay_on_refresh() -> None:
    by_day = [
        min(one.fare for one in journeys("BER", "LIS", MAY + timedelta(offset))) for offset in range(14)
    ]
    assert len(set(by_day)) > 7
    again = Itineraries(1)
    query = SliceQuery(resolve("BER"), resolve("LIS"), MAY)
    assert [trip[0].fare for trip in again.offers((query,), "economy", 1, TODAY, 100)] == [
        one.fare for one in journeys("BER", "LIS")
    ]


def test_another_seed_is_another_world() -> None:
    query = SliceQuery(resolve("BER"), resolve("LIS"), MAY)
    one = [trip[0].fare for trip in Itineraries(1).offers((query,), "economy", 1, TODAY, 100)]
    other = [trip[0].fare for trip in Itineraries(2).offers((query,), "economy", 1, TODAY, 100)]
    assert one != other


def test_fares_follow_season_cabin_and_how_soon_it_is() -> None:
    (flight, *_) = nonstops("LHR", "JFK")
    economy = adult_fare(1, [flight], "economy", TODAY)
    business = adult_fare(1, [flight], "business", TODAY)
    tomorrow = adult_fare(1, [flight], "economy", flight.departs.date() - timedelta(1))
    assert economy
    assert business
    assert tomorrow
    assert business > 2 * economy
    assert tomorrow > 1.5 * economy
    christmas = [adult_fare(1, [one], "economy", TODAY) for one in nonstops("LHR", "JFK", date(2027, 12, 20))]
    november = [adult_fare(1, [one], "economy", TODAY) for one in nonstops("LHR", "JFK", date(2027, 11, 8))]
    assert sum(filter(None, christmas)) / len(christmas) > 1.2 * sum(filter(None, november)) / len(november)


def test_fridays_and_sundays_are_dearer_than_the_middle_of_the_week() -> None:
    def usual(first: date) -> float:
        """Over two months, so that the luck of a single flight does not count."""
        days = [first + timedelta(weeks=week) for week in range(8)]
        fares = [
            adult_fare(1, [one], "economy", TODAY) or 0 for day in days for one in nonstops("LHR", "JFK", day)
        ]
        return sum(fares) / len(fares)

    wednesday, friday, sunday = (usual(date(2027, 4, day)) for day in (7, 9, 11))
    assert friday > 1.15 * wednesday
    assert sunday > 1.15 * wednesday


def test_there_is_no_first_class_where_none_is_flown() -> None:
    for flight in nonstops("BER", "LIS"):
        assert adult_fare(1, [flight], "first", TODAY) is None
        if flight.carrier.is_low_cost:
            assert adult_fare(1, [flight], "business", TODAY) is None


def test_children_pay_less_and_laps_little() -> None:
    assert passenger_fare(10_000, None, False) == 10_000
    assert passenger_fare(10_000, 12, False) == 10_000
    assert passenger_fare(10_000, 11, False) == 7_500
    assert passenger_fare(10_000, 1, False) == 1_000
    assert passenger_fare(10_000, 11, True) == 10_000
    assert passenger_fare(10_000, 1, True) == 2_500
