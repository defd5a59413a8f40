"""What was said before a message: by the contact, by the bot, and what stands open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.answering.understanding.folding import shortened
from bot.answering.understanding.offers import Offered, offered_in
from bot.answering.understanding.plans import known_with, understood_in
from bot.conversations.ports import Author, Turn

# So many messages before one are read together with it, and so much of each.
TOGETHER, LONGEST_BEFORE = 2, 160
# Which section is known by a question, as ``path#heading``.
SectionAskedBy = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A conversation up to a message.

    ``said`` are the contact's messages, oldest first, a pick standing for what was
    picked; ``told`` the sections that the bot told last and ``told_before`` earlier
    ones; ``offered`` what stands open and ``offered_sections`` the sections behind it;
    ``language`` that of the bot's last words.
    """

    said: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    told_before: frozenset[str] = frozenset()
    offered: Offered = field(default_factory=Offered)
    offered_sections: tuple[str, ...] = ()
    language: str | None = None

    @property
    def known(self) -> dict[str, str]:
        """What the contact said of their plans."""
        known: dict[str, str] = {}
        for text in self.said:
            known = known_with(known, understood_in(text))
        return known


def together(said: Sequence[str], text: str) -> str:
    """A message behind the last ones before it, as the encoder learned to read them."""
    before = " / ".join(one[-LONGEST_BEFORE:] for one in said[-TOGETHER:])
    return f"{before} >> {text}" if before else text


def past_of(earlier: Sequence[Turn], section_asked_by: SectionAskedBy) -> Past:
    """What some turns leave to know, oldest first."""
    told = [turn.sections for turn in reversed(earlier) if turn.sections]
    spoken = [turn.language for turn in reversed(earlier) if turn.language]
    offered = offered_in(earlier)
    names = (section_asked_by(choice) for choice in offered.choices)
    return Past(
        said=_said_by_contact(earlier),
        told=told[0] if told else (),
        told_before=frozenset(name for names in told[1:] for name in names),
        offered=offered,
        offered_sections=tuple(name for name in names if name),
        language=spoken[0] if spoken else None,
    )


def _said_by_contact(earlier: Sequence[Turn]) -> tuple[str, ...]:
    said: list[str] = []
    for place, turn in enumerate(earlier):
        if turn.author is Author.CONTACT:
            text = shortened(turn.text)
            said.append(offered_in(earlier[:place]).picked(text) or text)
    return tuple(said)
