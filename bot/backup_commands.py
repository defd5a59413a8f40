"""``backup``, ``restore``, ``migrate-database``: an installation elsewhere."""

import asyncio
from argparse import Namespace
from time import perf_counter

from bot.backup.making import make_backup
from bot.backup.moving import move
from bot.backup.restoring import restore as restored
from bot.clock import utc_now
from bot.config import Settings


def backup(settings: Settings, options: Namespace) -> None:
    """Write everything to a file, while the server works."""
    asyncio.run(make_backup(settings, options.file, now=utc_now()))
    size = options.file.stat().st_size / 1e6
    print(
        f"{options.file}: database and knowledge, {size:.1f} MB, readable for you only"
    )
    print("It holds what contacts wrote. Your settings (.env) are not in it.")


def restore(settings: Settings, options: Namespace) -> None:
    """Make an installation of a backup."""
    about = asyncio.run(
        restored(
            settings, options.file, now=utc_now(), keep_knowledge=options.keep_knowledge
        )
    )
    print(
        f"restored as of {about.made_at}; nothing that was owed then is sent from here"
    )
    print("Who waited for a reply waits for staff. Next: ingest sync, then serve.")


def migrate_database(settings: Settings, options: Namespace) -> None:
    """Move an installation from SQLite to PostgreSQL."""
    began = perf_counter()
    tables = asyncio.run(move(settings, options.to, say=print))
    rows = sum(table.rows for table in tables)
    for table in tables:
        print(f"{table.table}: {table.rows} rows, sha256 {table.sha256[:16]}")
    print(
        f"{rows} rows of {len(tables)} tables are there, each compared with the "
        f"original, in {perf_counter() - began:.0f} s"
    )
    print("The old database is as it was, and is not served any more.")
    print("Next: set DATABASE_URL to the new one, then serve.")
