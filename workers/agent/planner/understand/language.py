"""Which of our languages a message is written in."""

import re

from workers.agent.planner.understand.model import Language
from workers.agent.planner.understand.words import WORDS

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENOUGH_WORDS = 200


def detect_language(text: str, default: Language) -> Language:
    """The language with most of its telling words in the text; `default` where none has any."""
    if _KANA.search(text) or _HAN.search(text):
        return "ja"
    found = [word.lower() for word in _WORD.findall(text)[:_ENOUGH_WORDS]]
    best, most = default, 0
    for language in (default, *WORDS):
        words = WORDS[language]
        hits = sum(word in words.telling or word in words.months for word in found)
        if hits > most:
            best, most = language, hits
    return best
