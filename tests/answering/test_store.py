"""The index in Chroma: what goes in comes out, is found, and damage is noticed."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest

from bot.answering.embedding import BUNDLED_NAME, Embedder
from bot.answering.generations import MANIFEST, current_generation
from bot.answering.store import SENTENCES, GenerationBuilder, Index, content_key
from bot.errors import IndexUnavailableError
from tests.support.generations import (
    make_chunk,
    random_vectors,
    write_generation,
    write_vectors,
)

TEXTS = ("Visas take eight weeks.", "The fee is 450 euros.", "Courses are online.")
MANY = 2100


@pytest.fixture
def index(sample_data: Path) -> Index:
    generation = current_generation(sample_data / "index")
    assert generation
    return Index(sample_data / "index" / generation)


def test_chunks_come_out_as_they_went_in_and_in_their_order(
    tmp_path: Path, embedder: Embedder
) -> None:
    chunks = [
        make_chunk("Visas take “8 weeks” — à Paris, in 日本.", number=0),
        make_chunk(
            "The fee is 450 euros.",
            number=1,
            headings=(),
            url=None,
            as_of=None,
            valid_from=date(2026, 1, 1),
            valid_until=date(2026, 12, 31),
            facets={},
        ),
    ]
    index = Index(write_generation(tmp_path, chunks, embedder=embedder))
    assert index.chunks == tuple(chunks)
    assert index.generation == "one"
    assert index.manifest.chunks == 2
    index.close()


def test_more_chunks_than_one_page_keep_their_numbers(tmp_path: Path) -> None:
    vectors = random_vectors(MANY)
    index = Index(write_many(tmp_path))
    assert [chunk.text for chunk in index.chunks] == [f"Text {n}" for n in range(MANY)]
    assert np.allclose(index.chunk_vectors, vectors)
    assert [index.dense(vectors[[n]], 1)[0][0][0] for n in (0, 7, 2050)] == [0, 7, 2050]
    index.close()


def test_a_question_finds_the_nearest_chunk_first(
    tmp_path: Path, embedder: Embedder
) -> None:
    chunks = [make_chunk(text, number=n) for n, text in enumerate(TEXTS)]
    index = Index(write_generation(tmp_path, chunks, embedder=embedder))
    price, visa = index.dense(embedder.embed(["What is the price?", "visa"]), 2)
    assert price[0][0] == 1
    assert visa[0][0] == 0
    assert price[0][1] > price[1][1]
    assert len(price) == len(visa) == 2
    index.close()


def test_the_score_of_a_chunk_is_its_cosine(index: Index, embedder: Embedder) -> None:
    asked = embedder.embed(["How much is the blocked account?"])
    for number, score in index.dense(asked, 40)[0]:
        cosine = float(asked[0] @ index.chunk_vectors[number])
        assert score == pytest.approx(cosine, abs=1e-5)
    index.close()


def test_words_are_found_where_they_stand(index: Index) -> None:
    (number, score), *_ = index.lexical("bursary", 5)
    assert "bursary" in index.chunks[number].text
    assert score > 0
    assert index.lexical("giraffe", 5) == []
    assert index.idf("bursari") > index.idf("cours") > 0
    index.close()


def test_every_sentence_has_its_own_vector(index: Index, embedder: Embedder) -> None:
    for number, chunk in enumerate(index.chunks):
        expected = embedder.embed([sentence.text for sentence in chunk.sentences])
        found = index.sentence_vectors(number)
        assert np.allclose(found, expected, atol=1e-4), chunk.id
    index.close()


def test_vectors_are_known_by_the_text_and_the_model(index: Index) -> None:
    known = index.embeddings()
    chunk = index.chunks[0]
    assert np.array_equal(
        known[content_key(chunk.searchable, BUNDLED_NAME)], index.chunk_vectors[0]
    )
    sentence = chunk.sentences[0].text
    assert np.array_equal(
        known[content_key(sentence, BUNDLED_NAME)], index.sentence_vectors(0)[0]
    )
    assert content_key(sentence, "another model") not in known
    index.close()


def test_an_index_of_no_chunks_finds_nothing(
    tmp_path: Path, embedder: Embedder
) -> None:
    index = Index(write_generation(tmp_path, [], embedder=embedder))
    assert index.dense(embedder.embed(["visa", "fee"]), 5) == [[], []]
    assert index.lexical("visa", 5) == []
    assert index.embeddings() == {}
    index.close()


def test_the_same_generation_can_be_open_twice(
    sample_data: Path, embedder: Embedder
) -> None:
    folder = sample_data / "index" / (current_generation(sample_data / "index") or "")
    first, second = Index(folder), Index(folder)
    second.close()
    assert len(first.dense(embedder.embed(["visa"]), 3)[0]) == 3
    first.close()


def test_a_generation_is_never_written_into_an_existing_folder(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        GenerationBuilder(tmp_path)


def test_a_new_index_is_checked_before_it_counts(
    tmp_path: Path, embedder: Embedder
) -> None:
    chunks = [make_chunk(text, number=n) for n, text in enumerate(TEXTS)]
    vectors = embedder.embed([chunk.searchable for chunk in chunks])
    builder = GenerationBuilder(tmp_path / "one")
    builder.add(chunks, chunk_vectors=vectors, sentence_vectors=vectors)
    builder.verify(vectors, sentences=3)
    with pytest.raises(IndexUnavailableError, match="holds"):
        builder.verify(vectors[:2], sentences=3)
    with pytest.raises(IndexUnavailableError, match="holds"):
        builder.verify(vectors, sentences=4)
    with pytest.raises(IndexUnavailableError, match="does not find chunk 0"):
        builder.verify(-vectors, sentences=3)
    builder.close()


def cut_short(folder: Path) -> None:
    path = folder / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def without_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def without_vectors(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def with_empty_vectors(folder: Path) -> None:
    for path in folder.rglob("*.bin"):
        path.write_bytes(b"")


def of_other_chunks(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text("utf-8").replace(f"{MANY}", "5"), "utf-8")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_many(tmp_path_factory.mktemp("many"))


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        overwritten,
        without_database,
        without_vectors,
        with_empty_vectors,
        of_other_chunks,
    ],
)
def test_a_damaged_index_is_a_clear_error_whenever_it_is_opened(
    damage: Callable[[Path], None], many: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(many, folder)
    damage(folder)
    for _ in range(2):
        with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
            Index(folder)


def test_sentences_that_got_lost_are_noticed(
    tmp_path: Path, embedder: Embedder
) -> None:
    chunks = [make_chunk(text, number=n) for n, text in enumerate(TEXTS)]
    folder = write_generation(tmp_path, chunks, embedder=embedder)
    client: Any = chromadb.PersistentClient(str(folder))
    client.get_collection(SENTENCES, embedding_function=None).delete(["00000001.00000"])
    client.close()
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        Index(folder)


def write_many(index_dir: Path) -> Path:
    """A generation large enough for Chroma to have written its vectors to files."""
    chunks = [make_chunk(f"Text {number}", number=number) for number in range(MANY)]
    vectors = random_vectors(MANY)
    return write_vectors(
        index_dir, chunks, chunk_vectors=vectors, sentence_vectors=vectors
    )
