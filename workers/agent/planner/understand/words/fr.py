"""French."""

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
from workers.agent.planner.understand.words.wanted.fr import CHANGES, TOPICS, WANTED

_SPELT = "un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix"
_UNIT_AHEAD = r"(?!\s*(?:-|–|à|ou|bonnes)?\s*(?:jour|nuit|semaine|mois|heure|escale|étoile|\d|[:.,]\d|%))"

_MONTHS = {
    "janvier": 1, "février": 2, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
    "août": 8, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
    "decembre": 12, "janv": 1, "févr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11,
    "déc": 12,
}  # fmt: skip
_WEEKDAYS = {
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
}  # fmt: skip
_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "quinze": 15,
}  # fmt: skip
_ORDINALS = {
    "première": 1, "premiere": 1, "premier": 1, "deuxième": 2, "deuxieme": 2, "seconde": 2,
    "second": 2, "troisième": 3, "quatrième": 4, "dernière": -1, "dernier": -1, "1re": 1, "1ère": 1,
    "2e": 2, "3e": 3, "4e": 4,
}  # fmt: skip
_PARTS: dict[str, Part] = {
    "première moitié de": "first_half", "première quinzaine de": "first_half",
    "seconde moitié de": "second_half", "deuxième moitié de": "second_half",
    "deuxième quinzaine de": "second_half", "seconde quinzaine de": "second_half",
    "début": "early", "debut": "early", "au début de": "early", "mi": "mid", "mi-": "mid",
    "au milieu de": "mid", "milieu": "mid", "fin": "late", "à la fin de": "late",
    "première moitié": "first_half", "première quinzaine": "first_half", "seconde moitié": "second_half",
    "deuxième moitié": "second_half", "seconde quinzaine": "second_half", "deuxième quinzaine": "second_half",
}  # fmt: skip
_SEASONS: dict[str, Season] = {
    "printemps": "spring", "été": "summer", "automne": "autumn", "hiver": "winter",
}  # fmt: skip
_HOLIDAYS: dict[str, Holiday] = {
    "saint-valentin": "valentine", "la saint-valentin": "valentine",
    "noël": "christmas", "noel": "christmas", "nouvel an": "new_year", "réveillon": "new_year",
    "pâques": "easter", "paques": "easter", "pentecôte": "whitsun", "ascension": "ascension", "toussaint": "all_saints",
    "pont de l'ascension": "ascension_bridge", "mardi gras": "carnival", "fête-dieu": "corpus_christi",
    "pont du 1er mai": "may_day", "golden week": "golden_week",
    "cerisiers en fleurs": "cherry_blossom", "floraison des cerisiers": "cherry_blossom",
    "oktoberfest": "oktoberfest", "fête de la bière": "oktoberfest",
    "carnaval": "carnival", "saint valentin": "valentine", "halloween": "halloween",
}  # fmt: skip

FR = Words(
    language="fr",
    telling=listed(
        "le la les un une des du de au aux et ou avec sans pour dans sur en à depuis vers je nous "
        "mon ma mes est sont quel quelle que quoi comment quand où il jours jour nuits nuit "
        "semaine semaines voyage vol vols personnes adultes enfants début fin mi prochain "
        "prochaine moins plus cher veux voudrais combien temps fait bonjour merci deux trois"
    ),
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    parts=_PARTS,
    seasons=_SEASONS,
    holidays=_HOLIDAYS,
    shapes=Shapes(
        day=r"(?:le )?\d{1,2}(?:er)?",
        year=r"(?: (?P<y>(?:19|20|21)\d\d)| (?P<next_year>l'(?:an|année) prochaine?))?",
        to=r" ?(?:-|–|—|au|jusqu'au|à) ?",
    ),
    dates=(
        ("between", r"entre (?:{w} )?{d}(?: {m})? et (?:{w2} )?{d2} {m2}{y}"),
        ("months", r"(?:entre |en )?{m} ?(?:et|ou|/|à|-|–) ?{m2}{y}"),
        ("range", r"(?:du )?(?:{w} )?{d}(?: {m}{y2})?{to}(?:{w2} )?{d2} {m2}{y}"),
        ("part", r"(?:(?:à la|au|en|dès|la|pendant la) )?{p}[ -]?(?:de |d')?{m}{y}"),
        ("week_of", r"(?:(?:pendant|durant) )?(?:la )?{o} semaine (?:de |d')?{m}{y}"),
        ("weekend_of", r"(?:le )?{o} week-?end (?:de |d'){m}{y}"),
        ("weekend_on", r"(?:le )?week-?end du {d} {m}{y}"),
        ("around", r"(?:autour du|vers le|aux alentours du) {d} {m}{y}"),
        ("after", r"après {d} {m}{y}"),
        ("day", r"(?:{w} )?{d} {m}{y}"),
        ("after_tomorrow", r"après-demain"),
        ("tomorrow", r"demain"),
        ("today", r"aujourd'hui|ce soir"),
        ("yesterday", r"hier|la semaine dernière|le mois dernier|l'an dernier"),
        ("next_weekend", r"le week-?end prochain|week-?end prochain"),
        ("this_weekend", r"ce week-?end"),
        ("next_week", r"la semaine prochaine|semaine prochaine"),
        ("next_month", r"le mois prochain|mois prochain"),
        ("weekdays", r"(?:de |du )?{w}{to}{w2}"),
        ("weekday", r"(?:le |ce )?{w}(?: prochain)?"),
        ("month", r"(?:en|pour|au mois de|au mois d'|courant) ?{m}{y}"),
        ("month", r"{m} (?P<y>(?:19|20|21)\d\d)"),
        ("month", r"(?!mars\b){m}"),
        ("between_holidays", r"entre {h} et (?:le )?{h2}"),
        ("week_before", r"(?:la )?semaine (?:d')?avant (?:le |la |l')?{h}{y}"),
        ("week_after", r"(?:la )?semaine (?:d')?après (?:le |la |l')?{h}{y}"),
        ("weekend_before", r"(?:le )?(?:dernier )?week-?end (?:d')?avant (?:le |la |l')?{h}{y}"),
        ("weekend_after", r"(?:le )?week-?end (?:d')?après (?:le |la |l')?{h}{y}"),
        ("holiday", r"(?:(?:à|pour|pendant|autour de) )?(?:le |la |les |l')?{h}{y}"),
        ("season", r"(?:(?:en|au|cet|l'|cette) ?)?{s}{y}"),
        ("in_days", r"dans {n} jours?"),
        ("in_weeks", r"dans {n} semaines?"),
        ("in_months", r"dans {n} mois"),
    ),
    lengths=(
        ("nights_list", r"(?P<list>\d{1,2}(?: ?(?:\+|/) ?\d{1,2})+) nuits?"),
        (
            "nights_each",
            r"{n} nuits? (?:à chaque fois|chacune?|par (?:ville|étape)|dans chaque \w+|à chaque \w+)",
        ),
        ("days_span", r"{n} ?(?:-|–|à|ou) ?{n2} jours?"),
        ("nights_span", r"{n} ?(?:-|–|à|ou) ?{n2} nuits?"),
        ("day_trip", r"(?:une )?excursion d'une journée|aller[ -]retour dans la journée|pour la journée"),
        ("days_nights", r"{n} jours? ?(?:,|/|et)? ?(?:\d+|[a-z]+) nuits?"),
        ("days", r"{n} jours?"),
        ("nights", r"{n} nuits?"),
        ("nights", r"(?:(?<=\bet\s)|(?<=puis\s)|(?<=,\s)){n}(?= à\b)"),
        ("weeks", r"{n} semaines?"),
        ("fortnight", r"une quinzaine|quinze jours"),
        ("month_long", r"{n} mois"),
        ("long_weekend", r"(?:un )?(?:long week-?end|week-?end prolongé)"),
        ("weekend", r"(?:un |le |pour le |pour un )?week-?end"),
    ),
    people=People(
        adults=(
            r"{n} adultes?",
            r"{n} (?:personnes?|pers\b\.?|potes|voyageurs?|passagers?|ami(?:e|s|es)?)",
            r"à (?P<n>[2-9])(?= ?(?:[,;.)]|$))",
            r"à (?P<n>deux|trois|quatre|cinq|six)",
            r"pour (?P<n>[1-9]\d?|" + _SPELT + r")" + _UNIT_AHEAD + r"(?! [a-zà-ÿ]{3})",
        ),
        children=(r"(?:{n} )?(?:jeunes? )?(?:enfants?|ados?|fils|filles?)",),
        infants=(r"(?:{n} )?(?:bébés?|nourrissons?)",),
        ages=(
            r"enfants:? \(?(?P<ages>\d{1,2}(?: ?(?:,|et|&) ?\d{1,2})+)\)?" + _UNIT_AHEAD,
            r"\(?(?:âgée?s? de|de) ?(?P<ages>\d{1,2}(?: ?(?:,|et|&) ?\d{1,2})*) ans\)?",
            r"\((?P<ages>\d{1,2}(?: ?(?:,|et|&) ?\d{1,2})*)(?: ans)?\)",
            r"(?P<ages>\d{1,2}(?: ?(?:,|et|&) ?\d{1,2})*) ans",
        ),
        together=(
            (
                "all",
                r"(?:on (?:est|sera|serait|part|partira|voyage)|nous (?:sommes|serons|partons|voyageons))(?: à)? "
                r"(?P<n>[2-9]|[1-3]\d|" + _SPELT + r")(?:(?! ?\w)|(?= (?:et|de|depuis|à|au départ|qui)\b))",
            ),
            ("family", r"famille de {n}"),
            ("couples", r"{n} couples"),
            ("one", r"moi (?:et|avec) m(?:es|on|a)(?= (?:{n} )?(?:enfants?|ados?|fils|filles?|bébé))"),
            ("others", r"(?:avec|moi ?(?:et|\+|&|plus)) {n} (?:amie?s|collègues|potes|copains|copines)"),
            ("one", r"seule?|tout seul|toute seule|en solo"),
            (
                "two",
                r"en couple|voyage de noces|lune de miel|(?:avec|pour|et) (?:ma (?:femme|copine|compagne|mère|"
                r"sœur)|mon (?:mari|"
                r"copain|compagnon|père|frère))|"
                r"(?:ma (?:femme|copine|compagne)|mon (?:mari|copain|compagnon)) et moi|à deux|nous deux",
            ),
            (
                "companion",
                r"(?:ma (?:femme|copine|compagne|mère|sœur)|mon (?:mari|copain|compagnon|père|frère))",
            ),
        ),
        months=(
            r"(?:(?:bébé|âgée?|fils|fille|enfant) )?de (?P<ages>\d{1,2}) mois(?! de)",
            r"\((?P<ages>\d{1,2}) mois\)",
        ),
        relatives={
            "adult": (
                r"(?:belle-|grand-)?(?:mère|maman)|(?:beau-|grand-)?(?:père|papa)|femme|mari|copine?|compagn(?:e|on)|sœur|"
                r"soeur|frère|tante|oncle|cousine?|amie?|collègue|pote"
            ),
            "adults": r"(?:beaux-|grands-)?parents",
            "child": r"(?:petit-|petite-)?(?:fils|fille)|enfant|neveu|nièce",
            "infant": "bébé",
        },
        aged=r"(?:,? ?\(?(?:âgée? de |qui a )?(?P<age>\d{1,3})(?: ans)?\)?)?",
        among=r"dont|y compris|au total|en tout",
    ),
    amounts=Amounts(
        hard=(
            r"moins de|max(?:imum|i|\.)?(?: de)?|au (?:plus|maximum)|jusqu'à|pas plus de|"
            r"ne dépassant pas|sous|<=?|plafond(?: de)?|dans la limite de"
        ),
        soft=(
            r"environ|autour de|à peu près|dans les|vers|~|idéalement(?: moins de)?|"
            r"si possible(?: moins de)?"
        ),
        budget=r"budget(?: de| est de| :|:)?|dépenser|prix|coût",
        each=r"(?:par|/) ?(?:personne|tête|adulte|voyageur|pers\.?)|chacune?|p\.? ?p\.?",
        in_total=r"au total|en tout|tout compris|total|pour (?:tous|tout le monde|nous deux|les deux)",
    ),
    roles=Roles(
        origin_before=(
            r"de|d'|depuis|au départ de|au départ d'|départ(?: de| d')?|partant de|en partant de|"
            r"habite(?: à)?|vis à"
        ),
        target_before=r"à|a|au|aux|en|vers|pour|dans|sur|destination(?: de)?|visiter|puis|et|via|,",
        back_from=(
            r"retour (?:depuis|de|par|au départ de)|(?:rentrer|rentrant|revenir|revenant) "
            r"(?:de|depuis)"
        ),
        home_before=(
            r"(?<!aller[ -])(?:retour "
            r"(?:à|sur|vers)|(?:rentrer|rentrant|revenir|revenant|retourner) (?:à|sur|vers))"
        ),
        either=r"ou|ou de|ou depuis|ou à",
        link=r"à|vers|pour|jusqu'à",
        filler=r"le|la|les|l'|île de|ville de|,|aéroport de",
        unknown_after=r"à|visiter",
    ),
    asks=Asks(
        weather=(
            r"météo|temps (?:fait|fera|qu'il)|quel temps|températures?|climat|pleut|pleuvoir|pluie|"
            r"neige|fait-il (?:chaud|froid)|dans (?:ma|la) valise|emporter|mettre dans"
        ),
        trip=r"voyages?|vols?|voler|séjours?|vacances|partir|escapade|city[ -]trip",
        exchange=r"convertir|conversion|taux de change|combien (?:font|fait|vaut|valent)|en",
        told=(
            r"(?:on|nous|j'|je) ?(?:était|étions|étais|est (?:déjà )?allée?s?|sommes (?:déjà )?allée?s?|"
            r"ai déjà|a déjà|avons déjà)\b[^.,;!?\n]*"
        ),
        beyond=r"visas?|passeports?|vaccins?|assurance|sécurité|capitale de",
        open_place=(
            r"quelque part|au soleil|n'importe quelle destination|peu importe (?:où|la destination)|"
            r"n'importe où|où (?:aller|partir|pourrais|pourrions)|surprenez-moi"
        ),
        return_cue=r"retour|rentrer|revenir|jusqu'au|rentrant|revenant",
        cheaper=r"moins cher|meilleur marché|plus économique|trop cher|économiser|réduire le (?:prix|coût)",
        longer=r"plus long(?:temps)?|prolonge[rz]?",
        shorter=r"plus court|raccourci[rst]*",
        more=r"de plus|ajoute[rz]?|supplémentaires?|encore|en plus",
        less=r"de moins|enlève[rz]?|en moins",
        later=r"plus tard",
        earlier=r"plus tôt",
        change=r"plutôt|au lieu de|à la place|change[rz]?|finalement|et si|mais|remplace[rz]?",
        first_choice=r"(?:le |la )?premi(?:er|ère)|1",
        second_choice=r"(?:le |la )?(?:deuxième|seconde?)|2",
    ),
    wanted=WANTED,
    changes=CHANGES,
    topics=TOPICS,
)
