"""French."""

from workers.agent.planner.understand.words.base import Changes, Topics, Wanted

WANTED = Wanted(
    nonstop=r"vols? directs?|directs?|sans escales?|non[ -]?stop",
    one_stop=(
        r"(?:max(?:imum|\.)?|au plus|pas plus d') ?(?:une|1) escale|une escale (?:max(?:imum)?|"
        r"au plus)"
    ),
    business=r"(?:classe |en )?(?:affaires|business)",
    premium_economy=r"premium[ -](?:economy|éco)",
    first=r"première classe",
    economy=r"(?:classe )?(?:économique|éco)",
    no_flights=(
        r"sans (?:avion|vol|prendre l'avion)|pas (?:d'|en )avion|(?:ne )?(?:veux|voulons|prends|"
        r"prenons) pas (?:prendre )?l'avion"
    ),
    by_air=r"vols?|avions?|aéroport",
    one_way=r"aller simple|sans retour",
    no_driving=(
        r"sans (?:voiture|conduire)|pas de voiture|(?:uniquement |seulement )?(?:en "
        r")?transports? (?:en commun|publics?)"
        r"(?: uniquement| seulement)?"
    ),
    by={
        "train": r"en train(?: uniquement| seulement)?|interrail",
        "bus": r"en (?:bus|car|autocar)",
        "ferry": r"en (?:ferry|bateau)",
        "car": r"en voiture|road ?trip",
    },
    vehicles={
        "train": "train|tgv",
        "bus": "bus|car|autocar",
        "ferry": "ferry|bateau",
        "car": "voiture",
    },
    there_by=r"(?:aller|à l'aller|l'aller)(?: en| par)? {v}|en {v} (?:à l')?aller",
    home_by=r"(?:retour|au retour|le retour|rentrer|revenir)(?: en| par)? {v}|en {v} (?:au )?retour",
    between_by=r"en {v} entre (?:les (?:deux|villes|étapes)|elles)|entre (?:les (?:deux|villes|étapes)) en {v}",
    avoid={
        "museum": r"(?:sans|pas de|aucun|évite[rz]?)(?: le| les| les? )? ?(?:musées?|galeries?)",
        "church": r"(?:sans|pas d'|aucune?) ?(?:les )?églises?",
        "hiking": r"(?:sans|pas de) randonnées?",
    },
    stopover=r"(?:avec )?(?:une )?(?:escale|correspondance) à",
    accessible=r"fauteuils? roulants?|accessible\w*|(?:à )?mobilité réduite|\bpmr\b",
    amenities={
        "pets": (
            r"animaux(?: de compagnie)?(?: (?:acceptés|admis|autorisés))?|(?:avec )?(?:mon |"
            r"notre |un |le )?(?:chiens?|chats?)(?: acceptés?)?"
        ),
        "pool": r"(?:avec )?piscine",
        "breakfast": r"(?:avec )?petit[ -]d[ée]j(?:euner)?(?: compris| inclus)?",
        "kitchen": r"(?:avec )?(?:une )?(?:cuisine équipée|kitchenette)",
        "parking": r"(?:avec )?parking",
        "wifi": r"(?:avec )?wi-?fi",
        "gym": r"(?:avec )?salle de (?:sport|gym)",
        "spa": r"(?:avec )?spa",
        "air_conditioning": r"(?:avec )?(?:la )?clim(?:atisation)?|climatisé\w*",
        "family_rooms": r"enfants (?:acceptés|bienvenus|admis)",
    },
    rooms=r"{n} chambres(?: séparées)?",
    room_kinds={
        "double": r"(?:{n} )?chambres? doubles?",
        "triple": r"(?:{n} )?chambres? triples?",
        "family": r"(?:{n} )?chambres? familiales?",
        "single": r"(?:{n} )?chambres? (?:simples?|individuelles?)",
        "suite": r"(?:{n} )?suites",
        "apartment": r"(?:{n} )?(?:appart(?:ement)?s?|studios?)",
    },
    stars=r"(?:au moins )?{n} étoiles(?: minimum)?",
    diets={
        "vegetarian": r"végétarien\w*",
        "vegan": r"végan\w*|vegan\w*|végétalien\w*",
        "halal": r"halal",
        "kosher": r"casher|kasher",
        "gluten_free": r"sans gluten|pas de gluten|(?:intolérante?|allergique) au gluten|cœliaque",
    },
    cuisines={
        "italian": "italienn?e?s?", "japanese": "japonais\\w*", "french": "français\\w*", "spanish": "espagnole?s?",
        "indian": "indienn?e?s?", "chinese": "chinois\\w*",
        "mexican": "mexicaine?s?", "thai": "thaïe?s?|thaïlandais\\w*",
        "greek": "grecque?s?|grecs?", "turkish": "turque?s?|turcs?", "vietnamese": "vietnamienn?e?s?",
        "korean": "coréenn?e?s?", "lebanese": "libanais\\w*", "portuguese": "portugais\\w*",
        "american": "américaine?s?", "regional": "locale?s?|régionale?s?|du terroir", "seafood": "fruits de mer",
        "sushi": "sushis?", "pizza": "pizzas?", "tapas": "tapas",
    },
    eating=r"(?:cuisines?|restaurants?|plats?|repas) (?:\w+ (?:et|ou) )?{c}|manger (?:des? |du )?{c}",
    relaxed=(
        r"(?:rythme |à un rythme )?(?:tranquille|détendue?|cool)|sans (?:se presser|stress)|"
        r"pas trop chargé\w*"
    ),
    full=r"(?:programme |rythme )(?:chargé|intense|soutenu|bien rempli)",
    slack=(
        r"(?:±|\+/?-|plus ou moins|à|flexibles? (?:de|à)) ?{n}? ?jours? près|(?:±|\+/?-|"
        r"plus ou moins) ?{n2} jours?|dates flexibles"
    ),
    cities=r"{n} (?:\w+ )?(?:villes|endroits|étapes)",
    warm=r"chaud\w*|soleil|ensoleillée?|plages?",
    cold=r"froid\w*|frais|fraîche|neige|ski",
    unchecked=(
        r"allerg\w+|(?:non[ -])?fumeurs?|fêtes? autorisées?|voiture de location|auberges?|tout compris|"
        r"vue (?:sur la )?mer|musées?|restaurants?|demi-pension|(?:pas plus de|max(?:imum)?) {n} heures|"
        r"randonnée|plongée|surf|bagages?"
    ),
)  # fmt: skip
CHANGES = Changes(
    better_stay=(
        r"(?:un )?(?:meilleur|plus bel) (?:hôtel|hébergement)|(?:une )?(?:meilleure|plus "
        r"belle) chambre|plus d'étoiles"
    ),
    other_stay=r"(?:un )?autre (?:hôtel|hébergement|logement)|(?:change[rz]?) (?:d'|l')hôtel",
    keep_flights=r"(?:garde[rz]?|conserve[rz]?) les (?:mêmes )?vols|(?:les )?mêmes vols",
    keep_stays=r"(?:garde[rz]?|conserve[rz]?) (?:l'hôtel|le même hôtel|les hôtels)|(?:le )?même hôtel",
    joining=(r"{n} (?:personnes?|adultes?|voyageurs?) de plus"),
    bring=(
        r"(?:r?ajoute[rzs]?|prend[sz]?|emmène|plus|avec en plus) (?:aussi )?(?:ma|mon|mes|notre|nos|une?|la|le) {r}{a}",
        r"(?:ma|mon|mes|une?) {r}{a} (?:vient|viennent|nous rejoint|nous rejoignent)(?: aussi| avec nous)*",
    ),
    add_place=r"ajoute[rz]?|aussi|en plus",
    drop_place=r"sans|supprime[rz]?|enlève[rz]?|retire[rz]?",
    instead=r"au lieu de|à la place|plutôt|remplace[rz]?",
)
TOPICS = Topics(
    entry=r"visas?|passeports?|carte d'identité|conditions d'entrée|douane",
    health=r"vaccins?|vaccination|paludisme|assurance|sécurité|dangereux|eau du robinet",
    opening=(
        r"(?:est|sont|est-il|est-elle|quand) .{2,60}?(?:ouvert\w*|fermé\w*|ouvre\w*|"
        r"ferme\w*)|est-(?:il|elle|ce) (?:ouvert|fermé)\w*|quelle heure (?:ouvre|ferme)\w*|"
        r"(?:heures|horaires) d'ouverture|ouvert (?:le|ce)"
    ),
    thanks=r"merci\w*|super|parfait|génial",
    greeting=r"bonjour|bonsoir|salut|coucou|ça va",
)
