"""The power goes while messages are acknowledged: none of those is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.power_loss import missing, moments
from tests.support.recorded_disk import acknowledge, checkpoints
from tests.support.repetitions import repetitions
from tests.support.traced_disk import Step


@pytest.mark.chaos
async def test_power_lost_at_any_sector_leaves_every_acknowledged_message(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    steps = await acknowledge(tmp_path)
    assert checkpoints(steps)
    cuts = moments(steps)
    cuts = cuts[:: max(1, len(cuts) // repetitions(20_000))]
    record_property("counted", {"power losses": len(cuts)})
    wrong = {cut: found for cut in cuts if (found := missing(steps, cut, tmp_path))}
    assert len(cuts) >= 200
    assert wrong == {}


async def test_the_trace_alone_makes_the_database(tmp_path: Path) -> None:
    steps = await acknowledge(tmp_path, messages=2)
    steps = [*steps, Step(kind="sync"), Step(kind="sync", file="-wal")]
    told = [step for step in steps if step.kind == "acknowledged"]
    assert len(told) == 2
    last = moments([*steps, Step(kind="acknowledged", data=b"SM" + b"7" * 32)])[-1]
    words = missing(
        [*steps, Step(kind="acknowledged", data=b"SM" + b"7" * 32)], last, tmp_path
    )
    assert words == f"lost: ['SM{'7' * 32}']"
