"""German."""

from workers.agent.planner.understand.model import NoteCode, QuestionCode

NOTES: dict[NoteCode, str] = {
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
    "party_split": (
        "Fluggesellschaften verkaufen höchstens 9 Plätze je Buchung: ihr fliegt zusammen in "
        "{bookings}; während die eine gebucht wird, sind die Plätze der anderen nicht reserviert."
    ),
    "stays_missing": (
        "Eine Unterkunft ist nicht dabei: Die Kosten sind nur für Flüge, ohne Essen und Wege vor Ort."
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
    "rail_better": (
        "Mit dem Zug statt mit dem Flugzeug: insgesamt {total} und etwa {rail} von Tür zu Tür je Weg; mit "
        "den besten Flügen wären es {flown} und etwa {air}."
    ),
    "rail_alone": "Mit dem Zug: Kein Flug passt zu dem, was du möchtest, der Zug schon.",
    "chosen_of": "Von {places} habe ich {name} genommen; für einen anderen Ort einfach diesen nennen.",
    "trip_left": (
        "In der Reise selbst wurde inzwischen geändert, was ich deshalb so gelassen habe: {fields}."
    ),
    "trip_deleted": ("Die Reise zu diesem Plan wurde gelöscht; diese Änderung ist daher nicht gespeichert."),
    "trip_closed": (
        "In die Reise zu diesem Plan darf ich nicht mehr schreiben; diese Änderung ist dort nicht gespeichert."
    ),
    "trip_refused": "Dieser Plan passt nicht in eine Reise, die gespeichert werden kann.",
}
QUESTIONS: dict[QuestionCode, str] = {
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
    "nights_do_not_add_up": (
        "Insgesamt {nights}, und {named} für die genannten Orte. Wohin mit dem Rest, oder wie lange darf es dauern?"
    ),
    "too_short_for_stops": (
        "Zu kurz für {places}: {nights}. Welcher Ort kann weg, oder wie lange darf es dauern?"
    ),
    "same_place": "Start und Ziel sind beide {place}. Wohin soll es gehen?",
    "party_too_large": (
        "Ich kann höchstens {most} Personen auf einmal planen, und ihr seid {people}. Wer reist zusammen?"
    ),
    "adults_too_few": "{people} fliegen in {bookings}, und zu jeder gehört ein Erwachsener. Wer reist mit?",
    "infants_over_adults": "Jedes Kleinkind braucht einen Erwachsenen neben sich. Wer reist?",
    "adult_missing": "Kinder können nicht ohne Erwachsene gebucht werden. Wer reist mit?",
    "weather_place_missing": "Für welchen Ort?",
}
