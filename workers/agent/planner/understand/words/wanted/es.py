"""Spanish."""

from workers.agent.planner.understand.words.base import Changes, Topics, Wanted

WANTED = Wanted(
    nonstop=r"vuelos? directos?|directos?|sin escalas?|non[ -]?stop",
    one_stop=r"(?:máximo|como máximo|máx\.?) (?:una|1) escala|una escala (?:como )?máximo",
    business=r"(?:clase )?(?:business|ejecutiva)",
    premium_economy=r"premium[ -]economy|turista premium",
    first=r"primera clase",
    economy=r"clase turista|clase económica",
    no_flights=(
        r"sin (?:avión|volar|vuelos?|aviones)|(?:no|nunca) (?:quiero|queremos|puedo|"
        r"podemos)?\s?volar|(?:nada de|no en) avi[oó]n|por tierra"
    ),
    by_air=r"vuelos?|volar|volando|avi[oó]n|aeropuerto",
    one_way=r"solo ida|sólo ida|sin vuelta",
    no_driving=(
        r"sin (?:coche|conducir)|no conducimos|no conduzco|(?:solo |sólo |únicamente "
        r")?(?:en )?transporte público"
    ),
    by={
        "train": r"en tren|interrail",
        "bus": r"en (?:autobús|autocar|bus)",
        "ferry": r"en (?:ferry|barco)",
        "car": r"en coche|road ?trip",
    },
    vehicles={
        "train": "tren|ave",
        "bus": "autobús|autocar|bus",
        "ferry": "ferry|barco",
        "car": "coche",
    },
    there_by=r"(?:ida|a la ida|ir)(?: en| por)? {v}|en {v} (?:a la )?ida",
    home_by=r"(?:vuelta|regreso|volver|regresar)(?: en| por)? {v}|en {v} (?:a la )?vuelta",
    between_by=r"en {v} entre (?:ellas|ambas|las (?:dos|ciudades))|entre (?:ellas|ambas|las (?:dos|ciudades)) en {v}",
    avoid={
        "museum": r"(?:sin|nada de|evita\w*|ningún|no (?:quiero|queremos))(?: el| los)? (?:museos?|galerías?)",
        "church": r"(?:sin|nada de)(?: las)? iglesias?",
        "hiking": r"(?:sin|nada de) senderismo",
    },
    stopover=r"(?:con )?(?:una )?escala en",
    accessible=r"sillas? de ruedas|accesible\w*|movilidad reducida|sin barreras",
    amenities={
        "pets": (
            r"mascotas?(?: (?:admitidas|permitidas|bienvenidas))?|(?:con )?(?:mi |nuestro |"
            r"nuestra |un |el )?(?:perr[oa]s?|gat[oa]s?)(?: permitidos?)?"
        ),
        "pool": r"(?:con )?piscina",
        "breakfast": r"(?:con )?(?:el )?desayuno(?: incluido)?",
        "kitchen": (
            r"(?:con )?cocina(?: propia)?(?! (?:local|italiana|japonesa|francesa|india|china|"
            r"mexicana|regional))"
        ),
        "parking": r"(?:con )?(?:aparcamiento|parking)",
        "wifi": r"(?:con )?wi-?fi",
        "gym": r"(?:con )?gimnasio",
        "spa": r"(?:con )?spa|balneario",
        "air_conditioning": r"(?:con )?aire acondicionado",
        "family_rooms": r"niños (?:admitidos|permitidos|bienvenidos)",
    },
    rooms=r"{n} habitaciones(?: separadas)?",
    room_kinds={
        "double": r"(?:{n} )?habitaci(?:ón|ones) dobles?",
        "triple": r"(?:{n} )?habitaci(?:ón|ones) triples?",
        "family": r"(?:{n} )?habitaci(?:ón|ones) familiar(?:es)?",
        "single": r"(?:{n} )?habitaci(?:ón|ones) individual(?:es)?",
        "suite": r"(?:{n} )?suites?",
        "apartment": r"(?:{n} )?(?:apartamentos?|pisos?)",
    },
    stars=r"(?:al menos |mínimo )?{n} estrellas",
    diets={
        "vegetarian": r"vegetarian[oa]s?",
        "vegan": r"vegan[oa]s?",
        "halal": r"halal",
        "kosher": r"kosher|kósher",
        "gluten_free": r"sin gluten|celíac[oa]s?",
    },
    cuisines={
        "italian": "italian[oa]s?", "japanese": "japon[eé]s\\w*", "french": "franc[eé]s\\w*",
        "spanish": "español[ae]?s?", "indian": "indi[oa]s?|hindú", "chinese": "chin[oa]s?",
        "mexican": "mexican[oa]s?", "thai": "tailand[eé]s\\w*", "greek": "grieg[oa]s?", "turkish": "turc[oa]s?",
        "vietnamese": "vietnamit[ao]s?", "korean": "corean[oa]s?", "lebanese": "liban[eé]s\\w*",
        "portuguese": "portugu[eé]s\\w*", "american": "american[oa]s?",
        "regional": "local(?:es)?|regional(?:es)?|típica",
        "seafood": "marisco", "sushi": "sushi", "pizza": "pizza", "tapas": "tapas",
    },
    eating=r"(?:comidas?|cocina|restaurantes?|platos?) (?:\w+ (?:y|o) )?{c}|comer {c}",
    relaxed=r"(?:ritmo |a un ritmo )?(?:relajad[oa]|tranquil[oa])|sin prisas?|con calma",
    full=r"(?:programa |ritmo )(?:intenso|completo|apretado)",
    slack=(
        r"(?:±|\+/?-|más o menos|con flexibilidad de|flexibles? (?:en )?) ?{n}? ?días?(?: "
        r"arriba o abajo)?|fechas flexibles|{n2} días? arriba o abajo"
    ),
    cities=r"{n} (?:\w+ )?(?:ciudades|pueblos|lugares)",
    warm=r"cálid[oa]|calor|calentit[oa]|sol|playas?",
    cold=r"frí[oa]|fresc[oa]|fresquit[oa]|nieve|esquí\w*",
    unchecked=(
        r"alergi\w+|(?:no )?fumador\w*|fumar|fiestas (?:permitidas|admitidas)|coche de "
        r"alquiler|albergues?|hostales|"
        r"vistas? al mar|media pensión|(?:no más de|máx(?:imo)?\.?) {n} horas|museos?|restaurantes?|"
        r"senderismo|buceo|surf|equipaje"
    ),
)  # fmt: skip
CHANGES = Changes(
    better_stay=(
        r"(?:un )?(?:mejor hotel|hotel mejor|alojamiento mejor|mejor alojamiento)|(?:una "
        r")?(?:mejor habitación|habitación mejor)|más estrellas"
    ),
    other_stay=r"otro (?:hotel|alojamiento)|cambia\w* (?:de |el )?hotel",
    keep_flights=(
        r"(?:mantén|mantener|manteniendo|conserva\w*|deja) los (?:mismos )?vuelos|(?:los "
        r")?mismos vuelos"
    ),
    keep_stays=(
        r"(?:mantén|mantener|conserva\w*|deja) (?:el|los) (?:mismos? )?hotel(?:es)?|(?:el )?mismo "
        r"hotel"
    ),
    joining=(r"{n} (?:personas?|adult[oa]s?) más"),
    bring=(
        r"(?:añad\w+|agreg\w+|suma\w*|incluye\w*|lleva\w*|más) (?:también )?(?:a )?(?:mis?|un|una|nuestr[oa]s?) {r}{a}",
        r"(?:mis?|un|una) {r}{a} (?:también )?(?:vienen?|se apuntan?|se unen?)(?: también| con nosotros)*",
    ),
    add_place=r"añad\w+|agreg\w+|también|además",
    drop_place=r"sin|quita\w*|elimina\w*",
    instead=r"en (?:vez|lugar) de|sustituye|cambia",
)
TOPICS = Topics(
    entry=r"visados?|visas?|pasaportes?|requisitos de entrada|aduanas?|\bdni\b",
    health=r"vacunas?|malaria|seguro(?: médico| de viaje)?|seguridad|peligros[oa]|agua del grifo",
    opening=(
        r"está[ns]? (?:abiert|cerrad)\w*|qué hora (?:abre|cierra)n?|"
        r"(?:está|están|abre\w*|cierra\w*|cuándo) .{2,60}?(?:abiert\w*|cerrad\w*|abre\w*|"
        r"cierra\w*)|horarios?(?: de apertura)?|(?:abre|cierra)n?"
    ),
    thanks=r"gracias|genial|perfecto|estupendo",
    greeting=r"hola|buen[oa]s (?:días|tardes|noches)|qué tal|cómo estás",
)
