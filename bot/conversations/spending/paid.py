"""Whoever asks models, always paid for by the same accounts."""

from collections.abc import Mapping, Sequence

from bot.conversations.ports import Answer, Assistant, Purse, Tell, Turn
from bot.conversations.staff_help import Drafted, StaffHelp, Written


class PaidAssistant:
    """Answers as another assistant does, and pays where nobody else is to."""

    def __init__(self, assistant: Assistant, purse: Purse) -> None:
        self._assistant = assistant
        self._purse = purse

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
        """See ``Assistant``."""
        return await self._assistant.answer(
            question,
            earlier=earlier,
            language=language,
            facts=facts,
            tell=tell,
            purse=purse or self._purse,
        )

    async def heed(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer | None:
        """See ``Assistant``; no model is asked."""
        return await self._assistant.heed(question, earlier=earlier, language=language)


class PaidHelp:
    """Helps staff as another does, and pays where nobody else is to."""

    def __init__(
        self, help_: StaffHelp, *, draft: Purse, translation: Purse, summary: Purse
    ) -> None:
        self.drafts = help_.drafts
        self.translates = help_.translates
        self.summarises = help_.summarises
        self._help = help_
        self._draft = draft
        self._translation = translation
        self._summary = summary

    async def draft(
        self,
        question: str,
        *,
        earlier: Sequence[Turn],
        language: str | None,
        facts: Mapping[str, str] | None,
        purse: Purse | None = None,
    ) -> Drafted | None:
        """See ``StaffHelp``."""
        return await self._help.draft(
            question,
            earlier=earlier,
            language=language,
            facts=facts,
            purse=purse or self._draft,
        )

    async def translate(
        self, text: str, *, into: str, purse: Purse | None = None
    ) -> Written:
        """See ``StaffHelp``."""
        return await self._help.translate(
            text, into=into, purse=purse or self._translation
        )

    async def summarise(
        self, turns: Sequence[Turn], *, purse: Purse | None = None
    ) -> Written:
        """See ``StaffHelp``."""
        return await self._help.summarise(turns, purse=purse or self._summary)

    def is_foreign(self, text: str, *, known: str | None) -> bool:
        """See ``StaffHelp``."""
        return self._help.is_foreign(text, known=known)
