"""English."""

from workers.agent.planner.speak.notes.en import NOTES, QUESTIONS
from workers.agent.planner.speak.phrases import Phrases

EN = Phrases(
    locale="en_GB",
    day="EEE d MMM",
    day_of_year="EEE d MMM y",
    counts={
        "bookings": ("{} booking", "{} bookings"),
        "rooms": ("{} room", "{} rooms"),
        "adults": ("{} adult", "{} adults"),
        "children": ("{} child", "{} children"),
        "infants": ("{} infant", "{} infants"),
        "people": ("{} person", "{} people"),
        "days": ("{} day", "{} days"),
        "nights": ("{} night", "{} nights"),
        "offers": ("{} offer", "{} offers"),
        "departures": ("{} departure day", "{} departure days"),
        "stops": ("{} stop", "{} stops"),
        "years": ("{} past year", "{} past years"),
        "searches": ("{} search", "{} searches"),
        "places": ("{} place", "{} places"),
    },
    and_=" and ",
    or_=" or ",
    hours="{} h",
    minutes="{} min",
    length_in_days="{days} ({nights})",
    leaving_on="leaving {depart}",
    leaving_between="leaving between {first} and {last}",
    from_to="{depart} to {back}",
    child_ages="{children} ({ages})",
    at_most="at most {amount} in all",
    at_most_each="at most {amount} each",
    about="about {amount} in all",
    about_each="about {amount} each",
    nonstop="nonstop",
    at_most_stops="at most {stops}",
    cabins={
        "economy": "economy",
        "premium_economy": "premium economy",
        "business": "business class",
        "first": "first class",
    },
    no_flights="without flying",
    travel_hours={
        "leave_after": "leave after {at}",
        "leave_before": "leave before {at}",
        "arrive_after": "arrive after {at}",
        "arrive_before": "arrive before {at}",
        "return_after": "set out for home after {at}",
        "return_before": "set out for home before {at}",
        "home_after": "home after {at}",
        "home_before": "home before {at}",
    },
    access_unknown="step-free access not known",
    one_way="one way",
    assumed="Taken for granted:",
    flights="Flights",
    out="Out",
    back="Back",
    onward="On to {name}",
    leg=(
        "{label}: {date}, {departs} {origin} → {arrives} {destination} ({duration}, {stops}), "
        "{carrier} {number}"
    ),
    best_of="The best of {offers} from {departures}, weighing price, stops and time.",
    cheapest_of="The cheapest of {offers} from {departures}.",
    stays="Where you stay",
    stay_line="{name}, {city}: {nights}, {rooms}, {price}",
    cost="Cost",
    total_for="{total} for {party}.",
    left_of_budget="That leaves {left} of your budget.",
    saved="That is {saved} less than before.",
    converted_at="Converted at {rate} {to} for 1 {currency}, the rate of {date}.",
    weather="Weather in {name}",
    forecast="Forecast for these days: highs of {highs} °C, lows down to {low} °C{rain}.",
    climate=("Usual for these days (average of {years}): highs of {highs} °C, lows down to {low} °C{rain}."),
    measured="Measured on these days: highs of {highs} °C, lows down to {low} °C{rain}.",
    rain=", {millimetres} mm of rain or snow in all",
    days="Days",
    on_the_way="{date}: on the way",
    arrive="{date}: you arrive in {name} at {time}",
    stay="{dates}: {name}",
    leave="{date}: you leave {name} at {time}",
    transfer="{mode} {origin} → {destination}, about {duration}, about {price}",
    modes={"train": "train", "bus": "bus", "ferry": "ferry", "car": "car"},
    closing="To change it, say for example “cheaper”, “a day longer” or “in June instead”.",
    changed="Changed: {fields}.",
    fields={
        "origin": "where it begins",
        "destinations": "the places",
        "depart": "the departure",
        "return": "the return",
        "nights": "the nights",
        "travellers": "the travellers",
        "budget": "the budget",
        "constraints": "the conditions",
        "stays": "the places to stay",
        "legs": "the flights",
        "cost": "the cost",
    },
    cannot="I could not make this work.",
    violations={
        "other_stay": "No other room than the one of before is free within your conditions.",
        "hours": "No trip keeps the hours that you want to travel at.",
        "too_far": "Airlines do not sell seats for {first} yet. Ask me again from {since} on.",
        "stay": "No free room that fits everything else has what you asked for: {wish}.",
        "kept_flights": "The flights of before cannot be kept with this.",
        "kept_stays": "The rooms of before cannot be kept with this.",
        "better_stay": "No better room than the one of before is free within your conditions.",
        "duration": "It cannot be done within one day.",
        "transport": "There is no way over land or water on {route} that can be gone in a day.",
        "budget": "The cheapest that fits everything else costs {total}; your limit is {limit}.",
        "price_before": "Nothing is cheaper than the {before} of before: the cheapest now is {total}.",
        "nonstop_unavailable": "No offer has so few stops.",
        "nights": "No flights give you exactly the nights you asked for.",
        "no_flights": "No flights are on offer for {route} on the days I looked at.",
        "together": "No offer keeps all of your conditions at once.",
    },
    instead="The nearest that can be done:",
    alternative="{depart} to {back} for {total} (gives up: {relaxes})",
    relaxes={
        "other_stay": "another hotel",
        "hours": "your hours",
        "no_flights": "going without flying; the price is for the flights alone",
        "duration": "doing it in one day",
        "kept_flights": "the flights of before",
        "kept_stays": "the rooms of before",
        "better_stay": "a better room",
        "budget": "the budget",
        "price_before": "being cheaper",
        "nonstop": "the limit on stops",
        "dates": "the dates",
        "length": "a night",
        "nights": "the exact nights",
    },
    in_the_past="{first} to {last} is over, so I have not searched for anything.",
    again="The same days again: {spans}.",
    one_question="Before I can plan this I need to know:",
    candidates="Do you mean {names}?",
    capabilities=(
        "I plan trips by air, train, bus, ferry and car, and I answer questions about the "
        "weather of a place and about exchange rates. "
        "Beyond that I know nothing for certain, so I would rather not guess. Try for example: "
        "“5 days in Lisbon from Berlin in early May for 2 under 1500 EUR”."
    ),
    opening={
        "open": "{name}: open on {date}.",
        "closed": "{name}: closed on {date}.",
        "daily": "{name}: open every day of the week.",
        "closed_days": "{name}: closed on {days}, open on the other days from {first} to {last}.",
        "hours": (
            "Hours as OpenStreetMap has them: {hours}. Holidays may differ, so look at its own "
            "website before you go."
        ),
        "unknown": (
            "{name}: I found it, but its opening hours are not known. Look at its own website or call."
        ),
        "not_found": (
            "Of that name I find no sight in {names}, so I cannot say when it is open. Look at its "
            "own website or call."
        ),
    },
    exchange="{amount} is {converted} at the reference rate of {date} (1 {currency} = {rate} {into}).",
    failed={
        "opening": "I could not look up the opening hours: {reason}",
        "flights": "The flight search failed: {reason}",
        "rate": (
            "I could not get an exchange rate, so I cannot tell what the flights cost in {into}: {reason}"
        ),
        "weather": "I could not get the weather: {reason}",
        "exchange": "I could not get the exchange rate: {reason}",
    },
    try_again="Trying again later may work.",
    not_again="Trying the same again will not help.",
    tasks={
        "destinations": "Destinations",
        "alternatives": "Alternatives",
        "transport": "Getting around",
        "stays": "Places to stay",
        "activities": "Things to do",
        "flights": "Flight search",
        "budget": "Budget",
        "weather": "Weather",
        "itinerary": "Itinerary",
        "exchange": "Exchange rate",
    },
    task_descriptions={
        "destinations": "Comparing {route}",
        "alternatives": "Looking for what could be done instead",
        "transport": "How to get from place to place: {route}",
        "stays": "Looking for rooms in {route}",
        "activities": "Looking for things to see in {route}",
        "flights": "Searching flights for {route}",
        "budget": "Adding up what it costs",
        "weather": "Looking up the weather in {route}",
        "itinerary": "Putting the days together",
        "exchange": "Asking for the rate from {currency} to {into}",
    },
    statuses={
        "opening": "Looking up opening hours",
        "transport": "Looking for ways over land and water",
        "stays": "Looking for rooms",
        "flights": "Searching flights",
        "more_flights": "Looking for what could be done instead",
        "rate": "Converting prices",
        "weather": "Looking up the weather",
        "exchange": "Asking for the exchange rate",
    },
    journey="Getting there and back",
    options="Compared for you",
    option="{name}: flights from {price}, usual highs of {warmth} °C",
    option_anywhere="{name}: flights from {price}",
    wishes={
        "pets": "pets allowed",
        "pool": "a pool",
        "breakfast": "breakfast",
        "kitchen": "a kitchen",
        "parking": "parking",
        "wifi": "Wi-Fi",
        "gym": "a gym",
        "spa": "a spa",
        "air_conditioning": "air conditioning",
        "family_rooms": "family rooms",
        "accessible": "step-free access",
        "stars": "the stars",
        "room": "the kind of room",
    },
    topics={
        "entry": (
            "I cannot know whether you need a visa or which papers: that depends on your "
            "passport, and the rules change. Ask the embassy or consulate of the country you "
            "go to, the foreign ministry of your own, or the airline."
        ),
        "health": (
            "I cannot know that for certain. Ask a doctor or a travel clinic, your insurer, or "
            "the travel advice of your foreign ministry."
        ),
        "opening": (
            "In which city is it? Ask again with the city, for example “Is the Rijksmuseum in "
            "Amsterdam open on Monday?”"
        ),
        "thanks": "You are welcome. Say “cheaper”, “a day longer” or where you want to go next.",
        "greeting": (
            "Hello! Tell me where you want to go, from where, when and for how long, for "
            "example: “5 days in Lisbon from Berlin in early May for 2 under 1500 EUR”."
        ),
    },
    notes=NOTES,
    questions=QUESTIONS,
)
