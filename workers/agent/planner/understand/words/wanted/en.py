"""English."""

from workers.agent.planner.understand.words.base import Changes, Topics, Wanted

WANTED = Wanted(
    nonstop=(
        r"non-?stop|direct(?:ly)?(?: flights?)?|nothing with (?:a )?(?:layover|stopover|stop|connection)s?|no "
        r"(?:stops?|layovers?|stopovers?|connections?|"
        r"transfers?)|without (?:stops?|layovers?|changing|connections?)"
    ),
    one_stop=(
        r"(?:max(?:imum)?\.?|at most|no more than|up to) (?:one|1) (?:stop|layover|stopover|"
        r"connection)|(?:one|1)[ -]stop (?:at most|max(?:imum)?|or (?:less|fewer))"
    ),
    business=r"business(?: class)?",
    premium_economy=r"premium[ -]economy(?: class)?",
    first=r"first[ -]class",
    economy=r"economy(?: class)?|coach class",
    no_flights=(
        r"no (?:flights?|flying|planes?)|(?:without|w/o) (?:flying|flights?|a flight|planes?)|(?:don'?t|"
        r"do not|won'?t|will not|not|can'?t|cannot) (?:want to )?fly(?:ing)?|flight-free|over ?land(?: only)?"
    ),
    by_air=r"fl(?:y|ying|ights?)|planes?|air(?:line|port|fare)s?",
    one_way=r"one[ -]way|single ticket|no return",
    no_driving=(
        r"no (?:driving|cars?|rental car)|without (?:driving|a car)|(?:don'?t|do not|can'?t|cannot|won'?t) drive|"
        r"(?:only )?(?:by )?public transport(?:ation)?(?: only)?"
    ),
    by={
        "train": r"(?:by|via) (?:train|rail)(?: only)?|trains? only|interrail|eurostar|take (?:the|a) train",
        "bus": r"by (?:bus|coach)|take (?:the|a) (?:bus|coach)",
        "ferry": r"by (?:ferry|boat|sea)|take (?:the|a) ferry",
        "car": r"by car|road ?trip|(?:self[- ])?drive(?: ourselves)?|driving(?: ourselves)?",
    },
    vehicles={
        "train": "trains?|rail",
        "bus": "bus|coach",
        "ferry": "ferry|boat",
        "car": "car",
    },
    there_by=(
        r"{v} (?:there|out|outbound|one way)|(?:there|out|outbound|go(?:ing)?)(?: by| with| "
        r"via|:)?(?: the| a)? {v}"
    ),
    home_by=r"{v} (?:back|home|return)|(?:back|home|return(?:ing)?)(?: by| with| via| on|:)?(?: the| a)? {v}",
    between_by=(
        r"(?:(?:go(?:ing)?|travel(?:l?ing)?|get(?:ting)?) )?by {v} (?:in )?between(?: (?:them|the (?:two|"
        r"cities|places|stops)))?"
    ),
    avoid={
        "museum": r"(?:no|without|skip|not|leave out|drop|hate|avoid)(?: the| any| more)? (?:museums?|galler(?:y|ies))",
        "church": r"(?:no|without|skip|leave out|drop|avoid)(?: the| any| more)? (?:church(?:es)?|cathedrals?)",
        "hiking": r"(?:no|without|skip) (?:hik(?:ing|es?)|long walks)",
    },
    stopover=(
        r"(?:with )?(?:a )?(?:stop|stopover|layover|connection)(?:s)? (?:in|at)|connecting "
        r"(?:in|through|via)"
    ),
    accessible=(
        r"wheel-?chairs?(?:[ -](?:accessible|users?|friendly))?|(?:step-?free|barrier-?free)(?: access)?|"
        r"accessib(?:le|ility)(?: rooms?)?|reduced mobility"
    ),
    amenities={
        "pets": (
            r"pets?(?:[ -]friendly)?(?: (?:are )?(?:allowed|welcome))?|"
            r"(?:with )?(?:my |our |a |the )?(?:dogs?|cats?)(?: (?:are )?(?:allowed|welcome))?"
        ),
        "pool": r"(?:with )?(?:a |swimming[ -])?pool",
        "breakfast": r"(?:with )?breakfast(?: included)?|bed and breakfast|b&b",
        "kitchen": r"(?:with )?(?:a )?kitchen(?:ette)?|self[- ]catering",
        "parking": r"(?:with )?(?:free )?parking",
        "wifi": r"(?:with )?(?:free )?wi-?fi",
        "gym": r"(?:with )?(?:a )?(?:gym|fitness (?:room|centre|center))",
        "spa": r"(?:with )?(?:a )?(?:spa|wellness)",
        "air_conditioning": r"(?:with )?air[ -]?con(?:ditioning)?",
        "family_rooms": r"(?:children|kids?|child)(?:[ -]friendly| (?:are )?(?:allowed|welcome))",
    },
    rooms=r"{n} (?:separate |hotel )?rooms",
    room_kinds={
        "double": r"(?:{n} )?(?:double|twin)(?:[ -](?:bed )?rooms?)",
        "triple": r"(?:{n} )?triple rooms?",
        "family": r"(?:{n} )?family rooms?",
        "single": r"(?:{n} )?single rooms?",
        "suite": r"(?:{n} )?suites?",
        "apartment": r"(?:{n} )?(?:apartments?|entire homes?|studios?)",
    },
    stars=r"(?:at least )?{n}[ -]stars?(?: hotels?)?(?: or (?:more|better))?",
    diets={
        "vegetarian": r"vegetarians?",
        "vegan": r"vegans?",
        "halal": r"halal",
        "kosher": r"kosher",
        "gluten_free": (
            r"gluten[ -]free|(?:no|without|eat|have|allergic to) gluten|gluten (?:allergy|intoleran(?:ce|"
            r"t))|coeliacs?|celiacs?"
        ),
    },
    cuisines={
        "italian": "italian", "japanese": "japanese", "french": "french", "spanish": "spanish",
        "indian": "indian", "chinese": "chinese", "mexican": "mexican", "thai": "thai", "greek": "greek",
        "turkish": "turkish", "vietnamese": "vietnamese", "korean": "korean", "lebanese": "lebanese",
        "portuguese": "portuguese", "american": "american", "regional": "local|regional", "seafood": "seafood",
        "sushi": "sushi", "pizza": "pizza", "tapas": "tapas",
    },
    eating=(
        r"{c}(?:(?: and| or|,) \w+)? (?:foods?|restaurants?|cuisines?|dinners?|meals?|"
        r"places to eat)|eat(?:ing)? {c}"
    ),
    relaxed=(
        r"(?:a )?(?:relaxed|leisurely|slow|easy[ -]going|unhurried)(?: pace)?|not too "
        r"(?:busy|packed)|take it easy"
    ),
    full=(
        r"(?:a )?(?:packed|busy|action-packed|fast[ -]paced|full)(?: (?:pace|schedule|"
        r"programme|program|days))"
    ),
    slack=(
        r"(?:±|\+/?-|plus or minus|plus/minus|give or take|flexible (?:by )?) ?{n}? ?days?(?: either way)?|"
        r"give or take (?:a|one) day|(?:dates are |with )?flexible dates|{n2} days? either way"
    ),
    cities=r"{n} (?:\w+ )?(?:cities|towns|places|stops)",
    warm=r"warm(?:er)?|hot|sunny?|the sun|beach(?:es)?",
    cold=r"cold|cool(?:er)?|snow(?:y)?|skiing",
    unchecked=(
        r"allerg(?:y|ies|ic)|(?:non-?)?smok(?:ing|ers?)(?: (?:is )?(?:allowed|rooms?|permitted))?|"
        r"(?:parties|party|visitors|guests)(?: are| is)? (?:allowed|permitted|welcome)|"
        r"rental car|hire car|hostels?|airbnb|resorts?|all[ -]inclusive|sea ?view|museums?|"
        r"restaurants?|nightlife|"
        r"hiking|diving|surfing|aisle seats?|window seats?|"
        r"checked bags?|luggage|half[ -]board|full[ -]board|(?:max(?:imum)?|(?:no|not) (?:more|longer) than|"
        r"under) {n} hours?"
    ),
)  # fmt: skip

CHANGES = Changes(
    better_stay=(
        r"(?:a )?(?:better|nicer|fancier|more comfortable) (?:hotel|room|place to stay|accommodation|stay)s?|"
        r"upgrade the (?:hotel|room)|more stars"
    ),
    other_stay=(
        r"(?:another|an?other|different|new|other) (?:hotel|place to stay|accommodation)|(?:change|"
        r"switch) (?:the |my )?hotels?|not (?:that|this) hotel|don'?t like the hotel"
    ),
    keep_flights=r"(?:keep|leave) (?:the |my |our )?(?:same )?flights?|(?:the )?same flights?",
    keep_stays=(
        r"(?:keep|leave) (?:the |my |our )?(?:same )?(?:hotels?|rooms?)|(?:the )?same "
        r"(?:hotels?|rooms?)"
    ),
    joining=(
        r"{n} (?:more|extra|additional|other) (?:people|persons?|adults?|friends?|travell?ers?)|"
        r"another (?:person|adult|friend)"
    ),
    bring=(
        r"(?:add|bring|take|include|plus|and also)(?: along| in)? (?:my|our|a|the|her|his) {r}{a}(?: along| too|"
        r" as well)?",
        r"(?:my|our|a) {r}{a} (?:joins|is joining|is coming|comes|wants to come|will come|will join)"
        r"(?: along| too| as well| us| with us)*",
    ),
    add_place=r"add|also (?:visit|go to|see)|include|plus",
    drop_place=r"drop|skip|without|leave out|remove|not",
    instead=r"instead|rather than|swap|replace",
)
TOPICS = Topics(
    entry=r"visas?|passports?|entry (?:rules|requirements)|e-?sta\b|customs|residence permit",
    health=r"vaccin\w+|malaria|health insurance|insurance|covid|safe(?:ty)?|tap water",
    opening=(
        r"(?:is|are|when (?:is|are|does|do)|(?:what|which) (?:time|days?) (?:is|are|does|do)) "
        r".{2,60}?\b(?:open(?:s|ing)?|closed?)(?: (?:on|at)\b)?|opening (?:hours|times|days)"
    ),
    thanks=r"thanks?(?: you)?|thx|great|perfect|cheers",
    greeting=r"hello|hi|hey|good (?:morning|afternoon|evening)|how are you",
)
