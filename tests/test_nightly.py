"""The nightly work: at its hour, in its own process, and no harm if it fails."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.config import Settings
from bot.nightly import Nightly
from tests.support.clock import Clock
from tests.support.indexing import indexed_documents
from tests.support.knowledge import DOCUMENTS

PYTHON = (sys.executable, "-c")
WAITS = "import threading; threading.Event().wait()"


def says(text: str, *, status: int = 0) -> tuple[str, ...]:
    """A command that says something and ends."""
    return sys.executable, "-c", f"import sys; print({text!r}); sys.exit({status})"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24T01:00Z", "2026-11-24T02:30Z"),
        ("2026-11-24T02:30Z", "2026-11-25T02:30Z"),
        ("2026-07-24T09:00Z", "2026-07-25T01:30Z"),
        ("2026-10-24T12:00Z", "2026-10-25T02:30Z"),  # the clocks change that night
    ],
)
def test_the_hour_is_that_of_the_organisation(
    now: str, due: str, settings: Settings
) -> None:
    night = Nightly(settings, time_zone="Europe/Berlin", clock=Clock())
    found = night.next_after(datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(due)
    assert found.tzinfo == UTC


async def test_it_works_once_a_night_until_it_is_cancelled(
    settings: Settings,
) -> None:
    clock, ended = Clock(), asyncio.Event()

    async def pause(seconds: float) -> None:
        clock.advance(seconds)
        if clock.now >= Clock().now + timedelta(days=2):
            ended.set()
            await asyncio.Event().wait()

    command = says(json.dumps({"synced": False}))

    async def group() -> None:
        raise RuntimeError("no room")

    night = Nightly(
        settings,
        time_zone="UTC",
        clock=clock,
        pause=pause,
        command=command,
        group=group,
    )
    with capture_logs() as logs:
        task = asyncio.create_task(night.run())
        await ended.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [entry["event"] for entry in logs] == ["nightly_done", "gaps_failed"] * 2


async def test_without_an_hour_there_is_no_night(settings: Settings) -> None:
    quiet = settings.model_copy(update={"nightly_at": ""})
    await Nightly(quiet, time_zone="UTC", clock=Clock()).run()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ((sys.executable, "-c", "import sys; sys.exit('error: no disk')"), "no disk"),
        (("/no/such/program",), "No such file"),
    ],
)
async def test_a_night_that_fails_is_logged(
    command: tuple[str, ...], reason: str, settings: Settings
) -> None:
    night = Nightly(settings, time_zone="UTC", clock=Clock(), command=command)
    with capture_logs() as logs:
        await night.work_once()
    assert logs[0]["event"] == "nightly_failed"
    assert reason in logs[0]["reason"]


@pytest.mark.parametrize(("problem", "level"), [(None, "info"), ("x", "warning")])
async def test_a_part_of_a_night_that_failed_is_a_warning(
    problem: str | None, level: str, settings: Settings
) -> None:
    command = says(json.dumps({"synced": False, "problem": problem}))
    night = Nightly(settings, time_zone="UTC", clock=Clock(), command=command)
    with capture_logs() as logs:
        await night.work_once()
    assert (logs[0]["event"], logs[0]["log_level"]) == ("nightly_done", level)


async def test_a_night_that_never_ends_is_ended(settings: Settings) -> None:
    night = Nightly(
        settings, time_zone="UTC", clock=Clock(), command=(*PYTHON, WAITS), longest=0
    )
    with capture_logs() as logs:
        await night.work_once()
    assert logs[0]["reason"] == "took too long"


async def test_a_server_that_stops_takes_its_night_with_it(
    settings: Settings, tmp_path: Path
) -> None:
    pipe = tmp_path / "begun"
    os.mkfifo(pipe)
    tells = f"import os; open({str(pipe)!r}, 'w').write(str(os.getpid())); {WAITS}"
    command = (*PYTHON, tells)
    night = Nightly(settings, time_zone="UTC", clock=Clock(), command=command)
    task = asyncio.create_task(night.work_once())
    number = int(await asyncio.to_thread(pipe.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


async def test_the_real_night_indexes_what_is_new(settings: Settings) -> None:
    with capture_logs() as logs:
        await Nightly(settings, time_zone="UTC", clock=Clock()).work_once()
    assert logs[0]["event"] == "nightly_done", logs
    assert logs[0]["synced"] is True
    assert indexed_documents(settings) == set(DOCUMENTS)
