"""HTML, a page's or a Word document's, to Markdown: headings, text, lists, tables."""

from collections.abc import Callable, Mapping

from lxml.html import HtmlElement

from ingest.formats.contents import escaped
from ingest.formats.markup_blocks import Blocks
from ingest.formats.markup_openers import (
    is_block_item,
    is_right_before,
    is_said,
    next_is_panel,
    opens,
)
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
    BOLD,
    HEADINGS,
    child_words,
    is_bold,
    words,
    words_of,
)
from ingest.formats.shapes import asks
from ingest.formats.tables import table_markdown

DEEPEST = 60
SHORT_ENTRY = 7
MOST_BOLD_WORDS = 14


def to_markdown(
    root: HtmlElement, *, opened: Mapping[str, HtmlElement] | None = None
) -> str:
    """The content of an element; ``opened`` says what opens which part of it."""
    page = Blocks(opened or {})
    _flow(page, root, depth=0)
    return "\n\n".join(page.blocks)


def _flow(page: Blocks, element: HtmlElement, *, depth: int) -> None:
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
        elif child in page.openers:
            run.append(child.tail or "")  # it is said above what it opens
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


def _end_run(page: Blocks, run: list[str]) -> None:
    for line in "".join(run).split("\n\n"):
        page.text(" ".join(line.split()))


def _block(page: Blocks, element: HtmlElement, *, depth: int) -> None:
    opener = page.opened.get(element.get("id") or "")
    if opener is not None and not (
        is_said(opener) and is_right_before(opener, element)
    ):
        page.heading(words_of(opener), _level_of(page, opener))
    tag = str(element.tag)
    if element in page.openers and not is_said(element):
        return  # it is said above what it opens
    if _asks_alone(element):
        page.heading(words_of(element), page.base + 1)
    elif tag in LINES and not any(child.tag in BLOCKS for child in element):
        _paragraph(page, element)
    elif tag in KINDS:
        KINDS[tag](page, element, depth)
    elif tag != "hr":
        _flow(page, element, depth=depth)


def _asks_alone(element: HtmlElement) -> bool:
    """Whether it is nothing but a question, with what answers it behind it."""
    after = element.getnext()
    if element.tag not in {"p", "div"} or after is None or after.tag in HEADINGS:
        return False
    said = words_of(element)
    return (
        asks(said)
        and len(said.split()) <= MOST_BOLD_WORDS
        and not any(child.tag in BLOCKS for child in element)
        and not asks(words_of(after))
    )


def _paragraph(page: Blocks, element: HtmlElement) -> None:
    if element.tag == "p" and is_bold(element) and _leads(element):
        first = not page.blocks
        page.heading(words_of(element).rstrip(":"), page.base + 1)
        page.base = 1 if first else page.base  # it heads all of a document
        return
    lead = element[0] if len(element) and not (element.text or "").strip() else None
    if lead is not None and lead.tag in BOLD and asks(words_of(lead)):
        page.heading(words_of(lead), page.base + 1)
        _without(lead)
    apart = element.tag != "p" or element.find(".//br") is not None
    lines = "".join(words(element)).split("\n") if apart else [words_of(element)]
    texts = [" ".join(line.split()) for line in lines]
    texts = [text for text in texts if text]
    for place, text in enumerate(texts):
        if place:
            page.blocks[-1] += f"\n{escaped(text)}"
        else:
            page.text(text)


def _without(lead: HtmlElement) -> None:
    """Take the words of an element out, and leave what stands behind it."""
    lead.text = None
    for child in list(lead):
        lead.remove(child)


def _heading(page: Blocks, element: HtmlElement, depth: int) -> None:
    del depth
    page.base = HEADINGS[str(element.tag)]
    page.heading(words_of(element), page.base)


def _summary(page: Blocks, element: HtmlElement, depth: int) -> None:
    del depth
    page.heading(words_of(element), page.base + 1)


def _button(page: Blocks, element: HtmlElement, depth: int) -> None:
    """What opens a part of the page is its heading; any other button is no text."""
    del depth
    if opens(element) or next_is_panel(element):
        page.heading(words_of(element), _level_of(page, element))


def _level_of(page: Blocks, opener: HtmlElement) -> int:
    for one in (opener, *opener.iterancestors()):
        if one.tag in HEADINGS:
            return HEADINGS[str(one.tag)]
    return page.base + 1


def _details(page: Blocks, element: HtmlElement, depth: int) -> None:
    base = page.base
    _flow(page, element, depth=depth)
    page.base = base


def _leads(element: HtmlElement) -> bool:
    """Whether a bold line is a heading of what follows it."""
    said, after = words_of(element), element.getnext()
    if not said or len(said.split()) > MOST_BOLD_WORDS or said.endswith((".", ",")):
        return False
    return after is not None and after.tag not in HEADINGS


def _list(page: Blocks, element: HtmlElement, depth: int) -> None:
    if any(is_block_item(item) for item in element.iter("li")):
        for item in element:
            if isinstance(item.tag, str):
                _flow(page, item, depth=depth)
    elif lines := list(items(element, 0)):
        page.blocks.append("\n".join(lines))


def _definitions(page: Blocks, element: HtmlElement, depth: int) -> None:
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


def _table(page: Blocks, element: HtmlElement, depth: int) -> None:
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


Reader = Callable[[Blocks, HtmlElement, int], None]
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
