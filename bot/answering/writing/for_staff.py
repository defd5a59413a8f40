"""What a model writes for staff to read: translations, and summaries at a handoff."""

import asyncio
from collections.abc import Iterator, Sequence

from bot.answering.understanding.languages import name_of
from bot.answering.writing.grounding import unfounded
from bot.answering.writing.models.stream import ModelStreams
from bot.answering.writing.models.tokens import metered
from bot.answering.writing.prompts import Prompt, load_prompt, quoted
from bot.answering.writing.sameness import differences
from bot.config import Settings
from bot.conversations.ports import Author, Purse, Turn
from bot.conversations.staff_help import Written
from bot.errors import ModelError
from bot.logs import get_logger
from bot.masking import hidden, masked
from bot.organisation import Organisation

# So many lines of a summary are shown, none longer than this.
MOST_LINES, LONGEST_LINE = 4, 400
# So much of a conversation is summed up, its end.
LONGEST_READ = 12_000

log = get_logger()


class WriterForStaff:
    """A model that writes plain text for staff, checked by code.

    Its failures do not count against the model that answers contacts.
    """

    def __init__(self, settings: Settings, organisation: Organisation) -> None:
        self._languages = organisation.languages
        self._total = settings.bot_model_total_seconds
        self._sees_all = settings.bot_model_sees_personal_data
        self._streams = ModelStreams(settings)
        self._translation = load_prompt("translation")
        self._summary = load_prompt("summary")

    @property
    def own_language(self) -> str:
        """The language that staff read."""
        return self._languages[0]

    async def translate(
        self, text: str, *, into: str, purse: Purse | None = None
    ) -> Written:
        """A message in another language, with what to compare.

        Personal data are put back where the model has kept their marks.

        Raises:
            ModelError: the model failed, or was too slow.
            OverBudgetError: the purse does not pay for it.
        """
        bare = hidden("" if self._sees_all else text)
        written, model = await self._write(
            self._translation,
            purse=purse,
            language=_named(into),
            text=quoted(text if self._sees_all else bare.text),
        )
        whole = bare.put_back(written)
        return Written(
            lines=tuple(whole.splitlines()),
            doubts=differences(text, whole, into=into, languages=self._languages),
            model=model,
            prompt_version=self._translation.version,
        )

    async def summarise(
        self, turns: Sequence[Turn], *, purse: Purse | None = None
    ) -> Written:
        """A few lines on a conversation; those with what it does not hold left out.

        Raises:
            ModelError: the model failed, was too slow, or no line is left.
            OverBudgetError: the purse does not pay for it.
        """
        own = self.own_language
        written, model = await self._write(
            self._summary,
            purse=purse,
            language=_named(own),
            earlier=self._told(turns),
        )
        lines = [line.strip().removeprefix("- ") for line in written.splitlines()]
        said = [line for line in lines if line]
        kept = [one for one in said if self._holds(one, turns)][:MOST_LINES]
        log.info("summary_written", lines=len(kept), dropped=len(said) - len(kept))
        if not kept:
            raise ModelError("no line of it is held by the conversation")
        return Written(
            lines=tuple(kept), model=model, prompt_version=self._summary.version
        )

    async def _write(
        self, prompt: Prompt, *, purse: Purse | None, **values: str
    ) -> tuple[str, str]:
        messages = prompt.template.format_messages(**values)
        try:
            async with metered(purse) as meter, asyncio.timeout(self._total):
                written, model = await self._streams.write(messages, meter=meter)
        except TimeoutError as error:
            raise ModelError("too slow") from error
        if not written.strip():
            raise ModelError("empty")
        return written.strip(), model

    def _told(self, turns: Sequence[Turn]) -> str:
        """A line a turn: nobody can write what looks like a turn of somebody else."""
        return "\n".join(list(self._newest(turns))[::-1])

    def _newest(self, turns: Sequence[Turn]) -> Iterator[str]:
        room = LONGEST_READ
        for turn in reversed(turns):
            text = " ".join(turn.text.split())
            line = f"{turn.author}: {quoted(text if self._sees_all else masked(text))}"
            room -= len(line)
            if room < 0:
                yield f"{line[:room]} …"
                return
            yield line

    def _holds(self, line: str, turns: Sequence[Turn]) -> bool:
        """Whether the conversation holds the figures, months and links of a line."""
        said = [turn.text for turn in turns if turn.author is Author.CONTACT]
        wrong = unfounded(
            line,
            [turn.text for turn in turns],
            said="\n".join(said),
            language=self.own_language,
            languages=self._languages,
        )
        return wrong is None and len(line) <= LONGEST_LINE


def _named(language: str) -> str:
    return f"{name_of(language, spoken='en')} ({language})"
