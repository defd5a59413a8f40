"""HTML, a page's or a Word document's, to Markdown: headings, text, lists, tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from ingest.formats.contents import escaped
from ingest.formats.grid import Cell, Grid, placed
from ingest.formats.shapes import asks
from ingest.formats.tables import table_markdown

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = {
    *HEADINGS, "p", "div", "section", "article", "main", "ul", "ol", "dl", "table",
    "blockquote", "pre", "details", "summary", "figure", "figcaption", "address",
    "header", "footer", "aside", "form", "fieldset", "center", "hr", "body", "html",
    "tbody", "dt", "dd", "li", "caption", "td", "th", "tr", "thead", "tfoot", "legend",
    "button", "hgroup", "search",
}  # fmt: skip
BOLD = {"b", "strong"}
GONE = {"s", "del", "strike"}
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

    def heading(self, words: str, level: int) -> None:
        if words:
            level = min(level, DEEPEST_HEADING)
            self.blocks.append(f"{'#' * level} {escaped(words)}")
            self.level = level

    def text(self, words: str) -> None:
        if words:
            self.blocks.append(escaped(words))


def to_markdown(
    root: HtmlElement, *, opened: Mapping[str, HtmlElement] | None = None
) -> str:
    """The content of an element; ``opened`` says what opens which part of it."""
    page = _Page(opened or {})
    _flow(page, root, depth=0)
    return "\n\n".join(page.blocks)


def words_of(element: HtmlElement) -> str:
    """The visible words of an element on one line."""
    try:
        return " ".join("".join(_words(element)).split())
    except RecursionError:  # elements inside elements without end
        return " ".join("".join(element.itertext()).split())


def _words(element: HtmlElement, *, skip: Iterable[str] = ()) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        yield from _child_words(child, skip)
        if child.tail:
            yield child.tail


def _child_words(child: HtmlElement, skip: Iterable[str]) -> Iterator[str]:
    if not isinstance(child.tag, str) or child.tag in GONE or child.tag in skip:
        yield " "
    elif child.tag == "sup" and _is_reference(child):
        return
    elif child.tag == "br":
        yield "\n"
    elif child.tag in BLOCKS:
        yield " "
        yield from _words(child, skip=skip)
        yield " "
    else:
        yield from _words(child, skip=skip)


def _is_reference(sup: HtmlElement) -> bool:
    link = sup.find(".//a")
    return link is not None and (link.get("href") or "").startswith("#")


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
            run += [*_child_words(child, ()), child.tail or ""]
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
    tag = element.tag
    name = element.get("id")
    opener = page.opened.get(name) if name else None
    if opener is not None and not _is_heading_before(opener, element):
        page.heading(words_of(opener), _level_of(page, opener))
    if tag in HEADINGS:
        _heading(page, element)
    elif tag == "summary":
        page.heading(words_of(element), page.level + 1 if not _is_details(element) else page.base + 1)
    elif tag == "details":
        _details(page, element, depth=depth)
    elif tag == "button":
        if _opens(element) or _next_is_panel(element):
            page.heading(words_of(element), _level_of(page, element))
    elif tag == "p" and _is_bold(element) and _leads(element):
        _bold_heading(page, element)
    elif tag in {"p", "pre", "figcaption", "address", "caption", "legend"} and not _holds_blocks(element):
        _paragraph(page, element)
    elif tag in {"ul", "ol"}:
        _list(page, element)
    elif tag == "dl":
        _definitions(page, element, depth=depth)
    elif tag == "table":
        _table(page, element, depth=depth)
    elif tag != "hr":
        _flow(page, element, depth=depth)


def _holds_blocks(element: HtmlElement) -> bool:
    return any(child.tag in BLOCKS for child in element)


def _paragraph(page: _Page, element: HtmlElement) -> None:
    lines = "".join(_words(element)).split("\n") if element.tag != "p" or _has_breaks(element) else [words_of(element)]
    texts = [" ".join(line.split()) for line in lines]
    texts = [text for text in texts if text]
    if texts:
        page.blocks.append("\n".join(map(escaped, texts)))


def _has_breaks(element: HtmlElement) -> bool:
    return element.find(".//br") is not None


def _heading(page: _Page, element: HtmlElement) -> None:
    level = HEADINGS[str(element.tag)]
    page.heading(words_of(element), level)
    page.base = level


def _is_heading_before(opener: HtmlElement, panel: HtmlElement) -> bool:
    """Whether what opens a part stands as a heading right above it."""
    before = panel.getprevious()
    return before is not None and (before is opener or opener in before.iter())


def _level_of(page: _Page, opener: HtmlElement) -> int:
    for one in (opener, *opener.iterancestors()):
        if one.tag in HEADINGS:
            return HEADINGS[str(one.tag)]
    return page.base + 1


def _is_details(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "details"


def _details(page: _Page, element: HtmlElement, *, depth: int) -> None:
    base = page.base
    _flow(page, element, depth=depth)
    page.base = base


def _opens(element: HtmlElement) -> bool:
    marks = ("aria-expanded", "aria-controls", "data-bs-target", "data-target")
    return any(element.get(mark) is not None for mark in marks)


def _next_is_panel(element: HtmlElement) -> bool:
    after = element.getnext()
    return asks(words_of(element)) and after is not None and after.tag in BLOCKS


def _is_bold(element: HtmlElement) -> bool:
    """Whether nothing but bold words stands in a paragraph."""
    if (element.text or "").strip() or not len(element):
        return False
    return all(
        (child.tag in BOLD or child.tag == "br" or _is_bold(child))
        and not (child.tail or "").strip()
        for child in element
    )


def _leads(element: HtmlElement) -> bool:
    """Whether a bold line is a heading of what follows it."""
    words = words_of(element)
    after = element.getnext()
    if not words or len(words.split()) > MOST_BOLD_WORDS or words.endswith((".", ",")):
        return False
    return after is not None and after.tag not in HEADINGS


def _bold_heading(page: _Page, element: HtmlElement) -> None:
    """Below the heading before; a bold line that begins a document heads all of it."""
    first = not page.blocks
    page.heading(words_of(element).rstrip(":"), page.base + 1)
    if first:
        page.base = 1


def _list(page: _Page, element: HtmlElement) -> None:
    lines = list(_items(element, 0))
    if any(_is_block_item(item) for item in element.iter("li")):
        for item in element:
            if isinstance(item.tag, str):
                _flow(page, item, depth=1)
    elif lines:
        page.blocks.append("\n".join(lines))


def _is_block_item(item: HtmlElement) -> bool:
    """Whether an item holds headings or tables, as those of accordions do."""
    return any(
        child.tag in {*HEADINGS, "table", "dl", "details"}
        or (child.tag == "button" and _opens(child))
        for child in item.iter()
        if child is not item
    )


def _items(element: HtmlElement, depth: int) -> Iterator[str]:
    number = 0
    for item in element:
        if item.tag in {"ul", "ol"}:
            yield from _items(item, depth + 1)
        if item.tag != "li":
            continue
        number += 1
        words = " ".join("".join(_words(item, skip=("ul", "ol"))).split()).strip("↑ ")
        mark = f"{number}." if element.tag == "ol" else "-"
        if words:
            yield f"{'   ' * depth}{mark} {escaped(words).removeprefix('- ')}"
        for inner in item.iterchildren("ul", "ol"):
            if depth < DEEPEST_HEADING:
                yield from _items(inner, depth + 1 if words else depth)


def _definitions(page: _Page, element: HtmlElement, *, depth: int) -> None:
    """Entries with long answers are sections; short ones are lines of a list."""
    entries = list(_entries(element))
    short = all(
        not asks(name) and sum(len(words_of(one).split()) for one in texts) <= SHORT_ENTRY
        for name, texts in entries
    )
    base, level = page.base, page.base + 1
    for name, texts in entries:
        if short:
            words = "; ".join(filter(None, map(words_of, texts)))
            line = f"- {escaped(f'{name}: {words}' if words else name)}"
            page.blocks.append(line)
            continue
        page.heading(name, level)
        page.base = level
        for text in texts:
            _flow(page, text, depth=depth)
        page.base = base


def _entries(element: HtmlElement) -> Iterator[tuple[str, list[HtmlElement]]]:
    names: list[str] = []
    texts: list[HtmlElement] = []
    for child in element.iter("dt", "dd"):
        if child.tag == "dt":
            if texts:
                yield ", ".join(names), texts
                names, texts = [], []
            names.append(words_of(child))
        else:
            texts.append(child)
    if names:
        yield ", ".join(names), texts


def _table(page: _Page, element: HtmlElement, *, depth: int) -> None:
    rows = list(_rows(element))
    if _is_layout(rows):
        for row in rows:
            for cell in row:
                _flow(page, cell, depth=depth)
        return
    caption = element.find("caption")
    level = page.level + 1
    named = words_of(caption) if caption is not None else ""
    text = table_markdown(_grid(element, rows), level=level, caption=named)
    if text:
        page.blocks.append(text)
    for row in rows:
        label = " ".join(filter(None, map(_cell_words, row)))
        for inner in (one for cell in row for one in cell.iter("table")):
            below = table_markdown(_grid(inner, list(_rows(inner))), caption=label)
            page.blocks.append(below)


def _rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    for row in table.iter("tr"):
        inside = next(row.iterancestors("table"), None)
        if inside is table:
            yield [cell for cell in row if cell.tag in {"td", "th"}]


def _is_layout(rows: list[list[HtmlElement]]) -> bool:
    cells = [cell for row in rows for cell in row]
    if max(map(len, rows), default=0) <= 1:
        return True
    return any(
        child.tag in HEADINGS for cell in cells for child in cell.iter()
    )


def _grid(table: HtmlElement, rows: list[list[HtmlElement]]) -> Grid:
    head = table.find("thead")
    headers = len(list(_rows_in(head))) if head is not None else 0
    return placed(
        [
            [
                Cell(
                    _cell_words(cell),
                    down=_span(cell.get("rowspan"), len(rows)),
                    across=_span(cell.get("colspan"), 1),
                    heads=cell.tag == "th" or _is_bold_cell(cell),
                )
                for cell in row
            ]
            for row in rows
            if row
        ],
        headers=headers,
    )


def _rows_in(head: HtmlElement) -> Iterator[HtmlElement]:
    return (row for row in head.iterchildren("tr") if len(row))


def _is_bold_cell(cell: HtmlElement) -> bool:
    inner = list(cell)
    if len(inner) == 1 and inner[0].tag == "p" and not (cell.text or "").strip():
        return _is_bold(inner[0])
    return _is_bold(cell)


def _cell_words(cell: HtmlElement) -> str:
    parts = []
    for item in cell.iter("li", "p"):
        if any(parent is cell for parent in item.iterancestors()):
            parts.append(item)
    lists = [one for one in parts if one.tag == "li"]
    if len(lists) > 1 and not any(True for _ in cell.iter("table")):
        lead = " ".join("".join(_words(cell, skip=("ul", "ol"))).split())
        joined = ", ".join(filter(None, map(words_of, lists)))
        return f"{lead} {joined}".strip()
    return " ".join("".join(_words(cell, skip=("table",))).split())


def _span(value: str | None, whole: int) -> int:
    number = (value or "1").strip()
    if not number.isdecimal():
        return 1
    return int(number[:5]) or whole
