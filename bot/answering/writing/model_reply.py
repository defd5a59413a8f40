"""What a model replies: an outcome, and sentences with the sources they rest on.

Asked for as JSON, by a schema where the provider keeps to one; read tolerantly, since
others wrap it in words, break it off, or write plain text with markers like [1]. In
plain text ``NOT_KNOWN`` at the beginning says that the sources do not hold it.
"""

import json
import re
from enum import StrEnum
from typing import Any

from langchain_core.utils.json import parse_json_markdown
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


class ModelReply(BaseModel):
    """``search`` is what to look for where the sources do not suffice."""

    model_config = ConfigDict(extra="forbid")

    outcome: ModelOutcome
    sentences: list[Said] = Field(default_factory=list, max_length=MOST_SENTENCES)
    search: str = ""


# For providers that keep to a schema: strict ones want every field required.
SCHEMA: dict[str, Any] = {
    "name": "reply",
    "strict": True,
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["outcome", "sentences", "search"],
        "properties": {
            "outcome": {"type": "string", "enum": [one.value for one in ModelOutcome]},
            "sentences": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["text", "sources"],
                    "properties": {
                        "text": {"type": "string"},
                        "sources": {"type": "array", "items": {"type": "integer"}},
                    },
                },
            },
            "search": {"type": "string"},
        },
    },
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
