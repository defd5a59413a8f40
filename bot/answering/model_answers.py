"""Answers that a language model writes from the passages, checked before they count."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser

from bot.answering.chunks import Chunk
from bot.answering.grounding import LONGEST, checked
from bot.answering.prompts import load_prompt, quoted
from bot.config import Settings
from bot.conversations.ports import Turn
from bot.errors import ModelError, SettingsError

EARLIER_TURNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What a model wrote, checked; ``cited`` are places in the chunks it was given."""

    text: str
    cited: tuple[int, ...]
    model: str
    prompt_version: str


class ModelAnswerer:
    """A model that writes answers, within limits of time and truth."""

    def __init__(self, settings: Settings, *, organisation: str) -> None:
        self.name = settings.bot_model
        self._organisation = organisation
        self._first = settings.bot_model_first_token_seconds
        self._stall = settings.bot_model_stall_seconds
        self._total = settings.bot_model_total_seconds
        self._prompt = load_prompt("answer")
        self._chain = self._prompt.template | _model(settings) | StrOutputParser()

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn],
        chunks: Sequence[Chunk],
        language: str,
    ) -> ModelReply:
        """A reply that rests on ``chunks``.

        Raises:
            ModelError: the model failed, was too slow, or wrote what the chunks do not
                hold; the text says which, without the model's words.
        """
        sources = [chunk.searchable for chunk in chunks]
        passages = (f"[{n}] {quoted(text)}" for n, text in enumerate(sources, start=1))
        # A line a turn: nobody can write what looks like a turn of somebody else.
        turns = (
            f"{turn.author}: {quoted(' '.join(turn.text.split()))}"
            for turn in earlier[-EARLIER_TURNS:]
        )
        written = await self._write(
            {
                "organisation": self._organisation,
                "language": language,
                "passages": "\n\n".join(passages),
                "earlier": "\n".join(turns) or "-",
                "question": quoted(question),
            }
        )
        text, cited = checked(written, sources)
        return ModelReply(
            text=text,
            cited=cited,
            model=self.name,
            prompt_version=self._prompt.version,
        )

    async def _write(self, values: dict[str, str]) -> str:
        try:
            async with asyncio.timeout(self._total):
                # LangChain calls it an iterator; it is a generator that can be closed.
                stream = cast("AsyncGenerator[str]", self._chain.astream(values))
                return await self._collect(stream)
        except TimeoutError as error:
            raise ModelError("too slow") from error
        except ModelError:
            raise
        except Exception as error:  # providers have no common error class
            raise ModelError(f"failed: {type(error).__name__}") from error

    async def _collect(self, stream: AsyncGenerator[str]) -> str:
        text = ""
        async with aclosing(stream):
            async for piece in _with_patience(stream, self._first, self._stall):
                text += piece
                if len(text) > LONGEST:
                    raise ModelError("endless")
        return text


def model_answerer(settings: Settings, *, organisation: str) -> ModelAnswerer | None:
    """The model that ``BOT_MODEL`` names, or None.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    if not settings.bot_model:
        return None
    return ModelAnswerer(settings, organisation=organisation)


def _model(settings: Settings) -> BaseChatModel:
    provider, colon, name = settings.bot_model.partition(":")
    if not (provider and colon and name):
        raise SettingsError("BOT_MODEL must look like provider:name, as openai:gpt-5")
    options: dict[str, Any] = {"temperature": 0, "max_retries": 0}
    if settings.bot_model_url:
        options["base_url"] = settings.bot_model_url
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:  # each provider has its own for a missing key
        raise SettingsError(f"BOT_MODEL: {settings.bot_model}: {error}") from error
    return model


async def _with_patience(
    stream: AsyncIterator[str], first: float, later: float
) -> AsyncIterator[str]:
    """The pieces of a stream; ``TimeoutError`` when one takes too long to come."""
    patience = first
    while True:
        try:
            async with asyncio.timeout(patience):
                piece = await anext(stream)
        except StopAsyncIteration:
            return
        if piece:
            patience = later
        yield piece
