"""Catalogues of questions and answers beside documents, for tests."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.answering.chunks import Chunk
from ingest.chunking import chunk_document
from ingest.documents import read_documents
from ingest.phrasings import section_sums

Fields = Mapping[str, object]


def put_catalogue(folder: Path, language: str, text: str) -> None:
    """A catalogue as it is written, right or wrong."""
    path = folder / "languages" / f"{language}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def write_catalogue(
    folder: Path, language: str, sections: Mapping[str, Fields]
) -> None:
    """A catalogue of entries by the name of their section (``path#heading``)."""
    documents: dict[str, dict[str, Fields]] = {}
    for name, fields in sections.items():
        document, _, heading = name.partition("#")
        documents.setdefault(document, {})[heading] = fields
    text = yaml.safe_dump(documents, allow_unicode=True, sort_keys=False, width=1000)
    put_catalogue(folder, language, text)


def chunks_of(folder: Path) -> list[Chunk]:
    """The chunks of a folder's documents, without what catalogues have for them."""
    documents = read_documents(folder)
    return [chunk for document in documents for chunk in chunk_document(document)]


def sum_of(folder: Path, section: str) -> str:
    """The sum of a section's words as they are now."""
    return section_sums(chunks_of(folder))[section]
