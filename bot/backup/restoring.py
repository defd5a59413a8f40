"""Makes an installation of a backup, in an empty place."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.archive import DATABASE, KNOWLEDGE, About, unpacked
from bot.backup.rows import copy_rows, is_empty
from bot.backup.silence import silence
from bot.config import Settings
from bot.database import Database
from bot.errors import BackupError
from bot.starting import alone


async def restore(
    settings: Settings, file: Path, *, now: datetime, keep_knowledge: bool = False
) -> About:
    """Put the database and the knowledge where the settings say; what it was made of.

    Nothing that the original owed is sent from here. The database comes last, and
    whole: what is interrupted leaves none.

    Raises:
        BackupError: it is no backup, or there is something already.
    """
    if not keep_knowledge:
        _require_no_files(settings.knowledge_dir)
    with alone(settings):
        target = Database(settings.database_address)
        try:
            await target.migrate()
            if not await is_empty(target):
                raise BackupError(
                    "the database is not empty; restore into another one: set DATA_DIR "
                    "or DATABASE_URL"
                )
            folder = settings.data_dir / f".restoring-{os.getpid()}"
            with unpacked(file, folder) as about:
                await _bring_up_to_date(folder / DATABASE, now)
                if not keep_knowledge:
                    _place(folder / KNOWLEDGE, settings.knowledge_dir)
                await _fill(target, folder / DATABASE)
        finally:
            await target.close()
    return about


def _require_no_files(knowledge: Path) -> None:
    if knowledge.exists() and any(knowledge.iterdir()):
        raise BackupError(
            f"there are files in {knowledge}; empty it, set KNOWLEDGE_DIR to another "
            "folder, or keep them with --keep-knowledge"
        )


async def _bring_up_to_date(file: Path, now: datetime) -> None:
    """The tables of this program, and nothing in them that is owed."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        await database.migrate()
        async with database.write() as session:
            await silence(session, now=now)
    except CommandError as error:
        raise BackupError(
            "the backup was made by a newer program; install that"
        ) from error
    except SQLAlchemyError as error:
        raise BackupError("the database in the backup cannot be read") from error
    finally:
        await database.close()


async def _fill(target: Database, file: Path) -> None:
    source = Database(f"sqlite+aiosqlite:///{file}")
    try:
        await copy_rows(source, target)
    finally:
        await source.close()


def _place(knowledge: Path, where: Path) -> None:
    if knowledge.is_dir():
        shutil.copytree(knowledge, where, dirs_exist_ok=True)
