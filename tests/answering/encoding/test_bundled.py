"""The bundled encoder is prepared once, checked, and made anew where it is damaged."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.answering.encoding.bundled import GRAPH, TOKENIZER, BundledEncoder, prepare
from bot.answering.encoding.encoder import Encoder
from bot.answering.encoding.weights import FILE, PACKAGE, bundled_file, read_weights
from bot.errors import IndexUnavailableError

ASKED = "query: fees"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the encoder was prepared."""
    folder = tmp_path_factory.mktemp("encoder")
    prepare(folder)
    return folder


def test_what_was_prepared_is_used_as_it_is(prepared: Path) -> None:
    (made,) = prepared.iterdir()
    before = {path.name: path.stat().st_mtime_ns for path in made.iterdir()}
    assert prepare(prepared) == made
    assert {path.name: path.stat().st_mtime_ns for path in made.iterdir()} == before


@pytest.mark.parametrize("name", [TOKENIZER, GRAPH, "sums"])
def test_what_was_damaged_since_is_made_anew(
    name: str, prepared: Path, tmp_path: Path, encoder: Encoder
) -> None:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    damaged = next(tmp_path.iterdir()) / name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    rows = BundledEncoder(threads=1, folder=tmp_path).encode([ASKED], asks=True)
    assert np.allclose(rows, encoder.queries(["fees"]), atol=1e-5)
    made = prepare(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [made.name]


def test_where_nothing_can_be_kept_it_works_all_the_same(
    tmp_path: Path, encoder: Encoder
) -> None:
    (tmp_path / "file").touch()
    below = tmp_path / "file" / "below"
    rows = BundledEncoder(threads=1, folder=below).encode([ASKED], asks=True)
    assert np.allclose(rows, encoder.queries(["fees"]), atol=1e-5)


def test_a_package_that_is_missing_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "site", monkeypatch)
    with pytest.raises(IndexUnavailableError, match=f"install the package {PACKAGE}"):
        BundledEncoder(threads=1, folder=tmp_path / "kept")


def test_a_package_that_is_damaged_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bundled_file().read_bytes()
    package = stand_in(tmp_path / "site", monkeypatch)
    (package / FILE).write_bytes(content[:-1] + b"x")
    with pytest.raises(IndexUnavailableError, match="is damaged; install"):
        BundledEncoder(threads=1, folder=tmp_path / "kept")


def test_a_file_of_another_kind_is_no_model(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(b"E5S2" + bytes(100))
    with pytest.raises(IndexUnavailableError, match="is no model"):
        read_weights(file)


def stand_in(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the same name, without the model in it."""
    package = site / PACKAGE
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(site))
    return package
