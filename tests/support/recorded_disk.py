"""Messages that are acknowledged while a disk is traced."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.database import Database
from tests.support.core import Core
from tests.support.traced_disk import DATA, Step, traced

# So that the log is written back in between, which otherwise takes many messages.
PAGES_BEFORE_WRITING_BACK = 60


async def acknowledge(
    folder: Path, *, messages: int = 6, pragma: str = ""
) -> Sequence[Step]:
    """What happens to a disk while messages are stored, answered and sent."""
    path = folder / "traced.sqlite3"
    with traced(str(path)) as disk:
        database = Database(f"sqlite+aiosqlite:///{path}")

        @event.listens_for(database._engine.sync_engine, "connect")
        def connect(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
            del entry
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA wal_autocheckpoint={PAGES_BEFORE_WRITING_BACK}")
            if pragma:
                cursor.execute(pragma)
            cursor.close()

        await database.migrate()
        core = Core(database)
        for number in range(messages):
            sid = f"SM{number:032d}"
            await core.write(f"Question {number}", sid=sid)
            disk.acknowledged(sid)
        await core.work()
        recorded = list(disk.steps)
        await database.close()
    return recorded


def checkpoints(steps: Sequence[Step]) -> int:
    """How often something was written back after the first acknowledgement."""
    first = next(n for n, step in enumerate(steps) if step.kind == "acknowledged")
    return sum(s.kind == "sync" and s.file == DATA for s in steps[first:])
