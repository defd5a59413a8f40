"""What the core asks of whoever helps staff to read and to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.conversations.ports import Answer, Purse, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A sentence that did not pass the check, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A draft of a reply: what stands in its sources, and what was left out."""

    answer: Answer
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Lines that a model wrote for staff; ``doubts`` say what to look at, in words."""

    lines: tuple[str, ...]
    model: str
    prompt_version: str
    doubts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


class StaffHelp(Protocol):
    """A language model that helps staff; nothing of it reaches a contact by itself.

    ``drafts``, ``translates`` and ``summarises`` say what it may be asked for. What it
    cannot do in time raises ``ModelError``, and what a ``purse`` does not pay for
    ``OverBudgetError``; None counts nothing.
    """

    drafts: bool
    translates: bool
    summarises: bool

    async def draft(
        self,
        question: str,
        *,
        earlier: Sequence[Turn],
        language: str | None,
        facts: Mapping[str, str] | None,
        purse: Purse | None = None,
    ) -> Drafted | None:
        """A reply to ``question`` from the documents; None where it asks nothing.

        The arguments are those of ``Assistant.answer``.
        """
        ...

    async def translate(
        self, text: str, *, into: str, purse: Purse | None = None
    ) -> Written:
        """A message in another language (ISO 639-1)."""
        ...

    async def summarise(
        self, turns: Sequence[Turn], *, purse: Purse | None = None
    ) -> Written:
        """What staff have to know of a conversation, in a few lines."""
        ...

    def is_foreign(self, text: str, *, known: str | None) -> bool:
        """Whether staff may not read it; ``known`` is the conversation's language."""
        ...
