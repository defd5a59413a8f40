"""DOCX: headings, lists and tables by their styles; pictures are left out."""

import zipfile
from io import BytesIO
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
from ingest.formats.titles import own_title

MAIN = "word/document.xml"
CORE = "docProps/core.xml"
STYLES = "p[style-name='Title'] => h1:fresh"
TITLE = ".//{http://purl.org/dc/elements/1.1/}title"


def read_docx(content: bytes) -> Contents:
    """A Word document. It has no pages until a program lays it out."""
    file = checked(content, main=MAIN, kind="DOCX")
    try:
        found = mammoth.convert_to_html(
            file,
            style_map=STYLES,
            convert_image=mammoth.images.img_element(lambda _: {}),
        )
        with zipfile.ZipFile(file) as archive:
            title = _title(archive)
            pictures = any(
                name.startswith("word/media/") for name in archive.namelist()
            )
    except (ExpatError, KeyError, etree.LxmlError, zipfile.BadZipFile) as error:
        raise UnreadableError("is damaged, or not a DOCX file") from error
    text: str = markdownify(
        found.value, heading_style="ATX", strip=["a", "img"], table_infer_header=True
    )
    note = "holds only pictures; text in pictures is not read"
    return Contents(
        pages=(Page(text=without_tags(text.strip())),),
        title=title,
        note=note if pictures and not text.strip() else None,
    )


def _title(archive: zipfile.ZipFile) -> str | None:
    if CORE not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return own_title(etree.parse(BytesIO(archive.read(CORE)), parser).findtext(TITLE))
