"""Generations: their manifest, their vectors by text, and what a check notices."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from bot.answering.chunks import Role
from bot.answering.encoding.encoder import BUNDLED_NAME
from bot.answering.store.generations import (
    FORMAT,
    Generation,
    content_key,
    manifest_from_json,
    manifest_to_json,
    new_generation,
    verify,
)
from bot.errors import IndexUnavailableError
from tests.support.generations import make_chunk, make_generation, random_vectors

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SIZE = 30


@pytest.fixture
def meant() -> Generation:
    """A generation of chunks with a question each."""
    vectors = random_vectors(2 * SIZE)
    return make_generation(
        [make_chunk(f"Text {number}.", number=number) for number in range(SIZE)],
        chunk_vectors=vectors[:SIZE],
        detail_vectors=vectors[SIZE:],
    )


def test_names_sort_by_time_in_any_time_zone() -> None:
    abroad = timezone(timedelta(hours=-5))
    later = (NOON + timedelta(seconds=1)).astimezone(abroad)
    assert new_generation(NOON).startswith("20261124T120000-")
    assert new_generation(NOON) < new_generation(later)


def test_a_name_is_never_given_twice() -> None:
    assert len({new_generation(NOON) for _ in range(100)}) == 100


def test_a_manifest_is_read_as_it_was_written(meant: Generation) -> None:
    text = manifest_to_json(meant.manifest)
    assert manifest_from_json(text, where="here") == meant.manifest


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"generation": "x"}', f'{{"format": {FORMAT}}}']
)
def test_a_damaged_manifest_is_a_clear_error(text: str) -> None:
    problem = "the index in here is damaged; run python -m ingest sync"
    with pytest.raises(IndexUnavailableError, match=problem):
        manifest_from_json(text, where="here")


def test_another_format_is_refused_by_its_number(meant: Generation) -> None:
    fields = {**asdict(meant.manifest), "format": FORMAT + 1, "colour": "blue"}
    with pytest.raises(IndexUnavailableError, match=f"format {FORMAT + 1}.*{FORMAT};"):
        manifest_from_json(json.dumps(fields), where="here")


def test_vectors_are_known_by_the_text_its_role_and_the_model(
    meant: Generation,
) -> None:
    known = meant.embeddings()
    chunk, question = meant.chunks[3], meant.chunks[3].questions[0]
    assert len(known) == 2 * SIZE
    found = known[content_key(chunk.searchable, BUNDLED_NAME, Role.PASSAGE)]
    assert np.array_equal(found, meant.chunk_vectors[3])
    found = known[content_key(question, BUNDLED_NAME, Role.QUERY)]
    assert np.array_equal(found, meant.detail_vectors[3])
    assert content_key(question, BUNDLED_NAME, Role.PASSAGE) not in known
    assert content_key(question, "another model", Role.QUERY) not in known


def test_what_was_stored_as_it_was_meant_is_accepted(meant: Generation) -> None:
    verify(meant, meant)
    rounded = replace(meant, chunk_vectors=meant.chunk_vectors + np.float32(1e-7))
    verify(rounded, meant)


def shorter(meant: Generation) -> Generation:
    return replace(meant, chunks=meant.chunks[:-1])


def without_a_detail(meant: Generation) -> Generation:
    return replace(meant, detail_vectors=meant.detail_vectors[1:])


def with_other_chunk_vectors(meant: Generation) -> Generation:
    return replace(meant, chunk_vectors=meant.chunk_vectors[::-1])


def with_a_vector_of_no_numbers(meant: Generation) -> Generation:
    vectors = meant.chunk_vectors.copy()
    vectors[0, 0] = np.nan
    return replace(meant, chunk_vectors=vectors)


def with_other_detail_vectors(meant: Generation) -> Generation:
    return replace(meant, detail_vectors=-meant.detail_vectors)


def in_another_order(meant: Generation) -> Generation:
    return replace(meant, chunks=meant.chunks[::-1])


@pytest.mark.parametrize(
    ("spoiled", "problem"),
    [
        (shorter, "holds .29, 30. entries"),
        (without_a_detail, "holds .30, 29. entries"),
        (with_other_chunk_vectors, "holds other vectors"),
        (with_a_vector_of_no_numbers, "holds other vectors"),
        (with_other_detail_vectors, "holds other vectors"),
        (in_another_order, "holds other texts"),
    ],
)
def test_what_was_stored_otherwise_is_refused(
    spoiled: Callable[[Generation], Generation], problem: str, meant: Generation
) -> None:
    with pytest.raises(IndexUnavailableError, match=problem):
        verify(spoiled(meant), meant)


def test_a_chunk_that_its_own_vector_does_not_find_is_refused(
    meant: Generation,
) -> None:
    vectors = meant.chunk_vectors.copy()
    vectors[0] *= np.float32(0.1)
    vectors[1] = vectors[0] * np.float32(2)
    crooked = replace(meant, chunk_vectors=vectors)
    with pytest.raises(IndexUnavailableError, match="does not find chunk 0"):
        verify(crooked, crooked)
