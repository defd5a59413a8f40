"""Blocks of Markdown as they are found in HTML, with the place in its headings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from ingest.formats.contents import escaped
from ingest.formats.shapes import ANSWER, QUESTION, asks

DEEPEST_HEADING = 6


@dataclass(slots=True)
class Blocks:
    """Blocks of Markdown as they are found; ``level`` is that of the last heading."""

    opened: Mapping[str, HtmlElement] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    level: int = 0
    base: int = 0

    @property
    def openers(self) -> Collection[HtmlElement]:
        """What opens a part of the page, but for headings."""
        return self.opened.values()

    def heading(self, said: str, level: int) -> None:
        """A heading, no deeper than there are any."""
        if said:
            self.level = min(level, DEEPEST_HEADING)
            name = QUESTION.sub("", said) if asks(said) else said
            self.blocks.append(f"{'#' * self.level} {escaped(name)}")

    def text(self, said: str) -> None:
        """A paragraph."""
        asked = bool(self.blocks) and self.blocks[-1].startswith("#")
        self.add(escaped(ANSWER.sub("", said) if asked else said))

    def add(self, block: str) -> None:
        """A block, if there is anything in it."""
        if block:
            self.blocks.append(block)
