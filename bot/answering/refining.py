"""A request for programmes that goes on over several messages: "and in Germany?"."""

from collections.abc import Sequence

from bot.answering.facts import destinations_in, without_destinations
from bot.answering.understanding import folded
from bot.answering.wishes import asks_for_programmes, asks_what_is_told, refines


def continued_wish(text: str, earlier: Sequence[str]) -> str | None:
    """The request for programmes that a message goes on with, and what it adds.

    ``earlier`` are the contact's messages, oldest first; a country that is named later
    counts instead of one before. None if it goes on with no such request.
    """
    added: list[str] = []
    for place, said in enumerate((text, *reversed(earlier))):
        if place and asks_for_programmes(said):
            whole = " ".join((_without_country(said, added), *reversed(added)))
            return " ".join(whole.split())
        if refines(said):
            added.append(_without_country(said, added))
        elif not asks_what_is_told(said):
            return None
    return None


def _without_country(text: str, later: Sequence[str]) -> str:
    named = any(destinations_in(one) for one in later)
    return without_destinations(folded(text)) if named else text
