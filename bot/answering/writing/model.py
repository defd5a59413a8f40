"""The model that reads the evidence and revises the decision; checked first."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.writing.grounding import checked
from bot.answering.writing.model_stream import ModelStream
from bot.answering.writing.prompts import load_prompt, quoted
from bot.config import Settings
from bot.conversations.ports import Outcome
from bot.errors import ModelError
from bot.logs import get_logger

EARLIER_TURNS = 6
SHOWN_TO_MODEL = 8

log = get_logger()


class ModelReader:
    """A model that answers from the nearest sections, within limits."""

    def __init__(
        self, settings: Settings, *, organisation: str, languages: Sequence[str]
    ) -> None:
        self.name = settings.bot_model
        self._organisation = organisation
        self._languages = languages
        self._prompt = load_prompt("answer")
        self._stream = ModelStream(settings, prompt=self._prompt)

    async def revise(
        self, decision: Decision, enquiry: Enquiry, found: Sequence[Found]
    ) -> Decision:
        """The decision as the model would have it; the code's where it fails.

        It is asked where there is something to read. What it writes has to rest on the
        sections it was given (``grounding.checked``); what does not is not shown.
        """
        chunks = _to_read(found)
        if decision.outcome is Outcome.NO_ANSWER or not chunks:
            return decision
        try:
            text, cited = await self._answer(enquiry, chunks)
        except ModelError as error:
            log.warning("model_answer_refused", reason=str(error))
            return decision
        return replace(
            decision,
            outcome=Outcome.ANSWER,
            reason=Reasoned.MODEL,
            text=text,
            sections=tuple(chunks[place] for place in cited),
            choices=(),
            shown=(),
            notes=(),
            words=decision.words if decision.sections else None,
            answerer="model",
            model=self.name,
            prompt_version=self._prompt.version,
        )

    async def _answer(
        self, enquiry: Enquiry, chunks: Sequence[Chunk]
    ) -> tuple[str, tuple[int, ...]]:
        """A text without its markers, and the places in ``chunks`` that it cites.

        Raises:
            ModelError: the model failed, was too slow, or wrote what the chunks do not
                hold; the text says which, without the model's words.
        """
        sources = [chunk.searchable for chunk in chunks]
        passages = (f"[{n}] {quoted(text)}" for n, text in enumerate(sources, start=1))
        # A line a turn: nobody can write what looks like a turn of somebody else.
        turns = (
            f"{turn.author}: {quoted(' '.join(turn.text.split()))}"
            for turn in enquiry.earlier[-EARLIER_TURNS:]
        )
        written = await self._stream.write(
            {
                "organisation": self._organisation,
                "language": enquiry.language,
                "passages": "\n\n".join(passages),
                "earlier": "\n".join(turns) or "-",
                "question": quoted(enquiry.picked or enquiry.text),
            }
        )
        return checked(
            written, sources, language=enquiry.language, languages=self._languages
        )


def model_reader(
    settings: Settings, *, organisation: str, languages: Sequence[str]
) -> ModelReader | None:
    """The model that ``BOT_MODEL`` names, or None.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    if not settings.bot_model:
        return None
    return ModelReader(settings, organisation=organisation, languages=languages)


def _to_read(found: Sequence[Found]) -> list[Chunk]:
    """The nearest sections of all questions, each once."""
    share = SHOWN_TO_MODEL // max(1, len(found))
    chunks = (hit.chunk for one in found for hit in one.hits[:share])
    return list(dict.fromkeys(chunks))
