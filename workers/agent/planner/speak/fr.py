"""French."""

from workers.agent.planner.speak.phrases import Phrases

FR = Phrases(
    locale="fr",
    day="EEE d MMM",
    day_of_year="EEE d MMM y",
    counts={
        "rooms": ("{} chambre", "{} chambres"),
        "adults": ("{} adulte", "{} adultes"),
        "children": ("{} enfant", "{} enfants"),
        "infants": ("{} bébé", "{} bébés"),
        "people": ("{} personne", "{} personnes"),
        "days": ("{} jour", "{} jours"),
        "nights": ("{} nuit", "{} nuits"),
        "offers": ("{} offre", "{} offres"),
        "departures": ("{} jour de départ", "{} jours de départ"),
        "stops": ("{} escale", "{} escales"),
        "years": ("{} année passée", "{} années passées"),
        "searches": ("{} recherche", "{} recherches"),
        "places": ("{} lieu", "{} lieux"),
    },
    and_=" et ",
    or_=" ou ",
    hours="{} h",
    minutes="{} min",
    length_in_days="{days} ({nights})",
    leaving_on="départ {depart}",
    leaving_between="départ entre {first} et {last}",
    from_to="{depart} – {back}",
    child_ages="{children} ({ages})",
    at_most="au plus {amount} en tout",
    at_most_each="au plus {amount} par personne",
    about="environ {amount} en tout",
    about_each="environ {amount} par personne",
    nonstop="sans escale",
    at_most_stops="au plus {stops}",
    cabins={
        "economy": "classe économique",
        "premium_economy": "premium economy",
        "business": "classe affaires",
        "first": "première classe",
    },
    one_way="aller simple",
    assumed="Je pars de ceci :",
    flights="Vols",
    out="Aller",
    back="Retour",
    onward="Puis {name}",
    leg=(
        "{label} : {date}, {departs} {origin} → {arrives} {destination} ({duration}, {stops}), "
        "{carrier} {number}"
    ),
    best_of="Le meilleur choix selon le prix, les escales et la durée ; comparé : {offers}, {departures}.",
    cheapest_of="Le moins cher ; comparé : {offers}, {departures}.",
    stays="Hébergement",
    stay_line="{name}, {city} : {nights}, {rooms}, {price}",
    cost="Coût",
    total_for="{total} pour {party}.",
    left_of_budget="Il reste {left} du budget.",
    saved="C'est {saved} de moins qu'avant.",
    converted_at="Converti à {rate} {to} pour 1 {currency}, cours du {date}.",
    weather="Météo : {name}",
    forecast=("Prévisions pour ces jours : maximales de {highs} °C, minimales jusqu'à {low} °C{rain}."),
    climate="Habituel pour ces jours (moyenne : {years}) : maximales de {highs} °C, "
    "minimales jusqu'à {low} °C{rain}.",
    measured="Mesuré ces jours-là : maximales de {highs} °C, minimales jusqu'à {low} °C{rain}.",
    rain=", {millimetres} mm de précipitations en tout",
    days="Jours",
    on_the_way="{date} : en route",
    arrive="{date} : arrivée à {time} ({name})",
    stay="{dates} : {name}",
    leave="{date} : départ à {time} ({name})",
    transfer="{mode} {origin} → {destination}, environ {duration}, environ {price}",
    modes={"train": "train", "bus": "car", "ferry": "ferry", "car": "voiture"},
    closing="Pour changer, dites par exemple « moins cher », « un jour de plus » ou « plutôt en juin ».",
    changed="Changé : {fields}.",
    fields={
        "origin": "le point de départ",
        "destinations": "les lieux",
        "depart": "le départ",
        "return": "le retour",
        "nights": "les nuits",
        "travellers": "les voyageurs",
        "budget": "le budget",
        "constraints": "les conditions",
        "stays": "l’hébergement",
        "legs": "les vols",
        "cost": "le coût",
    },
    cannot="Ce n'est pas possible ainsi.",
    violations={
        "stay": "Aucune chambre libre qui convient au reste n'offre : {wish}.",
        "kept_flights": "Les vols d'avant ne peuvent pas être gardés ainsi.",
        "kept_stays": "L'hébergement d'avant ne peut pas être gardé ainsi.",
        "better_stay": "Aucune meilleure chambre n'est libre dans ces conditions.",
        "duration": "C'est impossible en une journée.",
        "transport": "Par la terre ou la mer, {route} ne se fait pas en une journée.",
        "budget": "Le moins cher qui convienne à tout le reste coûte {total} ; votre limite est de {limit}.",
        "price_before": (
            "Rien n'est moins cher que les {before} d'avant : le moins cher coûte maintenant {total}."
        ),
        "nonstop_unavailable": "Aucune offre n'a si peu d'escales.",
        "nights": "Aucun vol ne laisse exactement le nombre de nuits voulu.",
        "no_flights": "Aucun vol n'est proposé pour {route} aux jours examinés.",
        "together": "Aucune offre ne respecte toutes les conditions à la fois.",
    },
    instead="Le plus proche possible :",
    alternative="{depart} – {back} pour {total} (à céder : {relaxes})",
    relaxes={
        "duration": "en une journée",
        "kept_flights": "les vols d'avant",
        "kept_stays": "l'hébergement d'avant",
        "better_stay": "une meilleure chambre",
        "budget": "le budget",
        "price_before": "le prix plus bas",
        "nonstop": "la limite d'escales",
        "dates": "les dates",
        "length": "une nuit",
        "nights": "le nombre exact de nuits",
    },
    in_the_past="{first} – {last} est passé, je n'ai donc rien cherché.",
    again="Les mêmes jours plus tard : {spans}.",
    one_question="Avant de planifier, j'ai besoin de savoir :",
    candidates="Est-ce {names} ?",
    capabilities=(
        "Je planifie des voyages en avion, train, bus, ferry et voiture, et je réponds aux "
        "questions sur la météo d'un lieu et sur les taux "
        "de change. Le reste, je ne le sais pas avec certitude, et je préfère ne pas deviner. Par exemple : "
        "« 5 jours à Lisbonne depuis Paris début mai pour 2, moins de 1500 EUR »."
    ),
    exchange="{amount} font {converted} au cours de référence du {date} (1 {currency} = {rate} {into}).",
    failed={
        "flights": "La recherche de vols a échoué : {reason}",
        "rate": "Sans taux de change, je ne sais pas ce que coûtent les vols en {into} : {reason}",
        "weather": "La météo n'a pas pu être obtenue : {reason}",
        "exchange": "Le taux de change n'a pas pu être obtenu : {reason}",
    },
    try_again="Réessayer plus tard peut marcher.",
    not_again="Réessayer la même chose n'aidera pas.",
    tasks={
        "transport": "Trajets",
        "stays": "Hébergement",
        "activities": "Visites",
        "flights": "Recherche de vols",
        "budget": "Budget",
        "weather": "Météo",
        "itinerary": "Itinéraire",
        "exchange": "Taux de change",
    },
    task_descriptions={
        "transport": "D’un lieu à l’autre : {route}",
        "stays": "Recherche de chambres : {route}",
        "activities": "Recherche de visites : {route}",
        "flights": "Cherche des vols pour {route}",
        "budget": "Fait le total des coûts",
        "weather": "Regarde la météo : {route}",
        "itinerary": "Met les jours en ordre",
        "exchange": "Demande le taux de {currency} en {into}",
    },
    statuses={
        "transport": "Cherche des trajets par terre et par mer",
        "stays": "Je cherche des chambres",
        "flights": "Cherche des vols",
        "more_flights": "Cherche ce qui serait possible à la place",
        "rate": "Convertit les prix",
        "weather": "Regarde la météo",
        "exchange": "Demande le taux de change",
    },
    journey="Aller et retour",
    options="Comparé pour vous",
    option="{name} : vols à partir de {price}, maximales habituelles de {warmth} °C",
    option_anywhere="{name} : vols à partir de {price}",
    wishes={
        "pets": "animaux acceptés",
        "pool": "une piscine",
        "breakfast": "petit-déjeuner",
        "kitchen": "une cuisine",
        "parking": "un parking",
        "wifi": "le Wi-Fi",
        "gym": "une salle de sport",
        "spa": "un spa",
        "air_conditioning": "la climatisation",
        "family_rooms": "chambres familiales",
        "accessible": "accès sans marches",
        "stars": "les étoiles",
        "room": "le type de chambre",
    },
    topics={
        "entry": (
            "Je ne peux pas savoir s'il vous faut un visa ou quels papiers : cela dépend de "
            "votre passeport, et les règles changent. Demandez à l'ambassade ou au consulat du "
            "pays, à votre ministère des Affaires étrangères ou à la compagnie aérienne."
        ),
        "health": (
            "Je ne peux pas le savoir avec certitude. Demandez à un médecin, à votre assurance "
            "ou consultez les conseils aux voyageurs de votre ministère."
        ),
        "opening": (
            "Je ne peux pas connaître avec certitude les horaires du jour. Consultez le site "
            "du lieu ; quand je planifie, je ne place les visites que les jours où les "
            "horaires connus l'indiquent ouvert."
        ),
        "thanks": (
            "Avec plaisir. Dites par exemple « moins cher », « un jour de plus » ou votre "
            "prochaine destination."
        ),
        "greeting": (
            "Bonjour ! Dites-moi où vous voulez aller, d'où, quand et pour combien de temps, "
            "par exemple : « 5 jours à Lisbonne depuis Paris début mai pour 2, moins de 1500 "
            "EUR »."
        ),
    },
    notes={
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
            "Durées et prix des trains, bus, ferries et voitures sont estimés d'après la "
            "distance, sans horaires."
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
        "stays_missing": "Le coût ne comprend que les vols : ni hébergement, ni repas, ni trajets sur place.",
        "food_missing": "Les repas et les déplacements sur place ne sont pas compris.",
        "sights_failed": "Je n’ai pas pu obtenir de visites.",
        "far_ahead": (
            "Les compagnies vendent environ onze mois à l'avance : il y a peut-être encore peu d'offres."
        ),
        "budget_soft_over": "C'est {over} de plus que prévu.",
        "nights_differ": "Les horaires des vols laissent {nights} sur place.",
        "searches_failed": "Échec : {searches}. Il y a peut-être de meilleures offres.",
        "weather_failed": "La météo n'a pas pu être obtenue.",
        "trip_left": (
            "Dans le voyage lui-même, ceci a été modifié entre-temps et reste donc tel quel : {fields}."
        ),
        "trip_deleted": (
            "Le voyage de ce plan a été supprimé : cette modification n'est donc pas enregistrée."
        ),
        "trip_closed": (
            "Je ne peux plus écrire dans le voyage de ce plan : cette modification n'y est pas enregistrée."
        ),
        "trip_refused": "Ce plan ne tient pas dans un voyage qui puisse être enregistré.",
    },
    questions={
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
        "too_short_for_stops": (
            "Trop court pour {places} : {nights}. Quel lieu peut tomber, ou combien de temps ?"
        ),
        "same_place": "Le départ et l'arrivée sont tous deux {place}. Où voulez-vous aller ?",
        "party_too_large": (
            "Les compagnies vendent au plus {most} places à la fois : {people}. Comment vous répartir ?"
        ),
        "infants_over_adults": "Chaque bébé a besoin d'un adulte à côté de lui. Qui voyage ?",
        "adult_missing": "Des enfants ne peuvent pas voyager sans adulte. Qui les accompagne ?",
        "weather_place_missing": "Pour quel lieu ?",
    },
)
