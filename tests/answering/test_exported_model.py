"""The bundled model as it was exported: the same vectors, and never a broken one."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.answering import exported_model as module
from bot.answering.embedding import BATCH, Embedder
from bot.answering.exported_model import (
    ExportedModel,
    ExportError,
    Vectors,
    export_model,
    exported_model,
)

PROJECT = Path(__file__).parents[2]
TEXTS = ("visa", "", "fees and refunds, " * 200, "मुझे वीज़ा चाहिए", "🙂", "a\x00b")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_model(Embedder().open(), tmp_path_factory.mktemp("exported"))


def test_it_makes_the_vectors_of_the_model(exported: Path) -> None:
    model = exported_model(exported.parent, threads=1)
    assert model is not None
    wanted = Embedder(threads=2).embed(TEXTS)
    assert model.get_embedding_dimension() == wanted.shape[1]
    for texts in (TEXTS, TEXTS[:1]):
        found = model.encode(texts)
        assert np.allclose(found, wanted[: len(texts)], atol=1e-5)


def test_texts_are_padded_only_to_others_that_are_nearly_as_long(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ExportedModel(exported, threads=1)
    shapes = []
    session = model._session

    class Watched:
        def run(self, names: None, fed: dict[str, Vectors]) -> list[Vectors]:
            shapes.append(fed["tokens"].shape)
            vectors: list[Vectors] = session.run(names, fed)
            return vectors

        def get_outputs(self) -> object:
            return session.get_outputs()

    monkeypatch.setattr(model, "_session", Watched())
    long = "how long does it take to get a visa for a course of study " * 4
    model.encode(["a visa", long, "a fee"])
    assert len(shapes) == 2
    assert sorted(rows for rows, _ in shapes) == [1, 2]
    assert model.encode([]).shape == (0, 384)


def test_exporting_again_leaves_one_file(exported: Path) -> None:
    older = exported.with_name("all-MiniLM-L6-v2-older-0-0.onnx")
    older.touch()
    again = export_model(Embedder().open(), exported.parent)
    assert list(exported.parent.iterdir()) == [again]


def test_a_damaged_file_is_not_used(exported: Path, tmp_path: Path) -> None:
    damaged = tmp_path / exported.name
    damaged.write_bytes(exported.read_bytes()[:-1])
    assert exported_model(tmp_path, threads=1) is None


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert exported_model(tmp_path / "none", threads=1) is None


def test_other_vectors_than_the_models_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        ExportedModel, "encode", lambda _, texts: np.zeros((len(texts), 384))
    )
    with pytest.raises(ExportError, match="other vectors"):
        export_model(Embedder().open(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_questions_are_embedded_without_torch(exported: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from bot.answering import embedding, exported_model
found = exported_model.exported_model(Path({str(exported.parent)!r}), threads=1)
embedding.exported_model = lambda threads: found
assert embedding.Embedder().embed(["visa"] * {BATCH + 1}).shape == ({BATCH + 1}, 384)
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True)


def test_many_texts_and_other_models_are_left_to_sentence_transformers(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = exported_model(exported.parent, threads=1)
    monkeypatch.setattr("bot.answering.embedding.exported_model", lambda threads: found)
    assert isinstance(Embedder()._loaded(), ExportedModel)
    assert not isinstance(Embedder(threads=2)._loaded(), ExportedModel)
    assert module.FOLDER.is_relative_to(sys.prefix)
