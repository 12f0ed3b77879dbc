"""Geoapify's categories of sights and places to eat. A name that is none of them is refused, as by the real API."""

from functools import cache

_MEMORIALS = (
    "aircraft boundary_stone locomotive milestone monument necropolis pillory railway_car ship tank tomb tumulus"
    " wayside_cross"
)
_CUISINES = (
    "afghan african american arab argentinian asian austrian balkan barbecue bavarian beef_bowl belgian bolivian"
    " brazilian burger caribbean chicken chili chinese croatian cuban curry czech danish dumpling ethiopian european"
    " filipino fish fish_and_chips french friture georgian german greek hawaiian hungarian indian indonesian"
    " international irish italian jamaican japanese kebab korean latin_american lebanese malay malaysian mediterranean"
    " mexican moroccan nepalese noodle oriental pakistani persian peruvian pita pizza portuguese ramen regional"
    " russian sandwich seafood soup spanish steak_house sushi swedish syrian tacos taiwanese tapas tex-mex thai"
    " turkish ukrainian uzbek vietnamese western wings"
)
_BELOW = {
    "beach": "beach_resort",
    "catering": "bar biergarten cafe fast_food food_court ice_cream pub restaurant taproom",
    "catering.cafe": "bubble_tea cake coffee coffee_shop crepe dessert donut frozen_yogurt ice_cream tea waffle",
    "catering.fast_food": (
        "burger fish_and_chips hot_dog kebab noodle pita pizza ramen salad sandwich soup tacos tapas wings"
    ),
    "catering.restaurant": _CUISINES,
    "entertainment": (
        "activity_park amusement_arcade aquarium bowling_alley cinema culture escape_game flying_fox miniature_golf"
        " museum planetarium theme_park water_park zoo"
    ),
    "entertainment.activity_park": "climbing trampoline",
    "entertainment.culture": "arts_centre gallery theatre",
    "leisure": "park picnic playground spa",
    "leisure.park": "garden nature_reserve",
    "leisure.picnic": "bbq picnic_site picnic_table",
    "leisure.spa": "public_bath sauna",
    "tourism": "attraction information sights",
    "tourism.attraction": "artwork clock fountain viewpoint",
    "tourism.information": "map office ranger_station",
    "tourism.sights": (
        "archaeological_site battlefield bridge building castle city_gate city_hall conference_centre fort lighthouse"
        " manor memorial mine monastery place_of_worship ruines square tower windmill wreck"
    ),
    "tourism.sights.memorial": _MEMORIALS,
    "tourism.sights.place_of_worship": "cathedral chapel church mosque shrine synagogue temple",
}
_ANY_BELOW = frozenset(
    {"commercial", "natural", "sport"}
)  # the sandbox has few of them and does not list them


def is_category(name: str) -> bool:
    root, _, rest = name.partition(".")
    return name in _known() or (root in _ANY_BELOW and (not rest or all(rest.split("."))))


@cache
def _known() -> frozenset[str]:
    below = {f"{parent}.{child}" for parent, children in _BELOW.items() for child in children.split()}
    return frozenset(below | {parent for parent in _BELOW if "." not in parent})
