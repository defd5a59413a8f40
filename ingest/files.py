"""Finds the documents under ``knowledge/``, and what lies beside them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b, file_digest
from pathlib import Path, PurePosixPath

from bot.errors import DocumentError
from ingest.figure_references import references
from ingest.figures import NAME as FIGURES
from ingest.figures import Figures, read_figures

# The folder whose CSV files are lists of programmes.
PROGRAMMES = "programmes"
LARGEST = 20 * 1024 * 1024
LARGEST_FOREIGN = 100 * 1024 * 1024
MARKDOWN = {".md", ".markdown"}
SIDECAR = ".yaml"
# The folder of fetched pages, which nobody here writes.
FETCHED = "web"
# What says something about the organisation or the sources, and nothing to a contact.
SETTINGS = {FIGURES, "organisation.yaml", "sources.yaml", "templates.yaml"}
# Folders of what stands beside documents: catalogues of questions, examples of wishes.
BESIDE = {"languages", "examples"}
# Raise it when a reader gets something else from the same file than before.
READERS_VERSION = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file as it was found; ``problem`` says why it cannot be used.

    ``content`` is kept for texts that are read in this process; of other formats only
    the ``digest`` is, and ``load`` reads them again. ``sidecar`` is the file with the
    front matter of one that cannot hold any; ``figures`` are those that a text of ours
    may refer to.
    """

    path: str
    content: bytes = b""
    problem: str | None = None
    digest: str = ""
    location: Path | None = None
    sidecar: "SourceFile | None" = field(default=None)
    figures: Figures = field(default_factory=dict, hash=False)

    @property
    def is_markdown(self) -> bool:
        """Whether it is a text of ours, in which every mistake is an editor's."""
        return PurePosixPath(self.path).suffix.lower() in MARKDOWN

    @property
    def is_programme_list(self) -> bool:
        """Whether every row of it is a programme."""
        return _is_programme_list(self.path)

    def load(self) -> bytes:
        """Everything that is in the file."""
        return self.content or (self.location.read_bytes() if self.location else b"")


def source_files(folder: Path) -> list[SourceFile]:
    """Every document below a folder, in a fixed order; hidden ones are not.

    Links are followed to files in the same folder only: nobody should publish
    ``/etc`` by a link that came with a download.

    Raises:
        DocumentError: there is no such folder, or nothing in it, or the list of figures
            is broken.
    """
    if not folder.is_dir():
        raise DocumentError(f"{folder} is not a folder; set KNOWLEDGE_DIR")
    found = [
        _read(path, folder)
        for path in sorted(folder.rglob("*"))
        if _is_source(path, folder)
    ]
    files = {file.path: file for file in found}
    if not files:
        raise DocumentError(f"{folder} holds no documents")
    figures = read_figures(folder)
    return [_with_figures(file, figures) for file in _with_sidecars(files)]


def given_file(folder: Path, name: str, content: bytes) -> SourceFile:
    """A document as it would be found with this content, whether it is there or not."""
    path = folder / name
    ours = _is_ours(name)
    largest = LARGEST if ours else LARGEST_FOREIGN
    beside = path.with_name(path.name + SIDECAR)
    file = SourceFile(
        path=name,
        content=content,
        problem=_too_large(len(content), largest),
        location=path,
        sidecar=_read(beside, folder) if beside.is_file() else None,
    )
    return _with_figures(file, read_figures(folder))


def fingerprint(files: Sequence[SourceFile]) -> str:
    """Changes when any document is added, edited, renamed or removed."""
    digest = blake2b(digest_size=16)
    for file in files:
        digest.update(f"{file.path}\0{file.problem}\0{file.digest}\0".encode())
    return digest.hexdigest()


def _is_source(path: Path, folder: Path) -> bool:
    name = path.relative_to(folder)
    if any(part.startswith(".") for part in name.parts):
        return False
    if path.is_dir():
        return path.is_symlink()
    return str(name) not in SETTINGS and name.parts[0] not in BESIDE


def _with_sidecars(files: Mapping[str, SourceFile]) -> Iterable[SourceFile]:
    for name, file in files.items():
        described = name.removesuffix(SIDECAR)
        if described != name and described in files:
            continue
        sidecar = files.get(name + SIDECAR)
        if sidecar is None:
            yield file
        else:
            both = blake2b(f"{file.digest}{sidecar.digest}".encode(), digest_size=16)
            yield replace(file, sidecar=sidecar, digest=both.hexdigest())


def _with_figures(file: SourceFile, figures: Figures) -> SourceFile:
    """A text of ours with its figures: it has changed when one of them has."""
    if not (figures and file.is_markdown) or file.path.startswith(f"{FETCHED}/"):
        return file
    names = references(file.content.decode("utf-8", "replace"))
    own = {name: repr(figures.get(name)) for name in names}
    both = blake2b(f"{file.digest}{own}".encode(), digest_size=16)
    digest = both.hexdigest() if own else file.digest
    return replace(file, figures=figures, digest=digest)


def _read(path: Path, folder: Path) -> SourceFile:
    name = path.relative_to(folder).as_posix()
    shown = os.fsencode(name).decode("utf-8", "replace")
    ours = _is_ours(name)
    content, digest = b"", ""
    problem = "its name is not UTF-8; rename it" if shown != name else None
    try:
        problem = problem or _problem(
            path, folder, LARGEST if ours else LARGEST_FOREIGN
        )
        if not problem and ours:
            content = path.read_bytes()
            digest = blake2b(content, digest_size=16).hexdigest()
        elif not problem:
            digest = _digest(path)
    except OSError as error:
        problem, content = f"cannot be read: {error.strerror}", b""
    return SourceFile(
        path=shown, content=content, problem=problem, digest=digest, location=path
    )


def _is_ours(name: str) -> bool:
    """Whether it is read in this process."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in {*MARKDOWN, SIDECAR} or _is_programme_list(name)


def _is_programme_list(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() == ".csv" and path.parts[0] == PROGRAMMES


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()


def _problem(path: Path, folder: Path, largest: int) -> str | None:
    if path.is_dir():
        return "is a link to a folder; put the documents themselves here"
    if not path.is_file():
        return "is not a file, or a link that leads nowhere"
    if not path.resolve().is_relative_to(folder.resolve()):
        return "is a link that leads out of KNOWLEDGE_DIR; put a copy here"
    return _too_large(path.stat().st_size, largest)


def _too_large(size: int, largest: int) -> str | None:
    return (
        f"is larger than {largest // 1024**2} MB; split it" if size > largest else None
    )
