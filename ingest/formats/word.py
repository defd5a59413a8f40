"""DOCX: headings, lists and tables by their styles; pictures leave a mark.

Hidden and deleted words are none of it, nor are comments.
"""

import zipfile
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree, html

from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.markup import to_markdown
from ingest.formats.office import checked
from ingest.formats.pictures import SMALL, could_hold_words, marked
from ingest.formats.titles import own_title

MAIN = "word/document.xml"
CORE = "docProps/core.xml"
STYLES = "p[style-name='Title'] => h1:fresh"
DAMAGED = (ExpatError, KeyError, etree.LxmlError, zipfile.BadZipFile)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TITLE = ".//{http://purl.org/dc/elements/1.1/}title"


def read_docx(content: bytes) -> Contents:
    """A Word document. It has no pages until a program lays it out."""
    file = checked(content, main=MAIN, kind="DOCX")
    pictures = _Pictures()
    try:
        found = mammoth.convert_to_html(
            _visible(file), style_map=STYLES, convert_image=pictures.mark
        )
        with zipfile.ZipFile(file) as archive:
            title = _title(archive)
    except DAMAGED as error:
        raise UnreadableError("is damaged, or not a DOCX file") from error
    source = f"<html><body>{found.value}</body></html>"
    text = to_markdown(html.document_fromstring(source).find("body"))
    nothing = pictures.small and not pictures.large and not text.strip()
    return Contents(
        pages=(Page(text=text.strip()),),
        title=title,
        note=SMALL if nothing else None,
        scanned=tuple(range(1, len(pictures.large) + 1)),
        marked=True,
    )


def pictures_of_docx(content: bytes, number: int) -> list[bytes]:
    """The picture of a document that is marked with a number."""
    pictures = _Pictures()
    mammoth.convert_to_html(_visible(BytesIO(content)), convert_image=pictures.mark)
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


def _visible(file: BytesIO) -> BytesIO:
    """The file without the runs that Word does not show."""
    with zipfile.ZipFile(file) as archive:
        source = archive.read(MAIN)
        if b"w:vanish" not in source:
            file.seek(0)
            return file
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=True
        )
        tree = etree.fromstring(source, parser)
        for run in tree.iter(f"{WORD}r"):
            if any(_is_on(mark) for mark in run.iterfind(f"{WORD}rPr/{WORD}vanish")):
                for child in list(run):
                    run.remove(child)
        shown = BytesIO()
        with zipfile.ZipFile(shown, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in dict.fromkeys(archive.namelist()):
                changed = etree.tostring(tree) if name == MAIN else archive.read(name)
                copy.writestr(name, changed)
    shown.seek(0)
    return shown


def _is_on(mark: Any) -> bool:  # noqa: ANN401  as above
    return mark.get(f"{WORD}val", "true") not in {"false", "0", "off"}


def _title(archive: zipfile.ZipFile) -> str | None:
    if CORE not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return own_title(etree.parse(BytesIO(archive.read(CORE)), parser).findtext(TITLE))
