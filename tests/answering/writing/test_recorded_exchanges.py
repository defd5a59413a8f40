"""Replies of a capable model to real prompts: the check lets good ones through.

``tests/evals/exchanges`` holds what a model that saw nothing but the prompt wrote, to
messages of conversations and enquiries in many languages; ``again`` is what it wrote
when its reply was sent back, or when it was given what it looked for.
"""

import json
from pathlib import Path
from typing import Any

from bot.answering.encoding.encoder import Encoder
from bot.answering.programmes.naming import names_of
from bot.answering.writing.model_check import ReplyCheck
from bot.answering.writing.model_reply import ModelOutcome, read_reply
from bot.answering.writing.model_sources import Source
from bot.answering.writing.prompts import load_prompt
from bot.conversations.ports import Author, Turn
from bot.phrases import languages
from tests.conftest import PROJECT
from tests.support.catalogues import chunks_of
from tests.support.sections import enquiry

FOLDER = Path(__file__).parents[2] / "evals" / "exchanges"
SOURCES = json.loads((FOLDER / "sources.json").read_text("utf-8"))
EXCHANGES = [
    json.loads(line)
    for line in (FOLDER / "exchanges.jsonl").read_text("utf-8").splitlines()
]
NAMES = names_of(chunks_of(PROJECT / "knowledge"))
ENCODE = Encoder().passages
PROMPT = load_prompt("answer")
# What the prompt was when they were recorded; with another one they are stale.
RECORDED_WITH = "answer-2"


def reasons(exchange: dict[str, Any]) -> tuple[str, ...]:
    """Why sentences of the first reply may not go out."""
    reply = read_reply(json.dumps(exchange["reply"]))
    *earlier, text = exchange["contact"]
    romanised = exchange["language"] if "-" in exchange["language"] else None
    language = "en" if romanised else exchange["language"]
    read = enquiry(
        text=text,
        language=language,
        romanised=romanised,
        earlier=[Turn(Author.CONTACT, one) for one in earlier],
    )
    sources = [Source(text=SOURCES[number]) for number in exchange["sources"]]
    check = ReplyCheck(
        read, languages=languages(), rules=PROMPT.rules, encode=ENCODE, names=NAMES
    )
    return check.checked(reply, sources).reasons


def test_they_were_recorded_with_this_prompt() -> None:
    assert PROMPT.version == RECORDED_WITH, "record the exchanges anew"


def test_there_are_many_in_many_languages() -> None:
    assert len(EXCHANGES) >= 170
    assert len({one["language"] for one in EXCHANGES}) >= 8
    assert len({one["id"] for one in EXCHANGES}) == len(EXCHANGES)


def test_few_replies_of_a_capable_model_are_sent_back() -> None:
    sent_back = {one["id"]: reasons(one) for one in EXCHANGES}
    told = {number: why for number, why in sent_back.items() if why}
    assert len(told) <= 0.05 * len(EXCHANGES), told


def test_no_reply_with_another_figure_is_let_through() -> None:
    answers = [
        one for one in EXCHANGES if one["reply"]["outcome"] == ModelOutcome.ANSWER
    ]
    assert len(answers) > 100
    for one in answers:
        first, *others = one["reply"]["sentences"]
        changed = {**first, "text": f"{first['text']} (79,431 €)"}
        reply = {**one["reply"], "sentences": [changed, *others]}
        why = reasons({**one, "reply": reply})
        assert any("a figure" in reason for reason in why), one["id"]
