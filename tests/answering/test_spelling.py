"""A mistyped question is covered by the documents like the question that was meant."""

from datetime import date
from pathlib import Path

import pytest

from bot.answering.store.folders import EmbeddedStore
from bot.answering.embedding import Embedder
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.passages import Query
from bot.answering.retriever import search_index


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("germny micro credentals", "germany micro credentials"),
        ("microcredential certifcate", "microcredential certificate"),
    ],
)
def test_typing_mistakes_do_not_lower_coverage(
    sample_data: Path, embedder: Embedder, mistyped: str, meant: str
) -> None:
    library = IndexLibrary(
        EmbeddedStore(sample_data / "index"), embedding_model=embedder.name
    )

    def covered(text: str) -> float:
        vectors = embedder.embed([text])
        found = search_index(
            library.index(), Query(text=text), vectors, today=date(2026, 11, 24)
        )
        return max(passage.coverage for passage in found)

    assert covered(mistyped) == pytest.approx(covered(meant))
    assert covered(mistyped) > covered("mysterious bicycles in germany")
