"""Messages that nobody of our kind holds an answer to are known by their likes."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder
from bot.answering.retrieval.astray import (
    OWN_FILE,
    astray_for,
    fit,
    load,
    save,
    shipped_astray,
)
from bot.answering.retrieval.index import Index
from bot.errors import IndexUnavailableError
from tests.answering.retrieval.test_index import CHUNKS, TODAY, asked, section
from tests.support.generations import encoded_generation

FOREIGN = [
    "can i bring my parrot along",
    "which gym is cheap near the station",
    "ब्रिस्टल में अच्छा ढाबा कौन सा है",
    "¿cuánto cuesta un kilo de arroz allá?",
]
OURS = [
    "how much money must i show for the student visa",
    "¿cuántas horas puedo trabajar con la visa de estudiante?",
    "मास्टर्स के लिए आईईएल्टीएस कितना चाहिए",
    "is the certificate recognised by universities",
]


def test_what_has_nothing_to_do_with_studies_stands_out(encoder: Encoder) -> None:
    shipped = shipped_astray()
    assert shipped.encoder == BUNDLED_NAME
    foreign, ours = (shipped.of(encoder.queries(texts)) for texts in (FOREIGN, OURS))
    assert foreign.min() > ours.max()


def test_it_makes_an_answer_less_likely_but_not_where_a_section_is_about_it(
    encoder: Encoder,
) -> None:
    pets = section("A parrot needs a permit of the vet.", "Can I bring my parrot?")
    question = asked(encoder, "can i bring my parrot along")
    without, with_pets = (
        Index(encoded_generation(chunks, encoder=encoder), astray=shipped_astray())
        for chunks in (CHUNKS, [*CHUNKS, pets])
    )
    missing, held = (
        index.search(question, today=TODAY) for index in (without, with_pets)
    )
    assert held.signals["astray"] < 0.2 < missing.signals["astray"]
    assert [hit.chunk for hit in held.hits][:1] == [pets]


def test_what_was_fitted_is_kept_in_a_file_for_its_encoder(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(40, 64)).astype(np.float32)
    rows[:20, 0] += 4
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = fit(rows[:20], rows[20:], encoder="another")
    assert found.of(rows[:20]).mean() > 0.5 > -0.5 > found.of(rows[20:]).mean()
    save(found, tmp_path / OWN_FILE)

    kept = astray_for("another", tmp_path)
    assert kept is not None
    assert kept.of(rows) == pytest.approx(found.of(rows), abs=0.1)
    assert astray_for("a third one", tmp_path) is None
    assert astray_for(BUNDLED_NAME, tmp_path) is shipped_astray()


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / OWN_FILE).write_bytes(b"not a file of ours")
    with pytest.raises(IndexUnavailableError, match="calibrate --write"):
        load(tmp_path / OWN_FILE)
