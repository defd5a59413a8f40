"""What a message means that picks one of the things that the bot has just offered."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.chunks import QUESTION_MARKS
from bot.answering.picking_forms import about_it, languages, unwanted
from bot.answering.understanding import uniform
from bot.conversations.ports import Author, Turn

LONGEST_WHOLE, LONGEST_WITHIN = 80, 300
# Emoji, the frames of keycaps, and the tones of skin.
DECORATION = frozenset({"So", "Me", "Sk"})
VARIATIONS = dict.fromkeys(range(0xFE00, 0xFE10), None)
LISTED = re.compile(r"- |\d+\. ")


@dataclass(frozen=True, slots=True)
class Pick:
    """What a message means; ``choice`` is None where it picks several."""

    text: str
    choice: str | None

    @property
    def is_question(self) -> bool:
        """Whether it is a question of ours and nothing else: no plan is told by it."""
        return self.text == self.choice and self.text.endswith(QUESTION_MARKS)


def numbered(lines: Iterable[str]) -> list[str]:
    """A list as it is shown where its lines can be picked."""
    return [f"{place}. {line}" for place, line in enumerate(lines, start=1)]


def picked(text: str, choices: Sequence[str]) -> str | None:
    """What a message means that picks one of the choices; None if it picks none.

    A pick and nothing else is the choice; in a longer message the words that pick
    give way to it.
    """
    found = _picked(text, choices)
    return found.text if found else None


def pick_after(earlier: Sequence[Turn], text: str) -> Pick | None:
    """What a contact's message picks of what the bot offered last.

    Only its last message counts, and only until staff say something.
    """
    others = (turn for turn in reversed(earlier) if turn.author is not Author.CONTACT)
    last = next(others, None)
    if last is None or not last.choices:
        return None
    if not _is_countable(last):
        return _same(text, last.choices)
    return _picked(text, last.choices) or _about_the_one(text, last)


def meant(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns, with what the contact means where they pick."""
    return tuple(
        replace(turn, text=pick.text) if pick else turn for turn, pick in _read(turns)
    )


def said(turns: Sequence[Turn]) -> tuple[str, ...]:
    """What the contact says of themselves: the turns without questions of ours."""
    return tuple(
        pick.text if pick else turn.text
        for turn, pick in _read(turns)
        if turn.author is Author.CONTACT and not (pick and pick.is_question)
    )


def _read(turns: Sequence[Turn]) -> Iterator[tuple[Turn, Pick | None]]:
    """Each turn with what it picks, if it picks anything."""
    for place, turn in enumerate(turns):
        asked = turn.author is Author.CONTACT
        yield turn, pick_after(turns[:place], turn.text) if asked else None


def _picked(text: str, choices: Sequence[str]) -> Pick | None:
    if not choices:
        return None
    return _same(text, choices) or _whole(text, choices) or _within(text, choices)


def _same(text: str, choices: Sequence[str]) -> Pick | None:
    """A choice in its own words, as it is tapped or copied with its number."""
    written = _plain(text)
    for choice, line in zip(choices, numbered(choices), strict=True):
        if written in {_plain(choice), _plain(line)}:
            return Pick(choice, choice)
    return None


def _whole(text: str, choices: Sequence[str]) -> Pick | None:
    words = _plain(text)
    if len(words) > LONGEST_WHOLE:
        return None
    for language in languages():
        found = language.whole.fullmatch(words)
        choice = language.choice(found, choices) if found else None
        if choice:
            return Pick(choice, choice)
    return None


def _within(text: str, choices: Sequence[str]) -> Pick | None:
    """Every place that is named gives way; a place beyond the list stays as it is."""
    if len(text) > LONGEST_WITHIN:
        return None
    same = uniform(text)
    # Where letters only look alike, the rest stays as it was written.
    written = text if len(same) == len(text) else same
    for language in languages():
        picks = [
            (found, choice)
            for found in language.within.finditer(same)
            if not unwanted().search(same[: found.start()].casefold())
            and (choice := language.choice(found, choices))
        ]
        for found, choice in reversed(picks):
            written = f"{written[: found.start()]}{choice}{written[found.end() :]}"
        named = {choice for _, choice in picks}
        if named:
            return Pick(written, named.pop() if len(named) == 1 else None)
    return None


def _about_the_one(text: str, last: Turn) -> Pick | None:
    """A short question about "it", where a single programme was listed with details."""
    (choice, *others) = last.choices
    listed = f"\n1. {choice}: " in f"\n{last.text}"
    if others or not listed or not about_it().fullmatch(_plain(text)):
        return None
    return Pick(f"{choice}: {text}", choice)


def _is_countable(turn: Turn) -> bool:
    """Whether a number can only be meant of what was offered, not of another list."""
    listed = [line for line in turn.text.splitlines() if LISTED.match(line)]
    offered = tuple(numbered(turn.choices))
    return all(line.startswith(offered) for line in listed)


def _plain(text: str) -> str:
    """A text in small letters, without emoji, the frames of keycaps and its ends."""
    kept = "".join(
        sign
        for sign in uniform(text.translate(VARIATIONS))
        if unicodedata.category(sign) not in DECORATION
    )
    return " ".join(kept.casefold().split()).strip(" .,;:!?*\"'…।۔،؟。")
