"""A contact reads along while a model writes, and what was read is kept."""

import asyncio
import json

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.models.reply import Said, begun
from bot.config import Settings
from bot.conversations.ports import Answer, Outcome
from tests.support.answering import answering_with
from tests.support.models import GIVEN_UP, QUESTION, TOLD
from tests.support.openai_server import (
    OpenAIServer,
    Script,
    breaks_off,
    holds,
    in_turn,
    replies,
    writes,
)
from tests.support.servers import served

FIRST, SECOND = "It takes six to twelve weeks.", "It is part-time study."
WRONG = "It takes 9 weeks."


def written(*sentences: str, outcome: str = "answer", source: int = 1) -> str:
    """A reply as it is asked for."""
    said = [{"text": text, "sources": [source]} for text in sentences]
    return json.dumps(
        {"outcome": outcome, "sentences": said, "search": "", "programmes": None}
    )


class Reader:
    """A contact who reads along, and may stop waiting."""

    def __init__(self, *, waits: bool = True) -> None:
        self.read: list[str] = []
        self.something = asyncio.Event()
        self._waits = waits

    async def tell(self, text: str, *, language: str) -> bool:
        assert language == "en"
        self.read.append(text)
        self.something.set()
        return self._waits


async def ask_along(
    script: Script, settings: Settings, encoder: Encoder, reader: Reader
) -> tuple[Answer, OpenAIServer]:
    model = OpenAIServer(script)
    async with served(model.app) as address:
        here = settings.model_copy(update={"bot_model_url": f"{address}/v1"})
        with answering_with(here, encoder=encoder) as answering:
            async with asyncio.timeout(GIVEN_UP):
                answer = await answering.assistant.answer(QUESTION, tell=reader.tell)
    return answer, model


async def test_the_first_sentence_is_read_before_the_second_is_written(
    model_settings: Settings, encoder: Encoder
) -> None:
    until, reader = asyncio.Event(), Reader()
    whole = written(FIRST, SECOND).replace(', {"text"', '|, {"text"')
    asking = asyncio.create_task(
        ask_along(holds(whole, until), model_settings, encoder, reader)
    )
    await reader.something.wait()
    assert (reader.read, asking.done()) == ([FIRST], False)
    until.set()
    answer, _ = await asking
    assert answer.text == f"{FIRST} {SECOND}"
    assert reader.read == [FIRST, answer.text]


async def test_plain_text_is_read_up_to_the_last_marker_that_stands(
    model_settings: Settings, encoder: Encoder
) -> None:
    reader = Reader()
    script = writes(f"{FIRST} [1] {SECOND} [1] It is all online. [1]")
    answer, _ = await ask_along(script, model_settings, encoder, reader)
    assert reader.read[0] == FIRST
    assert all(answer.text.startswith(text) for text in reader.read)


async def test_what_may_not_go_out_is_not_read_and_the_repair_begins_with_what_was(
    model_settings: Settings, encoder: Encoder
) -> None:
    reader = Reader()
    script = in_turn(writes(written(FIRST, WRONG)), writes(written(FIRST, SECOND)))
    answer, model = await ask_along(script, model_settings, encoder, reader)
    assert reader.read == [FIRST]
    assert answer.text == f"{FIRST} {SECOND}"
    assert f"unchanged, since it has been read: “{FIRST}”" in model.last


@pytest.mark.parametrize(
    "again",
    [
        written("Between six and twelve weeks.", SECOND),
        written(SECOND),
        written(outcome="not_known"),
        written(FIRST, outcome="not_known"),
        "",
    ],
    ids=["other words", "something else", "nothing", "another outcome", "silence"],
)
async def test_a_repair_that_takes_back_what_was_read_does_not_count(
    again: str, model_settings: Settings, encoder: Encoder
) -> None:
    script = in_turn(writes(written(FIRST, WRONG, SECOND)), writes(again))
    answer, _ = await ask_along(script, model_settings, encoder, Reader())
    assert answer.text == f"{FIRST} {SECOND}"
    assert answer.provenance.answerer == "model"


async def test_when_the_model_breaks_off_what_was_read_is_the_answer(
    model_settings: Settings, encoder: Encoder
) -> None:
    both = model_settings.model_copy(update={"bot_model_fallback": "openai:other"})
    script = breaks_off(written(FIRST, SECOND).partition(SECOND)[0])
    answer, model = await ask_along(script, both, encoder, Reader())
    assert answer.text == FIRST
    assert (answer.outcome, answer.provenance.answerer) == (Outcome.ANSWER, "model")
    assert answer.provenance.model == "openai:test-model"
    assert [cited.source for cited in answer.citations] == ["guidance/duration.md"]
    assert len(model.asked) == 1


async def test_when_the_time_is_over_what_was_read_is_the_answer(
    model_settings: Settings, encoder: Encoder
) -> None:
    hasty = model_settings.model_copy(update={"bot_model_stall_seconds": 0.3})
    whole = written(FIRST, SECOND).replace(', {"text"', '|, {"text"')
    script = holds(whole, asyncio.Event())
    answer, _ = await ask_along(script, hasty, encoder, Reader())
    assert answer.text == FIRST


@pytest.mark.parametrize(
    "script",
    [
        writes(written(WRONG, FIRST)),
        replies("not_known", ("Nothing is known of it.", [1])),
        replies("ask_back", ("Which course do you mean?", [1, 2])),
        replies("small_talk", ("Hello!", [])),
        writes(written("Dura de seis a doce semanas de estudio parcial.")),
    ],
    ids=["a wrong figure", "not known", "a question", "small talk", "Spanish"],
)
async def test_nothing_is_read_of_what_may_not_go_out_or_is_no_answer(
    script: Script, model_settings: Settings, encoder: Encoder
) -> None:
    reader = Reader()
    await ask_along(script, model_settings, encoder, reader)
    assert reader.read == []


async def test_who_does_not_wait_any_more_is_told_nothing_more(
    model_settings: Settings, encoder: Encoder
) -> None:
    reader = Reader(waits=False)
    script = writes(written(FIRST, SECOND))
    answer, _ = await ask_along(script, model_settings, encoder, reader)
    assert reader.read == [FIRST]
    assert answer.text == f"{FIRST} {SECOND}"


async def test_without_a_model_nothing_is_read_before_it_is_whole(
    model_settings: Settings, encoder: Encoder
) -> None:
    reader = Reader()
    alone = model_settings.model_copy(update={"bot_model": ""})
    with answering_with(alone, encoder=encoder) as answering:
        answer = await answering.assistant.answer(QUESTION, tell=reader.tell)
    assert (answer.text, reader.read) == (TOLD, [])


@pytest.mark.parametrize("cut", range(0, len(written(FIRST, SECOND)) + 1, 3))
def test_however_much_is_written_only_whole_sentences_have_begun(cut: int) -> None:
    said = begun(written(FIRST, SECOND)[:cut])
    whole = [Said(text=FIRST, sources=[1]), Said(text=SECOND, sources=[1])]
    assert said == whole[: len(said)]
    if not cut:
        assert said == []
    if cut == len(written(FIRST, SECOND)):
        assert said == whole


@pytest.mark.parametrize(
    "text", ["{", "[1]", '{"outcome": "answer", "sentences": 7', "x"]
)
def test_of_what_is_no_reply_nothing_has_begun(text: str) -> None:
    assert begun(text) == []
