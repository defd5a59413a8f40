"""Which reader reads which files."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from ingest.formats.contents import Contents, UnreadableError
from ingest.formats.csv_table import read_csv
from ingest.formats.pdf import read_pdf
from ingest.formats.plain_text import read_text
from ingest.formats.slides import read_pptx
from ingest.formats.web_page import read_html
from ingest.formats.word import read_docx
from ingest.formats.workbook import read_xlsx

READERS: Mapping[str, Callable[[bytes], Contents]] = {
    ".csv": read_csv,
    ".docx": read_docx,
    ".htm": read_html,
    ".html": read_html,
    ".pdf": read_pdf,
    ".pptx": read_pptx,
    ".tsv": read_csv,
    ".txt": read_text,
    ".xlsx": read_xlsx,
}


def read(name: str, content: bytes) -> Contents:
    """What stands in a file, by the ending of its name.

    Raises:
        UnreadableError: nothing can be read from it; the message says why.
    """
    if not content.strip():
        return Contents(pages=())
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise UnreadableError("is of a format that is not read")
    return reader(content)
