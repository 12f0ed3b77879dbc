"""How two spellings of one name are recognised as the same."""

import unicodedata

_SEPARATORS = str.maketrans(dict.fromkeys("-‐‑–_./'’`ʻ·・,", " "))
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "ð": "d"})


def fold(name: str) -> str:
    """The name without case, accents and punctuation: `"São Paulo"` and `"sao-paulo"` are the same."""
    text = name.casefold()
    if not text.isascii():
        # Kana keep their marks: ガ and カ are different letters.
        if any("\u3040" <= character <= "\u30ff" for character in text):
            return unicodedata.normalize("NFC", text).translate(_SEPARATORS).replace(" ", "")
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(text.translate(_SEPARATORS).split())


def is_wide(character: str) -> bool:
    """Whether it belongs to a script that is written without spaces between words."""
    return "\u3040" <= character <= "\u9fff"
