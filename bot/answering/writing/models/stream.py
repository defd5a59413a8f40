"""What language models write, read as a stream within limits of time and length."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol

from langchain_core.messages import AIMessageChunk, BaseMessage

from bot.answering.writing.models.providers import ProviderModel, provider_model
from bot.answering.writing.models.tokens import TokenMeter
from bot.config import Settings
from bot.errors import ModelError
from bot.logs import get_logger

# Characters; a reply of ninety words in JSON has some 1,500.
LONGEST = 8000
# After so many failures in a row a model is left alone for a while.
MOST_FAILURES = 3
# With these codes a server says that it does not know what it is asked.
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
            _ModelStream(
                settings,
                name,
                # A small one writes plain text better than JSON.
                provider_model(
                    setting,
                    name,
                    url=url,
                    schema=None if settings.bot_model_small else schema,
                ),
            )
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

    def __init__(self, settings: Settings, name: str, model: ProviderModel) -> None:
        self.name = name
        self._first = settings.bot_model_first_token_seconds
        self._stall = settings.bot_model_stall_seconds
        self._total = settings.bot_model_total_seconds
        self._failures = 0
        self._pause = settings.bot_model_pause_seconds
        self._rests_until = 0.0
        self._model = model
        self._plainly = not model.asked

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
        """What it wrote; asked plainly where the server does not know what is asked."""
        if not self._plainly:
            try:
                return await self._collect(messages, meter, listener, plainly=False)
            except Exception as error:
                if getattr(error, "status_code", None) not in NOT_KNOWN:
                    raise
        written = await self._collect(messages, meter, listener, plainly=True)
        self._plainly = True
        return written

    async def _collect(
        self,
        messages: Sequence[BaseMessage],
        meter: TokenMeter,
        listener: Listener,
        *,
        plainly: bool,
    ) -> str:
        text, end = "", time.monotonic() + self._total
        stream = self._model.stream(messages, plainly=plainly)
        with meter.call(messages) as call:
            async with aclosing(stream):
                async for chunk in _with_patience(stream, self._first, self._stall):
                    call.hear(chunk)
                    text += chunk.text
                    if len(text) > LONGEST:
                        raise ModelError("endless")
                    # A cancellation at the moment of a piece can be lost on its way.
                    if time.monotonic() > end:
                        raise TimeoutError
                    await listener.hear(text)
        return text


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
