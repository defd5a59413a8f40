"""A store keeps generations as they were given, and knows which one is in use."""

import os
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from bot.answering.chunks import LONGEST_ANSWER, Ask, Chunk, Sentence
from bot.answering.store.generations import Manifest
from bot.answering.store.store import Store
from bot.errors import IndexUnavailableError, SyncUnderwayError
from tests.support.generations import (
    keep,
    make_chunk,
    make_generation,
    random_vectors,
)

MANY = 2100


def put(
    store: Store,
    chunks: Sequence[Chunk],
    *,
    name: str = "one",
    previous: str | None = None,
) -> Manifest:
    """Keep a generation of chunks, which is then in use."""
    generation = make_generation(chunks, name=name, previous=previous)
    keep(store, generation)
    return generation.manifest


def test_chunks_come_out_as_they_went_in_and_in_their_order(
    store: Store,
) -> None:
    chunks = (
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
    )
    manifest = put(store, chunks)
    assert store.current() == "one"
    assert store.manifest("one") == manifest
    assert store.load("one").chunks == chunks


def test_many_chunks_keep_their_numbers_and_their_vectors(store: Store) -> None:
    vectors = random_vectors(2 * MANY)
    chunks = [make_chunk(f"Text {number}", number=number) for number in range(MANY)]
    meant = make_generation(
        chunks, chunk_vectors=vectors[:MANY], detail_vectors=vectors[MANY:]
    )
    told: list[int] = []
    with store.writing() as writer:
        writer.write(meant, notes="[]", told=told.append)
        written = writer.read_back(meant.manifest)
        writer.switch_to(meant.manifest)
    assert sum(told) == MANY
    for found in (written, store.load("one")):
        assert found.chunks == meant.chunks
        assert np.allclose(found.chunk_vectors, meant.chunk_vectors, atol=1e-6)
        assert np.allclose(found.detail_vectors, meant.detail_vectors, atol=1e-6)


def test_chunks_keep_how_they_are_asked_and_what_they_say_in_other_languages(
    store: Store,
) -> None:
    asks = (Ask("hi", "फीस कितनी है?"), Ask("hi-Latn", "fees kitni hai?"))
    chunks = (
        make_chunk("The fee is 450 euros.", asks=asks, answers={"hi": "फीस 450 यूरो।"}),
        make_chunk("Visas take eight weeks.", number=1),
    )
    put(store, chunks)
    found = store.load("one").chunks
    assert found[0].asks == asks
    assert found[0].answers == {"hi": "फीस 450 यूरो।"}
    assert (found[1].asks, found[1].answers) == ((), {})


def test_every_question_and_every_part_of_a_long_section_keeps_its_vector(
    store: Store,
) -> None:
    sentence = Sentence("word " * LONGEST_ANSWER)
    long = make_chunk("word " * (2 * LONGEST_ANSWER), sentences=(sentence, sentence))
    short = make_chunk("b", number=1, asks=(Ask("en", "how much?"),), sentences=())
    meant = make_generation([long, short])
    keep(store, meant)
    found = store.load("one")
    assert [len(chunk.details) for chunk in found.chunks] == [3, 2]
    assert np.allclose(found.detail_vectors, meant.detail_vectors, atol=1e-6)


def test_a_generation_may_be_empty(store: Store) -> None:
    put(store, [])
    found = store.load("one")
    assert found.chunks == ()
    assert found.chunk_vectors.shape == found.detail_vectors.shape == (0, 384)


def test_without_a_generation_none_is_in_use(store: Store) -> None:
    assert store.current() is None
    assert store.holds("one") is False
    assert store.notes("one") is None
    for read in (store.manifest, store.load):
        with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
            read("one")


def test_what_is_written_is_not_in_use_before_the_switch(
    store: Store,
) -> None:
    put(store, [make_chunk("Old.")])
    new = make_generation([make_chunk("New.")], name="two", previous="one")
    with store.writing() as writer:
        writer.write(new, notes='["told"]', told=lambda _: None)
        assert store.current() == "one"
        writer.switch_to(new.manifest)
        assert store.current() == "two"
    assert store.current() == "two"
    assert store.notes("two") == '["told"]'


def test_what_was_written_and_not_switched_to_goes(
    store: Store,
) -> None:
    put(store, [make_chunk("Old.")])
    new = make_generation([make_chunk("New.")], name="two")
    with store.writing() as writer:
        writer.write(new, notes="[]", told=lambda _: None)
    with store.writing() as writer:
        writer.tidy()
    assert store.current() == "one"
    assert store.holds("two") is False
    assert [chunk.text for chunk in store.load("one").chunks] == ["Old."]


def test_only_the_generation_in_use_and_the_one_before_it_are_kept(
    store: Store,
) -> None:
    names = ["one", "two", "three"]
    for name, previous in zip(names, [None, *names], strict=False):
        chunks = [make_chunk(f"This is {name}.")]
        put(store, chunks, name=name, previous=previous)
    with store.writing() as writer:
        writer.tidy()
    assert [name for name in names if store.holds(name)] == ["two", "three"]
    assert store.current() == "three"


def test_going_back_and_forth_loses_nothing(store: Store) -> None:
    for name, previous in (("one", None), ("two", "one")):
        chunks = [make_chunk(f"This is {name}.")]
        put(store, chunks, name=name, previous=previous)
    with store.writing() as writer:
        writer.go_back_to("one")
    assert store.current() == "one"
    put(store, [make_chunk("Next.")], name="next", previous="one")
    with store.writing() as writer:
        writer.tidy()
    assert store.current() == "next"
    assert (store.holds("one"), store.holds("two")) == (True, False)


def test_one_at_a_time_may_write(store: Store) -> None:
    with store.writing():
        with pytest.raises(SyncUnderwayError, match="another ingest sync is running"):
            store.writing().__enter__()
        assert store.current() is None
    put(store, [make_chunk("Then.")])
    assert store.current() == "one"


def test_a_writer_that_fails_lets_others_write(
    store: Store,
) -> None:
    with pytest.raises(ZeroDivisionError), store.writing():
        os.getpid() // 0
    put(store, [make_chunk("Then.")])
    assert store.current() == "one"
