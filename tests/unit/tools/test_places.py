"""Names to places: languages, ambiguity, codes, and names found in running text."""

from pathlib import Path

import pytest

from tools.places import Place, country_name, find_country, find_places, places_in, scan, scan_countries
from tools.places.gazetteer import index


@pytest.mark.parametrize(
    ("name", "iata", "country"),
    [
        ("Berlin", "BER", "DE"),
        ("Lisbon", "LIS", "PT"),
        ("Lissabon", "LIS", "PT"),
        ("Lisboa", "LIS", "PT"),
        ("Lisbonne", "LIS", "PT"),
        ("リスボン", "LIS", "PT"),
        ("Munich", "MUC", "DE"),
        ("München", "MUC", "DE"),
        ("muenchen", "MUC", "DE"),
        ("London", "LON", "GB"),
        ("Londres", "LON", "GB"),
        ("New York", "NYC", "US"),
        ("東京", "TYO", "JP"),
        ("Nizza", "NCE", "FR"),
        ("Rom", "ROM", "IT"),
        ("Kreta", "HER", "GR"),
        ("Teneriffa", "TCI", "ES"),
        ("Reykjavik", "REK", "IS"),
        ("Saint-Petersburg", "LED", "RU"),
        ("LAX", "LAX", "US"),
        ("ORY", "ORY", "FR"),
        ("Kyoto", "OSA", "JP"),
    ],
)
def test_a_name_or_code_finds_its_place(name: str, iata: str, country: str) -> None:
    best = find_places(name)[0]
    assert (best.iata, best.country) == (iata, country)
    assert best.airports


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("San José", [("SJC", "US"), ("SJO", "CR")]),
        ("san jose", [("SJC", "US"), ("SJO", "CR")]),
        ("Sydney", [("SYD", "AU"), ("YQY", "CA")]),
        ("Paris", [("PAR", "FR"), ("PRX", "US")]),
        ("Cartagena", [("CTG", "CO"), ("RMU", "ES")]),
        ("Birmingham", [("BHX", "GB"), ("BHM", "US")]),
    ],
)
def test_an_ambiguous_name_has_every_candidate_in_order(name: str, expected: list[tuple[str, str]]) -> None:
    places = find_places(name)
    assert [(place.iata, place.country) for place in places][: len(expected)] == expected
    assert [place.prominence for place in places] == sorted((p.prominence for p in places), reverse=True)


@pytest.mark.parametrize(
    ("name", "iata"),
    [
        ("Paris, Texas", "PRX"),
        ("Paris (US)", "PRX"),
        ("San Jose, Costa Rica", "SJO"),
        ("Sydney, NS", "YQY"),
        ("Sydney, Canada", "YQY"),
        ("Portland, ME", "PWM"),
    ],
)
def test_a_country_or_region_narrows_a_name(name: str, iata: str) -> None:
    assert [place.iata for place in find_places(name)][:1] == [iata]


def test_a_place_says_where_it_is() -> None:
    lisbon = find_places("Lisbon")[0]
    assert lisbon.country_name == "Portugal"
    assert lisbon.time_zone == "Europe/Lisbon"
    assert lisbon.latitude == pytest.approx(38.7, abs=0.2)
    assert lisbon.longitude == pytest.approx(-9.1, abs=0.2)
    assert find_places("London")[0].airports[0] == "LHR"


@pytest.mark.parametrize("name", ["", "  ", "Xyzzyville", "QQQ", "x" * 10_000, ",", "Paris, Japan"])
def test_what_is_no_place_finds_none(name: str) -> None:
    assert find_places(name) == []


def test_every_nickname_is_of_a_known_place() -> None:
    table = Path(__file__).parents[3] / "tools" / "places" / "data" / "nicknames.tsv"
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    for nickname, place in rows:
        assert find_places(place)[0] in find_places(nickname), nickname
    assert rows


def test_every_place_can_be_flown_to_and_found_by_its_own_name() -> None:
    for places in index().values():
        for place in places:
            assert len(place.iata) == 3
            assert all(len(code) == 3 for code in place.airports)
            assert -90 <= place.latitude <= 90
            assert -180 <= place.longitude <= 180
            # What is written for one airport of a town is found by its code.
            known = [*find_places(place.name), *find_places(place.iata)]
            assert place in known or len(place.name) == 3


def test_countries_are_known_in_many_languages() -> None:
    assert [find_country(name) for name in ("Griechenland", "Grèce", "Grecia", "ギリシャ", "GR")] == [
        ("GR", "Greece")
    ] * 5
    assert find_country("USA") == find_country("United States") == ("US", "United States")
    assert find_country("Narnia") is None
    assert country_name("PT") == "Portugal"


def test_a_country_has_its_best_known_places_first() -> None:
    assert places_in("GR", 3)[0].name == "Athens"
    assert all(place.country == "GR" for place in places_in("GR"))


def names_in(text: str) -> list[tuple[str, str, str]]:
    return [(text[start:end], places[0].iata, places[0].country) for start, end, places in scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR",
            [("Lisbon", "LIS", "PT"), ("Berlin", "BER", "DE")],
        ),
        (
            "Weekend in San Jose in January, flying from LAX",
            [("San Jose", "SJC", "US"), ("LAX", "LAX", "US")],
        ),
        (
            "10 Tage in Athen Ende September ab München, max. 2.500 €",
            [("Athen", "ATH", "GR"), ("München", "MUC", "DE")],
        ),
        (
            "Nice weather in Nice, reading in Reading and a bath in Bath",
            [("Nice", "NCE", "FR"), ("Reading", "LON", "GB"), ("Bath", "BRS", "GB")],
        ),
        ("Nice to meet you", []),
        ("I may go in May, or in August", []),
        ("lisbon from berlin in may", [("lisbon", "LIS", "PT"), ("berlin", "BER", "DE")]),
        ("東京からリスボンへ5日間", [("東京", "TYO", "JP"), ("リスボン", "LIS", "PT")]),
        ("three days in Paris, Texas please", [("Paris, Texas", "PRX", "US")]),
        (
            "from New York to São Paulo/Rio de Janeiro",
            [("New York", "NYC", "US"), ("São Paulo", "SAO", "BR"), ("Rio de Janeiro", "RIO", "BR")],
        ),
        ("budget 1500 EUR, THE END", []),
        ("5 days in LA from NYC", [("LA", "LAX", "US"), ("NYC", "NYC", "US")]),
        ("weekend in SF from Philly", [("SF", "SFO", "US"), ("Philly", "PHL", "US")]),
        ("a week in Rio from Lisbon", [("Rio", "RIO", "BR"), ("Lisbon", "LIS", "PT")]),
        ("to New Orleans, LA from DC", [("New Orleans, LA", "MSY", "US"), ("DC", "WAS", "US")]),
        ("on va à la plage, la famille et moi", []),
        ("hotel cerca del rio en sevilla", [("sevilla", "SVQ", "ES")]),
        ("BER-LIS on 4 May", [("BER", "BER", "DE"), ("LIS", "LIS", "PT")]),
    ],
)
def test_places_are_found_in_running_text(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert names_in(text) == expected


def test_a_scan_keeps_every_candidate() -> None:
    ((start, end, places),) = scan("Weekend in San José")
    assert "Weekend in San José"[start:end] == "San José"
    assert [place.country for place in places][:2] == ["US", "CR"]
    assert all(isinstance(place, Place) for place in places)


def test_countries_are_found_in_running_text() -> None:
    text = "Inselhüpfen in Griechenland oder Portugal"
    assert [(text[start:end], country.code) for start, end, country in scan_countries(text)] == [
        ("Griechenland", "GR"),
        ("Portugal", "PT"),
    ]
    assert scan_countries("give us a cheap trip") == []


def test_an_airport_is_known_by_what_people_call_it() -> None:
    for name, code, city in (
        ("Stansted", "STN", "London"),
        ("Orly", "ORY", "Paris"),
        ("羽田", "HND", "Tokyo"),
    ):
        place = find_places(name)[0]
        assert (place.name, place.iata, place.airports[0]) == (city, code, code)


def test_well_known_towns_are_where_they_are_and_not_at_their_airports() -> None:
    for name, latitude, longitude in (("Copenhagen", 55.68, 12.57), ("Mexico City", 19.43, -99.13)):
        place = find_places(name)[0]
        assert (place.latitude, place.longitude) == pytest.approx((latitude, longitude), abs=0.02)
