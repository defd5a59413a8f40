"""Files under ``knowledge/`` to documents; what is wrong with one is named."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from bot.errors import DocumentError
from ingest.figure_references import unknown_references
from ingest.figures import Figures
from ingest.files import SIDECAR, SourceFile, source_files
from ingest.formats.contents import Contents, UnreadableError, one_line
from ingest.formats.tesseract import ocr_program
from ingest.front_matter import (
    LONGEST_TITLE,
    About,
    parse_front_matter,
    split_front_matter,
)
from ingest.outcomes import FileStatus
from ingest.reading import Reader
from ingest.sentences import MARKDOWN, plain_text

NO_TEXT = "there is no text in it"
NO_FILE = "describes a file that is not here"
OLD_OFFICE = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document; ``path`` is relative to ``knowledge/``, ``body`` is Markdown.

    ``pages`` holds, for each page, the line of the body it begins at (from 0) and its
    number; ``note`` says what of the file could not be read, and ``may_pass`` that it
    may be another time. ``figures`` are those that the body may refer to.
    """

    path: str
    about: About
    body: str
    pages: tuple[tuple[int, int], ...] = ()
    note: str | None = None
    may_pass: bool = False
    figures: Figures = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that is no document; ``reason`` says why, in one line."""

    path: str
    status: FileStatus
    reason: str
    may_pass: bool = False


def read_documents(folder: Path) -> list[Document]:
    """All documents of a folder; raises ``DocumentError`` as ``parse_files``."""
    found = parse_files(source_files(folder))
    return [document for document in found if isinstance(document, Document)]


def parse_files(
    files: Sequence[SourceFile],
    *,
    reader: Reader | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Document | Skipped]:
    """What becomes of each file, in the same order.

    What an editor wrote (Markdown, front matter) must be right. What came from
    elsewhere is read as well as it can be, and left out when it cannot.

    Raises:
        DocumentError: some texts are broken; a line for each says where and why.
    """
    found: list[Document | Skipped] = []
    problems = []
    with reader or Reader(ocr=ocr_program()) as foreign:
        for file in files:
            try:
                found.append(parse_file(file, foreign))
            except DocumentError as error:
                problems.append(str(error))
            progress(1)
    if problems:
        raise DocumentError("\n".join(problems))
    return found


def parse_file(file: SourceFile, reader: Reader) -> Document | Skipped:
    """One file, of any format."""
    about = parse_ours(file)
    if isinstance(about, Document | Skipped):
        return about
    try:
        contents = _contents(file, reader)
    except UnreadableError as error:
        found = _skipped(file, FileStatus.REFUSED, str(error))
        return replace(found, may_pass=error.may_pass)
    if contents.is_empty:
        found = _skipped(file, FileStatus.EMPTY, contents.note or NO_TEXT)
        return replace(found, may_pass=contents.may_pass)
    return _document(file, contents, about)


def parse_ours(file: SourceFile) -> Document | Skipped | About | None:
    """What an editor wrote: a Markdown file, or the front matter beside another one.

    Raises:
        DocumentError: it is broken; a line for each problem says where and why.
    """
    if file.is_markdown or (file.location and file.location.is_dir()):
        return parse_document(file)
    return _sidecar(file)


def parse_document(file: SourceFile) -> Document | Skipped:
    """A Markdown file, validated where it has front matter."""
    name = file.path
    if file.problem:
        raise DocumentError(f"{name}: {file.problem}")
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{name}:{line}: not UTF-8; save it as UTF-8") from error
    lines = text.replace("\0", "\ufffd").splitlines()
    about, start = split_front_matter(name, lines)
    body = "\n".join(lines[start:]).strip()
    if about and not body:
        raise DocumentError(f"{name}:{start}: there is no text below the front matter")
    if not body:
        return _skipped(file, FileStatus.EMPTY, NO_TEXT)
    unknown = unknown_references(lines[start:], file.figures, first=start + 1)
    if problems := [f"{name}:{line}: {why}" for line, why in unknown]:
        raise DocumentError("\n".join(problems))
    return Document(
        path=name,
        about=about or About(title=_title(name, body)),
        body=body,
        figures=file.figures,
    )


def _sidecar(file: SourceFile) -> About | None:
    sidecar = file.sidecar
    if sidecar is None:
        return None
    if sidecar.problem:
        raise DocumentError(f"{sidecar.path}: {sidecar.problem}")
    text = sidecar.content.decode("utf-8-sig", "replace")
    return parse_front_matter(sidecar.path, text)


def _contents(file: SourceFile, reader: Reader) -> Contents:
    if file.problem:
        raise UnreadableError(file.problem)
    suffix = PurePosixPath(file.path).suffix.lower()
    if suffix in OLD_OFFICE:
        raise UnreadableError(
            f"is of an old Office format; save it as {OLD_OFFICE[suffix]}"
        )
    if suffix == SIDECAR:
        raise UnreadableError(NO_FILE)
    try:
        return reader.read(file.path, file.load())
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise UnreadableError(reason, may_pass=True) from error


def _document(file: SourceFile, contents: Contents, about: About | None) -> Document:
    lines: list[str] = []
    pages = []
    for page in contents.pages:
        if page.text.strip():
            if page.number is not None:
                pages.append((len(lines), page.number))
            lines += [*page.text.strip().split("\n"), ""]
    body = "\n".join(lines).strip().replace("\0", "\ufffd")
    title = contents.title or _title(file.path, body)
    return Document(
        path=file.path,
        about=about or About(title=one_line(title, longest=LONGEST_TITLE)),
        body=body,
        pages=tuple(pages),
        note=contents.note,
        may_pass=contents.may_pass,
    )


def _title(path: str, body: str) -> str:
    """The first heading, or the name of the file."""
    headings = (words for words in _headings(body) if words)
    words = next(headings, PurePosixPath(path).name)
    return one_line(words, longest=LONGEST_TITLE)


def _headings(body: str) -> Iterator[str]:
    tokens = MARKDOWN.parse(body)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield plain_text(tokens[place + 1])


def _skipped(file: SourceFile, status: FileStatus, reason: str) -> Skipped:
    return Skipped(path=file.path, status=status, reason=one_line(reason))
