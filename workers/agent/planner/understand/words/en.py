"""English."""

from workers.agent.planner.understand.words import base
from workers.agent.planner.understand.words.base import Amounts, Asks, People, Roles, Shapes, Words, listed
from workers.agent.planner.understand.words.wanted.en import CHANGES, TOPICS, WANTED

_SPELT = "one|two|three|four|five|six|seven|eight|nine|ten"
_UNIT_AHEAD = r"(?!\s*(?:-|–|to|or|full|whole|more)?\s*(?:day|night|week|month|hour|stop|star|\d|[:.,]\d|%))"

_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_NUMBERS = {
    "a couple of": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "an": 1, "a": 1,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
_PARTS: dict[str, base.Part] = {
    "the first half of": "first_half", "first half of": "first_half", "the 1st half of": "first_half",
    "the second half of": "second_half", "second half of": "second_half", "the 2nd half of": "second_half",
    "2nd half of": "second_half", "early": "early", "the beginning of": "early", "beginning of": "early",
    "the start of": "early", "start of": "early", "mid": "mid", "middle of": "mid", "the middle of": "mid",
    "late": "late", "the end of": "late", "end of": "late",
}  # fmt: skip
_SEASONS: dict[str, base.Season] = {
    "spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter",
}  # fmt: skip
_HOLIDAYS: dict[str, base.Holiday] = {
    "boxing day": "boxing_day", "valentine's day": "valentine", "valentine's": "valentine", "valentines": "valentine",
    "christmas": "christmas", "xmas": "christmas", "new year's eve": "new_year", "new year's": "new_year",
    "new year": "new_year", "easter": "easter", "whitsun": "whitsun", "pentecost": "whitsun",
    "whit weekend": "whitsun", "ascension day": "ascension", "ascension": "ascension", "golden week": "golden_week",
    "obon": "obon", "thanksgiving": "thanksgiving", "cherry blossom": "cherry_blossom",
    "cherry blossoms": "cherry_blossom", "sakura": "cherry_blossom", "oktoberfest": "oktoberfest",
    "carnival": "carnival", "mardi gras": "carnival", "halloween": "halloween", "memorial day": "memorial_day",
    "memorial day weekend": "memorial_day", "labor day": "labor_day", "labor day weekend": "labor_day",
    "silver week": "silver_week", "corpus christi": "corpus_christi",
}  # fmt: skip

EN = Words(
    language="en",
    telling=listed(
        "the a an in on from to for of and or with under about at my our me we i is are what how when where days day "
        "nights night weeks week weekend trip travel flight flights flying people adults kids children early late "
        "next please want would like make it cheaper longer convert much"
    ),
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    parts=_PARTS,
    seasons=_SEASONS,
    holidays=_HOLIDAYS,
    shapes=Shapes(
        day=r"(?:the )?\d{1,2}(?:st|nd|rd|th)?",
        year=r"(?:,? (?:of )?(?P<y>(?:19|20|21)\d\d)| (?P<next_year>next year))?",
        to=r" ?(?:-|–|—|to|until|till|through|thru) ?",
        day_first=False,
    ),
    dates=(
        ("between", r"between (?:{w} )?{d}(?: (?:of )?{m})? and (?:{w2} )?{d2} (?:of )?{m2}{y}"),
        ("between", r"between (?:{w} )?{m} {d} and (?:{w2} )?(?:{m2} )?{d2}{y}"),
        ("months", r"(?:between |in )?{m} ?(?:and|or|/|to|-|–) ?{m2}{y}"),
        ("range", r"(?:from )?(?:{w},? )?{d}(?: (?:of )?{m}{y2})?{to}(?:{w2},? )?{d2} (?:of )?{m2}{y}"),
        ("range", r"(?:from )?(?:{w},? )?{m} {d}{y2}{to}(?:{w2},? )?(?:{m2} )?{d2}{y}"),
        ("part", r"(?:(?:in|at|from) )?{p}[ -](?:in )?{m}{y}"),
        ("week_after", r"(?:(?:in|during) )?(?:the )?week (?:just |right )?after {h}{y}"),
        ("week_before", r"(?:(?:in|during) )?(?:the )?week (?:just |right )?before {h}{y}"),
        ("week_of", r"(?:(?:in|during) )?(?:the )?{o}(?: full)? week (?:of|in) {m}{y}"),
        ("weekend_of", r"(?:(?:on|over) )?(?:the )?{o} weekend (?:of|in) {m}{y}"),
        ("weekend_on", r"(?:(?:on|over) )?(?:the )?weekend of {d} (?:of )?{m}{y}"),
        ("weekend_on", r"(?:(?:on|over) )?(?:the )?weekend of {m} {d}{y}"),
        ("around", r"(?:around|about|close to) {d} (?:of )?{m}{y}"),
        ("around", r"(?:around|about|close to) {m} {d}{y}"),
        ("after", r"(?:any ?time )?after {d} (?:of )?{m}{y}"),
        ("after", r"(?:any ?time )?after {m} {d}{y}"),
        ("day", r"(?:{w},? )?{d} (?:of )?{m}{y}"),
        ("day", r"(?:{w},? )?{m} {d}\b(?! ?(?:days|nights|weeks|people|adults|of us)){y}"),
        ("after_tomorrow", r"(?:the )?day after tomorrow"),
        ("tomorrow", r"tomorrow"),
        ("today", r"today|tonight"),
        ("yesterday", r"yesterday|last (?:week|weekend|month|year)"),
        ("next_weekend", r"next weekend"),
        ("this_weekend", r"this (?:coming )?weekend"),
        ("next_week", r"next week"),
        ("next_month", r"next month"),
        ("weekdays", r"(?:from )?(?:next )?{w}{to}(?:next )?{w2}"),
        ("weekday", r"(?:on |next |this |coming )+{w}(?:s(?!\w))?"),
        ("weekday", r"(?:on )?(?P<w>monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?"),
        ("month", r"(?:in|during|for|this|next|coming|by|sometime in|any ?time in|of) {m}{y}"),
        ("month", r"{m}(?:,? (?P<y>(?:19|20|21)\d\d)| (?P<next_year>next year))"),
        ("month", r"(?!may\b|march\b|mar\b|sep\b|dec\b|jan\b){m}"),
        ("month", r"(?<![iu]\s)(?<!we\s)(?P<m>may|march)(?= ?(?:,|\.|;|$|for |with |under |from |to |at ))"),
        ("between_holidays", r"between {h} and {h2}"),
        ("weekend_before", r"(?:the )?(?:last )?weekend before {h}{y}"),
        ("weekend_after", r"(?:the )?weekend after {h}{y}"),
        ("holiday", r"(?:(?:over|at|for|during|around) )?(?:the )?{h}(?: holidays?| break| season)?{y}"),
        ("season", r"(?:(?:in|this|next|during|for) )?(?:the )?{s}{y}"),
        ("in_days", r"in {n} days(?: time|' time)?|{n2} days from now"),
        ("in_weeks", r"in {n} weeks?(?: time|'s? time)?|{n2} weeks? from now"),
        ("in_months", r"in {n} months?(?: time|'s? time)?|{n2} months? from now"),
    ),
    lengths=(
        ("nights_list", r"(?P<list>\d{1,2}(?: ?(?:\+|/) ?\d{1,2})+)[ -]?nights?"),
        (
            "nights_each",
            r"{n} nights? (?:each|apiece|per (?:city|place|stop)|in (?:each|every|both)(?: \w+)?)",
        ),
        ("nights_each", r"(?:each|both) (?:for )?{n} nights?"),
        ("days_span", r"{n} ?(?:-|–|to|or) ?{n2}[ -]?days?"),
        ("nights_span", r"{n} ?(?:-|–|to|or) ?{n2}[ -]?nights?"),
        ("days_more", r"{n} (?:more|extra|additional|further) days?"),
        ("nights_more", r"{n} (?:more|extra|additional|further) nights?"),
        ("days_nights", r"{n}[ -]?days? ?(?:,|/|and|with)? ?(?:\d+|[a-z]+)[ -]?nights?"),
        ("days", r"{n}(?: full| whole|-full)?[ -]?days?(?: trip)?"),
        (
            "day_trip",
            r"(?:a |one[- ])?day[ -]?trip|there and back (?:in|on) (?:a|one|the same) day|same day return",
        ),
        ("nights", r"{n}[ -]?(?:nights?|nites?)"),
        ("nights", r"(?:(?<=\band\s)|(?<=then\s)|(?<=,\s)){n}(?= in\b)"),
        ("weeks", r"{n}[ -]?weeks?(?: long)?"),
        ("fortnight", r"(?:a )?fortnight"),
        ("month_long", r"{n}[ -]?months?"),
        ("long_weekend", r"(?:a |the )?long (?:weekend|wknd|wkend)"),
        ("weekend", r"(?:a |the |one |for )?(?:cheap )?(?:weekend|wknd|wkend)(?: trip| break| getaway)?"),
        ("week", r"(?:a |one )?week(?:-long| long)"),
    ),
    people=People(
        adults=(
            r"{n} (?:adults?|grown-?ups?)",
            r"{n} (?:people|ppl|persons?|lads|girls|guys|mates|"
            r"travell?ers?|passengers?|pax|of us|friends|guests|seniors?|seats|tickets)",
            r"(?:group|party) of {n}",
            r"for (?P<n>[1-9]\d?|" + _SPELT + r")" + _UNIT_AHEAD,
        ),
        children=(
            r"(?:{n} )?(?:(?:small|young|little) )?"
            r"(?:kids?|child(?:ren)?|toddlers?|teens?|teenagers?|sons?|daughters?)",
        ),
        infants=(r"(?:{n} )?(?:bab(?:y|ies)|infants?|newborns?)",),
        ages=(
            r"(?:kids?|children):? \(?(?P<ages>\d{1,2}(?: ?(?:,|and|&) ?\d{1,2})*)\)?"
            r"(?!\d| ?(?:weeks?|days?|nights?|months?|rooms?|adults?|people|ppl|[£$€]))",
            r"(?:child|kid|son|daughter|boy|girl) of (?P<ages>\d{1,2})",
            r"(?:\(? ?(?:aged?|ages(?: are)?|who are) ?:? ?)(?P<ages>\d{1,2}(?: ?(?:,|and|&|\+|"
            r", and) ?\d{1,2}(?!\d| ?(?:to|-|–) ?\d))*)\)?",
            r"\((?P<ages>\d{1,2}(?: ?(?:,|and|&|\+) ?\d{1,2})*)(?: years?(?: old)?)?\)",
            r"(?P<ages>\d{1,2}(?: ?(?:,|and|&) ?\d{1,2})*)[ -]?(?:years?|yrs?|y)[ -/]?(?:olds?|"
            r"o)(?: (?:kid|child|son|daughter|girl|boy|toddler|twins))?",
        ),
        together=(
            (
                "all",
                r"(?:we are|we're|we'll be|there are|there'll be) (?P<n>[2-9]|[1-3]\d|"
                + _SPELT
                + r")(?:(?! ?\w)|(?= (?:and|from|flying|going|travelling|traveling|who|in all)\b))",
            ),
            ("family", r"family of {n}"),
            ("couples", r"{n} couples"),
            (
                "one",
                r"me (?:and|plus|with|\+|&)(?: my)?(?= (?:{n} )?(?:(?:small|young|little) )?"
                r"(?:kids?|child(?:ren)?|toddlers?|teens?|sons?|daughters?|bab(?:y|ies))\b)",
            ),
            (
                "others",
                r"(?:with|(?:me|myself|i) ?(?:and|\+|&|plus)) {n} (?:of my |other )?"
                r"(?:friends|people|others|colleagues|mates|buddies|pals)",
            ),
            ("one", r"solo|alone|by myself|just me|on my own|for myself|single traveller"),
            (
                "two",
                r"(?:as )?a couple(?! of)|honeymoon|(?:with|for|and|w/?) my "
                r"(?:wife|husband|hubby|partner|girlfriend|boyfriend|gf|bf|friend|mate|mother|father|mum|mom|dad|"
                r"sister|brother)|"
                r"my (?:wife|husband|partner|girlfriend|boyfriend|friend|mother|father|mum|mom|"
                r"dad) and (?:i|me|myself)|"
                r"(?:the )?two of us|both of us",
            ),
            (
                "companion",
                r"(?<!visit\s)(?<!visiting\s)(?<!see\s)my (?:wife|husband|partner|girlfriend|boyfriend|mother|"
                r"father|mum|"
                r"mom|dad|sister|brother)",
            ),
        ),
        months=(
            r"(?P<ages>\d{1,2})[ -]?(?:months?|mo)[ -]olds?(?: (?:baby|infant|son|daughter|twins))?",
            r"\((?P<ages>\d{1,2}) (?:months?|mo)\)",
        ),
        relatives={
            "adult": (
                r"(?:grand)?(?:mother|father|ma|mum|mom|dad|pa)(?:-in-law)?|wife|husband|partner|girlfriend|boyfriend|"
                r"(?:sister|brother)(?:-in-law)?|aunt|uncle|cousin|friend|colleague|boss"
            ),
            "adults": r"(?:grand)?parents",
            "child": r"(?:grand|step)?(?:son|daughter)|kid|child|nephew|niece",
            "infant": "baby",
        },
        aged=r"(?:,? ?\(?(?:aged? |who is |who's |is |she is |he is )?(?P<age>\d{1,3})(?: years?(?: old)?)?\)?)?",
        among=r"of (?:them|whom|which)|including|incl\.?|in all|altogether",
    ),
    amounts=Amounts(
        hard=(
            r"under|below|less than|max(?:imum)?(?: of)?\.?|at most|no more than|not more than|up to|"
            r"within|cheaper than|<=?|cap(?:ped)? at|limit(?: is| of)?|must not exceed|not over"
        ),
        soft=(
            r"around|about|roughly|approximately|approx\.?|ca\.?|circa|~|some|or so|ish|"
            r"ideally(?: under)?|preferably(?: under)?"
        ),
        budget=r"budget(?: is| of|:)?|spend(?:ing)?|costs?|price",
        each=r"(?:per|a|each|every|/) ?(?:person|head|adult|traveller|passenger|pax)|each|pp|p\.p\.?|apiece",
        in_total=(
            r"in total|total|all[ -]in|altogether|overall|for (?:all|both|everyone|everybody|"
            r"the (?:two|three|four) of us|us all)|together"
        ),
    ),
    roles=Roles(
        origin_before=(
            r"from|out of|departing(?: from)?|leav(?:e|ing)(?: from)?|ex|starting (?:in|from|at)|based in|"
            r"live in|living in|home is"
        ),
        target_before=(
            r"to|in|into|visit(?:ing)?|see|explore|exploring|at|around|for|of|towards|destination:?|"
            r"via|then|and then|and|near"
        ),
        back_from=(
            r"(?:back|home|return(?:ing)?|fly(?:ing)? (?:back|home)) (?:home )?(?:from|out of)|"
            r"and out of|out via"
        ),
        origin_after=r"to (?:anywhere|somewhere|wherever)",
        home_before=(
            r"(?:(?:fly(?:ing)?|get(?:ting)?|com(?:e|ing)|go(?:ing)?|travel(?:l?ing)?) )?(?:(?:back "
            r")?home|back|return(?:ing)?)(?: flight)? (?:in)?to"
        ),
        either=r"or|or from|or to|or in",
        link=r"to|and back to",
        filler=r"the|city of|sunny|beautiful|downtown|central|lovely|old|,|airport|island of|islands of",
        unknown_after=r"to|in|visit|around",
    ),
    asks=Asks(
        weather=(
            r"weather|forecast|temperatures?|climate|rain(?:y|ing|s)?|snow(?:ing|s|y)?|how (?:hot|"
            r"cold|warm)|what (?:should|shall|do) i (?:pack|wear)|pack for|sunny"
        ),
        trip=(
            r"trip|flights?|fly|flying|holiday|vacation|getaway|city break|travel(?:l?ing)?|"
            r"itinerary|visit"
        ),
        exchange=r"convert|exchange(?: rate)?|how much (?:is|are)|worth|what(?:'s| is) .* in|rate",
        told=(
            r"(?:we|i) (?:(?:were|was) (?=(?:in|at|there|to)\b)|went |did |visited |have been |'ve been |"
            r"loved )[^.,;!?\n]*"
        ),
        beyond=r"visas?|passports?|vaccin\w+|insurance|covid|safe(?:ty)?|capital of",
        open_place=(
            r"somewhere|anywhere|any destination|no idea where|don'?t (?:know|mind|care) where|"
            r"wherever|surprise me|any (?:place|city)|where (?:should|can|"
            r"could) (?:i|we) go"
        ),
        return_cue=(
            r"return(?:ing)?|(?:come|coming|fly|flying|be|being|get) (?:back|home)|back|until|home|"
            r"end(?:ing)?"
        ),
        cheaper=(
            r"cheaper|less expensive|(?:lower|reduce|cut) the (?:price|cost|budget)|"
            r"save (?:some )?money|lower price|too expensive|more affordable"
        ),
        longer=r"longer|extend(?: (?:it|the trip|the stay))?(?: by)?|prolong",
        shorter=r"shorter|shorten(?: (?:it|the trip|the stay))?(?: by)?",
        more=r"more|add|extra|another|additional|plus",
        less=r"less|fewer|cut|remove|drop|minus",
        later=r"later",
        earlier=r"earlier|sooner",
        change=r"instead|rather|change|make it|actually|what about|how about|but|switch|swap|move|same",
        first_choice=r"(?:the )?(?:first|1st|former)(?: one)?|option 1|1",
        second_choice=r"(?:the )?(?:second|2nd|latter)(?: one)?|option 2|2",
    ),
    wanted=WANTED,
    changes=CHANGES,
    topics=TOPICS,
)
