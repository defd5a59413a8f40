"""Tables, lists and definitions of HTML, as grids, lines and entries."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.formats.contents import escaped
from ingest.formats.grid import Cell, Grid, placed
from ingest.formats.markup_words import HEADINGS, is_bold, words, words_of

DEEPEST_LIST = 6


def rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    for row in table.iter("tr"):
        inside = next(row.iterancestors("table"), None)
        if inside is table:
            yield [cell for cell in row if cell.tag in {"td", "th"}]


def is_layout(rows: list[list[HtmlElement]]) -> bool:
    cells = [cell for row in rows for cell in row]
    if max(map(len, rows), default=0) <= 1:
        return True
    return any(child.tag in HEADINGS for cell in cells for child in cell.iter())


def grid(table: HtmlElement, found: list[list[HtmlElement]]) -> Grid:
    """A table with its spans; ``found`` are its rows."""
    head = table.find("thead")
    headers = len(list(_rows_in(head))) if head is not None else 0
    return placed(
        [
            [
                Cell(
                    cell_words(cell),
                    down=_span(cell.get("rowspan"), len(found)),
                    across=_span(cell.get("colspan"), 1),
                    heads=cell.tag == "th" or _is_bold_cell(cell),
                )
                for cell in row
            ]
            for row in found
            if row
        ],
        headers=headers,
    )


def _rows_in(head: HtmlElement) -> Iterator[HtmlElement]:
    return (row for row in head.iterchildren("tr") if len(row))


def _is_bold_cell(cell: HtmlElement) -> bool:
    inner = list(cell)
    if len(inner) == 1 and inner[0].tag == "p" and not (cell.text or "").strip():
        return is_bold(inner[0])
    return is_bold(cell)


def cell_words(cell: HtmlElement) -> str:
    """The words of a cell without those of tables in it; items are parted."""
    inside = [one for one in cell.iter("li") if one is not cell]
    if len(inside) > 1 and cell.find(".//table") is None:
        lead = " ".join("".join(words(cell, skip=("ul", "ol"))).split())
        return f"{lead} {', '.join(filter(None, map(words_of, inside)))}".strip()
    return " ".join("".join(words(cell, skip=("table",))).split())


def _span(value: str | None, whole: int) -> int:
    number = (value or "1").strip()
    if not number.isdecimal():
        return 1
    return int(number[:5]) or whole


def items(element: HtmlElement, depth: int) -> Iterator[str]:
    number = 0
    for item in element:
        if item.tag in {"ul", "ol"}:
            yield from items(item, depth + 1)
        if item.tag != "li":
            continue
        number += 1
        said = " ".join("".join(words(item, skip=("ul", "ol"))).split()).strip("↑ ")
        mark = f"{number}." if element.tag == "ol" else "-"
        if said:
            yield f"{'   ' * depth}{mark} {escaped(said).removeprefix('- ')}"
        for inner in item.iterchildren("ul", "ol"):
            if depth < DEEPEST_LIST:
                yield from items(inner, depth + 1 if said else depth)


def entries(element: HtmlElement) -> Iterator[tuple[str, list[HtmlElement]]]:
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
