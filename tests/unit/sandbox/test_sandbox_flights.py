"""What would give invented flights away, each as a law: they can be flown, connect, and keep true times."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.sandbox_flights import BUSY, TODAY, airport, journeys, nonstops
from tools.sandbox.geography import airports, distance
from tools.sandbox.itineraries import Journey
from tools.sandbox.network import Network
from tools.sandbox.timetable import Flight, Timetable, block_minutes

busy_airports = st.sampled_from(BUSY)
any_airport = st.sampled_from(sorted(airports()))
days = st.dates(TODAY, TODAY + timedelta(days=340))


def minutes(origin: str, destination: str) -> int:
    one, other = airport(origin), airport(destination)
    return block_minutes(one, other, distance(one, other))


@settings(max_examples=80, deadline=None)
@given(origin=busy_airports, destination=any_airport, day=days, connections=st.integers(0, 2))
def test_every_offer_can_be_flown(origin: str, destination: str, day: date, connections: int) -> None:
    if airport(origin).city_code == airport(destination).city_code:
        return
    for journey in journeys(origin, destination, day, connections):
        assert len(journey.flights) <= connections + 1
        first, last = journey.flights[0], journey.flights[-1]
        assert (first.origin.iata, last.destination.iata) == (origin, destination)
        assert first.departs.date() == day
        assert journey.fare > 0
        assert timedelta(minutes=journey.minutes) == last.arrives_utc - first.departs_utc
        for flight in journey.flights:
            assert_believable(flight)
        for one, other in pairwise(journey.flights):
            assert_connects(one, other)
        assert_no_detour(journey)


def assert_believable(flight: Flight) -> None:
    assert flight.origin in flight.carrier.hubs or flight.destination in flight.carrier.hubs
    assert flight.km <= min(17_000, flight.carrier.reach)
    assert flight.arrives_utc - flight.departs_utc == timedelta(minutes=flight.minutes)
    assert flight.minutes > 0
    assert flight.departs.minute % 5 == 0
    assert 6 <= flight.departs.hour <= 23
    assert flight.departs == flight.departs_utc.astimezone(flight.origin.zone).replace(tzinfo=None)
    assert flight.arrives == flight.arrives_utc.astimezone(flight.destination.zone).replace(tzinfo=None)
    assert flight.aircraft.iata != "388" or flight.km > 5000
    assert flight.aircraft.speed > 700 or flight.km < 1500


def assert_connects(one: Flight, other: Flight) -> None:
    layover = (other.departs_utc - one.arrives_utc).total_seconds() / 60
    assert one.destination is other.origin
    assert one.destination in (*one.carrier.hubs, *other.carrier.hubs)
    assert 50 <= layover <= 420


def assert_no_detour(journey: Journey) -> None:
    direct = distance(journey.flights[0].origin, journey.flights[-1].destination)
    flown = sum(flight.km for flight in journey.flights)
    assert flown <= max(direct * 1.35, direct + 450) + 1e-6


@pytest.mark.parametrize(
    ("origin", "destination", "scheduled"),
    [
        ("BER", "LIS", 220),
        ("LHR", "JFK", 480),
        ("JFK", "LHR", 415),
        ("FRA", "SIN", 740),
        ("SYD", "LAX", 815),
        ("LAX", "SYD", 905),
        ("MAD", "BCN", 80),
        ("AKL", "RAR", 235),
        ("DXB", "LHR", 460),
        ("NRT", "SFO", 570),
    ],
)
def test_block_times_are_near_the_real_schedules(origin: str, destination: str, scheduled: int) -> None:
    assert minutes(origin, destination) == pytest.approx(scheduled, rel=0.09)


@given(origin=busy_airports, destination=busy_airports)
def test_the_wind_blows_from_the_west(origin: str, destination: str) -> None:
    one, other = airport(origin), airport(destination)
    east = (other.longitude - one.longitude + 540) % 360 - 180
    if distance(one, other) > 2000 and 20 < east < 160:
        assert minutes(origin, destination) < minutes(destination, origin)


def test_over_the_date_line_one_arrives_on_the_day_before() -> None:
    flights = nonstops("AKL", "RAR")
    assert flights
    assert all(flight.arrives.date() == flight.departs.date() - timedelta(1) for flight in flights)
    back = nonstops("RAR", "AKL")
    assert all(flight.arrives.date() > flight.departs.date() for flight in back)
    assert back


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29)])
def test_when_the_clocks_change_local_times_stay_true(day: date) -> None:
    flights = nonstops("LHR", "JFK", day) + nonstops("FRA", "LIS", day) + nonstops("LIS", "FRA", day)
    assert flights
    for flight in flights:
        assert_believable(flight)


@pytest.mark.parametrize(
    ("origin", "destination", "day", "begins"),
    [
        ("IPC", "BOG", date(2027, 9, 4), 22),
        ("BEY", "ISB", date(2027, 10, 30), 23),
        ("CAI", "ATL", date(2027, 10, 28), 23),
    ],
)
def test_nothing_leaves_in_an_hour_that_the_clocks_skip_or_repeat(
    origin: str, destination: str, day: date, begins: int
) -> None:
    """Where clocks change in the evening, while flights leave; a week earlier the hour is an hour like any."""
    network = Network(1)
    services = network.nonstop(airport(origin), airport(destination))
    before: list[Flight] = []
    flights: list[Flight] = []
    for seed in range(1, 60):
        timetable = Timetable(seed)
        for service in services:
            before += timetable.flights(service, day - timedelta(days=7))
            flights += timetable.flights(service, day)
    assert begins in {flight.departs.hour for flight in before}
    assert flights
    assert begins not in {flight.departs.hour for flight in flights}
    for flight in flights:
        assert_believable(flight)
