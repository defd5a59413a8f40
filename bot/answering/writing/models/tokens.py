"""How many tokens a model read and wrote for one reply."""

from asyncio import CancelledError
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self

from langchain_core.messages import AIMessageChunk, BaseMessage

from bot.conversations.ports import Purse, Tokens
from bot.errors import OverBudgetError

BYTES_A_TOKEN = 4


class TokenMeter:
    """Adds up the calls that one reply took, also those that came to nothing."""

    def __init__(self) -> None:
        self._calls: list[CallTokens] = []

    def call(self, messages: Sequence[BaseMessage]) -> "CallTokens":
        """One more call, which counts from now on."""
        self._calls.append(CallTokens(messages))
        return self._calls[-1]

    @property
    def tokens(self) -> Tokens | None:
        """All of them; None where no model took any."""
        counts = [call.tokens for call in self._calls]
        read = sum(one.read for one in counts)
        written = sum(one.written for one in counts)
        return Tokens(read=read, written=written) if read or written else None


class CallTokens:
    """The tokens of one call: what the provider reports of them, else an estimate.

    The estimate, for providers that report nothing and for streams that end before
    they do, is a token for every four bytes of text. That is near the truth for
    English and on the dear side for most, so that no budget is evaded by silence. A
    call that was refused before it began costs nothing.
    """

    def __init__(self, messages: Sequence[BaseMessage]) -> None:
        self._told = sum(len(message.text.encode()) for message in messages)
        self._bytes = self._read = self._written = 0
        self._reported = self._ended = self._refused = False

    def hear(self, chunk: AIMessageChunk) -> None:
        """A piece of the stream, with what it reports.

        A report that counts what was read once more counts all that was written, too;
        another one adds to those before it.
        """
        self._bytes += len(chunk.text.encode())
        usage = chunk.usage_metadata
        if usage is None:
            return
        self._reported = True
        if usage["input_tokens"]:
            self._read, self._written = usage["input_tokens"], 0
        self._written += usage["output_tokens"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """It came to its end, was given up, or failed, perhaps before it began."""
        self._ended = kind is None
        given_up = kind is None or issubclass(kind, TimeoutError | CancelledError)
        self._refused = not (given_up or self._bytes or self._reported)

    @property
    def tokens(self) -> Tokens:
        """What it took up to now."""
        if self._refused:
            return Tokens(read=0, written=0)
        if self._ended and self._reported:
            return Tokens(read=self._read, written=self._written)
        return Tokens(
            read=self._read or _estimate(self._told),
            written=max(self._written, _estimate(self._bytes)),
        )


@asynccontextmanager
async def metered(purse: Purse | None) -> AsyncIterator[TokenMeter]:
    """A meter of calls that a purse pays for, whatever comes of them.

    Raises:
        OverBudgetError: the purse does not allow them.
    """
    if purse and not await purse.allows():
        raise OverBudgetError
    meter = TokenMeter()
    try:
        yield meter
    finally:
        if purse and meter.tokens:
            await purse.pay(meter.tokens)


def _estimate(count: int) -> int:
    return -(-count // BYTES_A_TOKEN)
