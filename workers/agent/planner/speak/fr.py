"""French."""

from workers.agent.planner.speak.notes.fr import NOTES, QUESTIONS
from workers.agent.planner.speak.phrases import Phrases

FR = Phrases(
    locale="fr",
    day="EEE d MMM",
    day_of_year="EEE d MMM y",
    counts={
        "bookings": ("{} réservation", "{} réservations"),
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
    no_flights="sans avion",
    travel_hours={
        "leave_after": "départ après {at}",
        "leave_before": "départ avant {at}",
        "arrive_after": "arrivée après {at}",
        "arrive_before": "arrivée avant {at}",
        "return_after": "retour après {at}",
        "return_before": "retour avant {at}",
        "home_after": "de retour chez vous après {at}",
        "home_before": "de retour chez vous avant {at}",
    },
    access_unknown="accès sans marches non connu",
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
    modes={"train": "train", "bus": "autocar", "ferry": "ferry", "car": "voiture"},
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
        "other_stay": "Aucun autre hôtel n'a de chambre libre dans ces conditions.",
        "hours": "Aucun voyage ne respecte vos heures.",
        "too_far": (
            "Les compagnies ne vendent pas encore de places pour le {first}. Redemandez-moi à partir "
            "du {since}."
        ),
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
        "other_stay": "un autre hôtel",
        "hours": "vos heures",
        "no_flights": "voyager sans avion ; le prix est celui des vols seuls",
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
    opening={
        "open": "{name} : ouvert le {date}.",
        "closed": "{name} : fermé le {date}.",
        "daily": "{name} : ouvert tous les jours de la semaine.",
        "closed_days": "{name} : fermé le {days}, ouvert les autres jours du {first} au {last}.",
        "hours": (
            "Horaires selon OpenStreetMap : {hours}. Les jours fériés peuvent différer : vérifiez "
            "sur le site du lieu avant d'y aller."
        ),
        "unknown": (
            "{name} : trouvé, mais ses horaires d'ouverture ne sont pas connus. Consultez le site du lieu."
        ),
        "not_found": (
            "Je ne trouve rien de ce nom à {names}, je ne peux donc pas dire quand c'est ouvert. Les "
            "horaires d'ouverture sont sur le site du lieu."
        ),
    },
    exchange="{amount} font {converted} au cours de référence du {date} (1 {currency} = {rate} {into}).",
    failed={
        "opening": "Je n'ai pas pu obtenir les horaires d'ouverture : {reason}",
        "flights": "La recherche de vols a échoué : {reason}",
        "rate": "Sans taux de change, je ne sais pas ce que coûtent les vols en {into} : {reason}",
        "weather": "La météo n'a pas pu être obtenue : {reason}",
        "exchange": "Le taux de change n'a pas pu être obtenu : {reason}",
    },
    try_again="Réessayer plus tard peut marcher.",
    not_again="Réessayer la même chose n'aidera pas.",
    tasks={
        "destinations": "Destinations",
        "alternatives": "Alternatives",
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
        "destinations": "Compare {route}",
        "alternatives": "Cherche ce qui serait possible à la place",
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
        "opening": "Cherche les horaires d'ouverture",
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
            "Dans quelle ville est-ce ? Je trouve les horaires d'ouverture avec la ville, par "
            "exemple « Le Rijksmuseum à Amsterdam est-il ouvert le lundi ? »"
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
    notes=NOTES,
    questions=QUESTIONS,
)
