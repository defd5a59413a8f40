"""Vectors that come with documents save a first sync its work, and are the same."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.answering.chunks import Role
from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder
from bot.answering.store.generations import content_key
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import DocumentError
from ingest.__main__ import main
from ingest.packed_vectors import read_packed, write_packed
from ingest.sync import sync
from tests.conftest import PROJECT
from tests.support.catalogues import chunks_of, write_catalogue
from tests.support.indexing import generation_of
from tests.support.knowledge import DOCUMENTS, write_knowledge

ALIKE = 0.999


@pytest.fixture
def packed(tmp_path: Path, encoder: Encoder) -> Settings:
    """Documents with a catalogue and packed vectors of all of it, and no index."""
    knowledge = write_knowledge(tmp_path / "knowledge")
    asks = {"asks": ["¿Me devuelven el dinero?"]}
    write_catalogue(knowledge, "es", {"guidance/fees.md#Refunds": asks})
    settings = Settings(data_dir=tmp_path / "data", knowledge_dir=knowledge)
    sync(settings, encoder=encoder)
    store = open_store(settings)
    write_packed(store.load(generation_of(settings)), knowledge)
    shutil.rmtree(settings.data_dir)
    return settings


def test_a_first_sync_encodes_nothing_that_is_packed(packed: Settings) -> None:
    unusable = Encoder("no/such/model")
    report = sync(packed, encoder=unusable)
    assert (report.changed, report.embedded) == (True, 0)
    assert report.reused > len(DOCUMENTS)
    assert sync(packed, encoder=unusable).changed is False


def test_only_what_is_not_packed_is_encoded(packed: Settings, encoder: Encoder) -> None:
    path = packed.knowledge_dir / "guidance/duration.md"
    text = path.read_text("utf-8").replace("up to 30 days", "up to 60 days")
    path.write_text(text, "utf-8")
    assert sync(packed, encoder=encoder).embedded == 1


def test_vectors_of_another_encoder_are_of_no_use(packed: Settings) -> None:
    keys = read_packed(packed.knowledge_dir)
    text = chunks_of(packed.knowledge_dir)[0].searchable
    assert content_key(text, BUNDLED_NAME, Role.PASSAGE) in keys
    assert content_key(text, "another", Role.PASSAGE) not in keys


def test_an_index_from_packed_vectors_finds_what_one_of_encoded_vectors_finds(
    packed: Settings, encoder: Encoder
) -> None:
    sync(packed)
    found = open_store(packed).load(generation_of(packed))
    made = encoder.passages([chunk.searchable for chunk in found.chunks])
    assert (found.chunk_vectors * made).sum(axis=1).min() > ALIKE
    assert np.allclose(np.linalg.norm(found.detail_vectors, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("damage", ["empty", "cut", "changed", "other", "unequal"])
def test_a_damaged_file_is_an_error_in_words(damage: str, packed: Settings) -> None:
    path = packed.knowledge_dir / "languages/vectors.npz"
    whole = path.read_bytes()
    middle = len(whole) // 2
    if damage == "unequal":
        np.savez(path, keys=np.zeros((2, 16), np.uint8), vectors=np.ones((1, 384)))
    else:
        contents = {
            "empty": b"",
            "cut": whole[:middle],
            "changed": whole[:middle] + bytes(64) + whole[middle + 64 :],
            "other": b"vectors",
        }
        path.write_bytes(contents[damage])
    with pytest.raises(DocumentError, match=r"^languages/vectors\.npz: is damaged; "):
        sync(packed)


def test_without_packed_vectors_there_are_none(tmp_path: Path) -> None:
    assert read_packed(tmp_path) == {}


def test_the_command_packs_the_index_in_use(
    packed: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(packed.data_dir))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(packed.knowledge_dir))
    assert main(["pack-vectors"]) == 1
    assert "run python -m ingest sync" in capsys.readouterr().err
    sync(packed)
    before = read_packed(packed.knowledge_dir)
    (packed.knowledge_dir / "languages/vectors.npz").unlink()
    assert main(["pack-vectors"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("languages/vectors.npz")
    after = read_packed(packed.knowledge_dir)
    assert after.keys() == before.keys()
    assert min(float(before[key] @ after[key]) for key in before) > ALIKE


def test_the_projects_packed_vectors_are_those_of_the_encoder(encoder: Encoder) -> None:
    packed = read_packed(PROJECT / "knowledge")
    chunks = chunks_of(PROJECT / "knowledge")[::60]
    texts = [(chunk.searchable, Role.PASSAGE) for chunk in chunks]
    texts += [chunk.details[0] for chunk in chunks]
    known = [packed[content_key(text, BUNDLED_NAME, role)] for text, role in texts]
    made = [
        (encoder.queries if role is Role.QUERY else encoder.passages)([text])[0]
        for text, role in texts
    ]
    assert (np.stack(known) * np.stack(made)).sum(axis=1).min() > ALIKE
