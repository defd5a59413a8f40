"""``backup`` and ``restore``: an installation as one file, and another made of it."""

import asyncio
from argparse import Namespace

from bot.backup.making import make_backup
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
