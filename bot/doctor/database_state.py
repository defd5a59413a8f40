"""Whether the database can be reached, and how far it is; nothing is changed."""

import os
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import sqlite
from bot.config import Settings
from bot.database import Database, cannot_be_opened
from bot.doctor.findings import Finding, look, well, wrong
from bot.errors import BotError
from bot.revisions import MOVING, applied, known

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
    if words := sqlite.moved(file):
        return wrong(WHAT, words)
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
        at = await connection.run_sync(applied)
        all_of_them = await connection.run_sync(known)
    kind = "SQLite" if database.sqlite else "PostgreSQL"
    if not at:
        return well(WHAT, f"{kind}, empty; the server makes its tables")
    newest = all_of_them[0]
    if at == newest:
        return well(WHAT, f"{kind}, up to date ({at})")
    if at in all_of_them:
        return look(
            WHAT,
            f"{kind}, at {at}; the server brings it to {newest} at its start: "
            "back it up first",
        )
    if at.startswith(MOVING):
        return wrong(WHAT, f"{kind}, half filled; run migrate-database again")
    return wrong(
        WHAT,
        f"{kind}, at {at}, which this program does not know: it was used by a "
        "newer one; install that again, or restore a backup",
    )
