"""What an answer costs. Tokens that no server counted are estimated, and no fewer than a model counts."""

from collections.abc import Sequence
from decimal import Decimal

from app.settings import ModelPrice
from workers.models.model import CallDelta, Delta, TextDelta, Usage

MILLION = 1_000_000
BYTES_A_TOKEN = (
    3  # of UTF-8; tokenizers take 3 to 5 for European text, and 3 or fewer for a Chinese character
)
FREE = ModelPrice(Decimal(0), Decimal(0))


def tokens(text: str | bytes) -> int:
    """No fewer than a model counts, by and large."""
    return -(-len(text.encode() if isinstance(text, str) else text) // BYTES_A_TOKEN)


class Meter:
    """Counts one answer while it comes; `asked` are the bytes of the request."""

    def __init__(self, asked: bytes, price: ModelPrice = FREE) -> None:
        self._price = price
        self._asked = asked
        self._bytes = 0
        self.counted: tuple[int, int] | None = None
        """Tokens in and out, once the server has said so."""

    def add(self, deltas: Sequence[Delta]) -> None:
        for delta in deltas:
            match delta:
                case TextDelta(text):
                    self._bytes += len(text.encode())
                case CallDelta():
                    self._bytes += len(delta.name.encode()) + len(delta.arguments.encode())
                case _:
                    pass

    def usage(self) -> Usage:
        tokens_in, tokens_out = self.counted or (tokens(self._asked), -(-self._bytes // BYTES_A_TOKEN))
        cost = (tokens_in * self._price.tokens_in + tokens_out * self._price.tokens_out) / MILLION
        return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cost=cost)
