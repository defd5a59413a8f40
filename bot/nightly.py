"""Once a night: fetch, sync and check in a process of its own; then group gaps."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from logging import INFO, WARNING
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.config import Settings
from bot.logs import get_logger

COMMAND = (sys.executable, "-m", "ingest", "nightly")
LONGEST_SECONDS = 2 * 3600.0
LOOK_EVERY_SECONDS = 30.0
SHOWN = 500

log = get_logger()
Pause = Callable[[float], Awaitable[object]]


class Nightly:
    """Waits for the hour, starts the work, and writes down what came of it."""

    def __init__(
        self,
        settings: Settings,
        *,
        time_zone: str,
        clock: Clock,
        pause: Pause = asyncio.sleep,
        command: Sequence[str] = COMMAND,
        longest: float = LONGEST_SECONDS,
        group: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._settings = settings
        self._zone = ZoneInfo(time_zone)
        self._clock = clock
        self._pause = pause
        self._command = command
        self._longest = longest
        self._group_gaps = group

    async def run(self) -> None:
        """Work every night until cancelled; not at all if no time is set."""
        if not self._settings.nightly_at:
            return
        due = self.next_after(self._clock())
        while True:
            # A machine that slept wakes up late: so look often, and never count down.
            while self._clock() < due:
                await self._pause(LOOK_EVERY_SECONDS)
            await self.work_once()
            await self._group()
            due = self.next_after(self._clock())

    async def _group(self) -> None:
        """What the server itself does then; a failure is logged, and it goes on."""
        if self._group_gaps is None:
            return
        try:
            await self._group_gaps()
        except Exception:
            log.exception("gaps_failed")

    def next_after(self, now: datetime) -> datetime:
        """When the hour comes next, where the organisation is."""
        hour = time.fromisoformat(self._settings.nightly_at)
        here = now.astimezone(self._zone)
        found = datetime.combine(here.date(), hour, tzinfo=self._zone)
        if found <= here:
            found = datetime.combine(
                here.date() + timedelta(days=1), hour, tzinfo=self._zone
            )
        return found.astimezone(now.tzinfo)

    async def work_once(self) -> None:
        """One night's work; a failure is logged, and the server goes on."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                env=self._environment(),
            )
        except OSError as error:
            log.error("nightly_failed", reason=str(error))  # noqa: TRY400  says it all
            return
        try:
            async with asyncio.timeout(self._longest):
                said, complaint = await process.communicate()
        except TimeoutError:
            log.error("nightly_failed", reason="took too long")  # noqa: TRY400  as above
            return
        finally:
            await _ended(process)
        if process.returncode:
            reason = complaint.decode("utf-8", "replace").strip()[-SHOWN:]
            log.error("nightly_failed", reason=reason)
        else:
            told = json.loads(said.splitlines()[-1])
            level = WARNING if told.get("problem") else INFO
            log.log(level, "nightly_done", **told)

    def _environment(self) -> dict[str, str]:
        """The server's own, with the folders and the model that this server uses."""
        chosen = {
            "DATA_DIR": str(self._settings.data_dir),
            "KNOWLEDGE_DIR": str(self._settings.knowledge_dir),
            "CHROMA_URL": self._settings.chroma_url,
            "EMBEDDING_MODEL": self._settings.embedding_model,
        }
        return {**os.environ, **chosen}  # noqa: TID251  handed on, not read


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
