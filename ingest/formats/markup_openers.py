"""What opens closed parts of a page, as the headings of accordions and tabs do."""

from lxml.html import HtmlElement

from ingest.formats.markup_words import BLOCKS, HEADINGS, words_of
from ingest.formats.shapes import asks


def is_said(opener: HtmlElement) -> bool:
    """Whether what opens a part is a heading where it stands."""
    ancestors = {one.tag for one in opener.iterancestors()}
    return opener.tag in {*HEADINGS, "button", "summary"} or bool(
        ancestors & {*HEADINGS}
    )


def is_right_before(opener: HtmlElement, panel: HtmlElement) -> bool:
    """Whether what opens a part stands right above it."""
    before = panel.getprevious()
    return before is not None and (before is opener or opener in before.iter())


def opens(element: HtmlElement) -> bool:
    """Whether a button says that it opens something."""
    marks = ("aria-expanded", "aria-controls", "data-bs-target", "data-target")
    return any(element.get(mark) is not None for mark in marks)


def next_is_panel(element: HtmlElement) -> bool:
    """Whether a button asks what stands behind it."""
    after = element.getnext()
    return asks(words_of(element)) and after is not None and after.tag in BLOCKS


def is_block_item(item: HtmlElement) -> bool:
    """Whether an item holds headings or tables, as those of accordions do."""
    return any(
        child.tag in {*HEADINGS, "table", "dl", "details"}
        or (child.tag == "button" and opens(child))
        for child in item.iter()
        if child is not item
    )
