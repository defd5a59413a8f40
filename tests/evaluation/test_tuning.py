"""The adapter is learned from an index, its followed conversations and the examples."""

from pathlib import Path

import pytest

from bot.answering.encoding.adapter import FILE, adapter_sum, read_adapter
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import IndexUnavailableError
from bot.evaluation.tuning import material_of, tune_encoder


def test_it_learns_from_sections_messages_and_what_follows_others(
    project_data: Path,
) -> None:
    store = open_store(Settings(data_dir=project_data))
    material = material_of(store.load(store.current() or ""))
    assert len(material.passages) == len(material.asked)
    assert all(material.asked)
    assert {label for _, label in material.messages} > {"person", "distress", "none"}
    assert len(material.followed) > 1000
    behind = [text for text, _ in material.followed if " >> " in text]
    assert len(behind) > len(material.followed) / 2
    numbers = {number for _, right in material.followed for number in right}
    assert max(numbers) < len(material.passages)


def test_what_is_learned_is_kept_where_it_is_to_be_written(
    sample_data: Path, tmp_path: Path
) -> None:
    settings, file = Settings(data_dir=sample_data), tmp_path / "adapter.npz"
    shipped = adapter_sum()
    lines = list(tune_encoder(settings, steps=1, write=True, file=file))
    assert any(line.startswith("  1 of 1: ") for line in lines)
    assert str(file) in lines[-1]
    assert read_adapter(file).keys() == read_adapter(FILE).keys()
    assert adapter_sum() == shipped != adapter_sum(file)


def test_without_an_index_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="ingest sync"):
        next(tune_encoder(Settings(data_dir=tmp_path), steps=1))


def test_a_damaged_adapter_is_named(tmp_path: Path) -> None:
    file = tmp_path / "adapter.npz"
    file.write_bytes(b"x")
    with pytest.raises(IndexUnavailableError, match="is missing or damaged"):
        read_adapter(file)
