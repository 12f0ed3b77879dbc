"""Which model leads turns, as the environment says it."""

from decimal import Decimal

import pytest

from app.settings import ModelPrice, ModelSettings, SettingsError, load

MODEL = {"TRIPSAGE_MODEL": "openai", "TRIPSAGE_MODEL_NAME": "small, large"}


def test_a_chain_of_models_is_read() -> None:
    read = load({**MODEL, "TRIPSAGE_MODEL_URL": "http://127.0.0.1:11434/v1/", "TRIPSAGE_MODEL_KEY": "sk-1"})
    assert read.model.names == ("small", "large")
    assert read.model.url == "http://127.0.0.1:11434/v1"
    assert read.model.key == "sk-1"
    assert "sk-1" not in repr(read)
    assert load({}).model == ModelSettings()


@pytest.mark.parametrize(
    "wrong",
    [{"TRIPSAGE_MODEL_NAME": ""}, {"TRIPSAGE_MODEL_URL": "file:///etc"}, {"TRIPSAGE_MODEL_KEY": "a\nb"}],
)
def test_a_model_that_cannot_be_asked_is_refused_in_a_line_without_the_key(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))) as caught:
        load({**MODEL, **wrong})
    assert "\n" not in str(caught.value)


def test_prices_are_read_by_name() -> None:
    read = load({**MODEL, "TRIPSAGE_MODEL_PRICE": "small=0.15/0.60, large = 2.50 / 10"})
    assert read.model.prices == {
        "small": ModelPrice(Decimal("0.15"), Decimal("0.60")),
        "large": ModelPrice(Decimal("2.50"), Decimal(10)),
    }


@pytest.mark.parametrize(
    "wrong", ["small", "small=1", "small=-1/2", "small=1/NaN", "other=1/2", "small=1/2/3"]
)
def test_a_price_that_cannot_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="TRIPSAGE_MODEL_PRICE"):
        load({**MODEL, "TRIPSAGE_MODEL_PRICE": wrong})
