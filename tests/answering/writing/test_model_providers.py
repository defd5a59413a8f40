"""What each provider's models are told, and what is left out where that is too much."""

import json

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.models.providers import provider_model
from bot.answering.writing.models.reply import SCHEMA, ModelReply
from bot.config import Settings
from bot.conversations.ports import Tokens
from tests.support.models import TOLD, ask_with_model
from tests.support.openai_server import (
    Script,
    breaks_off,
    in_turn,
    refuses,
    replies,
    sends,
    stalls_after,
    writes,
)

GOOD = ("It takes six to twelve weeks.", [1])


@pytest.fixture
def anthropic(model_settings: Settings) -> Settings:
    return model_settings.model_copy(update={"bot_model": "anthropic:test-model"})


@pytest.fixture
def ollama(model_settings: Settings) -> Settings:
    return model_settings.model_copy(update={"bot_model": "ollama:test-model"})


async def test_anthropic_gets_the_schema_and_a_mark_on_what_stays_the_same(
    anthropic: Settings, encoder: Encoder
) -> None:
    script = in_turn(
        replies("answer", ("It takes 9 weeks.", [1])), replies("answer", GOOD)
    )
    answer, model = await ask_with_model(script, anthropic, encoder)
    assert answer.text == GOOD[0]
    for asked in model.asked:
        schema = asked["output_config"]["format"]["schema"]
        assert schema["required"] == list(ModelReply.model_fields)
        (block,) = asked["system"]
        assert block["cache_control"] == {"type": "ephemeral"}
        assert "temperature" not in asked
    assert model.asked[0]["system"] == model.asked[1]["system"]


async def test_what_anthropic_counts_is_kept(
    anthropic: Settings, encoder: Encoder
) -> None:
    answer, _ = await ask_with_model(replies("answer", GOOD), anthropic, encoder)
    assert answer.provenance.tokens == Tokens(read=200, written=20)


async def test_a_model_that_knows_no_schema_is_asked_without_from_then_on(
    anthropic: Settings, encoder: Encoder
) -> None:
    wrong = replies("answer", ("It takes 9 weeks.", [1]))
    script = in_turn(refuses(400), wrong, replies("answer", GOOD))
    answer, model = await ask_with_model(script, anthropic, encoder)
    assert answer.text == GOOD[0]
    assert ["output_config" in asked for asked in model.asked] == [True, False, False]
    assert answer.provenance.tokens == Tokens(read=400, written=40)


async def test_ollama_gets_the_schema_and_room_for_all_sources(
    ollama: Settings, encoder: Encoder
) -> None:
    answer, model = await ask_with_model(replies("answer", GOOD), ollama, encoder)
    assert answer.text == GOOD[0]
    assert answer.provenance.tokens == Tokens(read=200, written=20)
    (asked,) = model.asked
    assert asked["format"] == SCHEMA["schema"]
    assert asked["options"] == {"num_ctx": 8192, "temperature": 0}
    assert asked["think"] is False


@pytest.mark.parametrize(
    "script",
    [refuses(500), refuses(404), breaks_off("It takes"), sends("<html>"), writes("")],
    ids=["an error", "no such model", "a broken connection", "a web page", "nothing"],
)
async def test_where_ollama_fails_the_documents_answer(
    script: Script, ollama: Settings, encoder: Encoder
) -> None:
    answer, _ = await ask_with_model(script, ollama, encoder)
    assert answer.text == TOLD


async def test_a_model_of_ollama_that_stalls_is_not_waited_for(
    ollama: Settings, encoder: Encoder
) -> None:
    limits = {"bot_model_stall_seconds": 0.3}
    answer, _ = await ask_with_model(
        stalls_after("It takes"), ollama, encoder, limits=limits
    )
    assert answer.text == TOLD


@pytest.mark.usefixtures("model_settings")
def test_only_where_a_provider_keeps_to_a_schema_is_it_asked_to() -> None:
    def asked(name: str, url: str = "", *, strict: bool = True) -> set[str]:
        schema = SCHEMA if strict else None
        model = provider_model("BOT_MODEL", name, url=url, schema=schema)
        assert not (model.asked.keys() - {"stream_usage"}) or whole in json.dumps(
            model.asked
        )
        return set(model.asked)

    whole = json.dumps(SCHEMA["schema"])

    here = "http://127.0.0.1:9/v1"
    assert asked("openai:x") == {"stream_usage", "response_format"}
    assert asked("openai:x", here) == {"stream_usage"}
    assert asked("openai:x", strict=False) == {"stream_usage"}
    assert asked("anthropic:x") == asked("anthropic:x", here) == {"output_config"}
    assert asked("ollama:x") == {"format"}
    assert asked("ollama:x", strict=False) == set()
