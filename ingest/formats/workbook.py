"""XLSX: a sheet is a heading with a table; hidden sheets are left out.

Pictures follow the sheets. It is not told which sheet one lies on, so that none is read
where a sheet is hidden.
"""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingest.formats.contents import Contents, Page, UnreadableError, table
from ingest.formats.office import checked
from ingest.formats.pictures import could_hold_words, marked
from ingest.formats.titles import own_title

MAIN = "xl/workbook.xml"
MEDIA = "xl/media/"
CURRENCIES = "€$£¥₹"
MIDNIGHT = time()


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
            text = "\n\n".join([*_sheets(book), *marks])
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
    )


def pictures_of_xlsx(content: bytes, number: int) -> list[bytes]:
    """The picture of a workbook that is marked with a number."""
    return _pictures(content)[number - 1 : number]


def _pictures(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(MEDIA)]
        found = [archive.read(name) for name in sorted(names)]
    return [picture for picture in found if could_hold_words(picture)]


def _sheets(book: Any) -> Iterator[str]:  # noqa: ANN401  the library is not typed
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = table([[_text(cell) for cell in row] for row in sheet.iter_rows()])
        if rows:
            yield f"## {sheet.title}"
            yield rows


def _text(cell: Any) -> str:  # noqa: ANN401  as above
    value, shown = (
        cell.value,
        str(cell.number_format or "") if cell.value is not None else "",
    )
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date() if value.time() == MIDNIGHT else value)
    if isinstance(value, date | time | bool | str):
        return str(value)
    if isinstance(value, int | float) and shown.endswith("%"):
        return f"{round(value * 100, 4):g}%"
    symbol = next((sign for sign in shown if sign in CURRENCIES), "")
    return f"{symbol}{_number(value)}"


def _number(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
