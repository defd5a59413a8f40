"""What the core gets from its neighbours: channels bring, assistants answer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol


class Author(StrEnum):
    """Who wrote a message."""

    CONTACT = "contact"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class OptOut(StrEnum):
    """What a contact wants of messages, as the channel itself has understood it."""

    STOP = "stop"
    START = "start"


class Outcome(StrEnum):
    """What came of a question."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    NO_ANSWER = "no_answer"
    HANDOFF = "handoff"


class OwnData(StrEnum):
    """What a contact wants of what is kept of them, as the reason of an answer."""

    ERASE = "own_data_erase"
    COPY = "own_data_copy"
    LEAVE = "own_data_leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A message as it arrived on a channel.

    ``sender`` is the string to reply to, untouched; ``external_id`` is the channel's
    own id of the message; ``raw`` is everything the channel brought; ``network`` is a
    name of the network that it came from, where many addresses could be one person's.
    ``opt_out`` is what the channel has understood of a wish for no messages, or some.
    """

    channel: str
    sender: str
    external_id: str
    text: str
    external_user_id: str | None = None
    media_count: int = 0
    answered_elsewhere: bool = False
    opt_out: OptOut | None = None
    network: str | None = None
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A message as the assistant sees it, with what is remembered of a bot's.

    ``choices`` are what it offered to be asked next; ``outcome`` is what came of the
    question; ``sections`` are those it told (``path#heading``), best first;
    ``language`` is the one it was written in.
    """

    author: Author
    text: str
    choices: tuple[str, ...] = ()
    outcome: Outcome | None = None
    sections: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where an answer comes from.

    ``source`` is the path under ``knowledge/``; ``page`` the number of the page, where
    the document has pages; ``as_of`` the first day of the oldest figure's date, or
    the day the document was last verified.
    """

    title: str
    source: str
    page: int | None = None
    url: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """How many tokens a language model read and wrote."""

    read: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How an answer came about: kept with every message of the bot.

    ``answerer`` is ``sections``, ``model``, ``programmes``, ``organisation``, ``fixed``
    or ``emergency``; ``generation`` names the index the evidence was found in;
    ``reason`` is why it was decided so; ``sections`` are those that were told
    (``path#heading``), best first; ``tokens`` are those that models took for it, also
    where the reply came about without them in the end.
    """

    answerer: str
    language: str
    generation: str | None = None
    reason: str | None = None
    sections: tuple[str, ...] = ()
    model: str | None = None
    prompt_version: str | None = None
    tokens: Tokens | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the assistant replies.

    ``confidence`` is the probability (0 to 1) that the sections found answer the
    question, for every outcome; ``handoff_reason`` is set when the outcome is a
    handoff; ``is_greeting`` when the reply only returns a greeting; ``understood`` is
    what the contact said of their plans, by name, with None for what they take back;
    ``choices`` is what is offered to be asked next, in the order shown, each as the
    contact would ask it.
    """

    text: str
    outcome: Outcome
    confidence: float
    provenance: Provenance
    citations: tuple[Citation, ...] = ()
    handoff_reason: str | None = None
    is_greeting: bool = False
    understood: Mapping[str, str | None] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    @property
    def as_turn(self) -> Turn:
        """The reply as what comes next sees it."""
        return Turn(
            author=Author.BOT,
            text=self.text,
            choices=self.choices,
            outcome=self.outcome,
            sections=self.provenance.sections,
            language=self.provenance.language,
        )

    @property
    def kept(self) -> dict[str, object]:
        """What is stored with the reply besides its text and outcome, as JSON."""
        citations = [
            {**asdict(cited), "as_of": cited.as_of and cited.as_of.isoformat()}
            for cited in self.citations
        ]
        return {
            **asdict(self.provenance),
            "sections": list(self.provenance.sections),
            "confidence": self.confidence,
            "citations": citations,
            "choices": list(self.choices),
        }


class Tell(Protocol):
    """Hears how a reply begins while it is still being made, longer each time."""

    async def __call__(self, text: str, *, language: str) -> bool:
        """Whether anybody still waits for it."""
        ...


class Purse(Protocol):
    """What pays for language models, on somebody's behalf."""

    async def allows(self) -> bool:
        """Whether a model may be asked now."""
        ...

    async def pay(self, tokens: Tokens) -> None:
        """Count what models took, whatever came of it."""
        ...


class Assistant(Protocol):
    """What replies to a contact."""

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
        """Answer ``question``; ``earlier`` holds the turns before it, oldest first.

        ``language`` is the conversation's, when known (ISO 639-1); ``facts`` what is
        remembered of the contact's plans, None where nothing is kept; ``tell`` hears
        how the answer begins, as far as it will not change any more. ``purse`` pays
        for models, and without its leave none is asked; None counts nothing.
        """
        ...

    async def heed(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer | None:
        """A handoff that ``question`` asks for; None where it asks for none.

        Nothing is looked up and no model is asked; the arguments are those above.
        """
        ...
