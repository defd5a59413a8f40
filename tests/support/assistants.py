"""Assistants for tests of what happens around an answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bot.conversations.ports import (
    Answer,
    Citation,
    Outcome,
    Provenance,
    Purse,
    Tell,
    Tokens,
    Turn,
)


def answer(
    text: str = "Six weeks.",
    *,
    outcome: Outcome = Outcome.ANSWER,
    reason: str | None = None,
    language: str = "en",
) -> Answer:
    """An answer with one citation, where it is one."""
    cited = Citation(title="Courses", source="faq/courses.md", url="https://e.org/c")
    return Answer(
        text=text,
        outcome=outcome,
        confidence=0.9,
        provenance=Provenance(
            answerer="sections", language=language, generation="20261124T080000-1"
        ),
        citations=(cited,) if outcome is Outcome.ANSWER else (),
        handoff_reason=reason,
    )


class ScriptedAssistant:
    """Says what ``reply`` makes of a question, and remembers what it was asked.

    ``takes`` are the tokens of a model that it asks where somebody pays for it, and
    ``paid`` is how often somebody has.
    """

    def __init__(
        self,
        reply: Callable[[str], Answer] | None = None,
        *,
        takes: Tokens | None = None,
    ) -> None:
        self.reply = reply or (lambda question: answer(f"About: {question}"))
        self.takes = takes
        self.paid = 0
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []
        self.facts: list[Mapping[str, str] | None] = []

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Mapping[str, str] | None = None,
        tell: Tell | None = None,
        purse: Purse | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(earlier)))
        self.facts.append(facts)
        if self.takes and purse and await purse.allows():
            await purse.pay(self.takes)
            self.paid += 1
        return self.reply(question)

    async def heed(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer | None:
        found = self.reply(question)
        return found if found.outcome is Outcome.HANDOFF else None


class TellingAssistant(ScriptedAssistant):
    """Tells how its reply begins, then thinks until it is let go.

    ``waited_for`` says whether anybody read it.
    """

    def __init__(self, *beginnings: str) -> None:
        super().__init__(lambda _: answer(f"{beginnings[-1]} The rest."))
        self.beginnings = beginnings
        self.told = asyncio.Event()
        self.released = asyncio.Event()
        self.waited_for: list[bool] = []

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Mapping[str, str] | None = None,
        tell: Tell | None = None,
        purse: Purse | None = None,
    ) -> Answer:
        for text in self.beginnings if tell else ():
            assert tell is not None
            self.waited_for.append(await tell(text, language="en"))
        self.told.set()
        await self.released.wait()
        if tell:
            self.waited_for.append(await tell("Later.", language="en"))
        return await super().answer(question, earlier=earlier, language=language)


class HeldAssistant(ScriptedAssistant):
    """Thinks until it is let go: something can happen meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.thinking = asyncio.Event()
        self.released = asyncio.Event()

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Mapping[str, str] | None = None,
        tell: Tell | None = None,
        purse: Purse | None = None,
    ) -> Answer:
        self.thinking.set()
        await self.released.wait()
        return await super().answer(
            question, earlier=earlier, language=language, facts=facts, purse=purse
        )
