"""Spanish."""

from workers.agent.planner.understand.words.base import (
    Amounts,
    Asks,
    Holiday,
    Part,
    People,
    Roles,
    Season,
    Shapes,
    Words,
    listed,
)
from workers.agent.planner.understand.words.wanted.es import CHANGES, TOPICS, WANTED

_SPELT = "uno|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez"
_UNIT_AHEAD = r"(?!\s*(?:-|–|a|o)?\s*(?:día|dia|noche|semana|mes|hora|escala|estrella|\d|[:.,]\d|%))"

_MONTHS = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
    "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12, "ene": 1,
    "feb": 2, "abr": 4, "jun": 6, "jul": 7, "ago": 8, "sept": 9, "oct": 10, "nov": 11, "dic": 12,
}  # fmt: skip
_WEEKDAYS = {
    "lunes": 0, "martes": 1, "miércoles": 2, "miercoles": 2, "jueves": 3, "viernes": 4, "sábado": 5,
    "sabado": 5, "domingo": 6,
}  # fmt: skip
_NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "un par de": 2,
}  # fmt: skip
_ORDINALS = {
    "primera": 1, "primer": 1, "segunda": 2, "segundo": 2, "tercera": 3, "tercer": 3, "cuarta": 4,
    "cuarto": 4, "última": -1, "ultima": -1, "último": -1,
}  # fmt: skip
_PARTS: dict[str, Part] = {
    "primera mitad de": "first_half", "primera quincena de": "first_half", "la primera quincena de": "first_half",
    "segunda mitad de": "second_half", "segunda quincena de": "second_half", "la segunda quincena de": "second_half",
    "principios de": "early", "a principios de": "early", "comienzos de": "early",
    "inicio de": "early", "a inicios de": "early", "mediados de": "mid", "a mediados de": "mid",
    "finales de": "late", "a finales de": "late", "fines de": "late", "a fines de": "late",
    "fin de": "late",
}  # fmt: skip
_SEASONS: dict[str, Season] = {
    "primavera": "spring", "verano": "summer", "otoño": "autumn", "invierno": "winter",
}  # fmt: skip
_HOLIDAYS: dict[str, Holiday] = {
    "san valentín": "valentine",
    "navidad": "christmas", "navidades": "christmas", "nochevieja": "new_year",
    "año nuevo": "new_year", "semana santa": "easter", "pascua": "easter", "pentecostés": "whitsun",
    "puente de mayo": "may_day", "puente de diciembre": "december_bridge",
    "puente de la constitución": "december_bridge", "puente de la inmaculada": "december_bridge",
    "puente de todos los santos": "all_saints", "puente de noviembre": "all_saints", "golden week": "golden_week",
    "cerezos en flor": "cherry_blossom", "floración de los cerezos": "cherry_blossom",
    "oktoberfest": "oktoberfest", "carnaval": "carnival",
    "carnavales": "carnival", "san valentin": "valentine", "halloween": "halloween",
    "corpus": "corpus_christi",
}  # fmt: skip

ES = Words(
    language="es",
    telling=listed(
        "el la los las un una unos de del al y o con sin para por en desde hasta a mi mis es son "
        "qué que cómo cuándo cuánto dónde hace días dia día noches noche semana semanas viaje "
        "vuelo vuelos personas adultos niños principios finales mediados próximo próxima más "
        "menos barato quiero queremos quisiera tiempo hola gracias dos tres"
    ),
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    parts=_PARTS,
    seasons=_SEASONS,
    holidays=_HOLIDAYS,
    shapes=Shapes(
        day=r"(?:el )?(?:día )?\d{1,2}",
        year=r"(?: (?:de |del )?(?P<y>(?:19|20|21)\d\d)| (?P<next_year>del año que viene|del próximo año))?",
        to=r" ?(?:-|–|—|al|a|hasta el|hasta) ?",
    ),
    dates=(
        ("between_holidays", r"entre {h} y (?:el )?{h2}"),
        (
            "weekend_before",
            r"(?:el )?(?:último )?fin de semana (?:justo )?(?:de )?(?:antes|anterior) (?:de|a) (?:la |el )?{h}{y}",
        ),
        (
            "weekend_after",
            r"(?:el )?fin de semana (?:justo )?(?:de )?(?:después|siguiente) (?:de|a) (?:la |el )?{h}{y}",
        ),
        ("week_before", r"(?:la )?semana (?:justo )?(?:de )?(?:antes|anterior) (?:de|a) (?:la |el )?{h}{y}"),
        (
            "week_after",
            r"(?:la )?semana (?:justo )?(?:de )?(?:después|siguiente) (?:de|a) (?:la |el )?{h}{y}",
        ),
        ("holiday", r"(?:(?:en|por|para|durante) )?(?:el )?{h}{y}"),
        ("between", r"entre (?:{w} )?{d}(?: de {m})? y (?:{w2} )?{d2} de {m2}{y}"),
        ("months", r"(?:entre |en )?{m} ?(?:y|o|/|a|-|–) ?{m2}{y}"),
        ("range", r"(?:del? )?(?:{w},? )?{d}(?: de {m}{y2})?{to}(?:{w2},? )?{d2} (?:de )?{m2}{y}"),
        ("part", r"(?:(?:desde|en) )?(?:la )?{p} {m}{y}"),
        ("week_of", r"(?:(?:en|durante) )?(?:la )?{o} semana (?:de |en ){m}{y}"),
        ("weekend_of", r"(?:el )?{o} fin de semana (?:de |en ){m}{y}"),
        ("weekend_on", r"(?:el )?fin de semana del {d} de {m}{y}"),
        ("around", r"(?:alrededor del?|sobre el|hacia el) {d} de {m}{y}"),
        ("after", r"después del? {d} de {m}{y}"),
        ("day", r"(?:{w},? )?{d} (?:de )?{m}{y}"),
        ("after_tomorrow", r"pasado mañana"),
        ("tomorrow", r"mañana"),
        ("today", r"hoy|esta noche"),
        ("yesterday", r"ayer|la semana pasada|el mes pasado|el año pasado"),
        ("next_weekend", r"(?:el )?(?:próximo fin de semana|fin de semana (?:que viene|próximo))"),
        ("this_weekend", r"este fin de semana"),
        ("next_week", r"(?:la )?(?:próxima semana|semana (?:que viene|próxima))"),
        ("next_month", r"(?:el )?(?:próximo mes|mes (?:que viene|próximo))"),
        ("weekdays", r"(?:de )?{w}{to}{w2}"),
        ("weekday", r"(?:el |este |próximo )*{w}"),
        ("month", r"(?:en|para|de|durante|este|próximo) {m}{y}"),
        ("month", r"{m} (?:de )?(?P<y>(?:19|20|21)\d\d)"),
        ("month", r"{m}"),
        ("holiday", r"(?:(?:en|por|para|durante) )?(?:la |las |los )?{h}{y}"),
        ("season", r"(?:(?:en|este|el|esta|la) )?{s}{y}"),
        ("in_days", r"(?:en|dentro de) {n} días?"),
        ("in_weeks", r"(?:en|dentro de) {n} semanas?"),
        ("in_months", r"(?:en|dentro de) {n} mes(?:es)?"),
    ),
    lengths=(
        ("nights_list", r"(?P<list>\d{1,2}(?: ?(?:\+|/) ?\d{1,2})+) noches?"),
        ("nights_each", r"{n} noches? (?:cada una?|en cada \w+|por ciudad)"),
        ("days_span", r"{n} ?(?:-|–|a|o) ?{n2} d[ií]as"),
        ("nights_span", r"{n} ?(?:-|–|a|o) ?{n2} noches"),
        ("day_trip", r"(?:una )?excursión de un día|viaje de un día|ida y vuelta en el (?:mismo )?día"),
        ("days_nights", r"{n} d[ií]as? ?(?:,|/|y)? ?(?:\d+|[a-z]+) noches?"),
        ("days", r"{n} d[ií]as?"),
        ("nights", r"{n} noches?"),
        ("nights", r"(?:(?<=\by\s)|(?<=luego\s)|(?<=,\s)){n}(?= en\b)"),
        ("weeks", r"{n} semanas?"),
        ("month_long", r"{n} mes(?:es)?"),
        ("long_weekend", r"(?:un )?(?:fin de semana largo|puente)"),
        ("weekend", r"(?:un |el |para el )?(?:fin de semana|finde)"),
    ),
    people=People(
        adults=(
            r"{n} adult[oa]s?",
            r"{n} (?:personas?|pers\b\.?|colegas|viajer[oa]s?|pasajer[oa]s?|amig[oa]s)",
            r"(?:para|pa) (?P<n>[1-9]\d?|" + _SPELT + r")" + _UNIT_AHEAD + r"(?! [a-zà-ÿ]{4})",
        ),
        children=(r"(?:{n} )?(?:niñ[oa]s?|hij[oa]s?|adolescentes?)",),
        infants=(r"(?:{n} )?beb[eé]s?",),
        ages=(
            r"(?:niñ[oa]s|hij[oa]s):? \(?(?P<ages>\d{1,2}(?: ?(?:,|y|&) ?\d{1,2})+)\)?" + _UNIT_AHEAD,
            r"(?:niñ[oa]s?|hij[oa]s?) de (?P<ages>\d{1,2}(?: ?(?:,|y) ?\d{1,2})*)(?! ?mes)(?: años)?",
            r"\(?de (?P<ages>\d{1,2}(?: ?(?:,|y|&) ?\d{1,2})*) años\)?",
            r"\((?P<ages>\d{1,2}(?: ?(?:,|y|&) ?\d{1,2})*)(?: años)?\)",
            r"(?P<ages>\d{1,2}(?: ?(?:,|y|&) ?\d{1,2})*) años",
        ),
        together=(
            (
                "all",
                r"(?:somos|seremos|vamos|iremos|viajamos) (?P<n>[2-9]|[1-3]\d|"
                + _SPELT
                + r")(?:(?! ?\w)|(?= (?:y|de|desde|que|en total|a)\b))",
            ),
            ("family", r"familia de {n}"),
            ("couples", r"{n} parejas"),
            ("one", r"yo (?:y|con) mis?(?= (?:{n} )?(?:niñ|hij|beb))"),
            ("others", r"(?:con|yo ?(?:y|\+|más)) {n} (?:amig[oa]s|compañer[oa]s|colegas)"),
            ("one", r"sol[oa]|yo sol[oa]"),
            (
                "two",
                r"luna de miel|(?:(?:en|una|somos) )?(?<!mi\s)pareja|(?:con|para|y) mi (?:mujer|marido|pareja|novi[oa]|"
                r"espos[oa]|madre|padre|"
                r"herman[oa])|"
                r"mi (?:mujer|marido|pareja|novi[oa]|espos[oa]) y yo|nosotros dos|los dos",
            ),
            ("companion", r"mi (?:mujer|marido|pareja|novi[oa]|espos[oa]|madre|padre|herman[oa])"),
        ),
        months=(
            r"(?:bebé|bebe|niñ[oa]|hij[oa]) de (?P<ages>\d{1,2}) meses",
            r"\((?P<ages>\d{1,2}) meses\)",
        ),
        relatives={
            "adult": (
                r"madre|padre|mam[áa]|pap[áa]|suegr[oa]|abuel[oa]|mujer|marido|pareja|novi[oa]|espos[oa]|herman[oa]|"
                r"t[íi][oa]|prim[oa]|amig[oa]|colega"
            ),
            "adults": "padres|abuelos|suegros",
            "child": r"hij[oa]|niet[oa]|niñ[oa]|sobrin[oa]",
            "infant": "bebé|bebe",
        },
        aged=r"(?:,? ?\(?(?:de |que tiene )?(?P<age>\d{1,3})(?: años)?\)?)?",
        among=r"de ell[oa]s|incluid[oa]s?|incluyendo|en total",
    ),
    amounts=Amounts(
        hard=(
            r"menos de|tope|máx(?:imo|\.)?(?: de)?|max\.?|como máximo|hasta|no más de|por debajo de|<=?|"
            r"límite(?: de)?|sin pasar de"
        ),
        soft=(
            r"unos|aproximadamente|alrededor de|más o menos|cerca de|~|idealmente(?: menos de)?|"
            r"a ser posible(?: menos de)?"
        ),
        budget=r"presupuesto(?: de| es de|:)?|gastar|coste|precio",
        each=r"(?:por|/) ?(?:persona|cabeza|adulto|viajero)|cada un[oa]|p\.? ?p\.?",
        in_total=r"en total|total|todo incluido|para (?:todos|los dos|ambos)",
    ),
    roles=Roles(
        origin_before=r"desde|de|saliendo de|salida(?: de| desde)?|partiendo de|vivo en|vivimos en",
        target_before=r"a|en|hacia|hasta|para|por|visitar|destino|luego|y|vía|al",
        back_from=r"(?:vuelta|regreso|volver|volviendo|regresando) (?:desde|de)",
        home_before=r"(?<!y\s)(?:(?:vuelta|regreso) a|(?:volver|volviendo|regresar|regresando) a)",
        either=r"o|o desde|o a|u",
        link=r"a|hacia|hasta",
        filler=r"el|la|los|las|isla de|ciudad de|,|aeropuerto de",
        unknown_after=r"a|en|visitar",
    ),
    asks=Asks(
        weather=(
            r"tiempo (?:hace|hará|va a)|qué tiempo|clima|temperaturas?|llueve|lloverá|lluvia|nieve|"
            r"pronóstico|qué (?:ropa|llevar|meto)|maleta"
        ),
        trip=(
            r"viajes?|viajar|vuelos?|volar|vacaciones|escapada|visitar|"
            r"estancia"
        ),
        exchange=r"convertir|convierte|cambio|cuánto (?:es|son|vale)|en",
        told=r"(?:ya )?(?:estuvimos|estuve|fuimos|hemos estado|he estado|visitamos)\b[^.,;!?\n]*",
        beyond=r"visados?|visas?|pasaportes?|vacunas?|seguro|capital de",
        open_place=(
            r"al sol|a la playa|"
            r"algún (?:sitio|lugar)|cualquier (?:sitio|lugar)|adónde (?:ir|puedo|podemos)|sorpréndeme"
        ),
        return_cue=r"vuelta|volver|regreso|regresar|volviendo|hasta",
        cheaper=r"más (?:barat[oa]|económic[oa])|menos car[oa]|demasiado car[oa]|ahorrar|bajar el precio",
        longer=r"más larg[oa]|alarga\w*|amplía\w*",
        shorter=r"más cort[oa]|acorta\w*",
        more=r"más|añad\w+|otr[oa]|adicional",
        less=r"menos|quita\w*",
        later=r"más tarde|después",
        earlier=r"antes|más temprano",
        change=r"mejor|en (?:vez|lugar) de|cambia\w*|y si|pero|en cambio|sustituye",
        first_choice=r"(?:el |la )?primer[oa]?|1",
        second_choice=r"(?:el |la )?segund[oa]|2",
    ),
    wanted=WANTED,
    changes=CHANGES,
    topics=TOPICS,
)
