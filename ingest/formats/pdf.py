"""PDF: text by page, with headings by their looks and tables by their lines."""

import logging
from collections.abc import Sequence
from io import BytesIO

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from ingest.formats.contents import Contents, Page, UnreadableError, named_pages
from ingest.formats.pdf_headings import headings, without_running_lines
from ingest.formats.pdf_layout import page_markdown
from ingest.formats.pdf_lines import Line, page_lines
from ingest.formats.pdf_pictures import pages_with_pictures
from ingest.formats.pdf_tables import may_hold_tables, ruled_tables
from ingest.formats.titles import own_title

START = b"%PDF-"
LOOK_IN = 2048
# What pypdf lets through from malformed files, beside its own errors.
ODDITIES = (
    PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError,
    AssertionError, NotImplementedError, RecursionError, ArithmeticError,
)  # fmt: skip


def read_pdf(content: bytes) -> Contents:
    """A PDF file; pages with pictures that may hold words are numbered.

    Raises:
        UnreadableError: it is protected, damaged, or no PDF.
    """
    if START not in content[:LOOK_IN]:
        raise UnreadableError("is damaged, or not a PDF file")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        reader = _opened(content)
        sheets = list(reader.pages)
    except ODDITIES as error:
        raise UnreadableError("is damaged, or not a PDF file") from error
    if not sheets:
        raise UnreadableError("is damaged: it has no pages")
    return _contents(content, reader, sheets)


def _opened(content: bytes) -> PdfReader:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except DependencyError as error:
            raise UnreadableError(
                "is protected in a way that cannot be read"
            ) from error
        if opened is PasswordType.NOT_DECRYPTED:
            raise UnreadableError("is protected with a password; save it without one")
    return reader


def _contents(
    content: bytes, reader: PdfReader, sheets: Sequence[PageObject]
) -> Contents:
    lines, broken = [], []
    for number, sheet in enumerate(sheets, start=1):
        try:
            lines.append(page_lines(sheet))
        except ODDITIES:
            lines.append([])
            broken.append(number)
    if len(broken) == len(sheets):
        raise UnreadableError("is damaged: none of its pages can be read")
    written = [number for number, found in enumerate(lines, start=1) if found]
    blank = {*range(1, len(sheets) + 1)}.difference(written, broken)
    return Contents(
        pages=_pages(content, sheets, without_running_lines(lines)),
        title=_title(reader),
        note=f"damaged: {named_pages(broken)}" if broken else None,
        scanned=pages_with_pictures(content, written=written, blank=sorted(blank)),
    )


def _pages(
    content: bytes, sheets: Sequence[PageObject], lines: Sequence[Sequence[Line]]
) -> tuple[Page, ...]:
    ruled = [
        place for place, sheet in enumerate(sheets) if lines[place] and _ruled(sheet)
    ]
    tables = ruled_tables(content, ruled)
    looks = headings(lines)
    return tuple(
        Page(
            text=page_markdown(found, headings=looks, tables=tables.get(place, ())),
            number=place + 1,
        )
        for place, found in enumerate(lines)
    )


def _ruled(sheet: PageObject) -> bool:
    try:
        return may_hold_tables(sheet)
    except ODDITIES:
        return False


def _title(reader: PdfReader) -> str | None:
    try:
        about = reader.metadata
        return own_title(about.title if about else None)
    except ODDITIES:
        return None
