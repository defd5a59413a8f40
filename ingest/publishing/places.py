"""Where a document may be read and written: below ``KNOWLEDGE_DIR``, nowhere else."""

from pathlib import Path, PurePosixPath

from bot.errors import DocumentError
from bot.whole_file import write_whole
from ingest.files import BESIDE, SETTINGS
from ingest.phrasings import FOLDER as CATALOGUES

LONGEST_PATH, LONGEST_NAME = 300, 120
FORBIDDEN = frozenset('\\:*?"<>|')


def place_of(folder: Path, name: str) -> Path:
    """The file of that name below the folder, whether there is one or not.

    Raises:
        DocumentError: the name leads elsewhere, or to what is no document.
    """
    parts = name.split("/")
    if len(name) > LONGEST_PATH or not all(map(_is_plain, parts)):
        raise DocumentError(
            "a document is named by its path, as faq/fees.md: no part of it empty, "
            f"hidden or longer than {LONGEST_NAME} letters"
        )
    if name in SETTINGS or (parts[0] in BESIDE and not is_catalogue(name)):
        raise DocumentError(f"{name}: is no document")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path.is_dir():
        raise DocumentError(f"{name}: is no document in KNOWLEDGE_DIR")
    return path


def is_catalogue(name: str) -> bool:
    """Whether it is what a language has for the sections of documents."""
    path = PurePosixPath(name)
    return path.parent == PurePosixPath(CATALOGUES) and path.suffix == ".yaml"


def content_of(place: Path, path: str) -> bytes | None:
    """What is in a file; None where there is none."""
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror}") from error


def put(path: str, place: Path, content: bytes | None) -> None:
    """Write a file whole; None takes it away."""
    try:
        if content is None:
            place.unlink(missing_ok=True)
        else:
            write_whole(place, content)
    except OSError as error:
        raise DocumentError(f"{path}: cannot be written: {error.strerror}") from error


def _is_plain(part: str) -> bool:
    return (
        0 < len(part) <= LONGEST_NAME
        and not part.startswith(".")
        and part == part.strip()
        and part.isprintable()
        and not FORBIDDEN & set(part)
    )
