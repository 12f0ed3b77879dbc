"""German."""

from workers.agent.planner.speak.phrases import Phrases

DE = Phrases(
    locale="de",
    day="EEE d. MMM",
    day_of_year="EEE d. MMM y",
    counts={
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
    stays="Unterkunft",
    stay_line="{name}, {city}: {nights}, {rooms}, {price}",
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
            "Die heutigen Öffnungszeiten kann ich nicht sicher wissen. Sie stehen auf der "
            "Website des Hauses; beim Planen lege ich Besuche nur auf Tage, an denen nach "
            "bekannten Zeiten geöffnet ist."
        ),
        "thanks": (
            "Gern geschehen. Zum Beispiel „günstiger“, „einen Tag länger“ oder das nächste Ziel schreiben."
        ),
        "greeting": (
            "Hallo! Wohin soll es gehen, von wo, wann und wie lange? Zum Beispiel: „5 Tage "
            "Lissabon ab Berlin Anfang Mai für 2, unter 1500 EUR“."
        ),
    },
    notes={
        "assumed_cities": "Die Städte habe ich ausgesucht: {places}.",
        "assumed_stop_nights": "Wie lange dort, war nicht gesagt: {nights}.",
        "chosen_place": "Das Ziel war offen: gewählt habe ich {name} unter {places}.",
        "length_over_dates": (
            "Gesagt waren {nights} und {depart} bis {back}: gesucht habe ich {nights} in diesem Zeitraum."
        ),
        "accessible_unknown": (
            "Ob alles stufenlos ist, kann ich nicht wissen: Sehenswertes ohne Angabe ist "
            "gekennzeichnet, und Fluggesellschaften wollen einen Rollstuhl vorher angemeldet "
            "haben."
        ),
        "meals_unpriced": "Was die Essen kosten, ist nicht bekannt und nicht im Preis.",
        "meals_missing": "Solche Restaurants habe ich nicht gefunden in: {places}.",
        "ways_estimated": (
            "Zeiten und Preise von Zug, Bus, Fähre und Auto sind aus der Entfernung geschätzt, kein Fahrplan."
        ),
        "stays_missing_by_land": (
            "Zimmer habe ich nicht gefunden: Unterkunft, Essen und Wege vor Ort sind nicht im Preis."
        ),
        "assumed_adults": "Wer reist, war nicht gesagt: {adults}.",
        "assumed_child_ages": "Das Alter der Kinder war nicht gesagt: {age} Jahre angenommen.",
        "assumed_length": "Die Dauer war nicht gesagt: {nights}.",
        "assumed_total_budget": "Das Budget gilt für alle zusammen.",
        "assumed_currency": "Beträge sind in {currency}.",
        "assumed_place": "Gemeint ist {place}.",
        "assumed_islands": "Die Inseln habe ich ausgesucht: {places}.",
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
        "food_missing": "Essen und Wege vor Ort sind nicht im Preis.",
        "sights_failed": "Sehenswertes konnte ich nicht abrufen.",
        "far_ahead": (
            "Fluggesellschaften verkaufen etwa elf Monate im Voraus, vielleicht ist noch wenig im Angebot."
        ),
        "budget_soft_over": "Das sind {over} mehr als gedacht.",
        "nights_differ": "Die Flugzeiten lassen vor Ort {nights}.",
        "searches_failed": "Fehlgeschlagen: {searches}. Vielleicht gibt es bessere Angebote.",
        "weather_failed": "Das Wetter war nicht zu erfahren.",
        "trip_left": (
            "In der Reise selbst wurde inzwischen geändert, was ich deshalb so gelassen habe: {fields}."
        ),
        "trip_deleted": (
            "Die Reise zu diesem Plan wurde gelöscht; diese Änderung ist daher nicht gespeichert."
        ),
        "trip_closed": (
            "In die Reise zu diesem Plan darf ich nicht mehr schreiben; diese Änderung ist dort nicht gespeichert."
        ),
        "trip_refused": "Dieser Plan passt nicht in eine Reise, die gespeichert werden kann.",
    },
    questions={
        "nonstop_with_stop": "Nonstop und mit Halt in {name} widersprechen sich: was davon gilt?",
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
