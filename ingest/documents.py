"""Files under ``knowledge/`` to documents; what is wrong with one is named."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from bot.errors import DocumentError
from ingest.figure_references import unknown_references
from ingest.figures import Figures
from ingest.files import SIDECAR, SourceFile, source_files
from ingest.formats.charset import decoded, is_guess
from ingest.formats.contents import Contents, UnreadableError, one_line
from ingest.formats.dialects import as_plain_markdown
from ingest.formats.tesseract import ocr_program
from ingest.front_matter import LONGEST_TITLE, About, parse_front_matter
from ingest.instructions import without_instructions
from ingest.matter_block import split_front_matter
from ingest.outcomes import FileStatus
from ingest.reading import Reader
from ingest.sentences import MARKDOWN, plain_text

NO_TEXT = "there is no text in it"
LEFT_OUT = "left out: "
# A text that somebody wrote may hold a few signs that no reader shows.
CONTROLS_OF_EDITORS = 0.2
NO_FILE = "describes a file that is not here"
OLD_OFFICE = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document; ``path`` is relative to ``knowledge/``, ``body`` is Markdown.

    ``pages`` holds, for each page, the line of the body it begins at (from 0) and its
    number; ``note`` says what of the file could not be read, and ``may_pass`` that it
    may be another time; ``share`` is how much of the visible words was taken.
    ``figures`` are those that the body may refer to.
    """

    path: str
    about: About
    body: str
    pages: tuple[tuple[int, int], ...] = ()
    note: str | None = None
    may_pass: bool = False
    figures: Figures = field(default_factory=dict, hash=False)
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that is no document; ``reason`` says why, in one line."""

    path: str
    status: FileStatus
    reason: str
    may_pass: bool = False


def read_documents(folder: Path) -> list[Document]:
    """All documents of a folder.

    Raises:
        DocumentError: texts of an editor's are broken; a line for each says where.
    """
    found = list(_parsed(source_files(folder)))
    problems = [str(error) for error in found if isinstance(error, DocumentError)]
    if problems:
        raise DocumentError("\n".join(problems))
    return [document for document in found if isinstance(document, Document)]


def parse_files(
    files: Sequence[SourceFile],
    *,
    reader: Reader | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Document | Skipped]:
    """What becomes of each file, in the same order.

    A text of an editor's that is broken is left out, with the lines that say why.
    """
    found: list[Document | Skipped] = []
    for file, made in zip(files, _parsed(files, reader), strict=True):
        found.append(_refused(file, made) if isinstance(made, DocumentError) else made)
        progress(1)
    return found


def _parsed(
    files: Sequence[SourceFile], reader: Reader | None = None
) -> Iterator[Document | Skipped | DocumentError]:
    with reader or Reader(ocr=ocr_program()) as foreign:
        for file in files:
            try:
                yield parse_file(file, foreign)
            except DocumentError as error:
                yield error


def _refused(file: SourceFile, error: DocumentError) -> Skipped:
    """A text that is broken: each problem with its line, without the name of it."""
    problems = []
    for line in str(error).splitlines():
        number, _, rest = line.removeprefix(f"{file.path}:").partition(": ")
        problems.append(f"line {number}: {rest}" if number.isdigit() else line)
    reason = "; ".join(problems).removeprefix(f"{file.path}: ")
    return _skipped(file, FileStatus.REFUSED, reason)


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
        text = decoded(file.content, controls_allowed=CONTROLS_OF_EDITORS)
    except UnreadableError as error:
        raise DocumentError(f"{name}: {error}") from error
    lines = text.split("\n")
    said, start = split_front_matter(name, lines)
    body = "\n".join(lines[start:]).strip()
    if said.about and not body:
        raise DocumentError(f"{name}:{start}: there is no text below the front matter")
    body = as_plain_markdown(body)
    if not body:
        return _skipped(file, FileStatus.EMPTY, NO_TEXT)
    unknown = unknown_references(lines[start:], file.figures, first=start + 1)
    if problems := [f"{name}:{line}: {why}" for line, why in unknown]:
        raise DocumentError("\n".join(problems))
    title = said.title or _title(name, body)
    body, left_out = without_instructions(body)
    notes = [*said.unknown, is_guess(file.content), _left_out(left_out)]
    return Document(
        path=name,
        about=said.about or About(title=title),
        body=body.strip(),
        note="; ".join(filter(None, notes)) or None,
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
    body, left_out = without_instructions(body)
    notes = [contents.note, _left_out(left_out)]
    return Document(
        path=file.path,
        about=about or About(title=one_line(title, longest=LONGEST_TITLE)),
        body=body,
        pages=tuple(pages),
        note="; ".join(filter(None, notes)) or None,
        share=contents.share,
        may_pass=contents.may_pass,
    )


def _left_out(passages: Sequence[str]) -> str | None:
    """That some passages are told to nobody, and where they stand in the text."""
    return f"{LEFT_OUT}{', '.join(passages)}" if passages else None


def _title(path: str, body: str) -> str:
    """The first heading, or the name of the file."""
    headings = (words for words in _headings(body) if words)
    words = next(headings, named_after(path))
    return one_line(words, longest=LONGEST_TITLE)


def named_after(path: str) -> str:
    """A title for what has none: the name of its file in words."""
    words = PurePosixPath(path).stem.replace("_", " ").replace("-", " ").split()
    name = " ".join(words)
    return f"{name[:1].upper()}{name[1:]}" or PurePosixPath(path).name


def _headings(body: str) -> Iterator[str]:
    tokens = MARKDOWN.parse(body)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield plain_text(tokens[place + 1])


def _skipped(file: SourceFile, status: FileStatus, reason: str) -> Skipped:
    return Skipped(path=file.path, status=status, reason=one_line(reason))
