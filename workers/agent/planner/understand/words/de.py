"""German."""

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
from workers.agent.planner.understand.words.wanted.de import CHANGES, TOPICS, WANTED

_SPELT = "eine|einen|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
_UNIT_AHEAD = (
    r"(?!\s*(?:-|–|bis|oder|ganze|volle)?\s*(?:tag|nächt|nacht|woche|monat|stunde|stopp|stern|\d|[:.,]\d|%))"
)
_DAY = r"(?:(?:den|dem|der|am|vom) )?"

_MONTHS = {
    "januar": 1, "jänner": 1, "februar": 2, "märz": 3, "maerz": 3, "april": 4, "mai": 5, "juni": 6,
    "juli": 7, "august": 8, "september": 9, "oktober": 10, "november": 11, "dezember": 12, "jan": 1,
    "feb": 2, "mär": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "okt": 10,
    "nov": 11, "dez": 12,
}  # fmt: skip
_WEEKDAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5,
    "sonnabend": 5, "sonntag": 6, "mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6,
}  # fmt: skip
_NUMBERS = {
    "ein paar": 3, "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3,
    "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11,
    "zwölf": 12, "vierzehn": 14, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6,
}  # fmt: skip
_ORDINALS = {
    "erste": 1, "ersten": 1, "erstes": 1, "zweite": 2, "zweiten": 2, "zweites": 2, "dritte": 3,
    "dritten": 3, "vierte": 4, "vierten": 4, "letzte": -1, "letzten": -1, "letztes": -1, "1.": 1,
    "2.": 2, "3.": 3, "4.": 4,
}  # fmt: skip
_PARTS: dict[str, Part] = {
    "erste hälfte": "first_half", "ersten hälfte": "first_half", "in der ersten hälfte": "first_half",
    "zweite hälfte": "second_half", "zweiten hälfte": "second_half", "in der zweiten hälfte": "second_half",
    "anfang": "early", "zu beginn": "early", "beginn": "early", "mitte": "mid", "ende": "late",
    "anfang des": "early", "ende des": "late",
}  # fmt: skip
_SEASONS: dict[str, Season] = {
    "frühling": "spring", "frühjahr": "spring", "sommer": "summer", "herbst": "autumn",
    "winter": "winter", "sommerferien": "summer", "herbstferien": "autumn",
}  # fmt: skip
_HOLIDAYS: dict[str, Holiday] = {
    "valentinstag": "valentine",
    "weihnachten": "christmas", "weihnachtsferien": "christmas", "osterferien": "easter",
    "pfingstferien": "whitsun", "silvester": "new_year", "neujahr": "new_year",
    "jahreswechsel": "new_year", "ostern": "easter", "pfingsten": "whitsun",
    "himmelfahrt": "ascension", "christi himmelfahrt": "ascension",
    "vatertag": "ascension", "golden week": "golden_week", "fronleichnam": "corpus_christi",
    "brückentag fronleichnam": "corpus_christi", "brückentag christi himmelfahrt": "ascension_bridge",
    "himmelfahrtswochenende": "ascension_bridge", "faschingsferien": "carnival",
    "zwischen den jahren": "new_year", "kirschblüte": "cherry_blossom", "kirschblütenzeit": "cherry_blossom",
    "oktoberfest": "oktoberfest", "wiesn": "oktoberfest", "karneval": "carnival", "fasching": "carnival",
    "fastnacht": "carnival", "halloween": "halloween",
}  # fmt: skip

DE = Words(
    language="de",
    telling=listed(
        "der die das den dem des ein eine einen und oder mit ohne ab nach von vom bis zum zur im "
        "am für auf über unter ich wir mein meine ist sind was wie wann wo wird es tage tag "
        "nächte nacht woche wochen wochenende reise flug flüge fliegen personen erwachsene kinder "
        "anfang mitte ende nächste nächsten in wieviel bitte möchte will günstiger billiger "
        "länger kürzer wetter brauche soll viel hallo zwei drei"
    ),
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    parts=_PARTS,
    seasons=_SEASONS,
    holidays=_HOLIDAYS,
    shapes=Shapes(
        day=_DAY + r"\d{1,2}\.?",
        year=r"(?: ?(?P<y>(?:19|20|21)\d\d)| (?P<next_year>nächsten jahres|nächstes jahr))?",
        to=r" ?(?:-|–|—|bis|bis zum) ?",
    ),
    dates=(
        ("between", r"zwischen (?:{w},? )?{d}(?: {m})? und (?:{w2},? )?{d2} {m2}{y}"),
        ("between", r"zwischen {d} ?(?P<m>\d{1,2})\.? und {d2} ?(?P<m2>\d{1,2})\.?{y}"),
        ("months", r"(?:zwischen |im )?{m} ?(?:und|oder|/|bis|-|–) ?{m2}{y}"),
        ("range", r"(?:von )?(?:{w},? )?{d}(?: {m}{y2})?{to}(?:{w2},? )?{d2} {m2}{y}"),
        ("part", r"(?:(?:ab|von|seit|in der) )?{p} (?:(?:im|des) )?{m}s?{y}"),
        ("weekend_of", r"(?:(?:am|das|übers|über das|fürs) )?{o} {m}-?wochenende{y}"),
        ("week_of", r"(?:in der |in |während der )?{o} woche (?:im |des |in )?{m}{y}"),
        ("week_of", r"(?:in der |in )?{o} {m}woche{y}"),
        ("weekend_of", r"(?:(?:am|das|übers|über das|fürs) )?{o} wochenende (?:im |des |in )?{m}{y}"),
        ("weekend_on", r"(?:am |das )?wochenende (?:um den|vom|am) {d} {m}{y}"),
        ("around", r"(?:rund um|um|etwa am|gegen|ungefähr am) {d} {m}{y}"),
        ("after", r"nach {d}(?<=\.) {m}{y}"),
        ("day", r"(?:(?:am |ab )?{w},? )?{d} {m}{y}"),
        ("after_tomorrow", r"übermorgen"),
        ("tomorrow", r"morgen"),
        ("today", r"heute"),
        ("yesterday", r"gestern|letzte woche|letztes wochenende|letzten monat|letztes jahr"),
        ("next_weekend", r"(?:am )?nächste[ns]? wochenende"),
        ("this_weekend", r"(?:am |an )?(?:diese[ms]|kommende[ns]?) wochenende"),
        ("next_week", r"(?:in der )?(?:nächste[nr]?|kommende[nr]?) woche"),
        ("next_month", r"(?:im )?(?:nächste[nrs]?|kommende[nrs]?) monat"),
        ("weekdays", r"(?:von )?(?:nächste[nrs]? )?{w}{to}(?:nächste[nrs]? )?{w2}"),
        ("weekday", r"(?:am |nächste[nrs]? |kommende[nrs]? |diesen )+{w}"),
        ("weekday", r"(?P<w>montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"),
        ("month", r"(?:im|für|nächsten|kommenden|diesen) {m}{y}"),
        ("month", r"{m} (?P<y>(?:19|20|21)\d\d)"),
        ("month", r"(?!jan\b|mär\b|so\b){m}"),
        ("between_holidays", r"zwischen {h} und {h2}"),
        ("week_before", r"(?:in der |die )?woche vor (?:dem |der )?{h}{y}"),
        ("week_after", r"(?:in der |die )?woche nach (?:dem |der )?{h}{y}"),
        ("weekend_before", r"(?:am |das )?(?:letzte )?wochenende vor (?:dem |der )?{h}{y}"),
        ("weekend_after", r"(?:am |das )?wochenende nach (?:dem |der )?{h}{y}"),
        ("holiday", r"(?:(?:über|zu|zur|zum|an|um|für) )?(?:die )?{h}{y}"),
        ("season", r"(?:(?:im|diesen|nächsten|für den) )?{s}(?:urlaub)?{y}"),
        ("in_days", r"in {n} tagen"),
        ("in_weeks", r"in {n} wochen?"),
        ("in_months", r"in {n} monat(?:en)?"),
    ),
    lengths=(
        ("nights_list", r"(?P<list>\d{1,2}(?: ?(?:\+|/) ?\d{1,2})+) n[aä]chte?n?"),
        (
            "nights_each",
            r"(?:je(?:weils)? {n} n[aä]chte?n?|{n2} n[aä]chte?n? (?:je(?:weils)?|pro (?:stadt|ort)|in jeder \w+))",
        ),
        ("days_span", r"{n} ?(?:-|–|bis|oder) ?{n2} tage?n?"),
        ("nights_span", r"{n} ?(?:-|–|bis|oder) ?{n2} n[aä]chte?n?"),
        ("days_more", r"{n} (?:weitere[rn]?|zusätzliche[rn]?|mehr) tage?n?"),
        ("day_trip", r"tages(?:ausflug|trip|reise|fahrt)|hin und zurück am selben tag"),
        ("nights_more", r"{n} (?:weitere[rn]?|zusätzliche[rn]?|mehr) n[aä]chte?n?"),
        ("days_nights", r"{n} tage? ?(?:,|/|und|mit)? ?(?:\d+|[a-zäöü]+) n[aä]chte?n?"),
        ("days", r"{n}(?: ganze[nr]?| volle[nr]?)?[ -]?(?:tage?n?|tägige[nrs]?)"),
        ("nights", r"{n}[ -]?n[aä]chte?n?"),
        ("nights", r"(?:(?<=\bund\s)|(?<=dann\s)|(?<=,\s)){n}(?= in\b)"),
        ("weeks", r"{n}[ -]?(?:wochen?|wöchige[nrs]?)"),
        ("month_long", r"{n} monate?n?"),
        ("long_weekend", r"(?:ein |das |übers |für ein )?(?:langes|verlängertes) wochenende"),
        ("weekend", r"(?:ein |das |übers |am |für ein |fürs )?wochenend(?:e|trip|ausflug|reise)"),
    ),
    people=People(
        adults=(
            r"{n} (?:erwachsenen?|erw\b\.?)",
            r"{n} (?:person(?:en)?|pers\b\.?|leuten?|reisenden?|passagieren?|freunden?|mann|mädels|jungs|"
            r"frauen|männern?|damen|kumpels|gästen?|senioren)",
            r"zu (?P<n>zweit|dritt|viert|fünft|sechst)",
            r"wir (?:sind|wären) {n}" + _UNIT_AHEAD,
            r"für (?P<n>[1-9]\d?|" + _SPELT + r")" + _UNIT_AHEAD + r"(?! ?[a-zäöüß])",
            r"für (?P<n>eine) person",
        ),
        children=(
            r"(?:{n} )?(?:kleinen? )?"
            r"(?:kind(?:ern?|er)?|teenagern?|jugendlichen?|söhnen?|töchtern?|sohn|tochter)",
        ),
        infants=(r"(?:{n} )?(?:bab(?:ys?)|säuglingen?|kleinkind(?:ern?)?)",),
        ages=(
            r"kind(?:ern?|er)?:? \(?(?P<ages>\d{1,2}(?: ?(?:,|und|u\.?|&|\+) ?\d{1,2})*)(?: jahren?)?\)?"
            r"(?!\d| ?(?:tag|nächt|nacht|woche|monat|zimmer|euro|€|:|\.\d|-))",
            r"\(?(?:im alter von|alter:?|die) ?(?P<ages>\d{1,2}(?: ?(?:,|und|"
            r"&) ?\d{1,2})*)(?: jahren?)?\)?(?: (?:alt )?sind)?",
            r"\((?P<ages>\d{1,2}(?: ?(?:,|und|&) ?\d{1,2})*)(?: j(?:ahre?|\.))?(?: alt)?\)",
            r"(?P<ages>\d{1,2}(?: ?(?:,|und|&) ?\d{1,2})*)(?:[ -]?jährige[nrsm]?|"
            r" jahren? alt)(?: (?:kind(?:ern?)?|sohn|tochter))?",
        ),
        together=(
            ("family", r"(?:{n}-?köpfige familie|familie (?:mit|zu) {n2} personen)"),
            ("couples", r"{n} (?:paaren?|pärchen|ehepaaren?)"),
            (
                "one",
                r"(?:ich und|nur ich mit|ich mit) meine[nmr]?(?= (?:{n} )?(?:kleinen )?(?:kind|sohn|söhn|tochter|"
                r"töchter|baby))",
            ),
            (
                "others",
                r"(?:mit|(?:ich|mir|mich) ?(?:und|\+|&|plus)) {n} (?:freunde?n?|freundinnen|andere?n?|"
                r"kolleg(?:en|innen)|kumpels?)",
            ),
            ("one", r"alleine?|allein ?reisend|nur ich|für mich|solo"),
            (
                "two",
                r"zu zweit|flitterwochen|hochzeitsreise|als paar|(?:mit|für|und) meine[nrm]? "
                r"(?:frau|mann|partner(?:in)?|freund(?:in)?|mutter|vater|schwester|bruder)|"
                r"meine?n? (?:frau|mann|partner(?:in)?|freund(?:in)?) und (?:ich|mich|mir)|"
                r"wir beide|uns beide",
            ),
            (
                "companion",
                r"(?<!besuche\s)(?<!besuchen\s)meine?n? (?:frau|mann|partner(?:in)?|mutter|vater|schwester|bruder)",
            ),
        ),
        months=(
            r"(?P<ages>\d{1,2})[ -]?(?:monate? alt(?:e[snrm]?)?|monatige[snrm]?)(?: (?:baby|kind|sohn|tochter))?",
            r"\((?P<ages>\d{1,2}) monate?\)",
        ),
        relatives={
            "adult": (
                r"(?:schwieger|groß)?(?:mutter|vater|mama|papa)|oma|opa|frau|mann|partner(?:in)?|freund(?:in)?|schwester|"
                r"bruder|tante|onkel|cousine?|kolleg(?:en|in)"
            ),
            "adults": r"(?:groß|schwieger)?eltern",
            "child": r"(?:enkel)?(?:sohn|tochter|kind)|enkelin|neffen?|nichte",
            "infant": "baby",
        },
        aged=r"(?:,? ?\(?(?:sie ist |er ist )?(?P<age>\d{1,3})(?: jahre?(?: alt)?)?\)?)?",
        among=r"davon|darunter|inklusive|inkl\.?|einschließlich|insgesamt",
    ),
    amounts=Amounts(
        hard=(
            r"unter|max(?:imal|\.)?|höchstens|bis(?: zu)?|nicht (?:mehr als|über)|weniger als|"
            r"innerhalb von|limit(?: von)?|<=?|für höchstens"
        ),
        soft=(
            r"ca\.?|circa|etwa|ungefähr|rund|so um die|um die|~|möglichst(?: unter)?|"
            r"am liebsten(?: unter)?|am besten(?: unter)?"
        ),
        budget=r"budget(?: von| ist| liegt bei|:)?|ausgeben|kosten|preis",
        each=(
            r"(?:pro|je|jeder?|/) ?(?:person|kopf|nase|erwachsenem|reisendem)|p\.? ?p\.?|pro person|"
            r"jeweils|je"
        ),
        in_total=(
            r"insgesamt|gesamt|zusammen|in summe|total|alles in allem|für (?:alle|beide|uns beide|"
            r"uns alle)"
        ),
    ),
    roles=Roles(
        origin_before=(
            r"ab|von|aus|abflug(?: von| ab| in)?|ausgehend von|start(?: in| ab)?|wohne in|lebe in|"
            r"wohnen in"
        ),
        target_before=r"nach|in|auf|an|zur?|zum|für|bis|besuche?n?|über|dann|und|um|bei",
        back_from=r"zurück (?:ab|von|aus)|rückflug (?:ab|von)|heim (?:ab|von)",
        home_before=(
            r"zurück (?:nach|bis)|(?:rückflug|rückreise|rückkehr|rückfahrt|heimflug|heimreise) "
            r"(?:geht )?nach|heim nach"
        ),
        either=r"oder|oder ab|oder nach|oder in",
        link=r"nach|und zurück nach|bis",
        filler=r"der|die|das|den|dem|insel|stadt|schöne[nms]?|,|flughafen",
        unknown_after=r"nach",
    ),
    asks=Asks(
        weather=(
            r"wetter\w*|temperatur(?:en)?|klima|regnet|regnen|regen|schnee|schneit|wie (?:warm|kalt|"
            r"heiß)|was (?:soll|muss) ich (?:einpacken|anziehen|mitnehmen)|einpacken"
        ),
        trip=(
            r"\w*reise\w*|\w*urlaub\w*|fl[uü]ge?\w*|fliegen?|trip|städtetrip|"
            r"ausflug|inselhüpfen|rundreise"
        ),
        exchange=r"umrechn\w*|wechselkurs|kurs|wie ?viel (?:ist|sind)|wert|in",
        told=r"(?:wir|ich) (?:waren?|sind schon|haben schon|hatten)\b[^.,;!?\n]*",
        beyond=r"visum|visa|reisepass|pass|impf\w+|versicherung|sicher|hauptstadt von",
        open_place=(
            r"in die (?:sonne|wärme)|ins warme|ans meer|"
            r"irgendwo\w*|egal wohin|wohin (?:soll|kann|können|könnten)|überrasch\w* mich"
        ),
        return_cue=r"zurück|rückflug|rückreise|rückkehr|heim|bis|wieder (?:da|hier|zuhause)",
        cheaper=r"(?:günstiger|billiger|preiswerter)\w*|weniger (?:geld|kosten)|zu teuer|sparen",
        longer=r"länger|verlänger\w*",
        shorter=r"kürzer|verkürz\w*|kürze",
        more=r"mehr|zusätzlich\w*|weitere\w*|noch|plus|dranhängen",
        less=r"weniger|streich\w*|minus",
        later=r"später",
        earlier=r"früher|eher",
        change=(
            r"stattdessen|statt|lieber|doch|ändere?|mach|und (?:was ist|wie wäre es)|aber|tausche?|"
            r"wechsle|verschieb\w*"
        ),
        first_choice=r"(?:das |die |der )?erste[rs]?|1",
        second_choice=r"(?:das |die |der )?zweite[rs]?|2",
    ),
    wanted=WANTED,
    changes=CHANGES,
    topics=TOPICS,
)
