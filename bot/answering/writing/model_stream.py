"""What language models write, read as a stream within limits of time and length."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol, cast

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from bot.answering.writing.model_tokens import CallTokens, TokenMeter
from bot.config import Settings
from bot.errors import ModelError, SettingsError
from bot.logs import get_logger

# Characters; a reply of ninety words in JSON has some 1,500.
LONGEST = 8000
# After so many failures in a row a model is left alone for a while.
MOST_FAILURES = 3
# Providers whose models write JSON by a schema when they are asked in this way.
STRICT = {"openai", "azure_openai"}
# Providers that report tokens of a stream when they are asked to, and with which codes
# a server says that it does not know what it is asked.
ASKED_FOR_USAGE = {"openai", "azure_openai"}
NOT_KNOWN = {400, 422}

log = get_logger()


class Listener(Protocol):
    """Hears what a model has written so far; ``told`` is what was made of it."""

    @property
    def told(self) -> Sequence[object]: ...

    def begin(self, model: str) -> None:
        """Somebody starts to write."""
        ...

    async def hear(self, written: str) -> None:
        """More was written."""
        ...


class _Unheard:
    told = ()

    def begin(self, model: str) -> None:
        """Nobody asks who."""

    async def hear(self, written: str) -> None:
        """Nobody reads along."""


UNHEARD = _Unheard()


class ModelStreams:
    """The configured model, and the one in reserve.

    A model that failed several times in a row is left alone for a while. Each is asked
    for JSON by a ``schema`` where it keeps to one; None where plain text is wanted.
    """

    def __init__(
        self, settings: Settings, *, schema: Mapping[str, Any] | None = None
    ) -> None:
        names = [
            ("BOT_MODEL", settings.bot_model, settings.bot_model_url),
            ("BOT_MODEL_FALLBACK", settings.bot_model_fallback, ""),
        ]
        self._streams = [
            _ModelStream(settings, name, _model(setting, name, url, schema))
            for setting, name, url in names
            if name
        ]

    async def write(
        self,
        messages: Sequence[BaseMessage],
        *,
        meter: TokenMeter,
        listener: Listener = UNHEARD,
    ) -> tuple[str, str]:
        """Everything that the first model wrote that could, and its name.

        Where something of it was told before it failed, no other one is asked.

        ``meter`` hears of every call.

        Raises:
            ModelError: none could; the text says why the last one did not.
        """
        problem = ModelError("left alone after several failures")
        for stream in self._streams:
            if stream.rests:
                continue
            listener.begin(stream.name)
            try:
                return await stream.write(messages, meter, listener), stream.name
            except ModelError as error:
                log.warning("model_failed", model=stream.name, reason=str(error))
                problem = error
                if listener.told:
                    break
        raise problem


class _ModelStream:
    """One model, and how it has been doing."""

    def __init__(self, settings: Settings, name: str, model: Any) -> None:  # noqa: ANN401  a runnable of LangChain's, bound or not
        self.name = name
        self._first = settings.bot_model_first_token_seconds
        self._stall = settings.bot_model_stall_seconds
        self._failures = 0
        self._pause = settings.bot_model_pause_seconds
        self._rests_until = 0.0
        self._model = model
        self._asks_usage = name.partition(":")[0] in ASKED_FOR_USAGE

    @property
    def rests(self) -> bool:
        """Whether it is left alone."""
        return time.monotonic() < self._rests_until

    async def write(
        self, messages: Sequence[BaseMessage], meter: TokenMeter, listener: Listener
    ) -> str:
        """Everything the model wrote.

        Raises:
            ModelError: it failed, was too slow, or did not end.
        """
        try:
            written = await self._asked(messages, meter, listener)
        except asyncio.CancelledError:
            self._failed("too slow")  # for the time that there is for all of it
            raise
        except TimeoutError as error:
            raise self._failed("too slow") from error
        except ModelError as error:
            raise self._failed(str(error)) from error
        except Exception as error:  # providers have no common error class
            raise self._failed(f"failed: {type(error).__name__}") from error
        self._failures = 0
        return written

    def _failed(self, reason: str) -> ModelError:
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self._failures = 0
            self._rests_until = time.monotonic() + self._pause
            log.warning("model_rests", model=self.name, seconds=self._pause)
        return ModelError(reason)

    async def _asked(
        self, messages: Sequence[BaseMessage], meter: TokenMeter, listener: Listener
    ) -> str:
        """What it wrote; asked again where the server knows no count of tokens."""
        try:
            return await self._collect(messages, meter.call(messages), listener)
        except Exception as error:
            unknown = getattr(error, "status_code", None) in NOT_KNOWN
            if not (unknown and self._asks_usage):
                raise
        call = meter.call(messages)
        written = await self._collect(messages, call, listener, usage=False)
        self._asks_usage = False
        return written

    async def _collect(
        self,
        messages: Sequence[BaseMessage],
        call: CallTokens,
        listener: Listener,
        *,
        usage: bool = True,
    ) -> str:
        text = ""
        asked = {"stream_usage": True} if usage and self._asks_usage else {}
        # LangChain calls it an iterator; it is a generator that can be closed.
        stream = cast(
            "AsyncGenerator[AIMessageChunk]",
            self._model.astream(list(messages), **asked),
        )
        with call:
            async with aclosing(stream):
                async for chunk in _with_patience(stream, self._first, self._stall):
                    call.hear(chunk)
                    text += chunk.text
                    if len(text) > LONGEST:
                        raise ModelError("endless")
                    await listener.hear(text)
        return text


def _model(
    setting: str, written: str, url: str, schema: Mapping[str, Any] | None
) -> Any:  # noqa: ANN401  a runnable of LangChain's, bound or not
    provider, colon, name = written.partition(":")
    if not (provider and colon and name):
        raise SettingsError(f"{setting} must look like provider:name, as openai:gpt-5")
    options: dict[str, Any] = {"temperature": 0, "max_retries": 0}
    if url:
        options["base_url"] = url
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:  # each provider has its own for a missing key
        raise SettingsError(f"{setting}: {written}: {error}") from error
    # Servers that only speak OpenAI's protocol do not all know schemas.
    if schema and provider in STRICT and not url:
        return model.bind(
            response_format={"type": "json_schema", "json_schema": dict(schema)}
        )
    return model


async def _with_patience(
    stream: AsyncIterator[AIMessageChunk], first: float, later: float
) -> AsyncIterator[AIMessageChunk]:
    """The pieces of a stream; ``TimeoutError`` when one takes too long to come."""
    patience = first
    while True:
        try:
            async with asyncio.timeout(patience):
                piece = await anext(stream)
        except StopAsyncIteration:
            return
        if piece.text:
            patience = later
        yield piece
