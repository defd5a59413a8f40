"""Looks over a language model's shoulder: its calls, their times, their errors."""

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.outputs import LLMResult
from langchain_core.runnables import RunnableLambda

from bot.conversations.ports import Answer, Assistant

LONGEST_ERROR = 200
REFUSED_KEY = {401, 403}
# What the provider says of these is about the request, and holds no key.
ABOUT_THE_REQUEST = {400, 404, 422}


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of a model; ``first_seconds`` is None where nothing came."""

    told: str
    began: float
    first_seconds: float | None = None
    written: str = ""
    ended: bool = False
    reports_tokens: bool = False
    error: str = ""


class ModelWatch(AsyncCallbackHandler):
    """Hears of every call that an assistant makes of a model of LangChain's."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def ask(self, assistant: Assistant, question: str) -> Answer:
        """What is answered, while this listens."""

        async def answer(text: str) -> Answer:
            return await assistant.answer(text)

        asked: RunnableLambda[str, Answer] = RunnableLambda(answer)
        return await asked.ainvoke(question, {"callbacks": [self]})

    async def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        **_: Any,  # noqa: ANN401  LangChain's signature, as below
    ) -> None:
        del serialized
        self.calls.append(Call(told=messages[0][-1].text, began=perf_counter()))

    async def on_llm_new_token(self, token: object, **_: Any) -> None:  # noqa: ANN401
        call = self.calls[-1]
        if token and call.first_seconds is None:
            call.first_seconds = perf_counter() - call.began

    async def on_llm_end(self, response: LLMResult, **_: Any) -> None:  # noqa: ANN401
        call, made = self.calls[-1], response.generations[0][0]
        call.written, call.ended = made.text, True
        message = getattr(made, "message", None)
        call.reports_tokens = bool(getattr(message, "usage_metadata", None))

    async def on_llm_error(self, error: BaseException, **_: Any) -> None:  # noqa: ANN401
        if not isinstance(error, asyncio.CancelledError):
            self.calls[-1].error = explained(error)


def explained(error: BaseException) -> str:
    """What a provider's error means for whoever set it up; never a key."""
    status = getattr(error, "status_code", None)
    if status in REFUSED_KEY:
        return f"the key is refused ({status}); set the right one for this provider"
    if status in ABOUT_THE_REQUEST:
        return f"the request is refused ({status}): {_plain(str(error))}"
    if status == 429:  # noqa: PLR2004  too many requests
        return "too many requests, or no credit left (429); see your account there"
    if isinstance(status, int):
        return f"the provider fails ({status}); try again later"
    if "connect" in type(error).__name__.lower():
        return "the connection fails; does it run, and is BOT_MODEL_URL right?"
    return f"failed with {type(error).__name__}; the protocol may be another one"


def _plain(text: str) -> str:
    """One line of printable characters, not too long."""
    words = "".join(c if c.isprintable() else " " for c in text).split()
    return " ".join(words)[:LONGEST_ERROR]
