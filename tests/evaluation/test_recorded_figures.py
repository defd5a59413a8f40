"""Answers are not worse than they were, on a sample of labelled questions."""

import asyncio
from pathlib import Path

import pytest
import yaml

from bot.config import Settings
from bot.evaluation.asking import ask_suite
from bot.evaluation.scoring import figures
from bot.evaluation.suites import read_suite
from ingest.progress import Progress

RECORDED = yaml.safe_load(Path(__file__).with_name("recorded.yaml").read_text("utf-8"))
SUITES = RECORDED["suites"]


@pytest.mark.parametrize("name", SUITES)
def test_a_sample_is_answered_as_well_as_recorded(
    name: str, shared_dir: Path, tmp_path: Path
) -> None:
    folder = shared_dir / "evals" / name
    if not folder.is_dir():
        pytest.skip(f"there is no suite {name}")
    suite = read_suite(folder, limit=RECORDED["questions"])
    settings = Settings(data_dir=tmp_path / "data")
    found = figures(asyncio.run(ask_suite(settings, suite, progress=Progress())))

    worse = {
        figure: (found[figure], recorded)
        for figure, recorded in SUITES[name].items()
        if not _as_good(found[figure], recorded)
    }
    assert worse == {}


def _as_good(found: object, recorded: float) -> bool:
    return isinstance(found, float) and found >= recorded - RECORDED["tolerance"]
