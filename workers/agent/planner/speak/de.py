"""German."""

from workers.agent.planner.speak.notes.de import NOTES, QUESTIONS
from workers.agent.planner.speak.phrases import Phrases

DE = Phrases(
    locale="de",
    day="EEE d. MMM",
    day_of_year="EEE d. MMM y",
    counts={
        "bookings": ("{} Buchung", "{} Buchungen"),
        "rooms": ("{} Zimmer", "{} Zimmer"),
        "adults": ("{} Erwachsener", "{} Erwachsene"),
        "children": ("{} Kind", "{} Kinder"),
        "infants": ("{} Kleinkind", "{} Kleinkinder"),
        "people": ("{} Person", "{} Personen"),
        "days": ("{} Tag", "{} Tage"),
        "nights": ("{} Nacht", "{} Nächte"),
        "offers": ("{} Angebot", "{} Angebote"),
        "departures": ("{} Abflugtag", "{} Abflugtage"),
        "stops": ("{} Umstieg", "{} Umstiege"),
        "years": ("{} Jahr", "{} Jahre"),
        "searches": ("{} Suche", "{} Suchen"),
        "places": ("{} Ort", "{} Orte"),
    },
    and_=" und ",
    or_=" oder ",
    hours="{} h",
    minutes="{} min",
    length_in_days="{days} ({nights})",
    leaving_on="Abreise {depart}",
    leaving_between="Abreise zwischen {first} und {last}",
    from_to="{depart} bis {back}",
    child_ages="{children} ({ages})",
    at_most="höchstens {amount} insgesamt",
    at_most_each="höchstens {amount} pro Person",
    about="etwa {amount} insgesamt",
    about_each="etwa {amount} pro Person",
    nonstop="nonstop",
    at_most_stops="höchstens {stops}",
    cabins={
        "economy": "Economy",
        "premium_economy": "Premium Economy",
        "business": "Business Class",
        "first": "First Class",
    },
    no_flights="ohne Flug",
    travel_hours={
        "leave_after": "Abreise nach {at}",
        "leave_before": "Abreise vor {at}",
        "arrive_after": "Ankunft nach {at}",
        "arrive_before": "Ankunft vor {at}",
        "return_after": "Rückreise nach {at}",
        "return_before": "Rückreise vor {at}",
        "home_after": "zu Hause nach {at}",
        "home_before": "zu Hause vor {at}",
    },
    access_unknown="ob stufenlos, ist nicht bekannt",
    one_way="nur Hinflug",
    assumed="Davon gehe ich aus:",
    flights="Flüge",
    out="Hin",
    back="Zurück",
    onward="Weiter nach {name}",
    leg=(
        "{label}: {date}, {departs} {origin} → {arrives} {destination} ({duration}, {stops}), "
        "{carrier} {number}"
    ),
    best_of="Das Beste nach Preis, Umstiegen und Dauer; verglichen: {offers}, {departures}.",
    cheapest_of="Das Günstigste; verglichen: {offers}, {departures}.",
    stays="Unterkunft",
    stay_line="{name}, {city}: {nights}, {rooms}, {price}",
    cost="Kosten",
    total_for="{total} ({party}).",
    left_of_budget="Vom Budget bleiben {left}.",
    saved="Das sind {saved} weniger als zuvor.",
    converted_at="Umgerechnet mit {rate} {to} für 1 {currency}, Kurs vom {date}.",
    weather="Wetter in {name}",
    forecast="Vorhersage für diese Tage: Höchstwerte {highs} °C, nachts bis {low} °C{rain}.",
    climate="Üblich an diesen Tagen (Mittel über {years}): Höchstwerte {highs} °C, "
    "nachts bis {low} °C{rain}.",
    measured="Gemessen an diesen Tagen: Höchstwerte {highs} °C, nachts bis {low} °C{rain}.",
    rain=", insgesamt {millimetres} mm Niederschlag",
    days="Tage",
    on_the_way="{date}: unterwegs",
    arrive="{date}: Ankunft in {name} um {time}",
    stay="{dates}: {name}",
    leave="{date}: Abflug ab {name} um {time}",
    transfer="{mode} {origin} → {destination}, etwa {duration}, etwa {price}",
    modes={"train": "Zug", "bus": "Bus", "ferry": "Fähre", "car": "Auto"},
    closing="Zum Ändern zum Beispiel „günstiger“, „einen Tag länger“ oder „lieber im Juni“ schreiben.",
    changed="Geändert: {fields}.",
    fields={
        "origin": "der Startort",
        "destinations": "die Ziele",
        "depart": "die Hinreise",
        "return": "die Rückreise",
        "nights": "die Nächte",
        "travellers": "die Reisenden",
        "budget": "das Budget",
        "constraints": "die Bedingungen",
        "stays": "die Unterkunft",
        "legs": "die Flüge",
        "cost": "die Kosten",
    },
    cannot="So geht es leider nicht.",
    violations={
        "other_stay": "Unter diesen Bedingungen ist kein anderes Zimmer frei als zuvor.",
        "hours": "Zu deinen Uhrzeiten lässt sich keine Reise machen.",
        "too_far": (
            "Für {first} verkaufen die Fluggesellschaften noch keine Plätze. Ab {since} lohnt es "
            "sich, noch einmal zu fragen."
        ),
        "stay": "Kein freies Zimmer, das zu allem anderen passt, erfüllt den Wunsch: {wish}.",
        "kept_flights": "Die Flüge von zuvor lassen sich damit nicht behalten.",
        "kept_stays": "Die Unterkunft von zuvor lässt sich damit nicht behalten.",
        "better_stay": "Kein besseres Zimmer als zuvor ist unter diesen Bedingungen frei.",
        "duration": "An einem Tag ist das nicht zu schaffen.",
        "transport": "Über Land oder Wasser ist {route} nicht in einem Tag zu schaffen.",
        "budget": "Das Günstigste, das zu allem anderen passt, kostet {total}; deine Grenze ist {limit}.",
        "price_before": (
            "Nichts ist günstiger als die {before} von zuvor: das Günstigste kostet jetzt {total}."
        ),
        "nonstop_unavailable": "Kein Angebot hat so wenige Umstiege.",
        "nights": "Keine Flüge lassen genau so viele Nächte wie gewünscht.",
        "no_flights": "Für {route} gibt es an den geprüften Tagen keine Flüge.",
        "together": "Kein Angebot erfüllt alle Bedingungen zugleich.",
    },
    instead="Am nächsten kommt:",
    alternative="{depart} bis {back} für {total} (dafür weicht: {relaxes})",
    relaxes={
        "other_stay": "das andere Hotel",
        "hours": "deine Uhrzeiten",
        "no_flights": "der Verzicht auf Flüge; der Preis ist nur für die Flüge",
        "duration": "an einem Tag",
        "kept_flights": "die Flüge von zuvor",
        "kept_stays": "die Unterkunft von zuvor",
        "better_stay": "das bessere Zimmer",
        "budget": "das Budget",
        "price_before": "der niedrigere Preis",
        "nonstop": "die Grenze für Umstiege",
        "dates": "der Termin",
        "length": "eine Nacht",
        "nights": "die genaue Zahl der Nächte",
    },
    in_the_past="{first} bis {last} ist vorbei, deshalb habe ich nichts gesucht.",
    again="Dieselben Tage wieder: {spans}.",
    one_question="Bevor ich planen kann, muss ich wissen:",
    candidates="Gemeint sein kann: {names}.",
    capabilities=(
        "Ich plane Reisen mit Flugzeug, Zug, Bus, Fähre und Auto und beantworte Fragen zum "
        "Wetter an einem Ort und zu Wechselkursen. "
        "Alles andere weiß ich nicht sicher und rate lieber nicht. Zum Beispiel: "
        "„5 Tage Lissabon ab Berlin Anfang Mai für 2, unter 1500 EUR“."
    ),
    opening={
        "open": "{name}: geöffnet am {date}.",
        "closed": "{name}: geschlossen am {date}.",
        "daily": "{name}: an allen Wochentagen geöffnet.",
        "closed_days": "{name}: geschlossen am {days}, sonst geöffnet (vom {first} bis {last}).",
        "hours": (
            "Öffnungszeiten laut OpenStreetMap: {hours}. An Feiertagen kann es anders sein; am "
            "besten vorher auf die Website des Hauses schauen."
        ),
        "unknown": (
            "{name}: gefunden, aber die Öffnungszeiten sind nicht bekannt. Sie stehen auf der "
            "Website des Hauses."
        ),
        "not_found": (
            "Unter diesem Namen finde ich in {names} nichts, deshalb kann ich nicht sagen, wann "
            "geöffnet ist. Die Öffnungszeiten stehen auf der Website des Hauses."
        ),
    },
    exchange="{amount} sind {converted} zum Referenzkurs vom {date} (1 {currency} = {rate} {into}).",
    failed={
        "opening": "Die Öffnungszeiten waren nicht zu erfahren: {reason}",
        "flights": "Die Flugsuche ist fehlgeschlagen: {reason}",
        "rate": "Ohne Wechselkurs weiß ich nicht, was die Flüge in {into} kosten: {reason}",
        "weather": "Das Wetter war nicht zu erfahren: {reason}",
        "exchange": "Der Wechselkurs war nicht zu erfahren: {reason}",
    },
    try_again="Ein neuer Versuch kann später gelingen.",
    not_again="Dasselbe noch einmal zu versuchen hilft nicht.",
    tasks={
        "destinations": "Reiseziele",
        "alternatives": "Alternativen",
        "transport": "Wege dazwischen",
        "stays": "Unterkünfte",
        "activities": "Unternehmungen",
        "flights": "Flugsuche",
        "budget": "Budget",
        "weather": "Wetter",
        "itinerary": "Reiseplan",
        "exchange": "Wechselkurs",
    },
    task_descriptions={
        "destinations": "Vergleicht {route}",
        "alternatives": "Sucht, was stattdessen geht",
        "transport": "Von Ort zu Ort: {route}",
        "stays": "Zimmer in {route} suchen",
        "activities": "Sehenswertes in {route} suchen",
        "flights": "Sucht Flüge für {route}",
        "budget": "Rechnet zusammen, was es kostet",
        "weather": "Sieht nach dem Wetter in {route}",
        "itinerary": "Stellt die Tage zusammen",
        "exchange": "Fragt nach dem Kurs von {currency} zu {into}",
    },
    statuses={
        "opening": "Schaut nach Öffnungszeiten",
        "transport": "Sucht Wege über Land und Wasser",
        "stays": "Ich suche Zimmer",
        "flights": "Sucht Flüge",
        "more_flights": "Sucht, was stattdessen geht",
        "rate": "Rechnet Preise um",
        "weather": "Sieht nach dem Wetter",
        "exchange": "Fragt nach dem Wechselkurs",
    },
    journey="Hin und zurück",
    options="Verglichen",
    option="{name}: Flüge ab {price}, üblich sind höchstens {warmth} °C",
    option_anywhere="{name}: Flüge ab {price}",
    wishes={
        "pets": "Haustiere erlaubt",
        "pool": "Pool",
        "breakfast": "Frühstück",
        "kitchen": "Küche",
        "parking": "Parkplatz",
        "wifi": "WLAN",
        "gym": "Fitnessraum",
        "spa": "Wellness",
        "air_conditioning": "Klimaanlage",
        "family_rooms": "Familienzimmer",
        "accessible": "barrierefrei",
        "stars": "die Sterne",
        "room": "die Art des Zimmers",
    },
    topics={
        "entry": (
            "Ob ein Visum oder welche Papiere nötig sind, kann ich nicht wissen: das hängt vom "
            "Pass ab, und die Regeln ändern sich. Auskunft geben die Botschaft oder das "
            "Konsulat des Reiselandes, das Auswärtige Amt oder die Fluggesellschaft."
        ),
        "health": (
            "Das kann ich nicht sicher wissen. Auskunft geben Ärztin oder Arzt, die "
            "Versicherung und die Reisehinweise des Außenministeriums."
        ),
        "opening": (
            "In welcher Stadt ist das? Die Öffnungszeiten finde ich mit der Stadt, zum Beispiel „Hat "
            "das Rijksmuseum in Amsterdam am Montag geöffnet?“"
        ),
        "thanks": (
            "Gern geschehen. Zum Beispiel „günstiger“, „einen Tag länger“ oder das nächste Ziel schreiben."
        ),
        "greeting": (
            "Hallo! Wohin soll es gehen, von wo, wann und wie lange? Zum Beispiel: „5 Tage "
            "Lissabon ab Berlin Anfang Mai für 2, unter 1500 EUR“."
        ),
    },
    notes=NOTES,
    questions=QUESTIONS,
)
