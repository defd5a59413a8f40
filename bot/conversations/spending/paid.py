"""An assistant whose models are always paid for by the same account."""

from collections.abc import Mapping, Sequence

from bot.conversations.ports import Answer, Assistant, Purse, Tell, Turn


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
