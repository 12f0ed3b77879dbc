"""English."""

from workers.agent.planner.understand.model import NoteCode, QuestionCode

NOTES: dict[NoteCode, str] = {
    "assumed_cities": "I chose the towns: {places}.",
    "assumed_stop_nights": "You did not say how long there: {nights}.",
    "chosen_place": "You left open where to go: I chose {name} among {places}.",
    "length_over_dates": (
        "You gave {nights} and {depart} to {back}: I looked for {nights} within those days."
    ),
    "accessible_unknown": (
        "Whether everything is step-free I cannot know: sights that do not say so are "
        "marked, and airlines want to be told of a wheelchair beforehand."
    ),
    "meals_unpriced": "What the meals cost is not known and not in the cost.",
    "meals_missing": "I found no restaurant of that kind in {places}.",
    "ways_estimated": (
        "Times and prices of trains, buses, ferries and cars are estimates from the distance, no timetable."
    ),
    "stays_missing_by_land": (
        "I found no rooms: places to stay, food and getting around are not in the cost."
    ),
    "assumed_adults": "You did not say who travels: {adults}.",
    "assumed_child_ages": "You did not say how old the children are: I took {age} years.",
    "assumed_length": "You did not say how long: {nights}.",
    "assumed_total_budget": "Your budget is for everybody together.",
    "assumed_currency": "The amounts are in {currency}.",
    "assumed_place": "You mean {place}.",
    "assumed_islands": "I chose the islands: {places}.",
    "assumed_origin": "You start from {place}, as before.",
    "assumed_date_order": "In dates such as 5/3 the month comes first.",
    "assumed_split": "You did not say how many nights go to which place: I shared them out.",
    "assumed_shorter": "You left the length open: I took the shorter, {nights}.",
    "assumed_room": "That does not quite fit into those days: the return may be later.",
    "dates_over_length": (
        "The dates and the length you gave differ: I went by the dates, {depart} to {back}."
    ),
    "season_north": "Seasons are those of the northern half of the world.",
    "kept_before": "Everything else is as before.",
    "days_around": "The days may move by up to three.",
    "quote_ignored": "What you quoted I have left aside: I act on your own words only.",
    "cut_off": "Your message is very long: I read its beginning only.",
    "wish_unchecked": "I could not check: {wishes}.",
    "party_split": (
        "Airlines sell at most 9 seats in one booking: you fly together in {bookings}, and seats for "
        "one are not held while another is booked."
    ),
    "stays_missing": (
        "No place to stay is in this plan: the cost is for flights only, without food and getting around."
    ),
    "food_missing": "Food and getting around are not in the cost.",
    "sights_failed": "I could not get things to see.",
    "far_ahead": "Airlines sell seats about eleven months ahead, so little may be on offer yet.",
    "budget_soft_over": "That is {over} more than you had in mind.",
    "nights_differ": "Flight times leave you {nights} at the places themselves.",
    "searches_failed": "{searches} failed, so there may be better offers than I saw.",
    "weather_failed": "I could not get the weather.",
    "rail_better": (
        "By train, not by air: {total} in all and about {rail} from door to door each way, against {flown} "
        "and about {air} with the best flights."
    ),
    "rail_alone": "By train: no flights keep to what you asked for, the train does.",
    "chosen_of": "Of {places} I took {name}: name another to have it instead.",
    "trip_left": "In the trip itself these were changed meanwhile, so I left them as they are: {fields}.",
    "trip_deleted": "The trip of this plan was deleted, so this change is not saved.",
    "trip_closed": "I may no longer write to the trip of this plan, so this change is not saved there.",
    "trip_refused": "This plan does not fit into a trip that can be saved.",
}
QUESTIONS: dict[QuestionCode, str] = {
    "nonstop_with_stop": "You want to fly nonstop and stop in {name}: which of the two?",
    "origin_missing": "Where do you start from?",
    "destination_missing": "Where do you want to go?",
    "destination_open": "Which place in {country} do you want to go to?",
    "dates_missing": "When do you want to leave, and for how long?",
    "place_ambiguous": "Which {name} do you mean?",
    "place_unknown": "I know no place called “{written}”. Where do you want to go?",
    "date_invalid": "There is no such day as “{written}”. Which day do you mean?",
    "return_before_departure": (
        "The return on {back} is before the departure on {depart}. Which days do you mean?"
    ),
    "length_does_not_fit": "{nights} do not fit between {first} and {last}. Which of them may give?",
    "nights_do_not_add_up": (
        "{nights} in all, and {named} for the places named. Where do you want to spend the rest, or how long is it?"
    ),
    "too_short_for_stops": (
        "{nights} are too few for {places}. Which place can go, or how long may it take?"
    ),
    "same_place": "You start from {place} and want to go there too. Where do you want to go?",
    "party_too_large": (
        "I can plan for at most {most} people at once, and you are {people}. Who travels together?"
    ),
    "adults_too_few": "{people} fly in {bookings}, and each of them needs an adult. Who travels?",
    "infants_over_adults": "Every infant needs an adult to sit with. Who travels?",
    "adult_missing": "Children cannot be booked without an adult. Who travels with them?",
    "weather_place_missing": "For which place do you want to know the weather?",
}
