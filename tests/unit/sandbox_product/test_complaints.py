"""Who writes a control wrongly is told what it could be, whichever way it was given."""

from collections.abc import Callable

import pytest

from tests.support.travel import ask
from tools.sandbox import Controls, Sandbox

PROVIDERS = "(one of: duffel, open-meteo, frankfurter, liteapi, geoapify)"
KINDS = "(one of: status, timeout, reset, truncated, broken_json, slow_body, hold)"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda it: it.fault("dufel"), PROVIDERS),
        (lambda it: it.fault("duffel", kind="slow"), KINDS),
        (lambda it: it.latency("dufel", 3), PROVIDERS),
        (lambda it: it.limit("dufel", 3), PROVIDERS),
        (lambda it: it.verify("dufel"), PROVIDERS),
        (lambda it: it.play("latency: {dufel: 3}"), PROVIDERS),
        (lambda it: it.play("faults: [{provider: dufel}]"), PROVIDERS),
        (lambda it: it.play("steps: [{faults: [{provider: duffel, kind: slow}]}]"), KINDS),
        (lambda it: it.fault("duffel", staus=500), "unknown field `staus`"),
        (lambda it: it.fault("duffel", status=700), "<= 599 - at `$.status`"),
    ],
)
def test_a_wrong_control_names_what_it_could_be(wrong: Callable[[Controls], None], says: str) -> None:
    controls = Controls(Sandbox())
    with pytest.raises(ValueError, match=r"at `|unknown field") as refused:
        wrong(controls)
    assert str(refused.value).endswith(says)
    assert (controls.world.latency, controls.world.limits) == ({}, {})


def test_the_server_says_it_too() -> None:
    status, body = ask(Sandbox(), "POST", "/__admin/faults", {"provider": "dufel"})
    assert (status, body["message"].endswith(PROVIDERS)) == (422, True)
