"""A model's reply is read as it is asked for, and tolerantly where it is not."""

import json

import pytest

from bot.answering.writing.models.reply import (
    SCHEMA,
    ModelOutcome,
    ModelReply,
    Said,
    read_reply,
)
from bot.errors import ModelError

WRITTEN = {
    "outcome": "answer",
    "sentences": [{"text": "Six weeks.", "sources": [1]}],
    "search": "",
}
READ = ModelReply(
    outcome=ModelOutcome.ANSWER, sentences=[Said(text="Six weeks.", sources=[1])]
)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(WRITTEN),
        json.dumps(WRITTEN, indent=2),
        f"```json\n{json.dumps(WRITTEN)}\n```",
        f"Here is the reply:\n{json.dumps(WRITTEN)}",
        json.dumps(WRITTEN).removesuffix(', "search": ""}'),
    ],
    ids=["plain", "indented", "fenced", "introduced", "broken off"],
)
def test_an_object_is_read_however_it_is_wrapped(text: str) -> None:
    assert read_reply(text) == READ


def test_plain_text_is_read_by_its_markers() -> None:
    reply = read_reply("It takes six weeks [1]. Part-time, that is. [1][2]")
    assert reply.outcome is ModelOutcome.ANSWER
    assert reply.sentences == [
        Said(text="It takes six weeks.", sources=[1]),
        Said(text="Part-time, that is.", sources=[1, 2]),
    ]


def test_what_stands_behind_the_last_marker_rests_on_nothing() -> None:
    *_, last = read_reply("It takes six weeks [1]. And it is free!").sentences
    assert last == Said(text="And it is free!", sources=[])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        '{"outcome": "fly"}',
        '{"outcome": "answer", "sentences": "Six weeks."}',
        '{"outcome": "answer", "tool": "rm"}',
        '{"sentences": []}',
        "{]",
        json.dumps(WRITTEN | {"sentences": WRITTEN["sentences"] * 30}),  # type: ignore[operator]
    ],
)
def test_anything_else_is_no_reply(text: str) -> None:
    with pytest.raises(ModelError, match=r"^(empty|not in the shape)"):
        read_reply(text)


def test_the_schema_names_what_is_read() -> None:
    schema = SCHEMA["schema"]
    assert set(schema["properties"]) == set(ModelReply.model_fields)
    assert schema["required"] == list(ModelReply.model_fields)
    sentence = schema["properties"]["sentences"]["items"]
    assert set(sentence["properties"]) == set(Said.model_fields)
    assert schema["properties"]["outcome"]["enum"] == [
        one.value for one in ModelOutcome
    ]


@pytest.mark.parametrize(
    "written",
    ["NOT_KNOWN", " not_known.\n", "**NOT_KNOWN**", "NOT KNOWN", "NOT_KNOWN: no idea."],
)
def test_plain_text_may_say_that_nothing_is_known(written: str) -> None:
    reply = read_reply(written)
    assert (reply.outcome, reply.sentences) == (ModelOutcome.NOT_KNOWN, [])


def test_what_is_known_instead_needs_its_source() -> None:
    reply = read_reply("NOT_KNOWN. Canada has a permit. [2] Peru may, too.")
    assert reply.outcome is ModelOutcome.NOT_KNOWN
    assert [one.text for one in reply.sentences] == ["Canada has a permit."]


def test_a_text_that_only_holds_the_words_is_an_answer() -> None:
    assert read_reply("It is not known yet. [1]").outcome is ModelOutcome.ANSWER
