"""Answers that a language model writes, and what a contact gets when it does not."""

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.model import model_reader
from bot.answering.writing.prompts import load_prompt
from bot.config import Settings
from bot.conversations.ports import Outcome
from bot.errors import SettingsError
from tests.support.answering import answering_with
from tests.support.models import QUESTION, TOLD, ask_with_model
from tests.support.openai_server import (
    OpenAIServer,
    Script,
    breaks_off,
    dribbles,
    refuses,
    sends,
    stalls_after,
    writes,
)
from tests.support.servers import served


async def test_a_models_answer_goes_out_with_what_it_cites_and_where_it_comes_from(
    model_settings: Settings, encoder: Encoder
) -> None:
    script = writes("It takes six to twelve weeks [1]. Part-time, that is. [1]")
    answer, model = await ask_with_model(script, model_settings, encoder)
    assert answer.text == "It takes six to twelve weeks. Part-time, that is."
    assert answer.outcome is Outcome.ANSWER
    assert [cited.source for cited in answer.citations] == ["guidance/duration.md"]
    assert answer.provenance.answerer == "model"
    assert answer.provenance.model == "openai:test-model"
    assert answer.provenance.prompt_version == load_prompt("answer").version
    assert model.keys == ["Bearer a-key-for-tests"]


async def test_only_the_documents_that_a_model_cites_are_shown(
    model_settings: Settings, encoder: Encoder
) -> None:
    question = "Is there a refund, and does a course give me a student visa?"
    asked, model = await ask_with_model(
        writes("Yes. [1]"), model_settings, encoder, question=question
    )
    first = asked.citations[0]
    place = next(n for n in range(2, 6) if first.title not in passage(model, n))
    second, _ = await ask_with_model(
        writes(f"It depends. [{place}]"), model_settings, encoder, question=question
    )
    assert second.provenance.answerer == "model"
    assert len(second.citations) == 1
    assert second.citations[0].title in passage(model, place)
    assert second.citations != asked.citations


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(writes("It takes 9 weeks. [1]"), id="a made-up figure"),
        pytest.param(writes("From May 5 to September. [1]"), id="a made-up date"),
        pytest.param(writes("See www.free-visa.example. [1]"), id="a made-up link"),
        pytest.param(writes("Six to twelve weeks."), id="no citation"),
        pytest.param(writes("Six to twelve weeks. [7]"), id="no such passage"),
        pytest.param(writes("Six to twelve weeks. [0]"), id="passage 0"),
        pytest.param(writes(""), id="an empty text"),
        pytest.param(writes("[1]"), id="nothing but a citation"),
        pytest.param(writes("Weeks and weeks. [1] " * 200), id="an endless text"),
        pytest.param(dribbles("Weeks. [1]", pause=0), id="a text without end"),
        pytest.param(refuses(500), id="a server error"),
        pytest.param(refuses(429), id="too many requests"),
        pytest.param(refuses(401), id="a wrong key"),
        pytest.param(sends("data: {not json\n\ndata: [DONE]\n\n"), id="broken JSON"),
        pytest.param(sends("data: []\n\ndata: [DONE]\n\n"), id="another protocol"),
        pytest.param(sends("<html>Sign in</html>"), id="a web page"),
        pytest.param(breaks_off("It takes six"), id="a broken connection"),
    ],
)
async def test_without_a_good_answer_of_the_model_the_documents_answer(
    script: Script, model_settings: Settings, encoder: Encoder
) -> None:
    answer, model = await ask_with_model(script, model_settings, encoder)
    assert answer.text == TOLD
    assert answer.outcome is Outcome.ANSWER
    assert answer.provenance.answerer == "sections"
    assert (answer.provenance.model, answer.provenance.prompt_version) == (None, None)
    assert [cited.source for cited in answer.citations] == ["guidance/duration.md"]
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    ("script", "limit"),
    [
        (stalls_after(""), "bot_model_first_token_seconds"),
        (stalls_after("It takes six"), "bot_model_stall_seconds"),
        (dribbles("weeks", pause=0.05), "bot_model_total_seconds"),
    ],
    ids=["before the first word", "in the middle", "word by word for ever"],
)
async def test_a_model_that_stalls_is_not_waited_for(
    script: Script, limit: str, model_settings: Settings, encoder: Encoder
) -> None:
    answer, model = await ask_with_model(
        script, model_settings, encoder, limits={limit: 0.3}
    )
    assert answer.text == TOLD
    assert answer.provenance.answerer == "sections"
    assert len(model.asked) == 1


async def test_a_model_that_nobody_serves_is_replaced_by_the_documents(
    model_settings: Settings, encoder: Encoder
) -> None:
    async with served(OpenAIServer(writes("")).app) as address:
        pass
    nowhere = model_settings.model_copy(update={"bot_model_url": f"{address}/v1"})
    with answering_with(nowhere, encoder=encoder) as answering:
        answer = await answering.assistant.answer(QUESTION)
    assert (answer.text, answer.provenance.answerer) == (TOLD, "sections")


@pytest.mark.parametrize(
    "question", ["hello", "I want to talk to a person", "Who won the chess final?"]
)
async def test_a_model_is_not_asked_what_the_documents_do_not_hold(
    question: str, model_settings: Settings, encoder: Encoder
) -> None:
    answer, model = await ask_with_model(
        writes("Sure! [1]"), model_settings, encoder, question=question
    )
    assert model.asked == []
    assert answer.provenance.model is None


async def test_nothing_that_a_model_writes_stands_between_distress_and_a_person(
    model_settings: Settings, encoder: Encoder
) -> None:
    answer, model = await ask_with_model(
        writes("It takes six to twelve weeks [1]."),
        model_settings,
        encoder,
        question="i want to die. how long does a micro-credential take?",
    )
    assert model.asked == []
    assert answer.outcome is Outcome.HANDOFF
    assert answer.handoff_reason == "distress"


async def test_where_the_code_would_ask_back_the_model_may_answer(
    model_settings: Settings, encoder: Encoder
) -> None:
    question = "fees"
    alone, _ = await ask_with_model(
        writes("No."), model_settings, encoder, question=question
    )
    assert alone.outcome is Outcome.CLARIFY
    assert alone.choices
    answer, _ = await ask_with_model(
        writes("It costs 450 euros. [1]"), model_settings, encoder, question=question
    )
    assert answer.outcome is Outcome.ANSWER
    assert answer.text == "It costs 450 euros."
    assert answer.choices == ()
    assert answer.provenance.reason == "model"
    assert answer.provenance.sections == ("guidance/fees.md#Course fees and refunds",)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gpt-5", "provider:name"),
        ("openai:", "provider:name"),
        (":gpt-5", "provider:name"),
        ("nobody:gpt-5", "nobody:gpt-5"),
        ("mistralai:large", "pip install"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_at_the_start(
    name: str, says: str, model_settings: Settings
) -> None:
    with pytest.raises(SettingsError, match=says) as refusal:
        model_reader(
            model_settings.model_copy(update={"bot_model": name}),
            organisation="Harbour",
            languages=["en"],
        )
    assert str(refusal.value).startswith("BOT_MODEL")


def test_a_model_without_its_key_is_refused_at_the_start(
    model_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(SettingsError, match=r"^BOT_MODEL: openai:test-model: .*key"):
        model_reader(model_settings, organisation="Harbour", languages=["en"])


def passage(model: OpenAIServer, number: int) -> str:
    """A numbered passage as the model saw it."""
    after = model.part("passages").partition(f"[{number}] ")[2]
    return after.partition(f"[{number + 1}] ")[0]
