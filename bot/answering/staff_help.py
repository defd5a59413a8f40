"""A language model as the help of staff: drafts, translations, summaries."""

from collections.abc import Mapping, Sequence

from bot.answering.assistant import KnowledgeAssistant
from bot.answering.understanding.languages import is_foreign
from bot.answering.writing.for_staff import WriterForStaff
from bot.config import Settings
from bot.conversations.ports import Purse, Turn
from bot.conversations.staff_help import Drafted, Written
from bot.organisation import Organisation


class ModelHelp:
    """What the settings let the model do for staff; a ``StaffHelp`` of the core."""

    def __init__(
        self,
        settings: Settings,
        organisation: Organisation,
        *,
        assistant: KnowledgeAssistant,
    ) -> None:
        self.drafts = settings.bot_model_drafts
        self.translates = settings.bot_model_translations
        self.summarises = settings.bot_model_summaries
        self._assistant = assistant
        self._writer = WriterForStaff(settings, organisation)

    async def draft(
        self,
        question: str,
        *,
        earlier: Sequence[Turn],
        language: str | None,
        facts: Mapping[str, str] | None,
        purse: Purse | None = None,
    ) -> Drafted | None:
        """A reply from the documents; None where nothing is asked."""
        return await self._assistant.draft(
            question, earlier=earlier, language=language, facts=facts, purse=purse
        )

    async def translate(
        self, text: str, *, into: str, purse: Purse | None = None
    ) -> Written:
        """A message in another language, with what to compare."""
        return await self._writer.translate(text, into=into, purse=purse)

    async def summarise(
        self, turns: Sequence[Turn], *, purse: Purse | None = None
    ) -> Written:
        """What staff have to know of a conversation."""
        return await self._writer.summarise(turns, purse=purse)

    def is_foreign(self, text: str, *, known: str | None) -> bool:
        """Whether a message is likelier not in the language that staff read."""
        return is_foreign(text, own=self._writer.own_language, known=known)


def staff_help(
    settings: Settings,
    organisation: Organisation,
    *,
    assistant: KnowledgeAssistant,
) -> ModelHelp | None:
    """The help of the model that ``BOT_MODEL`` names, or None.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    if not settings.bot_model:
        return None
    return ModelHelp(settings, organisation, assistant=assistant)
