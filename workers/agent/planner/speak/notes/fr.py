"""French."""

from workers.agent.planner.understand.model import NoteCode, QuestionCode

NOTES: dict[NoteCode, str] = {
    "assumed_cities": "J'ai choisi les villes : {places}.",
    "assumed_stop_nights": "La durée sur place n'est pas dite : {nights}.",
    "chosen_place": "La destination était ouverte : j'ai choisi {name} parmi {places}.",
    "length_over_dates": (
        "Vous avez dit {nights} et {depart} – {back} : j'ai cherché {nights} dans cette période."
    ),
    "accessible_unknown": (
        "Je ne peux pas savoir si tout est sans marches : les visites sans indication sont "
        "signalées, et les compagnies veulent être prévenues d'un fauteuil."
    ),
    "meals_unpriced": "Le prix des repas n'est pas connu et n'est pas compris.",
    "meals_missing": "Je n'ai pas trouvé de tels restaurants : {places}.",
    "ways_estimated": (
        "Durées et prix des trains, bus, ferries et voitures sont estimés d'après la distance, sans horaires."
    ),
    "stays_missing_by_land": (
        "Je n'ai pas trouvé de chambres : ni hébergement, ni repas, ni trajets sur place ne sont compris."
    ),
    "assumed_adults": "Qui voyage n'est pas dit : {adults}.",
    "assumed_child_ages": "L'âge des enfants n'est pas dit : {age} ans supposés.",
    "assumed_length": "La durée n'est pas dite : {nights}.",
    "assumed_total_budget": "Le budget est pour tout le monde ensemble.",
    "assumed_currency": "Les montants sont en {currency}.",
    "assumed_place": "Il s'agit de {place}.",
    "assumed_islands": "J’ai choisi les îles : {places}.",
    "assumed_origin": "Le départ est, comme avant, {place}.",
    "assumed_date_order": "Dans les dates comme 5/3, le mois vient d'abord.",
    "assumed_split": "Le nombre de nuits par lieu n'est pas dit : je les ai réparties.",
    "assumed_shorter": "La durée était ouverte : j'ai pris la plus courte, {nights}.",
    "assumed_room": "La durée dépasse un peu la période : le retour peut être plus tard.",
    "dates_over_length": "Les dates et la durée se contredisent : je suis les dates, {depart} – {back}.",
    "season_north": "Les saisons sont celles de l'hémisphère nord.",
    "kept_before": "Tout le reste est comme avant.",
    "days_around": "Les jours peuvent bouger de trois au plus.",
    "quote_ignored": "J'ai laissé de côté ce qui est cité : je n'agis que sur vos propres mots.",
    "cut_off": "Le message est très long : je n'en ai lu que le début.",
    "wish_unchecked": "Je n'ai pas pu vérifier : {wishes}.",
    "party_split": (
        "Les compagnies vendent au plus 9 places par réservation : vous voyagez ensemble en "
        "{bookings}, et les places de l'une ne sont pas retenues pendant que l'autre se fait."
    ),
    "stays_missing": (
        "Aucun hébergement n'est compris : le coût est celui des vols seuls, sans repas ni trajets sur place."
    ),
    "food_missing": "Les repas et les déplacements sur place ne sont pas compris.",
    "sights_failed": "Je n’ai pas pu obtenir de visites.",
    "far_ahead": (
        "Les compagnies vendent environ onze mois à l'avance : il y a peut-être encore peu d'offres."
    ),
    "budget_soft_over": "C'est {over} de plus que prévu.",
    "nights_differ": "Les horaires des vols laissent {nights} sur place.",
    "searches_failed": "Échec : {searches}. Il y a peut-être de meilleures offres.",
    "weather_failed": "La météo n'a pas pu être obtenue.",
    "rail_better": (
        "En train plutôt qu'en avion : {total} en tout et environ {rail} de porte à porte par trajet, contre "
        "{flown} et environ {air} avec les meilleurs vols."
    ),
    "rail_alone": "En train : aucun vol ne convient à votre demande, le train si.",
    "chosen_of": "Parmi {places}, j'ai pris {name} : nommez un autre lieu pour le préférer.",
    "trip_left": (
        "Dans le voyage lui-même, ceci a été modifié entre-temps et reste donc tel quel : {fields}."
    ),
    "trip_deleted": ("Le voyage de ce plan a été supprimé : cette modification n'est donc pas enregistrée."),
    "trip_closed": (
        "Je ne peux plus écrire dans le voyage de ce plan : cette modification n'y est pas enregistrée."
    ),
    "trip_refused": "Ce plan ne tient pas dans un voyage qui puisse être enregistré.",
}
QUESTIONS: dict[QuestionCode, str] = {
    "nonstop_with_stop": "Sans escale et avec un arrêt à {name} se contredisent : lequel des deux ?",
    "origin_missing": "D'où partez-vous ?",
    "destination_missing": "Où voulez-vous aller ?",
    "destination_open": "Dans quel lieu voulez-vous aller ({country}) ?",
    "dates_missing": "Quand voulez-vous partir, et pour combien de temps ?",
    "place_ambiguous": "De quel {name} s'agit-il ?",
    "place_unknown": "Je ne connais pas de lieu nommé « {written} ». Où voulez-vous aller ?",
    "date_invalid": "Le jour « {written} » n'existe pas. Quel jour voulez-vous dire ?",
    "return_before_departure": (
        "Le retour ({back}) est avant le départ ({depart}). Quels jours voulez-vous dire ?"
    ),
    "length_does_not_fit": "Trop long pour {first} – {last} : {nights}. Qu'est-ce qui peut céder ?",
    "nights_do_not_add_up": (
        "{nights} en tout, et {named} pour les lieux nommés. Où voulez-vous passer le reste, ou combien de temps ?"
    ),
    "too_short_for_stops": (
        "Trop court pour {places} : {nights}. Quel lieu peut tomber, ou combien de temps ?"
    ),
    "same_place": "Le départ et l'arrivée sont tous deux {place}. Où voulez-vous aller ?",
    "party_too_large": (
        "Je peux planifier pour {most} personnes au plus à la fois, et vous êtes {people}. Qui "
        "voyage ensemble ?"
    ),
    "adults_too_few": "{people} voyagent en {bookings}, et il faut un adulte dans chacune. Qui voyage ?",
    "infants_over_adults": "Chaque bébé a besoin d'un adulte à côté de lui. Qui voyage ?",
    "adult_missing": "Des enfants ne peuvent pas voyager sans adulte. Qui les accompagne ?",
    "weather_place_missing": "Pour quel lieu ?",
}
