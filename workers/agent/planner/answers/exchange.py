"""What an amount of money is worth in another currency."""

from app.contract.events import ErrorBody
from app.contract.turn import Money, Response, TurnResult
from tools.results import CurrencyResult
from workers.agent.planner.context import Flow
from workers.agent.planner.failure import say_failure
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.trip.money import EXCHANGE


async def answer_exchange(flow: Flow) -> None:
    script, voice, phrases = flow.script, flow.voice, flow.voice.phrases
    exchange = flow.asked.exchange
    assert exchange is not None
    named = {"currency": exchange.currency, "into": exchange.into}
    description = voice.fill(phrases.task_descriptions[EXCHANGE], **named)
    script.task(EXCHANGE, phrases.tasks[EXCHANGE], description)
    script.status(phrases.statuses[EXCHANGE])
    arguments = {"amount": exchange.amount, "from": exchange.currency, "to": exchange.into}
    script.call(EXCHANGE, EXCHANGE, "currency_convert", arguments)
    [outcome] = await script.outcomes([EXCHANGE])
    read = read_outcome(outcome, CurrencyResult)
    if isinstance(read, ErrorBody):
        say_failure(flow, EXCHANGE, "exchange", read)
        return
    script.end(EXCHANGE, read.summary())
    text = voice.fill(
        phrases.exchange,
        amount=Money(read.amount, read.from_currency),
        converted=Money(read.converted, read.to_currency),
        rate=read.rate,
        date=read.date,
        **named,
    )
    flow.say_lines(text)
    script.finish(TurnResult(outcome="answer", explanation=text, response=Response(text=text)))
