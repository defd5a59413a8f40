"""Vectors of questions are kept in a file, and made anew where it cannot be read."""

from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.gap_parts import FILE, FOLDER, GapVectors


@pytest.mark.parametrize("left", [0, 30, 200])
def test_a_file_of_vectors_that_is_cut_is_made_anew(
    tmp_path: Path, encoder: Encoder, left: int
) -> None:
    vectors = GapVectors(tmp_path, encoder, most_new=10)
    before = vectors.of(["May my cat come?"])
    file = tmp_path / FOLDER / FILE
    whole = file.read_bytes()
    file.write_bytes(whole[:left])
    after = vectors.of(["May my cat come?"])
    assert after.keys() == before.keys()
    assert file.read_bytes() == whole
    assert [one.name for one in file.parent.iterdir()] == [FILE]
