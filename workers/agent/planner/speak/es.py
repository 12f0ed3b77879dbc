"""Spanish."""

from workers.agent.planner.speak.notes.es import NOTES, QUESTIONS
from workers.agent.planner.speak.phrases import Phrases

ES = Phrases(
    locale="es",
    day="EEE d MMM",
    day_of_year="EEE d MMM y",
    counts={
        "bookings": ("{} reserva", "{} reservas"),
        "rooms": ("{} habitación", "{} habitaciones"),
        "adults": ("{} adulto", "{} adultos"),
        "children": ("{} niño", "{} niños"),
        "infants": ("{} bebé", "{} bebés"),
        "people": ("{} persona", "{} personas"),
        "days": ("{} día", "{} días"),
        "nights": ("{} noche", "{} noches"),
        "offers": ("{} oferta", "{} ofertas"),
        "departures": ("{} día de salida", "{} días de salida"),
        "stops": ("{} escala", "{} escalas"),
        "years": ("{} año pasado", "{} años pasados"),
        "searches": ("{} búsqueda", "{} búsquedas"),
        "places": ("{} lugar", "{} lugares"),
    },
    and_=" y ",
    or_=" o ",
    hours="{} h",
    minutes="{} min",
    length_in_days="{days} ({nights})",
    leaving_on="salida {depart}",
    leaving_between="salida entre {first} y {last}",
    from_to="{depart} – {back}",
    child_ages="{children} ({ages})",
    at_most="como mucho {amount} en total",
    at_most_each="como mucho {amount} por persona",
    about="unos {amount} en total",
    about_each="unos {amount} por persona",
    nonstop="sin escalas",
    at_most_stops="como mucho {stops}",
    cabins={
        "economy": "clase turista",
        "premium_economy": "turista premium",
        "business": "clase business",
        "first": "primera clase",
    },
    no_flights="sin avión",
    travel_hours={
        "leave_after": "salida después de las {at}",
        "leave_before": "salida antes de las {at}",
        "arrive_after": "llegada después de las {at}",
        "arrive_before": "llegada antes de las {at}",
        "return_after": "vuelta después de las {at}",
        "return_before": "vuelta antes de las {at}",
        "home_after": "en casa después de las {at}",
        "home_before": "en casa antes de las {at}",
    },
    access_unknown="no se sabe si es accesible",
    one_way="solo ida",
    assumed="Doy por hecho:",
    flights="Vuelos",
    out="Ida",
    back="Vuelta",
    onward="Luego {name}",
    leg=(
        "{label}: {date}, {departs} {origin} → {arrives} {destination} ({duration}, {stops}), "
        "{carrier} {number}"
    ),
    best_of="Lo mejor según precio, escalas y duración; comparado: {offers}, {departures}.",
    cheapest_of="Lo más barato; comparado: {offers}, {departures}.",
    stays="Alojamiento",
    stay_line="{name}, {city}: {nights}, {rooms}, {price}",
    cost="Coste",
    total_for="{total} para {party}.",
    left_of_budget="Del presupuesto quedan {left}.",
    saved="Son {saved} menos que antes.",
    converted_at="Convertido a {rate} {to} por 1 {currency}, cambio del {date}.",
    weather="Tiempo en {name}",
    forecast="Previsión para estos días: máximas de {highs} °C, mínimas de hasta {low} °C{rain}.",
    climate="Habitual en estos días (media: {years}): máximas de {highs} °C, "
    "mínimas de hasta {low} °C{rain}.",
    measured="Medido en esos días: máximas de {highs} °C, mínimas de hasta {low} °C{rain}.",
    rain=", {millimetres} mm de precipitación en total",
    days="Días",
    on_the_way="{date}: de camino",
    arrive="{date}: llegada a {name} a las {time}",
    stay="{dates}: {name}",
    leave="{date}: salida de {name} a las {time}",
    transfer="{mode} {origin} → {destination}, unas {duration}, unos {price}",
    modes={"train": "tren", "bus": "autobús", "ferry": "ferri", "car": "coche"},
    closing="Para cambiarlo, di por ejemplo «más barato», «un día más» o «mejor en junio».",
    changed="Cambia: {fields}.",
    fields={
        "origin": "el punto de partida",
        "destinations": "los lugares",
        "depart": "la ida",
        "return": "la vuelta",
        "nights": "las noches",
        "travellers": "los viajeros",
        "budget": "el presupuesto",
        "constraints": "las condiciones",
        "stays": "el alojamiento",
        "legs": "los vuelos",
        "cost": "el coste",
    },
    cannot="Así no es posible.",
    violations={
        "other_stay": "No hay habitación libre en otro hotel en estas condiciones.",
        "hours": "Ningún viaje respeta tus horas.",
        "too_far": (
            "Las aerolíneas aún no venden plazas para el {first}. Vuelva a preguntarme a partir del {since}."
        ),
        "stay": "Ninguna habitación libre que encaja con lo demás tiene: {wish}.",
        "kept_flights": "Así no se pueden mantener los vuelos de antes.",
        "kept_stays": "Así no se puede mantener el alojamiento de antes.",
        "better_stay": "No hay libre una habitación mejor en estas condiciones.",
        "duration": "No se puede hacer en un día.",
        "transport": "Por tierra o mar, {route} no se puede hacer en un día.",
        "budget": "Lo más barato que cumple todo lo demás cuesta {total}; tu límite es {limit}.",
        "price_before": "Nada es más barato que los {before} de antes: lo más barato cuesta ahora {total}.",
        "nonstop_unavailable": "Ninguna oferta tiene tan pocas escalas.",
        "nights": "Ningún vuelo deja exactamente las noches pedidas.",
        "no_flights": "No hay vuelos en oferta para {route} en los días consultados.",
        "together": "Ninguna oferta cumple todas las condiciones a la vez.",
    },
    instead="Lo más parecido que se puede hacer:",
    alternative="{depart} – {back} por {total} (cede: {relaxes})",
    relaxes={
        "other_stay": "otro hotel",
        "hours": "tus horas",
        "no_flights": "viajar sin avión; el precio es solo de los vuelos",
        "duration": "en un solo día",
        "kept_flights": "los vuelos de antes",
        "kept_stays": "el alojamiento de antes",
        "better_stay": "una habitación mejor",
        "budget": "el presupuesto",
        "price_before": "el precio más bajo",
        "nonstop": "el límite de escalas",
        "dates": "las fechas",
        "length": "una noche",
        "nights": "las noches exactas",
    },
    in_the_past="{first} – {last} ya ha pasado, así que no he buscado nada.",
    again="Los mismos días más adelante: {spans}.",
    one_question="Antes de planificar necesito saber:",
    candidates="¿Se trata de {names}?",
    capabilities=(
        "Planifico viajes en avión, tren, autobús, ferri y coche, y respondo a preguntas "
        "sobre el tiempo en un lugar y sobre "
        "tipos de cambio. "
        "Lo demás no lo sé con certeza, y prefiero no adivinar. Por ejemplo: "
        "«5 días en Lisboa desde Madrid a principios de mayo para 2 por menos de 1500 EUR»."
    ),
    opening={
        "open": "{name}: abierto el {date}.",
        "closed": "{name}: cerrado el {date}.",
        "daily": "{name}: abierto todos los días de la semana.",
        "closed_days": "{name}: cerrado el {days}; abierto los demás días del {first} al {last}.",
        "hours": (
            "Horario según OpenStreetMap: {hours}. En festivos puede variar: consulta la web del "
            "lugar antes de ir."
        ),
        "unknown": "{name}: lo he encontrado, pero no se conoce su horario. Consulta la web del lugar.",
        "not_found": (
            "Con ese nombre no encuentro nada en {names}, así que no puedo decir cuándo abre. El "
            "horario está en la web del lugar."
        ),
    },
    exchange="{amount} son {converted} al cambio de referencia del {date} (1 {currency} = {rate} {into}).",
    failed={
        "opening": "No he podido consultar el horario: {reason}",
        "flights": "La búsqueda de vuelos ha fallado: {reason}",
        "rate": "Sin tipo de cambio no sé cuánto cuestan los vuelos en {into}: {reason}",
        "weather": "No se ha podido obtener el tiempo: {reason}",
        "exchange": "No se ha podido obtener el tipo de cambio: {reason}",
    },
    try_again="Intentarlo más tarde puede funcionar.",
    not_again="Intentar lo mismo otra vez no servirá.",
    tasks={
        "destinations": "Destinos",
        "alternatives": "Alternativas",
        "transport": "Trayectos",
        "stays": "Alojamiento",
        "activities": "Visitas",
        "flights": "Búsqueda de vuelos",
        "budget": "Presupuesto",
        "weather": "Tiempo",
        "itinerary": "Itinerario",
        "exchange": "Tipo de cambio",
    },
    task_descriptions={
        "destinations": "Compara {route}",
        "alternatives": "Busca lo que sería posible en su lugar",
        "transport": "De un lugar a otro: {route}",
        "stays": "Busco habitaciones en {route}",
        "activities": "Busco qué ver en {route}",
        "flights": "Busca vuelos para {route}",
        "budget": "Suma lo que cuesta",
        "weather": "Mira el tiempo en {route}",
        "itinerary": "Ordena los días",
        "exchange": "Pregunta el cambio de {currency} a {into}",
    },
    statuses={
        "opening": "Busca horarios de apertura",
        "transport": "Busca trayectos por tierra y mar",
        "stays": "Busco habitaciones",
        "flights": "Busca vuelos",
        "more_flights": "Busca lo que sería posible en su lugar",
        "rate": "Convierte los precios",
        "weather": "Mira el tiempo",
        "exchange": "Pregunta el tipo de cambio",
    },
    journey="Ida y vuelta",
    options="Comparado",
    option="{name}: vuelos desde {price}, máximas habituales de {warmth} °C",
    option_anywhere="{name}: vuelos desde {price}",
    wishes={
        "pets": "se admiten mascotas",
        "pool": "piscina",
        "breakfast": "desayuno",
        "kitchen": "cocina",
        "parking": "aparcamiento",
        "wifi": "wifi",
        "gym": "gimnasio",
        "spa": "spa",
        "air_conditioning": "aire acondicionado",
        "family_rooms": "habitaciones familiares",
        "accessible": "acceso sin barreras",
        "stars": "las estrellas",
        "room": "el tipo de habitación",
    },
    topics={
        "entry": (
            "No puedo saber si hace falta visado ni qué papeles: depende del pasaporte, y las "
            "reglas cambian. Pregunta en la embajada o en el consulado del país, en tu ministerio "
            "de Asuntos Exteriores o a la aerolínea."
        ),
        "health": (
            "No puedo saberlo con certeza. Pregunta a un médico o a tu seguro, o consulta las "
            "recomendaciones de viaje de tu ministerio."
        ),
        "opening": (
            "¿En qué ciudad está? Encuentro el horario si me dices la ciudad, por ejemplo «¿Está "
            "abierto el Rijksmuseum de Ámsterdam los lunes?»"
        ),
        "thanks": "De nada. Di por ejemplo «más barato», «un día más» o tu próximo destino.",
        "greeting": (
            "¡Hola! Dime adónde quieres ir, desde dónde, cuándo y por cuánto tiempo, por "
            "ejemplo: «5 días en Lisboa desde Madrid a principios de mayo para 2 por menos de "
            "1500 EUR»."
        ),
    },
    notes=NOTES,
    questions=QUESTIONS,
)
