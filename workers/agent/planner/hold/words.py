"""How people ask for the flights before them to be held, in each language, and how they say not to."""

from msgspec import Struct

from workers.agent.planner.understand.model import Language


class HoldWords(Struct, frozen=True, kw_only=True):
    """Patterns on lower-cased text."""

    asks: str
    refuses: str


HOLD_WORDS: dict[Language, HoldWords] = {
    "en": HoldWords(
        asks=(
            r"\b(?:hold|reserve|book|keep|secure) (?:me |us )?"
            r"(?:(?:the|these|those|this|that|my|our|both|all)(?: of)?(?: the| these| those)? )?"
            r"(?:flights?|seats?|tickets?|offers?|fares?)\b|\b(?:hold|reserve|book) (?:it|them|this|that)\b"
        ),
        refuses=r"\b(?:don'?t|don’t|not|never|without|cancel)\b",
    ),
    "de": HoldWords(
        asks=(
            r"\b(?:reservier|buch|halt|sicher)\w* (?:mir |uns |bitte |mal |doch )*"
            r"(?:(?:die|diese|den|diesen|das|dieses|unseren?|meinen?|beiden?) )?(?:\w+ )?"
            r"(?:flüge|flug|plätze|sitze|tickets?|angebot)\b|"
            r"\b(?:die|diese|den|diesen|unseren?|meinen?) (?:flüge|flug|plätze|sitze|tickets?)"
            r"(?: bitte| mal| doch| für uns| für mich)* (?:reservier|buch|halten|festhalten|sicher)\w*"
        ),
        refuses=r"\b(?:nicht|keine?n?|ohne|stornier\w*)\b",
    ),
    "fr": HoldWords(
        asks=(
            r"\b(?:réserve[rz]?|reserve[rz]?|bloque[rz]?|garde[rz]?|retene[rz]|retenir)(?:-nous|-moi)? "
            r"(?:(?:les|ces|ce|cette|le|nos|mes) )?(?:vols?|places?|billets?|sièges?|offre)\b|"
            r"\b(?:réserve|reserve|bloque)[rz]?-(?:les|le)\b"
        ),
        refuses=r"\b(?:ne|pas|sans|jamais|annule[rz]?)\b|\bn['’]",
    ),
    "es": HoldWords(
        asks=(
            r"\b(?:res[eé]rv\w+|guard\w+|bloque\w+|apart\w+) (?:nos |me )?"
            r"(?:(?:los|las|estos|estas|el|este|nuestros|mis) )?"
            r"(?:vuelos?|plazas|asientos?|billetes?|pasajes?|oferta)\b|\bres[eé]rva(?:nos|me)?(?:los|lo)\b"
        ),
        refuses=r"\b(?:no|sin|nunca|cancela\w*)\b",
    ),
    "ja": HoldWords(
        asks=r"(?:フライト|便|航空券|座席|席)(?:を|の)?(?:仮)?(?:予約|確保|取り置|押さえ|おさえ|キープ|ホールド)|仮予約",
        refuses=r"ないで|しない|やめ|取り消|キャンセル",
    ),
}
