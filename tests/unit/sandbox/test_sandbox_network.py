"""Who flies where: carriers, hubs and aircraft, and the places that can be reached."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.sandbox_flights import BUSY, MAY, airport, journeys, nonstops
from tools.sandbox.carriers import carriers
from tools.sandbox.geography import airports, resolve
from tools.sandbox.network import Network
from tools.sandbox.timetable import Flight


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
