"""The document that a conversation is about is told from each of its messages."""

import numpy as np
import pytest

from bot.answering.document_fits import ANSWERED, document_fits
from bot.answering.embedding import Embedder
from bot.answering.retrieval.index import Index
from bot.answering.nearness import nearness
from bot.answering.passages import Query
from tests.support.generations import make_chunk, make_generation

CANADA = (
    "A photo for Canada is 50 by 70 mm.",
    "Biometrics for Canada cost 85 dollars.",
)
FRANCE = ("A photo for France is 35 by 45 mm.", "A visa for France costs 50 euros.")


def an_index(embedder: Embedder, **documents: tuple[str, ...]) -> Index:
    """One document for each name, a passage for each of its texts."""
    texts = [(name, text) for name, found in documents.items() for text in found]
    chunks = [
        make_chunk(text, number=number, document=name, headings=())
        for number, (name, text) in enumerate(texts)
    ]
    return Index(
        make_generation(
            chunks,
            chunk_vectors=embedder.embed([text for _, text in texts]),
            sentence_vectors=embedder.embed([text for _, text in texts]),
        )
    )


def fits(
    index: Index, embedder: Embedder, text: str, *earlier: str
) -> dict[str, float]:
    """How well each document of an index fits a conversation."""
    query = Query(text=text, earlier=earlier)
    numbers = range(len(index.chunks))
    near = nearness(index, numbers, embedder.embed(query.texts))
    return document_fits(index, near, query)


def test_every_message_speaks_for_the_document_it_is_about(embedder: Embedder) -> None:
    index = an_index(embedder, canada=CANADA, france=FRANCE)
    assert fits(index, embedder, "price in euros?") == {"canada": 0.0, "france": 1.0}
    earlier = ("which photo for canada?", "and biometrics for canada?")
    found = fits(index, embedder, "price in euros?", *earlier)
    assert found == {"canada": 1.0, "france": 0.0}


def test_a_message_that_says_much_counts_most(embedder: Embedder) -> None:
    index = an_index(embedder, canada=CANADA, france=FRANCE)
    earlier = "which photo for canada?"
    assert fits(index, embedder, "and then?", earlier)["canada"] == 1
    assert fits(index, embedder, "visa for france costs?", earlier)["france"] == 1


def test_the_later_of_two_earlier_messages_counts_more(embedder: Embedder) -> None:
    index = an_index(embedder, canada=CANADA, france=FRANCE)
    canada, france = "which photo for canada?", "which photo for france?"
    assert fits(index, embedder, "ok", canada, france)["france"] == 1
    assert fits(index, embedder, "ok", france, canada)["canada"] == 1


def test_the_only_passage_of_a_document_was_the_answer_already(
    embedder: Embedder,
) -> None:
    whole, half, other = CANADA[0], FRANCE[1], "Dogs need a vaccination."
    index = an_index(embedder, page=(whole, half), note=(whole,), far=(other,))
    first = fits(index, embedder, "which photo for canada?")
    assert first["page"] == first["note"] == 1
    later = fits(index, embedder, "ok", "which photo for canada?")
    assert later["page"] == 1
    assert later["note"] == pytest.approx(ANSWERED, abs=0.1)


def test_what_says_nothing_in_the_documents_words_leaves_all_to_the_last_message(
    embedder: Embedder,
) -> None:
    index = an_index(embedder, canada=CANADA, france=FRANCE)
    question = "a photo of 35 by 45 mm?"
    alone = fits(index, embedder, question)
    silent = ("ok", "my name is Rajesh Srinivasan", "كم الرسوم؟")
    assert fits(index, embedder, question, *silent) == pytest.approx(alone)


def test_only_the_last_few_messages_are_listened_to(embedder: Embedder) -> None:
    index = an_index(embedder, canada=CANADA, france=FRANCE)
    photos = "which photo for canada?"
    assert fits(index, embedder, "ok", photos, *["hm"] * 7)["canada"] == 1
    silent = fits(index, embedder, "ok", *["hm"] * 8)
    assert fits(index, embedder, "ok", photos, *["hm"] * 8) == pytest.approx(silent)


def test_no_document_is_no_fit(embedder: Embedder) -> None:
    index = an_index(embedder, canada=CANADA)
    query = Query(text="visa")
    vectors = np.zeros((1, 384), dtype=np.float32)
    assert document_fits(index, nearness(index, [], vectors), query) == {}
    found = document_fits(index, nearness(index, [0], vectors), query)
    assert found == {"canada": 1.0}
