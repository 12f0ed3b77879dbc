"""German."""

from workers.agent.planner.understand.words.base import Changes, Topics, Wanted

WANTED = Wanted(
    nonstop=(
        r"non-?stop(?:flug|flüge)?|direktfl[uü]ge?n?|direkt|ohne (?:umstieg|umsteigen|"
        r"zwischenstopp|zwischenlandung)|kein umsteigen"
    ),
    one_stop=(
        r"(?:max(?:imal|\.)?|höchstens) (?:ein(?:en?|em|mal)?|1) ?(?:mal )?(?:umsteigen|umstieg|"
        r"zwischenstopp|stopp)"
    ),
    business=r"business(?:[ -]?class|-klasse)?|businessklasse",
    premium_economy=r"premium[ -]economy",
    first=r"first[ -]class|erste[rn]? klasse",
    economy=r"economy(?:[ -]class)?|holzklasse",
    no_flights=(
        r"ohne (?:flug|flüge|flugzeug|zu fliegen|fliegen)|(?:nicht|ungern) fliegen|kein(?:e|en)? (?:fl[uü]ge?|"
        r"flugzeug|flieger)|nicht mit dem (?:flugzeug|flieger)|"
        r"flugfrei|auf dem landweg"
    ),
    by_air=r"(?:hin|rück|direkt|billig|nonstop-?)?fl[uü]ge?n?|fliegen?|flugzeug|airlines?",
    one_way=r"nur hin(?:flug)?|einfache[rn]? (?:flug|strecke)|ohne rückflug|one[ -]way",
    no_driving=(
        r"ohne (?:auto|mietwagen|selbst zu fahren)|kein(?:en)? (?:auto|mietwagen)|nicht auto ?fahren|"
        r"(?:nur )?(?:mit )?öffentliche[nr]? verkehrsmitteln?|(?:nur )?mit öffis|(?:nur )?öpnv"
    ),
    by={
        "train": r"(?:nur )?(?:mit|per) (?:dem |der )?(?:zug|bahn)|interrail|eurostar|bahnreise|zugreise",
        "bus": r"(?:mit|per) (?:dem )?(?:fern)?bus|busreise",
        "ferry": r"(?:mit|per) (?:der )?(?:fähre|schiff)",
        "car": r"(?:mit|per) (?:dem |unserem )?auto|autoreise|roadtrip|selbst fahren",
    },
    vehicles={
        "train": "zug|bahn",
        "bus": "(?:fern)?bus",
        "ferry": "fähre|schiff",
        "car": "auto",
    },
    there_by=(
        r"(?:hin|hinzu|hinfahrt|hinreise|hinweg)(?: mit| per)?(?: dem| der)? {v}|mit (?:dem |der "
        r")?{v} (?:hin|dorthin)"
    ),
    home_by=(
        r"(?:zurück|rückfahrt|rückreise|rückweg|heim)(?: mit| per)?(?: dem| der)? {v}|mit (?:dem |der "
        r")?{v} (?:zurück|heim)|rück{v}"
    ),
    between_by=(
        r"(?:dazwischen|zwischen (?:den städten|den orten|beiden))(?: mit| per)? (?:dem |der )?{v}|mit "
        r"(?:dem |der )?{v} dazwischen"
    ),
    avoid={
        "museum": (
            r"(?:ohne|keine?|nicht ins|nicht in)(?: das| die| den)? (?:museum|museen|galerien?)|(?:das |"
            r"die )?(?:museum|museen) (?:weglassen|weg|auslassen|streichen)"
        ),
        "church": r"(?:ohne|keine?)(?: die)? kirchen?",
        "hiking": r"(?:ohne|kein) wandern",
    },
    stopover=r"(?:mit )?(?:einem |einen )?(?:stopp|zwischenstopp|zwischenlandung|umstieg) in",
    accessible=r"rollstuhl\w*|barrierefrei\w*|gehbehindert\w*|stufenlos\w*",
    amenities={
        "pets": (
            r"haustiere?n?(?: (?:sind )?(?:erlaubt|willkommen))?|haustierfreundlich\w*|(?:mit "
            r")?(?:unserem |meinem |dem |einem )?(?:hund\w*|katze\w*)(?: erlaubt)?"
        ),
        "pool": r"(?:mit )?(?:swimming)?pool|schwimmbad",
        "breakfast": r"(?:mit )?frühstück|inklusive frühstück",
        "kitchen": r"(?:mit )?(?:eigener )?küche|selbstversorgung",
        "parking": r"(?:mit )?parkplatz|parkplätze",
        "wifi": r"(?:mit )?w-?lan|wi-?fi",
        "gym": r"(?:mit )?fitness(?:raum|studio)?",
        "spa": r"(?:mit )?(?:spa|wellness\w*|sauna)",
        "air_conditioning": r"(?:mit )?klimaanlage",
        "family_rooms": r"kinder(?:freundlich\w*| (?:sind )?(?:erlaubt|willkommen))",
    },
    rooms=r"{n} (?:getrennte |separate |einzelne )?zimmern?",
    room_kinds={
        "double": r"(?:{n} )?doppelzimmern?",
        "triple": r"(?:{n} )?dreibettzimmern?",
        "family": r"(?:{n} )?familienzimmern?",
        "single": r"(?:{n} )?einzelzimmern?",
        "suite": r"(?:{n} )?suiten?",
        "apartment": r"(?:{n} )?(?:ferienwohnung(?:en)?|apartments?|appartements?)",
    },
    stars=r"(?:mindestens )?{n}[ -]sternen?(?:-?hotel)?",
    diets={
        "vegetarian": r"vegetari(?:sch\w*|er(?:innen|in)?)",
        "vegan": r"vegan\w*",
        "halal": r"halal",
        "kosher": r"koscher\w*",
        "gluten_free": r"gluten(?:frei|unverträglich|intoleran)\w*|(?:kein|ohne) gluten|zöliakie",
    },
    cuisines={
        "italian": "italienisch\\w*", "japanese": "japanisch\\w*", "french": "französisch\\w*",
        "spanish": "spanisch\\w*", "indian": "indisch\\w*", "chinese": "chinesisch\\w*",
        "mexican": "mexikanisch\\w*", "thai": "thailändisch\\w*|thai", "greek": "griechisch\\w*",
        "turkish": "türkisch\\w*", "vietnamese": "vietnamesisch\\w*", "korean": "koreanisch\\w*",
        "lebanese": "libanesisch\\w*", "portuguese": "portugiesisch\\w*", "american": "amerikanisch\\w*",
        "regional": "regional\\w*|einheimisch\\w*|lokal\\w*", "seafood": "fisch|meeresfrüchte", "sushi": "sushi",
        "pizza": "pizza", "tapas": "tapas",
    },
    eating=r"{c}(?:(?: und| oder|,) \w+)? (?:essen|küche|restaurants?|lokale?n?)",
    relaxed=(
        r"(?:ganz )?(?:gemütlich\w*|entspannt\w*|ruhig\w*|gemächlich\w*)(?: tempo)?|ohne "
        r"stress|nicht so viel programm"
    ),
    full=r"(?:volles?|viel|dichtes?|straffes?) programm",
    slack=(
        r"(?:±|\+/?-|plus ?/? ?minus|plus oder minus|flexibel um) ?{n}? ?tage?n?|(?:bin|"
        r"sind|terminlich|zeitlich) flexibel|"
        r"{n2} tage? (?:früher oder später|hin oder her)"
    ),
    cities=r"{n} (?:\w+ )?(?:städten?|orten?|stationen)",
    warm=r"wärme|warm\w*|heiß\w*|sonn\w+|strand\w*",
    cold=r"kalt\w*|kühl\w*|schnee\w*|ski\w*",
    unchecked=(
        r"allergi\w+|(?:nicht)?raucher\w*|rauchen(?: erlaubt)?|(?:partys?|feiern|feste|"
        r"besuch)(?: sind| ist)? erlaubt|"
        r"mietwagen|hostels?|all[ -]inclusive|halbpension|vollpension|(?:nicht länger als|max(?:imal|\.)?|"
        r"höchstens) {n} stunden(?: flug\w*)?|meerblick|museen|museum|restaurants?|"
        r"nachtleben|wandern|tauchen|surfen|gepäck|fensterplatz"
    ),
)  # fmt: skip
CHANGES = Changes(
    better_stay=(
        r"(?:ein )?(?:besseres?|schöneres?|nobleres?) (?:hotel|zimmer|unterkunft)|bessere "
        r"unterkunft|mehr sterne"
    ),
    other_stay=(
        r"(?:ein(?:e)? )?andere[srn]? (?:hotel|unterkunft)|hotel (?:wechseln|tauschen)|nicht (?:das|"
        r"dieses) hotel"
    ),
    keep_flights=(
        r"(?:die |meine )?(?:selben |gleichen )?flüge (?:behalten|lassen|sollen bleiben|"
        r"bleiben)|(?:behalte?|lass) die flüge|(?:selbe|gleiche)n? flüge"
    ),
    keep_stays=(
        r"(?:das |die )?(?:hotels?|unterkunft|zimmer) (?:behalten|lassen|bleib(?:t|en))|"
        r"(?:behalte?|lass) (?:das|die) (?:hotels?|unterkunft)|(?:selbes?|gleiches?) hotel"
    ),
    joining=(
        r"{n} (?:person(?:en)?|erwachsener?|leute) mehr|noch {n2} (?:person(?:en)?|"
        r"erwachsener?|leute)(?: mehr)?"
    ),
    bring=(
        r"(?:nimm|nehmt|nehmen wir|füge?|plus|zusätzlich|noch|auch|bring)(?: noch| auch)? "
        r"(?:mein(?:e|en)?|unser(?:e|en)?|eine?n?) {r}{a}(?: (?:noch |auch )?(?:mit|hinzu|dazu))?",
        r"(?:mein(?:e|en)?|unsere?|eine?) {r}{a} (?:kommt|kommen|reist|fährt|möchte|will)"
        r"(?: (?:auch|noch|doch))*(?: (?:mit(?:kommen|reisen)?|dazu))",
    ),
    add_place=r"dazu|zusätzlich|füge|auch (?:noch )?nach|noch|anhängen",
    drop_place=r"ohne|streiche?|weglassen|raus|lass",
    instead=r"statt|stattdessen|anstelle|tausche?",
)
TOPICS = Topics(
    entry=r"visum|visa|reisepass|personalausweis|pass|einreise\w*|zoll",
    health=r"impf\w+|malaria|versicherung\w*|auslandskranken\w+|sicher|leitungswasser",
    opening=(
        r"(?:hat|haben|wann (?:hat|haben|öffnet|schließt|macht|machen)|ist|sind) .{2,"
        r"60}?(?:\b(?:geöffnet|offen|geschlossen)\b|\b(?:auf|zu)(?=\s*\?))|öffnungszeiten|"
        r"wann (?:öffnet|schließt)"
    ),
    thanks=r"danke\w*|vielen dank|super|prima|perfekt",
    greeting=r"hallo|hi|guten (?:tag|morgen|abend)|moin|servus|grüezi|wie geht(?: es|'s)",
)
