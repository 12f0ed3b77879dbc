"""The words of each language: data only. A language is one file here and one in `speak/`."""

from workers.agent.planner.understand.model import Language
from workers.agent.planner.understand.words.base import Words
from workers.agent.planner.understand.words.de import DE
from workers.agent.planner.understand.words.en import EN
from workers.agent.planner.understand.words.es import ES
from workers.agent.planner.understand.words.fr import FR
from workers.agent.planner.understand.words.ja import JA

WORDS: dict[Language, Words] = {"en": EN, "de": DE, "fr": FR, "es": ES, "ja": JA}
