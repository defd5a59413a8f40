"""What a disk may hold when its power goes: what was synced, and any of the rest."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.support.traced_disk import DATA, LOG, Step

SECTOR = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The power goes after so many steps, with so many sectors of what is unsure.

    ``scattered``: not the first ones, but any.
    """

    steps: int
    sectors: int
    scattered: bool = False


def moments(steps: Sequence[Step]) -> list[Moment]:
    """Every boundary of a sector at which writing may break off.

    From the first acknowledgement on: before it, nothing is promised.
    """
    found: list[Moment] = []
    promised = False
    for number, step in enumerate(steps, 1):
        promised = promised or step.kind == "acknowledged"
        if not promised:
            continue
        if step.kind == "acknowledged":
            found.append(Moment(steps=number, sectors=0))
        if step.kind != "write":
            continue
        found += [
            Moment(steps=number, sectors=kept, scattered=scattered)
            for kept in range(-(-len(step.data) // SECTOR) + 1)
            for scattered in (False, True)
        ]
    return found


def missing(steps: Sequence[Step], moment: Moment, folder: Path) -> str | None:
    """What is wrong with the disk after such a moment; None if nothing is."""
    told = [step for step in steps[: moment.steps] if step.kind == "acknowledged"]
    promised = {step.data.decode() for step in told}
    for name, content in _left(steps, moment).items():
        (folder / f"db{name}").write_bytes(content)
    (folder / "db-shm").unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(folder / "db")) as connection:
            (state,) = connection.execute("PRAGMA integrity_check").fetchone()
            rows = connection.execute("SELECT external_id FROM messages").fetchall()
    except sqlite3.DatabaseError as error:
        return f"does not open: {error}"
    if state != "ok":
        return f"damaged: {state}"
    lost = promised - {row[0] for row in rows}
    return f"lost: {sorted(lost)}" if lost else None


def _left(steps: Sequence[Step], moment: Moment) -> dict[str, bytes]:
    """The files as the loss of power leaves them."""
    files = {DATA: bytearray(), LOG: bytearray()}
    unsure: dict[str, list[Step]] = {DATA: [], LOG: []}
    for step in steps[: moment.steps]:
        if step.kind == "sync":
            for written in unsure[step.file]:
                _apply(files[step.file], written)
            unsure[step.file] = []
        elif step.kind != "acknowledged":
            unsure[step.file].append(step)
    for name, waiting in unsure.items():
        for step in _survivors(waiting, moment):
            _apply(files[name], step)
    return {name: bytes(content) for name, content in files.items()}


def _survivors(waiting: Sequence[Step], moment: Moment) -> Iterator[Step]:
    """Of what was not synced: nothing of an acknowledged step, or some sectors."""
    if not waiting or not moment.sectors:
        return
    if moment.scattered:
        chance = Random(moment.steps * 1_000 + moment.sectors)  # noqa: S311
        for step in waiting:
            yield from (one for one in _sectors(step) if chance.random() < 0.5)
        return
    yield from waiting[:-1]
    yield from list(_sectors(waiting[-1]))[: moment.sectors]


def _sectors(step: Step) -> Iterator[Step]:
    if step.kind != "write":
        yield step
        return
    end = step.offset + len(step.data)
    start = step.offset
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        part = step.data[start - step.offset : stop - step.offset]
        yield Step(kind="write", file=step.file, offset=start, data=part)
        start = stop


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.offset :]
        content.extend(bytes(step.offset - len(content)))
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.data)] = step.data
