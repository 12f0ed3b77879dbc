"""`tripsage chat` asks about a call that waits, with a real gateway, workers and terminal."""

import signal
from pathlib import Path

import pytest

from tests.support.booking import Booking
from tests.support.gateway import gateway
from tests.support.stage import stage, workers
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow
QUESTION = "Shall booked be done? Hold it. [y/n]"


@pytest.mark.parametrize(("typed", "answer", "made"), [("y", "complete", 1), ("n", "cancelled", 0)])
async def test_a_person_answers_with_a_letter(
    valkey_url: str, tmp_path: Path, typed: str, answer: str, made: int
) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on), gateway(valkey_url) as at:
        on.gate.open.set()
        terminal = await Terminal.start(tmp_path, 1, "--url", at.url, "--token", at.token(), "hold it")
        await terminal.until(QUESTION)
        terminal.type("what?\n")
        await terminal.until(QUESTION, times=2)
        terminal.type(f"{typed}\n")
        await terminal.until(f"It is {answer}.")
        assert await terminal.exit_code() == 0
        assert on.gate.calls == ["booked 1"] * made


async def test_ctrl_c_at_the_question_stops_the_turn(valkey_url: str, tmp_path: Path) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on), gateway(valkey_url) as at:
        terminal = await Terminal.start(tmp_path, 1, "--url", at.url, "--token", at.token(), "hold it")
        await terminal.until(QUESTION)
        terminal.process.send_signal(signal.SIGINT)
        assert await terminal.exit_code() == 130
        assert on.gate.calls == []
