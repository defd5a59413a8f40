"""Whether the database can be reached, and how far it is; nothing is changed."""

import os
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.database import Database, alembic_config, cannot_be_opened
from bot.doctor.findings import Finding, look, well, wrong
from bot.errors import BotError

WHAT = "database"


async def database_finding(settings: Settings) -> Finding:
    """What the server would find at its start."""
    try:
        database = Database(settings.database_address)
    except BotError as error:
        return wrong(WHAT, str(error))
    try:
        file = make_url(database.address).database if database.sqlite else None
        missing = _file_finding(Path(file)) if file else None
        return missing or await _reached(database)
    except (SQLAlchemyError, OSError) as error:
        return wrong(WHAT, cannot_be_opened(error))
    finally:
        await database.close()


def _file_finding(file: Path) -> Finding | None:
    """What there is to say of a file without opening it, which would make it."""
    if file.exists():
        if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
            return None
        return wrong(
            WHAT, f"{file} and its folder have to be writable for this account"
        )
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if folder.is_dir() and os.access(folder, os.W_OK):
        return well(WHAT, f"{file} is not there yet; the server makes it")
    return wrong(WHAT, f"{file} cannot be made: {folder} is not writable; see DATA_DIR")


async def _reached(database: Database) -> Finding:
    async with database.read() as session:
        connection = await session.connection()
        applied, known = await connection.run_sync(_revisions)
    kind = "SQLite" if database.sqlite else "PostgreSQL"
    if not applied:
        return well(WHAT, f"{kind}, empty; the server makes its tables")
    newest = known[0]
    if applied == newest:
        return well(WHAT, f"{kind}, up to date ({applied})")
    if applied in known:
        return look(
            WHAT,
            f"{kind}, at {applied}; the server brings it to {newest} at its start: "
            "back it up first",
        )
    return wrong(
        WHAT,
        f"{kind}, at {applied}, which this program does not know: it was used by a "
        "newer one; install that again, or restore a backup",
    )


def _revisions(connection: Connection) -> tuple[str | None, list[str]]:
    """The one that the tables are at, and all there are, the newest first."""
    applied = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    return applied, [script.revision for script in scripts.walk_revisions()]
