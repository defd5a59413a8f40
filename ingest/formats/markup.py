"""HTML, a page's or a Word document's, to Markdown: headings, text, lists, tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from ingest.formats.contents import escaped
from ingest.formats.markup_tables import (
    cell_words,
    entries,
    grid,
    is_layout,
    items,
    rows,
)
from ingest.formats.markup_words import (
    BLOCKS,
    HEADINGS,
    child_words,
    is_bold,
    words,
    words_of,
)
from ingest.formats.shapes import asks
from ingest.formats.tables import table_markdown

DEEPEST, DEEPEST_HEADING = 60, 6
MOST_BOLD_WORDS = 14
SHORT_ENTRY = 7


@dataclass(slots=True)
class _Page:
    """Blocks of Markdown as they are found; ``level`` is that of the last heading."""

    opened: Mapping[str, HtmlElement] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    level: int = 0
    base: int = 0

    def heading(self, said: str, level: int) -> None:
        """A heading, no deeper than there are any."""
        if said:
            self.level = min(level, DEEPEST_HEADING)
            self.blocks.append(f"{'#' * self.level} {escaped(said)}")

    def text(self, said: str) -> None:
        """A paragraph."""
        self.add(escaped(said))

    def add(self, block: str) -> None:
        """A block, if there is anything in it."""
        if block:
            self.blocks.append(block)


def to_markdown(
    root: HtmlElement, *, opened: Mapping[str, HtmlElement] | None = None
) -> str:
    """The content of an element; ``opened`` says what opens which part of it."""
    page = _Page(opened or {})
    _flow(page, root, depth=0)
    return "\n\n".join(page.blocks)


def _flow(page: _Page, element: HtmlElement, *, depth: int) -> None:
    """The blocks inside an element, and the runs of words between them."""
    if depth > DEEPEST:
        page.text(" ".join(" ".join(element.itertext()).split()))
        return
    run: list[str] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and _is_block(child):
            _end_run(page, run)
            _block(page, child, depth=depth + 1)
            run = [child.tail or ""]
        else:
            run += [*child_words(child, ()), child.tail or ""]
    _end_run(page, run)


def _is_block(element: HtmlElement) -> bool:
    if element.tag in BLOCKS:
        return True
    return any(
        isinstance(child.tag, str) and child.tag in BLOCKS and child.tag != "button"
        for child in element.iter()
        if child is not element
    )


def _end_run(page: _Page, run: list[str]) -> None:
    for line in "".join(run).split("\n\n"):
        page.text(" ".join(line.split()))


def _block(page: _Page, element: HtmlElement, *, depth: int) -> None:
    opener = page.opened.get(element.get("id") or "")
    if opener is not None and not _is_heading_before(opener, element):
        page.heading(words_of(opener), _level_of(page, opener))
    tag = str(element.tag)
    if tag in LINES and not any(child.tag in BLOCKS for child in element):
        _paragraph(page, element)
    elif tag in KINDS:
        KINDS[tag](page, element, depth)
    elif tag != "hr":
        _flow(page, element, depth=depth)


def _paragraph(page: _Page, element: HtmlElement) -> None:
    if element.tag == "p" and is_bold(element) and _leads(element):
        first = not page.blocks
        page.heading(words_of(element).rstrip(":"), page.base + 1)
        page.base = 1 if first else page.base  # it heads all of a document
        return
    apart = element.tag != "p" or element.find(".//br") is not None
    lines = "".join(words(element)).split("\n") if apart else [words_of(element)]
    texts = [" ".join(line.split()) for line in lines]
    if any(texts):
        page.blocks.append("\n".join(escaped(text) for text in texts if text))


def _heading(page: _Page, element: HtmlElement, depth: int) -> None:
    del depth
    page.base = HEADINGS[str(element.tag)]
    page.heading(words_of(element), page.base)


def _summary(page: _Page, element: HtmlElement, depth: int) -> None:
    del depth
    page.heading(words_of(element), page.base + 1)


def _button(page: _Page, element: HtmlElement, depth: int) -> None:
    """What opens a part of the page is its heading; any other button is no text."""
    del depth
    if _opens(element) or _next_is_panel(element):
        page.heading(words_of(element), _level_of(page, element))


def _is_heading_before(opener: HtmlElement, panel: HtmlElement) -> bool:
    """Whether what opens a part stands as a heading right above it."""
    before = panel.getprevious()
    return before is not None and (before is opener or opener in before.iter())


def _level_of(page: _Page, opener: HtmlElement) -> int:
    for one in (opener, *opener.iterancestors()):
        if one.tag in HEADINGS:
            return HEADINGS[str(one.tag)]
    return page.base + 1


def _details(page: _Page, element: HtmlElement, depth: int) -> None:
    base = page.base
    _flow(page, element, depth=depth)
    page.base = base


def _opens(element: HtmlElement) -> bool:
    marks = ("aria-expanded", "aria-controls", "data-bs-target", "data-target")
    return any(element.get(mark) is not None for mark in marks)


def _next_is_panel(element: HtmlElement) -> bool:
    after = element.getnext()
    return asks(words_of(element)) and after is not None and after.tag in BLOCKS


def _leads(element: HtmlElement) -> bool:
    """Whether a bold line is a heading of what follows it."""
    said, after = words_of(element), element.getnext()
    if not said or len(said.split()) > MOST_BOLD_WORDS or said.endswith((".", ",")):
        return False
    return after is not None and after.tag not in HEADINGS


def _list(page: _Page, element: HtmlElement, depth: int) -> None:
    if any(_is_block_item(item) for item in element.iter("li")):
        for item in element:
            if isinstance(item.tag, str):
                _flow(page, item, depth=depth)
    elif lines := list(items(element, 0)):
        page.blocks.append("\n".join(lines))


def _is_block_item(item: HtmlElement) -> bool:
    """Whether an item holds headings or tables, as those of accordions do."""
    return any(
        child.tag in {*HEADINGS, "table", "dl", "details"}
        or (child.tag == "button" and _opens(child))
        for child in item.iter()
        if child is not item
    )


def _definitions(page: _Page, element: HtmlElement, depth: int) -> None:
    """Entries with long answers are sections; short ones are lines of a list."""
    found = list(entries(element))
    sizes = [sum(len(words_of(one).split()) for one in texts) for _, texts in found]
    short = max(sizes, default=0) <= SHORT_ENTRY
    listed = short and not any(asks(name) for name, _ in found)
    base = page.base
    for name, texts in found:
        if listed:
            value = "; ".join(filter(None, map(words_of, texts)))
            page.blocks.append(f"- {escaped(f'{name}: {value}' if value else name)}")
            continue
        page.heading(name, base + 1)
        page.base = base + 1
        for text in texts:
            _flow(page, text, depth=depth)
        page.base = base


def _table(page: _Page, element: HtmlElement, depth: int) -> None:
    found = list(rows(element))
    cells = [cell for row in found for cell in row]
    if is_layout(found):
        for cell in cells:
            _flow(page, cell, depth=depth)
        return
    caption = element.find("caption")
    page.add(
        table_markdown(
            grid(element, found),
            level=page.level + 1,
            caption=words_of(caption) if caption is not None else "",
        )
    )
    for row in found:
        label = " ".join(filter(None, map(cell_words, row)))
        for inner in (one for cell in row for one in cell.iter("table")):
            page.add(table_markdown(grid(inner, list(rows(inner))), caption=label))


Reader = Callable[[_Page, HtmlElement, int], None]
LINES = {"p", "pre", "figcaption", "address", "caption", "legend"}
KINDS: Mapping[str, Reader] = {
    **dict.fromkeys(HEADINGS, _heading),
    "summary": _summary,
    "details": _details,
    "button": _button,
    "ul": _list,
    "ol": _list,
    "dl": _definitions,
    "table": _table,
}
