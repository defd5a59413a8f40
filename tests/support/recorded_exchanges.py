"""Replies that a capable model wrote to real prompts, and a server that plays them.

``tests/evals/exchanges`` holds what prompts were made of, and what a model that saw
nothing but the prompt wrote. A prompt is known by the sum of its messages: with another
template, or other rules, it is another one.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from langchain_core.messages import BaseMessage

from bot.answering.enquiry import Enquiry
from bot.answering.programmes.naming import names_of
from bot.answering.writing.checks.contrast import Encode
from bot.answering.writing.models.reply import read_reply
from bot.answering.writing.models.reply_check import ReplyCheck
from bot.answering.writing.models.sentence_check import SentenceCheck
from bot.answering.writing.models.sources import Source, numbered_sources
from bot.answering.writing.prompts import Prompt, load_prompt
from bot.conversations.ports import Author, Turn
from bot.phrases import languages
from tests.support.catalogues import chunks_of
from tests.support.openai_server import OpenAIServer, Wire, refuses, writes
from tests.support.sections import enquiry

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "tests" / "evals" / "exchanges"
ROLES = {"human": "user"}
Exchange = Mapping[str, Any]


def recorded() -> list[Exchange]:
    """Every exchange, with the texts of its ``sources``."""
    texts = json.loads((FOLDER / "sources.json").read_text("utf-8"))
    lines = (FOLDER / "exchanges.jsonl").read_text("utf-8").splitlines()
    found = map(json.loads, lines)
    return [
        {**one, "sources": [texts[number] for number in one["sources"]]}
        for one in found
    ]


def sources_of(exchange: Exchange) -> list[Source]:
    return [Source(text=text) for text in exchange["sources"]]


def read_as(exchange: Exchange) -> Enquiry:
    """The message as it was read."""
    *earlier, text = exchange["contact"]
    romanised = exchange["language"] if "-" in exchange["language"] else None
    return enquiry(
        text=text,
        language="en" if romanised else exchange["language"],
        romanised=romanised,
        earlier=[Turn(Author.CONTACT, one) for one in earlier],
    )


def prompted(exchange: Exchange, prompt: Prompt) -> str:
    """The sum of the prompt that its parts make today."""
    messages = prompt.template.format_messages(
        sources=numbered_sources(sources_of(exchange)), **exchange["values"]
    )
    return _sum([(_role(one), one.text) for one in messages])


def sentences_with(
    exchange: Exchange, change: Callable[[str, str], str | None]
) -> list[Exchange]:
    """The exchange once for each sentence that ``change`` changes, and that alone."""
    language = exchange["language"].partition("-")[0]
    found: list[Exchange] = []
    for place, one in enumerate(exchange["reply"]["sentences"]):
        changed = change(one["text"], language)
        if changed is not None and changed != one["text"]:
            said = list(exchange["reply"]["sentences"])
            said[place] = {**one, "text": changed}
            found.append(
                {**exchange, "reply": {**exchange["reply"], "sentences": said}}
            )
    return found


def check_of(exchange: Exchange, encode: Encode) -> ReplyCheck:
    """What checks replies to its message."""
    return ReplyCheck(
        SentenceCheck(
            read_as(exchange),
            languages=languages(),
            rules=load_prompt("answer").rules,
            encode=encode,
            names=_names(),
        )
    )


def reasons(exchange: Exchange, encode: Encode) -> tuple[str, ...]:
    """Why sentences of its reply may not go out."""
    reply = read_reply(json.dumps(exchange["reply"]))
    return check_of(exchange, encode).checked(reply, sources_of(exchange)).reasons


class RecordedModel(OpenAIServer):
    """Replies to the prompts that were recorded; ``unknown`` counts the others."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        super().__init__(self._play)
        self.unknown = 0
        self._replies = {one["prompt"]: one["reply"] for one in exchanges}

    def _play(self, wire: Wire) -> Response:
        reply = self._replies.get(_sum(self.told(-1)))
        if reply is None:
            self.unknown += 1
            return refuses(404)(wire)
        return writes(json.dumps(reply, ensure_ascii=False))(wire)


@cache
def _names() -> frozenset[str]:
    return names_of(chunks_of(PROJECT / "knowledge"))


def _role(message: BaseMessage) -> str:
    return ROLES.get(message.type, message.type)


def _sum(messages: Sequence[tuple[str, str]]) -> str:
    whole = json.dumps([list(one) for one in messages], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
