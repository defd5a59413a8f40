"""Small models get less to read, and write plain text."""

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Outcome
from bot.phrases import phrase
from tests.support.models import ask_with_model
from tests.support.openai_server import ModelServer, in_turn, writes

QUESTION = "Is there a refund, and does a course give me a student visa?"


@pytest.fixture
def small(model_settings: Settings) -> Settings:
    changes = {"bot_model": "ollama:test-model", "bot_model_small": True}
    return model_settings.model_copy(update=changes)


def told(model: ModelServer) -> int:
    """How many sources were told, besides the one that says who we are."""
    return model.part("sources").count("\n\n[")


async def test_it_answers_in_plain_text_from_four_sections(
    small: Settings, encoder: Encoder
) -> None:
    script = writes("It takes six to twelve weeks. [1]")
    answer, model = await ask_with_model(script, small, encoder)
    assert answer.text == "It takes six to twelve weeks."
    assert answer.provenance.prompt_version == "answer_small-1"
    assert "format" not in model.asked[0]
    assert "JSON" not in model.prompt
    _, at_four = await ask_with_model(script, small, encoder, question=QUESTION)
    large = small.model_copy(update={"bot_model_small": False})
    _, at_eight = await ask_with_model(script, large, encoder, question=QUESTION)
    assert told(at_four) < told(at_eight)
    assert len(at_four.prompt) < len(at_eight.prompt) / 1.5


async def test_it_says_so_where_the_sources_do_not_answer(
    small: Settings, encoder: Encoder
) -> None:
    answer, _ = await ask_with_model(
        writes("NOT_KNOWN"), small, encoder, question="Do you sell chess boards?"
    )
    assert answer.outcome is Outcome.NO_ANSWER
    assert answer.text == phrase("nothing_near", "en")


async def test_what_it_gets_wrong_is_sent_back_in_words_that_it_knows(
    small: Settings, encoder: Encoder
) -> None:
    script = in_turn(
        writes("It takes 9 weeks. [1]"), writes("It takes six to twelve weeks. [1]")
    )
    answer, model = await ask_with_model(script, small, encoder)
    assert answer.text == "It takes six to twelve weeks."
    assert "NOT_KNOWN" in model.last
