"""What would give invented flights away, each as a law; and that the same world stays the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.sandbox.carriers import carriers
from tools.sandbox.clocks import local_to_utc, utc_to_local
from tools.sandbox.fares import adult_fare, passenger_fare
from tools.sandbox.geography import Airport, airports, distance, resolve
from tools.sandbox.itineraries import Itineraries, Journey, SliceQuery
from tools.sandbox.network import Network
from tools.sandbox.timetable import Flight, Timetable, block_minutes

TODAY = date(2026, 11, 22)
MAY = date(2027, 5, 4)
BUSY = sorted(code for code, airport in airports().items() if airport.rank > 0.35)
WORLD = Itineraries(1)

busy_airports = st.sampled_from(BUSY)
any_airport = st.sampled_from(sorted(airports()))
days = st.dates(TODAY, TODAY + timedelta(days=340))


def airport(code: str) -> Airport:
    return airports()[code]


def journeys(origin: str, destination: str, day: date = MAY, max_connections: int = 1) -> list[Journey]:
    query = SliceQuery(resolve(origin), resolve(destination), day)
    return [trip[0] for trip in WORLD.offers((query,), "economy", max_connections, TODAY, 100)]


def nonstops(origin: str, destination: str, day: date = MAY) -> list[Flight]:
    timetable, network = Timetable(1), Network(1)
    services = network.nonstop(airport(origin), airport(destination))
    return [flight for service in services for flight in timetable.flights(service, day)]


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


zones = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "America/Nuuk",
        "Australia/Lord_Howe",
        "Asia/Beirut",
        "Africa/Cairo",
    ]
)


@given(zone=zones, local=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))
def test_local_times_convert_as_zoneinfo_does(zone: str, local: datetime) -> None:
    place = ZoneInfo(zone)
    moment = local_to_utc(local, place)
    shown = [moment for moment in _around(local) if moment.astimezone(place).replace(tzinfo=None) == local]
    assert moment == (shown[0] if len(shown) == 1 else None)
    for one in shown:
        assert utc_to_local(one, place) == local


def _around(local: datetime) -> list[datetime]:
    """Every moment, by quarters of an hour, at which a clock somewhere may show this."""
    return [local.replace(tzinfo=UTC) + timedelta(minutes=15 * step) for step in range(-14 * 4, 12 * 4 + 1)]


@pytest.mark.parametrize(
    "local", [datetime(2027, 3, 28, 2, 30), datetime(2027, 10, 31, 2, 0), datetime(2027, 10, 31, 2, 30)]
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_no_time(local: datetime) -> None:
    assert local_to_utc(local, ZoneInfo("Europe/Berlin")) is None


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


def test_small_airports_have_no_long_flights_and_nothing_flies_too_far() -> None:
    network = Network(1)
    sydney = [service.km for code in BUSY for service in network.nonstop(airport("SYD"), airport(code))]
    assert max(sydney) <= 17_000
    tireless = replace(carriers()["QF"], reach=25_000)
    assert network.service(tireless, airport("SYD"), airport("SIN"))
    assert network.service(tireless, airport("SYD"), airport("MAD")) is None
    for code in ("JNX", "TOS", "HDF", "BGO", "KSU"):
        if code in airports():
            for far in ("JFK", "SIN", "LAX", "GRU"):
                assert network.nonstop(airport(code), airport(far)) == []


def test_the_largest_aircraft_flies_far_and_between_large_airports() -> None:
    flown: list[Flight] = []
    for carrier in carriers().values():
        if any(one.iata == "388" for one in carrier.long_haul):
            hub = carrier.hubs[0].iata
            flown += [flight for code in BUSY if code != hub for flight in nonstops(hub, code)]
    largest = [flight for flight in flown if flight.aircraft.iata == "388"]
    assert largest
    assert min(flight.km for flight in largest) > 5000
    assert min(min(flight.origin.rank, flight.destination.rank) for flight in largest) > 0.5


def test_who_flies_there_also_flies_back() -> None:
    network = Network(1)
    for one, other in (("BER", "LIS"), ("LHR", "JFK"), ("MUC", "ATH"), ("SIN", "SYD")):
        there = {service.carrier.iata for service in network.nonstop(airport(one), airport(other))}
        back = {service.carrier.iata for service in network.nonstop(airport(other), airport(one))}
        assert there == back
        assert there


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        ("BER", "LIS"),
        ("LON", "NYC"),
        ("LAX", "SJO"),
        ("LAX", "SJC"),
        ("MUC", "JTR"),
        ("MUC", "HER"),
        ("BER", "REK"),
        ("TYO", "LIS"),
        ("SYD", "AKL"),
        ("BER", "SJO"),
        ("MUC", "DPS"),
        ("ZRH", "NCE"),
        ("NYC", "PAR"),
        ("SFO", "TYO"),
        ("JNB", "LON"),
        ("GRU", "LIS"),
        ("DEL", "BKK"),
        ("OSL", "TOS"),
        ("HAM", "PMI"),
        ("MAD", "MEX"),
    ],
)
def test_journeys_that_people_ask_for_exist_on_every_day_of_a_week(origin: str, destination: str) -> None:
    for offset in range(7):
        assert journeys(origin, destination, MAY + timedelta(offset))


@pytest.mark.parametrize(
    ("origin", "destination"), [("LAX", "BOB"), ("FRA", "RAR"), ("HAM", "GPS"), ("CPT", "LIM")]
)
def test_places_off_the_map_can_be_reached_over_two_hubs(origin: str, destination: str) -> None:
    found = [one for offset in range(4) for one in journeys(origin, destination, MAY + timedelta(offset), 2)]
    assert found
    assert {len(one.flights) for one in found} <= {2, 3}


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


def test_low_cost_carriers_of_the_point_to_point_kind_sell_no_connections() -> None:
    for journey in journeys("BER", "LIS"):
        assert len(journey.flights) == 1 or journey.owner.sells_connections


def test_the_tables_hold_together() -> None:
    assert len(carriers()) >= 60
    for carrier in carriers().values():
        assert carrier.hubs
        assert carrier.kind in ("full", "hybrid", "low", "leisure", "regional")
        assert carrier.short_haul or carrier.long_haul
        assert 1000 < carrier.reach < 20_000
        assert 0.5 < carrier.price_factor < 2
        assert all(code in airports() for code in carrier.also), carrier.iata
    for one in airports().values():
        assert 0 <= one.rank <= 1
        assert one.zone.key == one.time_zone
        assert -90 <= one.latitude <= 90
        assert -180 <= one.longitude <= 180


def test_every_real_airport_is_known_and_those_without_flights_have_none() -> None:
    everywhere = airports()
    assert len(everywhere) > 7_800
    quiet = [code for code, one in everywhere.items() if one.rank == 0]
    assert 3_000 < len(quiet) < 4_500
    assert resolve("OCA") == (everywhere["OCA"],)
    for code in sorted(quiet)[::400]:
        assert journeys("LHR", code) == journeys(code, "LHR") == []


def test_codes_of_cities_stand_for_their_airports() -> None:
    assert {one.iata for one in resolve("LON")} >= {"LHR", "LGW"}
    assert {one.iata for one in resolve("NYC")} == {"JFK", "EWR", "LGA"}
    assert [one.iata for one in resolve("REK")] == ["KEF"]
    assert [one.iata for one in resolve("BER")] == ["BER"]
    assert resolve("QQQ") == ()
