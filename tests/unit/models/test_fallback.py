"""A chain of models: which of them answers."""

from collections.abc import Sequence
from typing import Any

import pytest

from workers.models.fallback import FallbackModel
from workers.models.model import (
    AnswerTruncated,
    Finished,
    Message,
    ModelError,
    ModelTool,
    ModelUnavailable,
    TextDelta,
)

ASKED = (Message(role="user", content="Lisbon, please"),)


class Scripted:
    """A model that says these deltas and raises these errors; it counts how often it is asked."""

    def __init__(self, *script: TextDelta | Finished | ModelError) -> None:
        self._script = script
        self.asked = 0

    async def stream(self, messages: Sequence[Message], tools: Sequence[ModelTool]) -> Any:
        self.asked += 1
        for each in self._script:
            if isinstance(each, ModelError):
                raise each
            yield each


async def test_the_next_model_answers_where_one_gives_nothing() -> None:
    whole = (TextDelta("yes"), Finished("stop"))
    away, good = Scripted(ModelUnavailable("away")), Scripted(*whole)
    model = FallbackModel([away, good])
    assert [delta async for delta in model.stream(ASKED, ())] == list(whole)
    assert (away.asked, good.asked) == (1, 1)


async def test_no_other_model_goes_on_with_an_answer_that_has_begun() -> None:
    half, other = Scripted(TextDelta("half"), AnswerTruncated("gone")), Scripted(Finished("stop"))
    with pytest.raises(AnswerTruncated):
        async for _ in FallbackModel([half, other]).stream(ASKED, ()):
            pass
    assert other.asked == 0
