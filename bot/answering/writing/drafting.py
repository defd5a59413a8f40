"""Asks a model for texts of a catalogue; what fails a check is asked for once more."""

import asyncio
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.utils.json import parse_json_markdown
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.writing.models.stream import ModelStreams
from bot.answering.writing.models.tokens import TokenMeter
from bot.answering.writing.prompts import Prompt, load_prompt, quoted
from bot.config import Settings
from bot.conversations.ports import Tokens
from bot.errors import ModelError, SettingsError

MOST_TEXTS = 10
NO_SHAPE = "it is not the JSON object that was asked for"
SCHEMA: dict[str, Any] = {
    "name": "draft",
    "strict": True,
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["texts"],
        "properties": {"texts": {"type": "array", "items": {"type": "string"}}},
    },
}


class Kind(StrEnum):
    """What may be drafted, by its name in a catalogue."""

    ASKS = "asks"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The texts that may be kept, and why others may not."""

    kept: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Texts(BaseModel):
    """What a model replies."""

    model_config = ConfigDict(extra="forbid")

    texts: list[str] = Field(min_length=1, max_length=MOST_TEXTS)


Judge = Callable[[Sequence[str]], Judged]


class Drafter:
    """The configured model, as it writes for a catalogue.

    ``model`` is the name of the one that replied last.

    Raises:
        SettingsError: there is none, or it cannot be used as written or installed.
    """

    def __init__(self, settings: Settings) -> None:
        if not settings.bot_model:
            raise SettingsError(
                "there is no model to draft with; set BOT_MODEL=provider:name, such as "
                "openai:gpt-5-mini, and the key that it needs (docs/models.md)"
            )
        self.model = ""
        self._meter = TokenMeter()
        self._streams = ModelStreams(settings, schema=SCHEMA)
        self._longest = settings.bot_model_total_seconds
        self._prompts = {kind: load_prompt(f"draft_{kind}") for kind in Kind}

    @property
    def tokens(self) -> Tokens | None:
        """How much was read and written so far; None where nothing was."""
        return self._meter.tokens

    async def write(self, kind: Kind, judge: Judge, **values: str) -> Judged:
        """The texts that a judge lets pass, and why others did not.

        Raises:
            ModelError: the model failed or was too slow.
        """
        prompt = self._prompts[kind]
        said = _beginning(prompt, values)
        first = await self._said(said, judge)
        if not first.reasons:
            return first
        reasons = quoted("\n".join(f"- {reason}" for reason in first.reasons))
        said.append(HumanMessage(prompt.later["again"].format(reasons=reasons)))
        try:
            second = await self._said(said, judge)
        except ModelError:
            if not first.kept:
                raise
            return first
        return max(first, second, key=_how_good)

    async def _said(self, said: list[BaseMessage], judge: Judge) -> Judged:
        try:
            async with asyncio.timeout(self._longest):
                written, self.model = await self._streams.write(said, meter=self._meter)
        except TimeoutError as error:
            raise ModelError("too slow") from error
        said.append(AIMessage(written))
        texts = _read(written)
        return Judged(reasons=(NO_SHAPE,)) if texts is None else judge(texts)


def _beginning(prompt: Prompt, values: Mapping[str, str]) -> list[BaseMessage]:
    fenced = {name: quoted(value) for name, value in values.items()}
    return prompt.template.format_messages(**fenced)


def _how_good(judged: Judged) -> tuple[int, int]:
    return len(judged.kept), -len(judged.reasons)


def _read(written: str) -> list[str] | None:
    """The texts in a reply; None where it has not the shape that was asked for."""
    _, brace, rest = written.partition("{")
    try:
        found = Texts.model_validate(parse_json_markdown(brace + rest))
    except (json.JSONDecodeError, ValidationError, ValueError, TypeError):
        return None
    return [_plain(text) for text in found.texts]


def _plain(text: str) -> str:
    """A text of lines, without what cannot be seen; letters may be joined, or not."""
    lines = text.strip().splitlines()
    kept = (" ".join("".join(filter(_is_shown, line)).split()) for line in lines)
    return "\n".join(line for line in kept if line)


def _is_shown(character: str) -> bool:
    joins = character in "\u200c\u200d"
    return joins or character.isspace() or unicodedata.category(character)[0] != "C"
