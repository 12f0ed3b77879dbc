"""Requests, changes of plans and worlds for the laws to hold in, made of the clauses that people write."""

from decimal import Decimal

from hypothesis import strategies as st

from tests.support.planner_world import World
from workers.agent.planner.understand.words import WORDS

PLACES = (
    "Lisbon", "Rome", "Tokyo", "New York", "Auckland", "Rarotonga", "Reykjavik", "Cape Town", "Athens",
    "San Jose", "Paris", "Bangkok", "LAX", "Honolulu", "Oslo", "Sydney", "Buenos Aires", "Faro", "Delhi",
)  # fmt: skip
WHEN = (
    "in early May", "on 3 March 2027", "from 10 to 14 June", "in October", "next weekend", "tomorrow",
    "in the second week of March", "around 12 August", "between 3 and 20 May", "this summer", "on Dec 24",
    "from 28 December to 3 January", "from 10 to 14 June 2025", "in 3 weeks", "at Easter", "today",
    "on 29 February 2028", "on 31 April 2027", "from 14 to 10 June", "in November", "",
)  # fmt: skip
LENGTH = ("5 days", "a weekend", "7 nights", "two weeks", "3-5 days", "a long weekend", "1 night", "")
PARTY = (
    "for 2", "for two adults and two kids aged 4 and 9", "with my wife and a baby", "solo", "for 12 people",
    "for a family of four", "for 1 adult and 2 infants", "for 3 kids", "",
)  # fmt: skip
BUDGET = (
    "under 1500 EUR", "max $900 each", "budget £2k", "around 700 euros", "under ¥300,000", "under 40 EUR",
    "max 2.500 €", "budget 1200", "",
)  # fmt: skip
WISHES = (
    "nonstop", "business class", "max one stop", "one-way", "no flights", "wheelchair, vegan", "",
    "arrive before noon", "leave after 6pm, back after 5pm", "no museums", "flights",
)  # fmt: skip

requests = st.builds(
    lambda *parts: " ".join(part for part in parts if part),
    st.sampled_from(LENGTH),
    st.sampled_from([f"in {place}" for place in PLACES] + ["in Rome and Athens", "in Greece", ""]),
    st.sampled_from([f"from {place}" for place in PLACES] + [""]),
    st.sampled_from(WHEN),
    st.sampled_from(PARTY),
    st.sampled_from(BUDGET),
    st.sampled_from(WISHES),
)
CLAUSES: dict[str, tuple[tuple[str, ...], ...]] = {
    "de": (
        ("5 Tage", "ein Wochenende", "7 Nächte", "Tagesausflug", "zwei Wochen", "je 2 Nächte", ""),
        (
            "nach Rom",
            "nach Lissabon und Porto",
            "hin nach Rom, zurück ab Venedig",
            "drei Städte in Andalusien",
            "irgendwohin, wo es warm ist",
        ),
        ("ab Berlin", "ab Wien", ""),
        (
            "Anfang Mai",
            "vom 10. bis 14. Juni, flexibel um 2 Tage",
            "über Pfingsten",
            "im Februar",
            "vom 10.6. bis 14.6.2025",
        ),
        ("zu zweit", "für 2 Erwachsene und 1 Kind (6 Jahre)", "für 12 Personen", ""),
        ("unter 900 Euro", "höchstens 300 € pro Person", "ca. 2000 €", "unter 20 Euro", ""),
        (
            "Direktflug",
            "mit dem Zug",
            "ohne Flug",
            "rollstuhlgerecht",
            "mit Pool und Hund",
            "veganes Essen",
            "zwei Zimmer, gemütlich",
            "hin mit dem Zug, zurück mit dem Flugzeug",
            "zurück nach Hamburg",
            "nach Feierabend los",
            "Ankunft vor 14 Uhr, keine Museen",
            "",
        ),
    ),
    "fr": (
        ("5 jours", "un week-end", "7 nuits", "une excursion d'une journée", ""),
        (
            "à Rome",
            "à Lisbonne et Porto",
            "aller à Rome, retour de Venise",
            "trois villes en Toscane",
            "quelque part au soleil",
        ),
        ("depuis Paris", "depuis Lyon", ""),
        ("début mai", "du 10 au 14 juin, à 2 jours près", "à Pâques", "en février"),
        ("pour deux", "2 adultes et un enfant de 7 ans", ""),
        ("moins de 900 €", "budget 300 euros par personne", ""),
        (
            "vols directs",
            "en train",
            "sans avion",
            "fauteuil roulant",
            "avec piscine, animaux acceptés",
            "restaurants italiens",
            "aller en avion, retour en train",
            "chambre double",
            "départ après 18h",
            "pas de musées",
            "",
        ),
    ),
    "es": (
        ("5 días", "un fin de semana", "7 noches", "excursión de un día", ""),
        (
            "en Roma",
            "en Lisboa y Oporto",
            "ida a Roma y vuelta desde Venecia",
            "tres ciudades de Andalucía",
            "algún sitio cálido",
        ),
        ("desde Madrid", "desde Bilbao", ""),
        ("a principios de mayo", "del 10 al 14 de junio, más o menos 2 días", "puente de mayo", "en febrero"),
        ("para dos", "2 adultos y un niño de 6 años", ""),
        ("por menos de 900 €", "máximo 300 euros por persona", ""),
        (
            "vuelo directo",
            "en tren",
            "sin avión",
            "silla de ruedas",
            "con piscina y mascotas",
            "comida italiana",
            "ida en tren y vuelta en avión, vuelta a Barcelona",
            "llegar antes de las 12:00",
            "",
        ),
    ),
    "ja": (
        ("5日間", "7泊", "日帰り", "週末", ""),
        ("ソウルへ", "ロンドンから入りパリから帰る", "どこか暖かいところへ", "北海道の3都市へ"),
        ("東京から", "大阪から", ""),
        ("5月上旬に", "6月10日から14日まで、前後2日", "ゴールデンウィークに", "2月に"),
        ("2人", "大人2人と子供1人(5歳)", ""),
        ("15万円以内", "一人5万円以下", ""),
        (
            "直行便",
            "電車で",
            "車椅子対応",
            "プール付き、ペット可",
            "行きは新幹線、帰りは飛行機",
            "イタリア料理",
            "正午までに到着",
            "",
        ),
    ),
    "en": (
        ("5 days", "a day trip", "two nights", "9 nights", ""),
        (
            "in Rome",
            "fly into Rome and out of Venice",
            "3 cities in Texas",
            "Brussels and Amsterdam, 2 nights each",
            "Cologne or Brussels",
            "somewhere warm",
            "3 nights in Rome and 4 in Florence",
            "road trip to Salzburg and Vienna",
        ),
        ("from Berlin", "from Munich", "from Boston", "from Paris", ""),
        (
            "in early May",
            "10 to 20 May, give or take 2 days",
            "in Golden Week",
            "the week after Easter",
            "Friday to Sunday in May",
        ),
        ("for 2", "for 2 adults and 2 kids aged 4 and 9", "for 5 adults", ""),
        ("under 900 EUR", "max $300 each", "under 20 EUR", ""),
        (
            "nonstop with a stop in Dubai",
            "by train",
            "no flights, no driving",
            "wheelchair",
            "pool, dog, breakfast",
            "vegan food",
            "2 rooms, relaxed pace",
            "Italian and Thai restaurants",
            "5 star hotel",
            "bus there, fly home to Frankfurt",
            "return to Munich by train",
            "leave after work",
            "by train between the cities",
            "",
        ),
    ),
}
"""Every clause that a request may have, a language each."""

in_any_language = st.sampled_from(sorted(CLAUSES)).flatmap(
    lambda language: st.tuples(*map(st.sampled_from, CLAUSES[language])).map(
        lambda parts: " ".join(part for part in parts if part)
    )
)
CHANGES = (
    "cheaper",
    "a day longer",
    "einen Tag länger",
    "un jour de plus",
    "un día más",
    "もっと安く",
    "add Porto for 2 nights",
    "besseres Hotel",
    "garde les vols",
    "keep the flights",
    "el mismo hotel",
    "leave on Friday",
    "am Freitag losfliegen",
    "one more adult and a pool",
    "nonstop only",
    "Porto instead of Rome",
    "nach Oslo statt Rom",
    "unter 400 Euro",
    "a week later",
    "return to Hamburg instead",
    "for 14 people",
    "add my mother (72)",
    "nimm meine Tochter (6) mit",
    "without the museum",
    "other hotel",
    "別のホテルにして",
    "fly instead",
    "by train",
    "arrive before noon",
)
worlds = st.builds(
    World,
    seed=st.sampled_from("abcdef"),
    currency=st.sampled_from(["EUR", "USD", "GBP", "JPY"]),
    offers=st.sampled_from([0, 1, 2, 5]),
    stays=st.sampled_from([0, 1, 4]),
    nonstop=st.booleans(),
    departs_at=st.sampled_from([(7, 11, 15, 19), (22, 23), (1,)]),
    price_factor=st.sampled_from([Decimal("0.2"), Decimal(1), Decimal(5)]),
    fails=st.sampled_from(
        [
            frozenset[str](),
            frozenset({"weather_forecast"}),
            frozenset({"flight_search"}),
            frozenset({"currency_convert"}),
            frozenset({"accommodation_search"}),
            frozenset({"activity_search"}),
            frozenset({"flights-2027-05-01-4", "weather-1"}),
        ]
    ),
)

VOCABULARY = sorted(
    {
        word
        for words in WORDS.values()
        for table in (
            words.months,
            words.weekdays,
            words.numbers,
            words.ordinals,
            words.parts,
            words.holidays,
        )
        for word in table
    }
    | set(PLACES + WHEN + LENGTH + PARTY + BUDGET + WISHES)
    | {"to", "from", "für", "zu dritt", "1.5.", "3/4", "de", "à", "y", "10", "€", "年", "日", "人", "から"}
    | {
        "\x00",
        "```",
        "> ",
        '"',
        "(4, 9)",
        "29.2.",
        "31.02.2027",
        "9999-12-31",
        "0001-01-01",
        "99999999999 EUR",
        "0 days",
        "100 days",
    }
)
