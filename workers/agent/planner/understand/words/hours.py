"""The hours of journeys, in every language: `{t}` is a time of day, `{w}` a weekday.

Of what matches only the group `cut`, if there is one, is taken off the page: the rest says something else too.
"""

from msgspec import Struct

from workers.agent.planner.understand.model import Language

EVENING_FROM, WORK_ENDS, NOON = "17:00", "17:30", "12:00"


class Hours(Struct, frozen=True, kw_only=True):
    """`after` and `before` bound a journey by a time; the others by a part of the day."""

    clock: str
    after: str
    before: str
    after_work: str
    evening: str
    morning: str
    arriving: str
    """What stands near a time that one wants to arrive at."""

    returning: str
    leaving: str


HOURS: dict[Language, Hours] = {
    "en": Hours(
        clock=r"\d{1,2}(?::\d{2})? ?(?:am|pm|a\.m\.|p\.m\.|o'?clock)|\d{1,2}:\d{2}|noon|midday",
        after=r"(?:any ?time )?(?:after|not before|no earlier than|later than|from) {t}",
        before=r"(?:before|by|no later than|not later than|until|latest) {t}",
        after_work=r"after (?:work|the office|school)(?: \(?(?:so |i\.e\. )?(?:after |from )?{t}\)?)?",
        evening=r"{w} (?P<cut>evening|night)|evening flights?",
        morning=(
            r"{w} (?P<cut>morning)|(?:arriv\w*|land\w*|leav\w*|depart\w*)(?P<cut2> in the morning)|"
            r"morning flights?"
        ),
        arriving=r"arriv\w*|land(?:ing)?|be there|get there|be in|get to|reach",
        returning=r"back|return\w*|home",
        leaving=r"leav\w*|depart\w*|fly(?:ing)?|set off|go(?:ing)?|out",
    ),
    "de": Hours(
        clock=r"\d{1,2}(?:[:.]\d{2})? ?uhr|\d{1,2}:\d{2}|mittags?",
        after=r"(?:nach|erst ab|ab|nicht vor|frühestens(?: um)?) {t}",
        before=r"(?:vor|bis(?: spätestens)?|spätestens(?: um)?) {t}",
        after_work=r"nach (?:feierabend|der arbeit|der schule)(?: \(?(?:ab |nach )?{t}\)?)?",
        evening=r"{w}(?P<cut> ?abends?)|abendfl[uü]ge?",
        morning=r"{w}(?P<cut> ?(?:morgens?|früh|vormittags?))|morgenfl[uü]ge?|frühfl[uü]ge?",
        arriving=r"ank\w+|angekommen|landen|landung|da sein|dort sein|vor ort",
        returning=r"zurück|rück\w+|heim\w*|zuhause|zu hause",
        leaving=r"abflug|abflieg\w*|abfahrt|abreise|los\w*|hin\w*|weg",
    ),
    "fr": Hours(
        clock=r"\d{1,2} ?h(?: ?\d{2})?|\d{1,2}:\d{2}|midi",
        after=r"(?:après|à partir de|pas avant) {t}",
        before=r"(?:avant|au plus tard(?: à)?|jusqu'à) {t}",
        after_work=r"après le (?:travail|boulot|bureau)(?: \(?(?:après |dès |à )?{t}\)?)?",
        evening=r"{w} (?P<cut>(?:en )?soir(?:ée)?)|vols? (?:du|en) soir(?:ée)?",
        morning=r"{w} (?P<cut>matin)|(?:arriv\w*|par[ts]\w*)(?P<cut2> le matin)|vols? du matin",
        arriving=r"arriv\w*|atterri\w*|être (?:sur place|à|là)",
        returning=r"retour\w*|revenir|rentr\w*|retours",
        leaving=r"par[ts]\w*|départ|décoll\w*|aller",
    ),
    "es": Hours(
        clock=(
            r"(?:las )?\d{1,2}(?::\d{2})? ?(?:h\b|horas|am|pm|de la (?:mañana|tarde|noche))|(?:las )?\d{1,2}:\d{2}|"
            r"mediod[ií]a"
        ),
        after=r"(?:después de|a partir de|no antes de|desde) {t}",
        before=r"(?:antes del?|como (?:muy )?tarde a|hasta) {t}",
        after_work=r"después (?:del trabajo|de trabajar|del curro|de clase)(?: \(?(?:a partir de |a )?{t}\)?)?",
        evening=r"{w} (?P<cut>(?:por|a|de) la (?:tarde|noche))|vuelos? de (?:tarde|noche)",
        morning=r"{w} (?P<cut>(?:por|a|de) la mañana)|(?:lleg\w*|sal\w*)(?P<cut2> por la mañana)|vuelos? de mañana",
        arriving=r"lleg\w*|aterriz\w*|estar (?:allí|en)",
        returning=r"volver|vuelta|regres\w*|vuelv\w*",
        leaving=r"sal\w*|ida|ir|despeg\w*|part\w*",
    ),
    "ja": Hours(
        clock=r"(?:午前|午後|夜|朝)?\d{1,2}時(?:半|\d{2}分)?|\d{1,2}:\d{2}|正午|昼",
        after=r"{t}(?:以降|過ぎ|すぎ|より後)",
        before=r"{t}(?:まで(?:に)?|前|より前|以前)",
        after_work=r"仕事(?:の後|終わり|が終わって)(?:から|に)?(?:[((]{t}(?:以降)?[))])?",
        evening=r"{w}の?(?P<cut>夜|夕方|晩)|夜便",
        morning=r"{w}の?(?P<cut>朝|午前(?!\d))|朝便",
        arriving=r"着|到着",
        returning=r"帰|戻|復路",
        leaving=r"出発|発",
    ),
}
