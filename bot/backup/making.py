"""Makes a backup while the server works."""

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import sqlite
from bot.backup.archive import DATABASE, pack
from bot.backup.rows import copy_rows
from bot.config import Settings
from bot.database import Database, cannot_be_opened
from bot.errors import BackupError


async def make_backup(settings: Settings, file: Path, *, now: datetime) -> None:
    """Everything that was stored when it began: database and knowledge.

    The index is left out, since it can be built again.

    Raises:
        BackupError: it cannot be made; there is no file then.
    """
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent}")
    database = Database(settings.database_address)
    try:
        with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE
            await _copy(database, copy)
            pack(file, database=copy, knowledge=settings.knowledge_dir, made_at=now)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise BackupError(cannot_be_opened(error)) from error
    finally:
        await database.close()


async def _copy(database: Database, copy: Path) -> None:
    """The rows of one moment, in an SQLite file."""
    if database.sqlite:
        file = make_url(database.address).database
        if not file or not Path(file).exists():  # noqa: ASYNC240  one look at a disk
            raise BackupError(f"there is no database {file}; check DATA_DIR")
        await asyncio.to_thread(sqlite.copy, Path(file), copy)
        return
    target = Database(f"sqlite+aiosqlite:///{copy}")
    try:
        await target.migrate()
        await copy_rows(database, target)
    finally:
        await target.close()
