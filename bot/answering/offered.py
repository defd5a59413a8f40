"""The passages behind something that was offered, once it is picked."""

from collections.abc import Sequence

from bot.answering.passages import Passage


def passages_behind(choice: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Those that a choice names, of the best document that has any; none if none has.

    A choice is a heading, a title with a heading, or the title of a whole document.
    """
    named = [one for one in passages if choice in _names(one)]
    titled = [one for one in passages if one.chunk.title == choice]
    found = named or titled
    return tuple(one for one in found if one.chunk.document == found[0].chunk.document)


def _names(passage: Passage) -> tuple[str, ...]:
    chunk = passage.chunk
    return (*chunk.headings, ": ".join((chunk.title, *chunk.headings[-1:])))
