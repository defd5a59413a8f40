"""A question on its way through the chain, and what is known of it so far."""

from dataclasses import dataclass

from bot.answering.evidence import calibration
from bot.answering.offers import is_refusal
from bot.answering.replies import clarify_choices
from bot.answering.retriever import Passage
from bot.answering.understanding import Intent, intent_of
from bot.conversations.ports import Author, Turn

LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """Every step of the chain adds to it."""

    question: str
    earlier: tuple[Turn, ...]
    language: str
    intent: Intent | None = None
    passages: tuple[Passage, ...] = ()
    generation: str | None = None
    confidence: float = 0.0

    @property
    def contact_texts(self) -> tuple[str, ...]:
        """What the contact asked before and the bot did not refuse.

        Greetings and the like say nothing, and what the documents do not hold would
        only lead away from what they do.
        """
        kept: list[str] = []
        open_questions: list[str] = []
        for turn in self.earlier:
            if turn.author is not Author.CONTACT:
                kept += [] if is_refusal(turn) else open_questions
                open_questions = []
            elif intent_of(turn.text) is None:
                open_questions.append(turn.text[:LONGEST_QUESTION])
        return (*kept, *open_questions)

    @property
    def needs_documents(self) -> bool:
        """Whether to look it up; to everything else there are fixed words.

        "Tell me more" is looked up if there is something before it.
        """
        return self.intent is None or (
            self.intent is Intent.VAGUE and bool(self.contact_texts)
        )

    @property
    def answerable(self) -> bool:
        """Whether the documents are likely enough to hold the answer."""
        return self.confidence >= calibration().threshold

    @property
    def choices(self) -> tuple[str, ...]:
        """What to ask back; nobody is asked twice."""
        if self.contact_texts:
            return ()
        return clarify_choices(self.question, self.passages, answerable=self.answerable)
