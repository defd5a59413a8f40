"""Answers that a language model writes from the passages, checked before they count."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.chunks import Chunk
from bot.answering.grounding import checked, figures
from bot.answering.languages import spoken_in
from bot.answering.model_stream import ModelStream
from bot.answering.prompts import load_prompt, quoted
from bot.config import Settings
from bot.conversations.ports import Turn
from bot.errors import ModelError

EARLIER_TURNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What a model wrote, checked; ``cited`` are places in the chunks it was given."""

    text: str
    cited: tuple[int, ...]
    model: str
    prompt_version: str


class ModelAnswerer:
    """A model that writes answers, within limits of time and truth."""

    def __init__(self, settings: Settings, *, organisation: str) -> None:
        self.name = settings.bot_model
        self._organisation = organisation
        self._prompt = load_prompt("answer")
        self._stream = ModelStream(settings, prompt=self._prompt)

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn],
        chunks: Sequence[Chunk],
        language: str,
    ) -> ModelReply:
        """A reply that rests on ``chunks``.

        Raises:
            ModelError: the model failed, was too slow, or wrote what the chunks do not
                hold; the text says which, without the model's words.
        """
        sources = [chunk.searchable for chunk in chunks]
        passages = (f"[{n}] {quoted(text)}" for n, text in enumerate(sources, start=1))
        # A line a turn: nobody can write what looks like a turn of somebody else.
        turns = (
            f"{turn.author}: {quoted(' '.join(turn.text.split()))}"
            for turn in earlier[-EARLIER_TURNS:]
        )
        written = await self._stream.write(
            {
                "organisation": self._organisation,
                "language": language,
                "passages": "\n\n".join(passages),
                "earlier": "\n".join(turns) or "-",
                "question": quoted(question),
            }
        )
        text, cited = checked(written, sources, language=language)
        return ModelReply(
            text=text,
            cited=cited,
            model=self.name,
            prompt_version=self._prompt.version,
        )


class ModelTranslator:
    """Translates messages into the language of the documents, to search with them."""

    def __init__(self, settings: Settings) -> None:
        self._stream = ModelStream(settings, prompt=load_prompt("translate"))

    async def translate(self, question: str, *, language: str) -> str:
        """The message in another language, with the same figures.

        Raises:
            ModelError: the model failed, was too slow, or changed a figure.
        """
        text = await self._stream.write(
            {"language": language, "question": quoted(question)}
        )
        if not text.strip():
            raise ModelError("empty")
        asked = figures(question, spoken_in(question, known="en"))
        if figures(text, spoken_in(text, known=language)) != asked:
            raise ModelError("a figure that was not in the message")
        return text.strip()


def model_translator(settings: Settings) -> ModelTranslator | None:
    """A translator by the model that ``BOT_MODEL`` names, or None."""
    return ModelTranslator(settings) if settings.bot_model else None


def model_answerer(settings: Settings, *, organisation: str) -> ModelAnswerer | None:
    """The model that ``BOT_MODEL`` names, or None.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    if not settings.bot_model:
        return None
    return ModelAnswerer(settings, organisation=organisation)
