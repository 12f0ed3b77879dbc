"""The languages that are spoken."""

from functools import cache

from workers.agent.planner.speak.de import DE
from workers.agent.planner.speak.en import EN
from workers.agent.planner.speak.es import ES
from workers.agent.planner.speak.fr import FR
from workers.agent.planner.speak.ja import JA
from workers.agent.planner.speak.phrases import Phrases
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.understand.model import Language

PHRASES: dict[Language, Phrases] = {"en": EN, "de": DE, "fr": FR, "es": ES, "ja": JA}


@cache
def voice_of(language: Language) -> Voice:
    return Voice(PHRASES[language])
