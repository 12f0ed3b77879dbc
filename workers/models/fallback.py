"""Several models as one: where one gives no answer at all, the next is asked."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from workers.models.model import Delta, Message, Model, ModelError, ModelTool

logger = logging.getLogger("tripsage.model")


class FallbackModel:
    """Once the first delta is out there is no way back: what fails then fails the answer."""

    def __init__(self, models: Sequence[Model]) -> None:
        if not models:
            raise ValueError("a fallback needs at least one model")
        self._models = models

    async def stream(
        self, messages: Sequence[Message], tools: Sequence[ModelTool]
    ) -> AsyncGenerator[Delta, None]:
        *others, last = self._models
        for model in others:
            began = False
            try:
                async with aclosing(model.stream(messages, tools)) as deltas:
                    async for delta in deltas:
                        began = True
                        yield delta
                return
            except ModelError as error:
                if began:
                    raise
                logger.warning("a model gave no answer, the next is asked: %s", error)
        async with aclosing(last.stream(messages, tools)) as deltas:
            async for delta in deltas:
                yield delta
