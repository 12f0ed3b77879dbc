"""Spanish."""

from workers.agent.planner.understand.model import NoteCode, QuestionCode

NOTES: dict[NoteCode, str] = {
    "assumed_cities": "He elegido las ciudades: {places}.",
    "assumed_stop_nights": "No se dice cuánto tiempo allí: {nights}.",
    "chosen_place": "El destino quedaba abierto: he elegido {name} entre {places}.",
    "length_over_dates": "Se dijo {nights} y {depart} – {back}: busco {nights} dentro de esos días.",
    "accessible_unknown": (
        "No puedo saber si todo está libre de barreras: lo que no lo dice va marcado, y "
        "las aerolíneas quieren saber antes de una silla de ruedas."
    ),
    "meals_unpriced": "Lo que cuestan las comidas no se sabe y no está incluido.",
    "meals_missing": "No he encontrado restaurantes así en: {places}.",
    "ways_estimated": (
        "Tiempos y precios de trenes, autobuses, ferris y coches se estiman por la distancia, sin horarios."
    ),
    "stays_missing_by_land": (
        "No he encontrado habitaciones: ni alojamiento, ni comidas, ni traslados están incluidos."
    ),
    "assumed_adults": "No se dice quién viaja: {adults}.",
    "assumed_child_ages": "No se dice la edad de los niños: supongo {age} años.",
    "assumed_length": "No se dice cuánto dura: {nights}.",
    "assumed_total_budget": "El presupuesto es para todos juntos.",
    "assumed_currency": "Los importes son en {currency}.",
    "assumed_place": "Se trata de {place}.",
    "assumed_islands": "He elegido las islas: {places}.",
    "assumed_origin": "Se sale, como antes, de {place}.",
    "assumed_date_order": "En fechas como 5/3 el mes va primero.",
    "assumed_split": "No se dice cuántas noches van a cada lugar: las he repartido.",
    "assumed_shorter": "La duración quedaba abierta: tomo la más corta, {nights}.",
    "assumed_room": "La duración no cabe del todo en esos días: la vuelta puede ser más tarde.",
    "dates_over_length": "Las fechas y la duración no coinciden: sigo las fechas, {depart} – {back}.",
    "season_north": "Las estaciones son las del hemisferio norte.",
    "kept_before": "Todo lo demás queda como antes.",
    "days_around": "Los días pueden moverse hasta tres.",
    "quote_ignored": "He dejado aparte lo citado: solo sigo sus propias palabras.",
    "cut_off": "El mensaje es muy largo: solo he leído el principio.",
    "wish_unchecked": "No he podido comprobar: {wishes}.",
    "party_split": (
        "Las aerolíneas venden como máximo 9 plazas por reserva: vuelan juntos en {bookings}, y las "
        "plazas de una no quedan retenidas mientras se hace la otra."
    ),
    "stays_missing": "No incluye alojamiento: el coste es solo de los vuelos, sin comida ni traslados.",
    "food_missing": "La comida y los desplazamientos allí no están incluidos.",
    "sights_failed": "No pude obtener visitas.",
    "far_ahead": "Las aerolíneas venden con unos once meses de antelación: puede haber aún poca oferta.",
    "budget_soft_over": "Son {over} más de lo pensado.",
    "nights_differ": "Los horarios de los vuelos dejan {nights} en el destino.",
    "searches_failed": "Han fallado: {searches}. Puede haber mejores ofertas.",
    "weather_failed": "No se ha podido obtener el tiempo.",
    "rail_better": (
        "En tren y no en avión: {total} en total y unas {rail} de puerta a puerta por trayecto, frente a "
        "{flown} y unas {air} con los mejores vuelos."
    ),
    "rail_alone": "En tren: ningún vuelo cumple lo que pides, el tren sí.",
    "chosen_of": "De {places} he tomado {name}: nombra otro para cambiarlo.",
    "trip_left": (
        "En el propio viaje se ha cambiado esto entretanto, así que lo he dejado como está: {fields}."
    ),
    "trip_deleted": "El viaje de este plan se ha borrado, así que este cambio no se ha guardado.",
    "trip_closed": (
        "Ya no puedo escribir en el viaje de este plan, así que este cambio no se ha guardado en él."
    ),
    "trip_refused": "Este plan no cabe en un viaje que se pueda guardar.",
}
QUESTIONS: dict[QuestionCode, str] = {
    "nonstop_with_stop": "Sin escalas y con parada en {name} se contradicen: ¿cuál de los dos?",
    "origin_missing": "¿De dónde sale el viaje?",
    "destination_missing": "¿Adónde quiere ir?",
    "destination_open": "¿A qué lugar quiere ir ({country})?",
    "dates_missing": "¿Cuándo quiere salir, y por cuánto tiempo?",
    "place_ambiguous": "¿De qué {name} se trata?",
    "place_unknown": "No conozco ningún lugar llamado «{written}». ¿Adónde quiere ir?",
    "date_invalid": "El día «{written}» no existe. ¿Qué día quiere decir?",
    "return_before_departure": ("La vuelta ({back}) es antes que la ida ({depart}). ¿Qué días quiere decir?"),
    "length_does_not_fit": "Demasiado largo para {first} – {last}: {nights}. ¿Qué puede ceder?",
    "nights_do_not_add_up": (
        "{nights} en total, y {named} para los lugares nombrados. ¿Dónde quiere pasar el resto, o cuánto puede durar?"
    ),
    "too_short_for_stops": (
        "Demasiado corto para {places}: {nights}. ¿Qué lugar sobra, o cuánto puede durar?"
    ),
    "same_place": "La salida y el destino son {place}. ¿Adónde quiere ir?",
    "party_too_large": (
        "Puedo planificar para {most} personas a la vez como máximo, y son {people}. ¿Quiénes viajan juntos?"
    ),
    "adults_too_few": "{people} vuelan en {bookings}, y en cada una hace falta un adulto. ¿Quiénes viajan?",
    "infants_over_adults": "Cada bebé necesita un adulto a su lado. ¿Quién viaja?",
    "adult_missing": "Los niños no pueden viajar sin un adulto. ¿Quién los acompaña?",
    "weather_place_missing": "¿En qué lugar?",
}
