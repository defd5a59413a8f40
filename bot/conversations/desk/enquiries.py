"""An enquiry as figures see it: how it began, what came of it, and how fast."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversations.ports import Author, Outcome

# Who has been silent for so long after an answer may have got what they wanted.
SILENT = timedelta(hours=24)


@dataclass(slots=True, kw_only=True)
class Enquiry:
    """A conversation, put together message by message; ``topic`` is a document."""

    began_at: datetime
    language: str
    channel: str
    country: str
    topic: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    handed_over_at: datetime | None = None
    person_at: datetime | None = None
    last_at: datetime | None = None
    last_outcome: Outcome | None = None
    last_author: Author | None = None
    helped: bool = False
    failed: bool = False

    def heard(
        self,
        author: Author,
        at: datetime,
        outcome: Outcome | None,
        helpful: bool | None,  # noqa: FBT001  a row's columns, in their order
        sections: list[str] | None,
    ) -> None:
        """The next message of it."""
        self.last_at, self.last_author = at, author
        if author is Author.CONTACT:
            self.asked_at = self.asked_at or at
        if author is Author.STAFF and self.handed_over_at:
            self.person_at = self.person_at or at
        if author is Author.BOT and outcome is not None:
            self.last_outcome = outcome
            if self.asked_at:
                self.answered_at = self.answered_at or at
            if outcome is Outcome.HANDOFF:
                self.handed_over_at = self.handed_over_at or at
        self.helped = self.helped or helpful is True
        self.failed = self.failed or helpful is False
        if sections and not self.topic:
            self.topic = str(sections[0]).split("#")[0]

    @property
    def first_answer_seconds(self) -> float | None:
        """From the first message to the first reply."""
        return _between(self.asked_at, self.answered_at)

    @property
    def person_seconds(self) -> float | None:
        """From the handoff to a person's first words."""
        return _between(self.handed_over_at, self.person_at)

    def resolution(self, now: datetime) -> str:
        """``confirmed`` by the contact, ``assumed`` of who left, or neither."""
        if self.helped and not self.failed:
            return "confirmed"
        left = self.last_at is not None and now - self.last_at >= SILENT
        told = self.last_author is Author.BOT and self.last_outcome is Outcome.ANSWER
        if told and left and not (self.failed or self.handed_over_at):
            return "assumed"
        return "neither"


def _between(first: datetime | None, then: datetime | None) -> float | None:
    return max(0.0, (then - first).total_seconds()) if first and then else None
