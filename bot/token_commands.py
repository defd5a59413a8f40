"""``python -m bot tokens``: what other programs show at ``/api/v1``."""

import asyncio
from argparse import Namespace

from bot.clock import utc_now
from bot.config import Settings
from bot.database import Database
from bot.staff.tokens import ApiToken, Scope, Tokens


def tokens(settings: Settings, options: Namespace) -> None:
    """Add, list or revoke tokens."""
    asyncio.run(_tokens(settings, options))


async def _tokens(settings: Settings, options: Namespace) -> None:
    database = Database(settings.database_address)
    try:
        await database.migrate()
        known = Tokens(database, clock=utc_now)
        match options.action:
            case "add":
                token = await known.add(options.name, Scope(options.scope))
                print(f"shown only now: {token}")
            case "revoke":
                await known.revoke(options.id)
                print(f"{options.id} opens nothing any more")
            case _:
                await _list(known)
    finally:
        await database.close()


async def _list(known: Tokens) -> None:
    found = await known.all()
    for one in found:
        print(f"{one.handle}  {one.scope:5}  {_condition(one)}  {one.name}")
    if not found:
        print("no tokens; add one with `tokens add NAME`")


def _condition(one: ApiToken) -> str:
    if one.revoked_at:
        return f"revoked {one.revoked_at:%Y-%m-%d}"
    if one.last_used_at:
        return f"last used {one.last_used_at:%Y-%m-%d %H:%M}"
    return "never used"
