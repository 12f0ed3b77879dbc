"""Which model leads turns, as the environment says it."""

import pytest

from app.settings import ModelSettings, SettingsError, load

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
