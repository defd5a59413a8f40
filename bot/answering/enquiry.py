"""A question on its way through the chain, and what is known of it so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.answering.completing import completed
from bot.answering.evidence import calibration, confidence
from bot.answering.fact_rules import DESTINATION
from bot.answering.facts import Facts, destinations_in, known_after, understood_in
from bot.answering.history import asked_before
from bot.answering.languages import unlike_scripts
from bot.answering.lexical import terms
from bot.answering.passages import RECENT, Passage, Query
from bot.answering.questions import asks_something, is_personal
from bot.answering.refining import continued_wish
from bot.answering.remarks import about_any_country
from bot.answering.replies import clarify_choices
from bot.answering.understanding import Intent
from bot.conversations.ports import Author, Turn

# A message of so few terms may go on with what is remembered, of which these help.
FEW_TERMS = 2
# Where the document is known, so much of the evidence is enough.
KNOWN_PLACE = 0.6
COMPLETING = ("destination", "level", "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """Every step of the chain adds to it.

    ``searched`` is what the passages were found for; ``translated`` is the question in
    the documents' language, ``focus`` the sentence of a long message that the documents
    answer; ``documents_language`` is set where the question was searched in another
    one; ``unheld`` are countries that it asks about and no passage does; ``nearby`` are
    the passages for the country that is remembered, which ``recalled`` names once they
    count; ``said`` is what an answer should not say again; ``rechecked`` says that the
    last answer was doubted; ``brief`` asks for one or two sentences; ``picked`` is what
    it picks of what was offered, of which its passages are then.
    """

    question: str
    earlier: tuple[Turn, ...]
    language: str
    facts: Facts = field(default_factory=dict)
    intent: Intent | None = None
    searched: Query | None = None
    passages: tuple[Passage, ...] = ()
    unheld: tuple[str, ...] = ()
    nearby: tuple[Passage, ...] = ()
    recalled: Facts = field(default_factory=dict)
    generation: str | None = None
    confidence: float = 0.0
    translated: str | None = None
    focus: str | None = None
    documents_language: str | None = None
    said: str = ""
    rechecked: bool = False
    brief: bool = False
    picked: str | None = None

    @property
    def contact_texts(self) -> tuple[str, ...]:
        """What the contact asked before."""
        return asked_before(self.earlier)

    @property
    def missing(self) -> Facts:
        """What is known of the contact's plans and a message leaves out.

        It counts only where the message says too little to be searched for.
        """
        if self.picked or len(set(terms(self.question))) > FEW_TERMS:
            return {}
        said = set(understood_in(self.question))
        if about_any_country(self.question):
            said.add(DESTINATION)
        if "subject" in known_after(self.contact_texts[-RECENT:]):
            # The search has it from there, and does not lose the rest of the message.
            said.add("subject")
        return {
            name: self.facts[name]
            for name in COMPLETING
            if name in self.facts and name not in said
        }

    @property
    def begun(self) -> str:
        """The word or two just before, to which a country or a subject is the rest."""
        last = (self.contact_texts or ("",))[-1]
        few = len(set(terms(self.question))) <= FEW_TERMS
        told = any(understood_in(self.question).values())
        rest = few and told and not self.picked
        return last if rest and len(last.split()) <= FEW_TERMS else ""

    @property
    def asked(self) -> str:
        """The question, completed by what it leaves out."""
        said = self.translated or self.focus or self.question
        return " ".join((self.begun, said, *self.missing.values())).strip()

    def query(self, earlier: tuple[str, ...] | None = None) -> Query:
        """What to search for, after the contact's earlier messages.

        Of "how much is the second one" the search is for "how much", after the name of
        what is meant: else the name would drown what is asked about it.
        """
        before = self.contact_texts if earlier is None else earlier
        if self.picked is None or self.offered:
            return Query(text=self.asked, earlier=before)
        rest = self.besides_pick(self.asked)
        return Query(text=rest or self.asked, earlier=(*before, self.picked))

    def besides_pick(self, text: str) -> str:
        """A text without the name of what is picked in it."""
        if self.picked is None or self.offered:
            return text
        return " ".join(text.replace(self.picked, " ").split()).lstrip(" :")

    @property
    def remembered_country(self) -> str | None:
        """The destination that is known, where the question is not about others."""
        if self.picked or about_any_country(self.question):
            return None
        if destinations_in(self.asked):
            return None
        return self.facts.get(DESTINATION)

    @property
    def needs_documents(self) -> bool:
        """Whether to look it up; to everything else there are fixed words.

        "Tell me more" is looked up if there is something before it.
        """
        return self.intent is None or (
            self.intent is Intent.VAGUE and bool(self.contact_texts)
        )

    @property
    def said_before(self) -> str:
        """What the bot said so far."""
        turns = list(self.earlier)
        return "\n".join(t.text for t in turns if t.author is Author.BOT)

    @property
    def just_told(self) -> str:
        """What the bot said last."""
        told = (t.text for t in reversed(self.earlier) if t.author is Author.BOT)
        return next(told, "")

    def weighed(self) -> "Enquiry":
        """With the probability that its passages hold an answer."""
        return replace(self, confidence=confidence(self.passages))

    def narrowed(self) -> "Enquiry | None":
        """With the passages for the country that is remembered, if they answer it.

        None as well where no passage is about another country.
        """
        country = self.remembered_country
        if country is None or self.nearby == self.passages:
            return None
        near = replace(
            self, passages=self.nearby, recalled={DESTINATION: country}
        ).weighed()
        return near if near.answerable else None

    def continued(self) -> "Enquiry":
        """The last question once more, without what was said to it."""
        return replace(self.again(), said=self.said_before, rechecked=False)

    def again(self) -> "Enquiry":
        """The last question once more, as it was doubted."""
        *before, last = self.contact_texts or ("",)
        return replace(self._anew(last, before), rechecked=True)

    def completed(self) -> "Enquiry":
        """The question before, where the message only completes or mends it."""
        asks = self.intent in {None, Intent.VAGUE}
        before = self.contact_texts
        if not asks or not before or continued_wish(self.question, before):
            return self
        question = completed(self.question, before[-1])
        return self._anew(question, before[:-1]) if question else self

    def _anew(self, question: str, before: Sequence[str]) -> "Enquiry":
        return replace(
            self,
            question=question,
            intent=None,
            earlier=tuple(Turn(Author.CONTACT, text) for text in before),
        )

    @property
    def only_tells(self) -> bool:
        """Whether it tells of plans without asking anything."""
        if not any(understood_in(self.question).values()):
            return False
        short = len(set(terms(self.question))) <= FEW_TERMS
        return (short or is_personal(self.question)) and not asks_something(
            self.question
        )

    @property
    def unreadable(self) -> bool:
        """Whether the search could not have understood the question."""
        return (
            self.documents_language is not None
            and self.translated is None
            and unlike_scripts(self.question, self.passages)
        )

    @property
    def answerable(self) -> bool:
        """Whether the documents are likely enough to hold the answer.

        To a question that was offered they hold it, and of what is picked it is known
        where they would.
        """
        least = (KNOWN_PLACE if self.picked else 1) * calibration().threshold
        return self.offered or self.confidence >= least

    @property
    def offered(self) -> bool:
        """Whether it is a question that was offered, and nothing else."""
        return self.picked == self.question

    @property
    def choices(self) -> tuple[str, ...]:
        """What to ask back; nobody is asked twice."""
        if self.contact_texts or self.picked:
            return ()
        return clarify_choices(self.asked, self.passages, answerable=self.answerable)
