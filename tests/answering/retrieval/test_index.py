"""An index in memory: the nearest chunks, their sentences, and words."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.store.folders import EmbeddedStore
from bot.answering.encoding.encoder import Encoder
from bot.answering.store.generations import Generation
from bot.answering.retrieval.index import Index
from tests.support.generations import make_chunk, make_generation, random_vectors

TEXTS = ("Visas take eight weeks.", "The fee is 450 euros.", "Courses are online.")


@pytest.fixture
def index(sample_data: Path) -> Index:
    store = EmbeddedStore(sample_data / "index")
    return Index(store.load(store.current() or ""))


def generation_of(*texts: str, encoder: Encoder) -> Generation:
    vectors = encoder.embed(texts)
    return make_generation(
        [make_chunk(text, number=number) for number, text in enumerate(texts)],
        chunk_vectors=vectors,
        sentence_vectors=vectors,
    )


def test_a_question_finds_the_nearest_chunk_first(encoder: Encoder) -> None:
    index = Index(generation_of(*TEXTS, encoder=encoder))
    price, visa = index.dense(encoder.embed(["What is the price?", "visa"]), 2)
    assert price[0][0] == 1
    assert visa[0][0] == 0
    assert price[0][1] > price[1][1]
    assert len(price) == len(visa) == 2


def test_the_score_of_a_chunk_is_its_cosine(index: Index, encoder: Encoder) -> None:
    asked = encoder.embed(["How much is the blocked account?"])
    for number, score in index.dense(asked, 40)[0]:
        cosine = float(asked[0] @ index.chunk_vectors[number])
        assert score == pytest.approx(cosine, abs=1e-5)


@pytest.mark.parametrize("k", [0, 1, 7, 499, 500, 501])
def test_the_best_are_exactly_the_best(k: int) -> None:
    vectors = random_vectors(501)
    chunks = [make_chunk(f"Text {number}") for number in range(500)]
    index = Index(
        make_generation(
            chunks, chunk_vectors=vectors[:500], sentence_vectors=vectors[:500]
        )
    )
    scores = vectors[:500] @ vectors[500]
    expected = np.argsort(-scores)[:k].tolist()
    assert [number for number, _ in index.dense(vectors[500:], k)[0]] == expected


def test_of_chunks_that_are_equally_near_the_first_ones_come_first(
    encoder: Encoder,
) -> None:
    index = Index(generation_of("Fees.", "Fees.", "Visas.", encoder=encoder))
    found = index.dense(encoder.embed(["Fees."]), 3)[0]
    assert [number for number, _ in found] == [0, 1, 2]


def test_words_are_found_where_they_stand(index: Index) -> None:
    (number, score), *_ = index.lexical("bursary", 5)
    assert "bursary" in index.chunks[number].text
    assert score > 0
    assert index.lexical("giraffe", 5) == []
    assert index.idf("bursari") > index.idf("cours") > 0


def test_every_sentence_has_its_own_vector(index: Index, encoder: Encoder) -> None:
    for number, chunk in enumerate(index.chunks):
        expected = encoder.embed([sentence.text for sentence in chunk.sentences])
        found = index.sentence_vectors(number)
        assert np.allclose(found, expected, atol=1e-4), chunk.id


def test_an_index_of_no_chunks_finds_nothing(encoder: Encoder) -> None:
    index = Index(generation_of(encoder=encoder))
    assert index.dense(encoder.embed(["visa", "fee"]), 5) == [[], []]
    assert index.lexical("visa", 5) == []
