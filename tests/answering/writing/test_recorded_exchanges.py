"""Replies of a capable model to real prompts: the check lets good ones through."""

import json
from collections import Counter

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.executor import Executor
from bot.answering.writing.models.exchange import Exchange
from bot.answering.writing.models.reading import Reading
from bot.answering.writing.models.reply import ModelOutcome, read_reply
from bot.answering.writing.models.reply_check import Checked, ReplyCheck, joined
from bot.answering.writing.models.stream import ModelStreams
from bot.answering.writing.models.telling import Telling
from bot.answering.writing.models.tokens import TokenMeter
from bot.answering.writing.prompts import load_prompt
from bot.config import Settings
from bot.errors import ModelError
from tests.answering.writing.test_model_prompts import Nothing
from tests.support.recorded_exchanges import Exchange as Recorded
from tests.support.recorded_exchanges import (
    RecordedModel,
    check_of,
    prompted,
    recorded,
    sources_of,
)
from tests.support.repetitions import some_of
from tests.support.servers import served

PROMPT = load_prompt("answer")
EXCHANGES = recorded()
# Two in a hundred good replies may be spoilt.
SPOILT = 0.02


@pytest.fixture(scope="module")
def checks(encoder: Encoder) -> dict[str, ReplyCheck]:
    return {one["id"]: check_of(one, encoder.passages) for one in EXCHANGES}


class Along:
    """Somebody who reads along."""

    def __init__(self) -> None:
        self.read = ""

    async def tell(self, text: str) -> bool:
        assert text.startswith(self.read)
        self.read = text
        return True


def test_they_are_of_the_prompt_of_today() -> None:
    stale = [one["id"] for one in EXCHANGES if prompted(one, PROMPT) != one["prompt"]]
    assert not stale, "record these exchanges anew"


def test_there_are_many_in_many_languages() -> None:
    spoken = Counter(one["language"] for one in EXCHANGES)
    assert len(EXCHANGES) >= 300
    assert len(spoken) >= 10
    assert len({one["prompt"] for one in EXCHANGES}) == len(EXCHANGES)


async def test_over_the_wire_few_are_sent_back_and_what_is_read_along_stays(
    model_settings: Settings, checks: dict[str, ReplyCheck]
) -> None:
    model, executor = RecordedModel(EXCHANGES), Executor()
    sent_back = []
    async with served(model.app) as address:
        here = model_settings.model_copy(update={"bot_model_url": f"{address}/v1"})
        streams = ModelStreams(here)
        for one in some_of(EXCHANGES):
            before, along = model.unknown, Along()
            checked = await play(one, checks[one["id"]], streams, executor, along)
            whole = joined(said.text.strip() for said in checked.kept)
            assert whole.startswith(along.read)
            if checked.reasons:
                sent_back.append((one["id"], checked.reasons))
                assert model.unknown == before + 1
            else:
                assert model.unknown == before
    executor.close()
    assert len(sent_back) <= SPOILT * len(some_of(EXCHANGES)), sent_back


async def play(
    one: Recorded,
    check: ReplyCheck,
    streams: ModelStreams,
    executor: Executor,
    along: Along,
) -> Checked:
    """What comes of an exchange; a reply that looks for more leaves nothing."""
    exchange = Exchange(
        PROMPT, streams, sources_of(one), meter=TokenMeter(), **one["values"]
    )
    telling = Telling(along.tell, check, exchange.sources, executor=executor)
    reading = Reading(
        exchange, check, telling, tools=Nothing(), language="en", executor=executor
    )
    if one["reply"]["outcome"] == ModelOutcome.SEARCH:
        with pytest.raises((AssertionError, ModelError)):
            await reading.result()
        return Checked(kept=(), left_out=(), reasons=(), begins=False)
    return (await reading.result())[1]


def test_no_reply_with_another_figure_is_let_through(
    checks: dict[str, ReplyCheck],
) -> None:
    answers = [
        one for one in EXCHANGES if one["reply"]["outcome"] == ModelOutcome.ANSWER
    ]
    assert len(answers) > 200
    for one in answers:
        first = one["reply"]["sentences"][0]
        changed = {**first, "text": f"{first['text']} (79,431 €)"}
        reply = {**one["reply"], "sentences": [changed]}
        read = read_reply(json.dumps(reply))
        why = checks[one["id"]].checked(read, sources_of(one)).reasons
        assert any("a figure" in reason for reason in why), one["id"]
