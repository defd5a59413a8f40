"""DOCX: headings, lists and tables by their styles; pictures leave a mark."""

import zipfile
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree
from markdownify import markdownify

from ingest.formats.contents import (
    Contents,
    Page,
    UnreadableError,
    without_tags,
)
from ingest.formats.office import checked
from ingest.formats.pictures import SMALL, could_hold_words, marked
from ingest.formats.titles import own_title

MAIN = "word/document.xml"
CORE = "docProps/core.xml"
STYLES = "p[style-name='Title'] => h1:fresh"
DAMAGED = (ExpatError, KeyError, etree.LxmlError, zipfile.BadZipFile)
TITLE = ".//{http://purl.org/dc/elements/1.1/}title"


def read_docx(content: bytes) -> Contents:
    """A Word document. It has no pages until a program lays it out."""
    file = checked(content, main=MAIN, kind="DOCX")
    pictures = _Pictures()
    try:
        found = mammoth.convert_to_html(
            file, style_map=STYLES, convert_image=pictures.mark
        )
        with zipfile.ZipFile(file) as archive:
            title = _title(archive)
    except DAMAGED as error:
        raise UnreadableError("is damaged, or not a DOCX file") from error
    text: str = markdownify(
        found.value, heading_style="ATX", strip=["a", "img"], table_infer_header=True
    )
    nothing = pictures.small and not pictures.large and not text.strip()
    return Contents(
        pages=(Page(text=without_tags(text.strip())),),
        title=title,
        note=SMALL if nothing else None,
        scanned=tuple(range(1, len(pictures.large) + 1)),
        marked=True,
    )


def pictures_of_docx(content: bytes, number: int) -> list[bytes]:
    """The picture of a document that is marked with a number."""
    pictures = _Pictures()
    mammoth.convert_to_html(BytesIO(content), convert_image=pictures.mark)
    return pictures.large[number - 1 : number]


class _Pictures:
    """Collects pictures that could hold words, and marks where they stand."""

    def __init__(self) -> None:
        self.large: list[bytes] = []
        self.small = 0

    def mark(self, image: Any) -> list[Any]:  # noqa: ANN401  the library has no types
        try:
            with image.open() as file:
                content = file.read()
        except KeyError:  # it is named, and not there
            content = b""
        if not could_hold_words(content):
            self.small += 1
            return []
        self.large.append(content)
        return [mammoth.html.text(marked(len(self.large)))]


def _title(archive: zipfile.ZipFile) -> str | None:
    if CORE not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return own_title(etree.parse(BytesIO(archive.read(CORE)), parser).findtext(TITLE))
