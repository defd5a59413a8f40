"""What a language model writes, read as a stream within limits of time and length."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser

from bot.answering.writing.grounding import LONGEST
from bot.answering.writing.prompts import Prompt
from bot.config import Settings
from bot.errors import ModelError, SettingsError


class ModelStream:
    """The configured model behind one prompt."""

    def __init__(self, settings: Settings, *, prompt: Prompt) -> None:
        self._first = settings.bot_model_first_token_seconds
        self._stall = settings.bot_model_stall_seconds
        self._total = settings.bot_model_total_seconds
        self._chain = prompt.template | _model(settings) | StrOutputParser()

    async def write(self, values: dict[str, str]) -> str:
        """Everything the model wrote.

        Raises:
            ModelError: it failed, was too slow, or did not end.
        """
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
