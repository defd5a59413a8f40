"""Replies of a capable model to real prompts, and the check that they go through."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry
from bot.answering.programmes.naming import names_of
from bot.answering.writing.model_check import ReplyCheck
from bot.answering.writing.model_reply import read_reply
from bot.answering.writing.model_sources import Source
from bot.answering.writing.prompts import load_prompt
from bot.conversations.ports import Author, Turn
from bot.phrases import languages
from tests.support.catalogues import chunks_of
from tests.support.sections import enquiry

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "tests" / "evals" / "exchanges"
PROMPT = load_prompt("answer")


@cache
def exchanges() -> list[dict[str, Any]]:
    """All of them, each a message with its sources and what the model wrote."""
    lines = (FOLDER / "exchanges.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def sentences_with(
    exchange: dict[str, Any], change: Callable[[str, str], str | None]
) -> list[dict[str, Any]]:
    """The exchange once for each sentence that ``change`` changes, and that alone."""
    language = exchange["language"].partition("-")[0]
    found = []
    for place, one in enumerate(exchange["reply"]["sentences"]):
        changed = change(one["text"], language)
        if changed is not None and changed != one["text"]:
            said = list(exchange["reply"]["sentences"])
            said[place] = {**one, "text": changed}
            found.append(
                {**exchange, "reply": {**exchange["reply"], "sentences": said}}
            )
    return found


def reasons(exchange: dict[str, Any]) -> tuple[str, ...]:
    """Why sentences of the first reply may not go out."""
    sources = [Source(text=_sources()[number]) for number in exchange["sources"]]
    check = ReplyCheck(
        _read(exchange),
        languages=languages(),
        rules=PROMPT.rules,
        encode=_encoder().passages,
        names=_names(),
    )
    return check.checked(read_reply(json.dumps(exchange["reply"])), sources).reasons


def _read(exchange: dict[str, Any]) -> Enquiry:
    *earlier, text = exchange["contact"]
    romanised = exchange["language"] if "-" in exchange["language"] else None
    return enquiry(
        text=text,
        language="en" if romanised else exchange["language"],
        romanised=romanised,
        earlier=[Turn(Author.CONTACT, one) for one in earlier],
    )


@cache
def _sources() -> list[str]:
    found: list[str] = json.loads((FOLDER / "sources.json").read_text("utf-8"))
    return found


@cache
def _encoder() -> Encoder:
    return Encoder()


@cache
def _names() -> frozenset[str]:
    return names_of(chunks_of(PROJECT / "knowledge"))
