"""What DOCX, PPTX and XLSX have in common: a ZIP file of XML, which may be a trap."""

import re
import zipfile
import zlib
from io import BytesIO

from ingest.formats.contents import UnreadableError

LARGEST = 300 * 1024**2
MOST_FILES = 20_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DECLARATIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def checked(content: bytes, *, main: str, kind: str) -> BytesIO:
    """The file, if it is what it says it is and unpacks to a reasonable size.

    ``main`` is the part that every file of this kind has; ``kind`` names it.

    Raises:
        UnreadableError: it is protected, damaged, something else, or a trap.
    """
    if content.startswith(OLD_OFFICE):
        protected = ENCRYPTED in content
        raise UnreadableError(
            "is protected with a password; save it without one"
            if protected
            else f"is of an old Office format; save it as {kind}"
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check(archive, main, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UnreadableError(f"is damaged, or not a {kind} file") from error
    except RuntimeError as error:  # zipfile says so of encrypted entries
        raise UnreadableError(
            "is protected with a password; save it without one"
        ) from error
    return BytesIO(content)


def _check(archive: zipfile.ZipFile, main: str, kind: str) -> None:
    entries = archive.infolist()
    if main not in archive.namelist():
        raise UnreadableError(f"is damaged, or not a {kind} file")
    size = sum(entry.file_size for entry in entries)
    if size > LARGEST or len(entries) > MOST_FILES:
        raise UnreadableError(f"unpacks to {size // 1024**2} MB; split it")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                start = part.read(4096).replace(b"\0", b"")
            if DECLARATIONS.search(start):
                raise UnreadableError(
                    "declares XML entities, which no Office program does"
                )
