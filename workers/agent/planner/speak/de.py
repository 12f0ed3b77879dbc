"""German."""

from workers.agent.planner.speak.phrases import Phrases

DE = Phrases(
    locale="de",
    day="EEE d. MMM",
    day_of_year="EEE d. MMM y",
    counts={
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
    leaving_on="Abflug {depart}",
    leaving_between="Abflug zwischen {first} und {last}",
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
    cost="Kosten",
    total_for="{total} für {party}.",
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
        "legs": "die Flüge",
        "cost": "die Kosten",
    },
    cannot="So geht es leider nicht.",
    violations={
        "budget": (
            "Die günstigsten Flüge, bei denen sonst alles passt, kosten {total}; die Grenze liegt "
            "bei {limit}."
        ),
        "price_before": (
            "Nichts ist günstiger als die {before} von zuvor: das Günstigste kostet jetzt {total}."
        ),
        "nonstop_unavailable": "Kein Angebot hat so wenige Umstiege.",
        "nights": "Keine Flüge lassen genau so viele Nächte wie gewünscht.",
        "no_flights": "Für {route} gibt es an den geprüften Tagen keine Flüge.",
        "together": "Kein Angebot erfüllt alle Bedingungen zugleich.",
        "transport": "Ich kann nur mit Flügen planen, und gewünscht ist eine Reise ohne.",
    },
    instead="Am nächsten kommt:",
    alternative="{depart} bis {back} für {total} (dafür weicht: {relaxes})",
    relaxes={
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
        "Ich plane Flugreisen und beantworte Fragen zum Wetter an einem Ort und zu Wechselkursen. "
        "Alles andere weiß ich nicht sicher und rate lieber nicht. Zum Beispiel: "
        "„5 Tage Lissabon ab Berlin Anfang Mai für 2, unter 1500 EUR“."
    ),
    exchange="{amount} sind {converted} zum Referenzkurs vom {date} (1 {currency} = {rate} {into}).",
    failed={
        "flights": "Die Flugsuche ist fehlgeschlagen: {reason}",
        "rate": "Ohne Wechselkurs weiß ich nicht, was die Flüge in {into} kosten: {reason}",
        "weather": "Das Wetter war nicht zu erfahren: {reason}",
        "exchange": "Der Wechselkurs war nicht zu erfahren: {reason}",
    },
    try_again="Ein neuer Versuch kann später gelingen.",
    not_again="Dasselbe noch einmal zu versuchen hilft nicht.",
    tasks={
        "flights": "Flugsuche",
        "budget": "Budget",
        "weather": "Wetter",
        "itinerary": "Reiseplan",
        "exchange": "Wechselkurs",
    },
    task_descriptions={
        "flights": "Sucht Flüge für {route}",
        "budget": "Rechnet zusammen, was es kostet",
        "weather": "Sieht nach dem Wetter in {route}",
        "itinerary": "Stellt die Tage zusammen",
        "exchange": "Fragt nach dem Kurs von {currency} zu {into}",
    },
    statuses={
        "flights": "Sucht Flüge",
        "more_flights": "Sucht, was stattdessen geht",
        "rate": "Rechnet Preise um",
        "weather": "Sieht nach dem Wetter",
        "exchange": "Fragt nach dem Wechselkurs",
    },
    notes={
        "assumed_adults": "Wer reist, war nicht gesagt: {adults}.",
        "assumed_child_ages": "Das Alter der Kinder war nicht gesagt: {age} Jahre angenommen.",
        "assumed_length": "Die Dauer war nicht gesagt: {nights}.",
        "assumed_total_budget": "Das Budget gilt für alle zusammen.",
        "assumed_currency": "Beträge sind in {currency}.",
        "assumed_place": "Gemeint ist {place}.",
        "assumed_origin": "Start ist wie zuvor {place}.",
        "assumed_date_order": "In Daten wie 5/3 steht der Monat vorn.",
        "assumed_split": "Wie viele Nächte wohin gehen, war nicht gesagt: gleichmäßig verteilt.",
        "assumed_shorter": "Die Dauer war offen: die kürzere genommen, {nights}.",
        "assumed_room": "Die Dauer passt nicht ganz in den Zeitraum: die Rückreise darf später liegen.",
        "dates_over_length": "Termin und Dauer widersprechen sich: es gilt der Termin, {depart} bis {back}.",
        "season_north": "Jahreszeiten sind die der Nordhalbkugel.",
        "kept_before": "Alles andere bleibt wie zuvor.",
        "days_around": "Die Tage dürfen sich um bis zu drei verschieben.",
        "quote_ignored": "Zitiertes lasse ich beiseite: ich richte mich nur nach deinen eigenen Worten.",
        "cut_off": "Die Nachricht ist sehr lang: gelesen habe ich nur ihren Anfang.",
        "wish_unchecked": "Nicht prüfen konnte ich: {wishes}.",
        "stays_missing": (
            "Die Kosten sind nur für Flüge: Unterkunft, Essen und Wege vor Ort sind nicht dabei."
        ),
        "far_ahead": (
            "Fluggesellschaften verkaufen etwa elf Monate im Voraus, vielleicht ist noch wenig im Angebot."
        ),
        "budget_soft_over": "Das sind {over} mehr als gedacht.",
        "nights_differ": "Die Flugzeiten lassen vor Ort {nights}.",
        "searches_failed": "Fehlgeschlagen: {searches}. Vielleicht gibt es bessere Angebote.",
        "weather_failed": "Das Wetter war nicht zu erfahren.",
    },
    questions={
        "origin_missing": "Wo geht es los?",
        "destination_missing": "Wohin soll es gehen?",
        "destination_open": "An welchen Ort soll es gehen ({country})?",
        "dates_missing": "Wann soll es losgehen, und für wie lange?",
        "place_ambiguous": "Welches {name} ist gemeint?",
        "place_unknown": "Einen Ort „{written}“ kenne ich nicht. Wohin soll es gehen?",
        "date_invalid": "Den Tag „{written}“ gibt es nicht. Welcher Tag ist gemeint?",
        "return_before_departure": (
            "Die Rückreise am {back} liegt vor der Hinreise am {depart}. Welche Tage sind gemeint?"
        ),
        "length_does_not_fit": "Zu lang für {first} bis {last}: {nights}. Was davon darf nachgeben?",
        "too_short_for_stops": (
            "Zu kurz für {places}: {nights}. Welcher Ort kann weg, oder wie lange darf es dauern?"
        ),
        "same_place": "Start und Ziel sind beide {place}. Wohin soll es gehen?",
        "party_too_large": (
            "Fluggesellschaften verkaufen höchstens {most} Plätze auf einmal: {people}. Wie soll ich "
            "aufteilen?"
        ),
        "infants_over_adults": "Jedes Kleinkind braucht einen Erwachsenen neben sich. Wer reist?",
        "adult_missing": "Kinder können nicht ohne Erwachsene gebucht werden. Wer reist mit?",
        "weather_place_missing": "Für welchen Ort?",
    },
)
