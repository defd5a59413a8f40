"""XLSX: a sheet is a heading with its tables; what is hidden is left out.

Pictures follow the sheets. It is not told which sheet one lies on, so that none is read
where a sheet is hidden.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.grid import Cell, Grid, at_places
from ingest.formats.office import checked
from ingest.formats.pictures import could_hold_words, marked
from ingest.formats.sheet_marks import Marks, marks_of
from ingest.formats.tables import table_markdown
from ingest.formats.titles import own_title

MAIN = "xl/workbook.xml"
MEDIA = "xl/media/"
# `[$€-407]` is a currency with its land.
LOCALE = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
CURRENCY = re.compile(
    r"([€$£¥₹₽₩₺₫₴₦]|\b(?:EUR|GBP|USD|CHF|INR|Rs|kr|zł|AED|CAD|AUD|CNY|JPY|SEK|NOK|DKK|PLN)\b\.?)"
)
MIDNIGHT = time()
# A sheet of more rows is a data set, of which nobody is told a row.
MOST_ROWS = 5_000
GENERIC = re.compile(
    r"(?:sheet|tabelle|feuil|hoja|foglio|blad|arkusz|лист|工作表) ?\d*", re.IGNORECASE
)
Placed = tuple[int, int, Cell]


def read_xlsx(content: bytes) -> Contents:
    """The values as they were last calculated, with currency and percent signs."""
    file = checked(content, main=MAIN, kind="XLSX")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what it does not keep when saving
            book = load_workbook(file, read_only=True, data_only=True)
            hidden = any(sheet.sheet_state != "visible" for sheet in book.worksheets)
            pictures = [] if hidden else _pictures(content)
            marks = [marked(number) for number, _ in enumerate(pictures, start=1)]
            cut: list[str] = []
            with zipfile.ZipFile(BytesIO(content)) as archive:
                text = "\n\n".join([*_sheets(book, archive, cut), *marks])
    except (
        InvalidFileException,
        LxmlError,
        SyntaxError,
        KeyError,
        ValueError,
        TypeError,
        zipfile.BadZipFile,
    ) as error:
        raise UnreadableError("is damaged, or not an XLSX file") from error
    return Contents(
        pages=(Page(text=text),),
        title=own_title(book.properties.title),
        scanned=tuple(range(1, len(pictures) + 1)),
        marked=True,
        note=f"only the first {MOST_ROWS:,} rows are read of: {', '.join(cut)}"
        if cut
        else None,
    )


def pictures_of_xlsx(content: bytes, number: int) -> list[bytes]:
    """The picture of a workbook that is marked with a number."""
    return _pictures(content)[number - 1 : number]


def _pictures(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(MEDIA)]
        found = [archive.read(name) for name in sorted(names)]
    return [picture for picture in found if could_hold_words(picture)]


def _sheets(book: Any, archive: zipfile.ZipFile, cut: list[str]) -> Iterator[str]:  # noqa: ANN401  the library is not typed
    """Every sheet that is shown; ``cut`` gets the names of those too long."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        grid, whole = _grid(sheet, marks_of(archive, sheet._worksheet_path))  # noqa: SLF001  it has no other name
        if not whole:
            cut.append(sheet.title)
        generic = GENERIC.fullmatch(sheet.title) is not None
        text = table_markdown(grid, level=2 if generic else 3)
        if text and generic:
            yield text
        elif text:
            yield f"## {sheet.title}"
            yield text


def _grid(sheet: Any, marks: Marks) -> tuple[Grid, bool]:  # noqa: ANN401  as above
    """The cells that are shown, and whether these are all rows."""
    cells: list[Placed] = []
    row = last = 0
    for row, values in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1), start=1):
        if row > MOST_ROWS:
            return _compact(cells, last), False
        for column, cell in enumerate(values, start=1):
            text = _text(cell)
            down, across = marks.merged.get((row, column), (1, 1))
            if text:
                last = max(last, row + down - 1)
                cells.append((row, column, Cell(text, down, across)))
    return _compact(_shown(cells, marks), last), True


def _shown(cells: list[Placed], marks: Marks) -> list[Placed]:
    """Cells without hidden rows and columns; those below and beside move up."""
    if not (marks.rows or marks.columns):
        return cells
    found = []
    for row, column, cell in cells:
        rows = [n for n in range(row, row + cell.down) if n not in marks.rows]
        columns = [
            n for n in range(column, column + cell.across) if n not in marks.columns
        ]
        if rows and columns:
            shown = Cell(cell.text, len(rows), len(columns), cell.heads)
            above = sum(n < rows[0] for n in marks.rows)
            before = sum(n < columns[0] for n in marks.columns)
            found.append((rows[0] - above, columns[0] - before, shown))
    return found


def _compact(cells: list[Placed], last: int) -> Grid:
    return at_places(
        [(row - 1, column - 1, cell) for row, column, cell in cells], rows=last
    )


def _text(cell: Any) -> str:  # noqa: ANN401  as above
    value = cell.value
    if value is None:
        return ""
    shown = str(cell.number_format or "")
    if isinstance(value, datetime | date | time):
        return _moment(value)
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float) and "%" in shown:
        return f"{round(value * 100, 4):g}%"
    return _sum(value, LOCALE.sub(r"\1", shown.split(";", maxsplit=1)[0]))


def _moment(value: datetime | date | time) -> str:
    """A day as it is written out, so that nobody takes its month for its day."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    day = f"{value.day} {value:%B %Y}"
    clock = value.time() if isinstance(value, datetime) else MIDNIGHT
    return day if clock == MIDNIGHT else f"{day} {clock:%H:%M}"


def _sum(value: object, shown: str) -> str:
    """A number as its format shows it: with its currency, before it or behind."""
    number = _number(value, shown)
    sign = CURRENCY.search(shown)
    if sign is None:
        return number
    first = next((n for n, one in enumerate(shown) if one in "0#"), len(shown))
    name = sign[1].strip()
    if sign.start() < first:
        return f"{name}{' ' if name[-1:].isalpha() else ''}{number}"
    return f"{number} {name}"


def _number(value: object, shown: str) -> str:
    if not isinstance(value, int | float):
        return str(value)
    places = re.search(r"0\.(0+)", shown)
    if places and (len(places[1]) > 1 or not float(value).is_integer()):
        text = (
            f"{value:,.{len(places[1])}f}"
            if "," in shown
            else f"{value:.{len(places[1])}f}"
        )
        whole = float(value).is_integer()
        return text.partition(".")[0] if whole else text
    if "," in shown and float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
