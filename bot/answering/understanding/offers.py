"""What was offered to be asked next, and what a message picks of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.retrieval.lexical import terms
from bot.answering.understanding.folding import folded
from bot.answering.understanding.words import is_no, is_yes, number_said
from bot.conversations.ports import Author, Outcome, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a message makes of an offer: the choice that it picks, or a yes or a no."""

    picked: str | None = None
    accepts_person: bool = False
    refuses_person: bool = False
    declines: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether the message is a reply to an offer and nothing else."""
        return bool(self.picked or self.refuses_person or self.declines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the bot's last message offered: questions, and perhaps a person."""

    choices: tuple[str, ...] = ()
    person: bool = False

    def reply(self, text: str) -> Reply:
        """What a message makes of it."""
        alone = self.person and not self.choices
        return Reply(
            picked=self.picked(text),
            accepts_person=alone and is_yes(text),
            refuses_person=alone and is_no(text),
            declines=bool(self.choices) and is_no(text),
        )

    def picked(self, text: str) -> str | None:
        """The choice that a message picks: tapped, by its number, or by its words."""
        tapped = [one for one in self.choices if folded(one) == folded(text)]
        if tapped:
            return tapped[0]
        number = number_said(text, among=len(self.choices))
        if number is not None:
            return self.choices[number - 1]
        if len(self.choices) == 1 and is_yes(text):
            return self.choices[0]
        return self._named(text)

    def _named(self, text: str) -> str | None:
        """The one choice that has all the words of a message."""
        said = set(terms(text))
        having = [one for one in self.choices if said and said <= set(terms(one))]
        return having[0] if len(having) == 1 else None


def offered_in(earlier: Sequence[Turn]) -> Offered:
    """What stands open after some turns; nothing once staff have written."""
    last = earlier[-1] if earlier else None
    if last is None or last.author is not Author.BOT:
        return Offered()
    return Offered(
        choices=last.choices,
        person=last.outcome in {Outcome.NO_ANSWER, Outcome.CLARIFY},
    )


def numbered(choices: Iterable[str]) -> list[str]:
    """Choices as a list that can be answered by number."""
    return [f"{number}. {choice}" for number, choice in enumerate(choices, start=1)]
