"""A catalogue on disk, into which drafts are put one by one, each whole or not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import DocumentError
from bot.whole_file import write_whole
from ingest.catalogue_entries import Entry, entries_of
from ingest.catalogue_text import HEADER, Draft, with_draft
from ingest.phrasings import FOLDER


class CatalogueFile:
    """The catalogue of a language, which need not exist yet.

    It is read anew for each draft, so that what somebody writes meanwhile stays.
    """

    def __init__(self, knowledge_dir: Path, language: str) -> None:
        self.name = f"{FOLDER}/{language}.yaml"
        self._language = language
        self._path = (knowledge_dir / self.name).resolve()

    def check(self, draft: Draft) -> None:
        """Whether a draft could be put in.

        Raises:
            DocumentError: it could not; the text says why.
        """
        with_draft(self.name, self._content(), draft)

    def put(self, draft: Draft, *, known: Sequence[Entry]) -> None:
        """A draft for a section of which the catalogue has had what is ``known``.

        Raises:
            DocumentError: it cannot be put in, or the section has something else now.
        """
        content = self._content()
        section = f"{draft.document}#{draft.heading}"
        now = entries_of(self.name, self._language, content)
        if _bare(one for one in now if one.section == section) != _bare(known):
            raise DocumentError(f"{self.name}: somebody has changed it meanwhile")
        write_whole(self._path, with_draft(self.name, content, draft))

    def _content(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return HEADER.encode()


def _bare(entries: Iterable[Entry]) -> list[Entry]:
    """Entries without the lines where they stand, which change with every draft."""
    return [replace(entry, where="") for entry in entries]
