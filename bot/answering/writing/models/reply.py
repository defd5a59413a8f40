"""What a model replies: an outcome, and sentences with the sources they rest on.

Asked for as JSON, by a schema where the provider keeps to one; read tolerantly, since
others wrap it in words, break it off, or write plain text with markers like [1]. In
plain text ``NOT_KNOWN`` at the beginning says that the sources do not hold it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from langchain_core.utils.json import parse_json_markdown, parse_partial_json
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ModelError

MARKER = re.compile(r"\s*\[(\d{1,2})\]")
# A piece of plain text up to its markers, and the mark of its end behind them.
CITED = re.compile(
    r"(?P<text>.*?)(?P<markers>(?:\s*\[\d{1,2}\])+)(?P<end>[.!?。！？]*)", re.DOTALL
)
OBJECT = re.compile(r"\{.*", re.DOTALL)
UNKNOWN = re.compile(r"\W*not[_ ]known\b[\s.:*_\"']*", re.IGNORECASE)
MOST_SENTENCES = 20


class ModelOutcome(StrEnum):
    """What a model may say that becomes of a message; the code decides."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    HAND_OVER = "hand_over"
    CALL_BACK = "call_back"
    NOT_KNOWN = "not_known"
    SMALL_TALK = "small_talk"
    DISTRESS = "distress"
    SEARCH = "search"


class Said(BaseModel):
    """A sentence, and the numbers of the sources that it rests on."""

    model_config = ConfigDict(extra="forbid")

    text: str
    sources: list[int] = Field(default_factory=list)


class Filters(BaseModel):
    """What programmes are to be like, as a model puts it; limits are the most.

    Names are words of any kind, read as those of a contact are; None leaves it open.
    """

    model_config = ConfigDict(extra="forbid")

    subject: str | None = None
    country: str | None = None
    mode: str | None = None
    level: str | None = None
    language: str | None = None
    most_weeks: float | None = None
    most_hours: float | None = None
    most_fee: float | None = None
    currency: str | None = None
    free: bool | None = None
    credit: bool | None = None
    no_degree: bool | None = None
    sort: str | None = None

    @property
    def set(self) -> dict[str, str | float | bool]:
        """Those that say something."""
        return {name: value for name, value in self.model_dump().items() if value}


class ModelReply(BaseModel):
    """``search`` or ``programmes`` say what to look for, where sources do not do."""

    model_config = ConfigDict(extra="forbid")

    outcome: ModelOutcome
    sentences: list[Said] = Field(default_factory=list, max_length=MOST_SENTENCES)
    search: str = ""
    programmes: Filters | None = None


def _strict(properties: dict[str, Any]) -> dict[str, Any]:
    """An object of which every field is required, as providers that are strict want."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


SENTENCE = _strict(
    {
        "text": {"type": "string"},
        "sources": {"type": "array", "items": {"type": "integer"}},
    }
)
KINDS: dict[object, str] = {
    str | None: "string",
    float | None: "number",
    bool | None: "boolean",
}
FILTERS = _strict(
    {
        name: {"type": [KINDS[field.annotation], "null"]}
        for name, field in Filters.model_fields.items()
    }
)
# For providers that keep to a schema.
SCHEMA: dict[str, Any] = {
    "name": "reply",
    "strict": True,
    "schema": _strict(
        {
            "outcome": {"type": "string", "enum": [one.value for one in ModelOutcome]},
            "sentences": {"type": "array", "items": SENTENCE},
            "search": {"type": "string"},
            "programmes": {"anyOf": [FILTERS, {"type": "null"}]},
        }
    ),
}


def read_reply(written: str) -> ModelReply:
    """The reply in what a model wrote.

    Raises:
        ModelError: there is none; the text says why, without the model's words.
    """
    if not written.strip():
        raise ModelError("empty")
    found = OBJECT.search(written)
    try:
        if found is None:
            return _in_plain_text(written)
        return ModelReply.model_validate(parse_json_markdown(found[0]))
    except (json.JSONDecodeError, ValidationError, ValueError, TypeError) as error:
        raise ModelError("not in the shape that was asked for") from error


def _in_plain_text(text: str) -> ModelReply:
    unknown = UNKNOWN.match(text)
    if unknown is None:
        return ModelReply(outcome=ModelOutcome.ANSWER, sentences=_cited(text))
    instead = [one for one in _cited(text[unknown.end() :]) if one.sources]
    return ModelReply(outcome=ModelOutcome.NOT_KNOWN, sentences=instead)


def begun(written: str) -> list[Said]:
    """The sentences that are complete in a reply that is still being written.

    None while it is not known to be an answer.
    """
    found = OBJECT.search(written)
    if found is None:
        answers = _in_plain_text(written).outcome is ModelOutcome.ANSWER
        return _cited(written)[:-1] if answers else []
    try:
        parts = parse_partial_json(found[0])
        if parts.get("outcome") != ModelOutcome.ANSWER:
            return []
        sentences = parts.get("sentences", [])
        over = "search" in parts or "programmes" in parts
        complete = over or _is_closed(sentences[-1:], found[0])
        said = sentences if complete else sentences[:-1]
        return [Said.model_validate(one) for one in said]
    except (json.JSONDecodeError, ValidationError, AttributeError, TypeError):
        return []


def _is_closed(last: Sequence[Mapping[str, object]], written: str) -> bool:
    """Whether the last sentence is whole: a brace within its words closes nothing."""
    ends = written.rstrip(" \n,]").endswith("}")
    return ends and [list(one) for one in last] == [list(Said.model_fields)]


def _cited(text: str) -> list[Said]:
    """Plain text by its markers; what stands behind the last one rests on nothing."""
    found, end = [], 0
    for match in CITED.finditer(text):
        words = f"{match['text'].strip()}{match['end']}"
        sources = [int(number) for number in MARKER.findall(match["markers"])]
        found.append(Said(text=words, sources=sources))
        end = match.end()
    rest = text[end:].strip()
    return [*found, Said(text=rest)] if rest else found
