"""``python -m bot contacts``: find, export or erase what is held of a contact."""

import asyncio
import json
import sys
from argparse import Namespace

from bot.clock import utc_now
from bot.config import Settings
from bot.conversations.contacts.contact_file import contact_file
from bot.conversations.contacts.contact_list import contact_list
from bot.conversations.contacts.erasing import Erasing
from bot.conversations.contacts.exporting import export_contact
from bot.conversations.live.events import EventLog, bus_for
from bot.conversations.service import Conversations
from bot.database import Database
from bot.errors import ConversationError
from bot.logs import configure_logs
from bot.organisation import load_organisation
from bot.text import shown


def contacts(settings: Settings, options: Namespace) -> None:
    """List contacts, or export or erase one."""
    configure_logs("WARNING", json=False)
    asyncio.run(_contacts(settings, options))


async def _contacts(settings: Settings, options: Namespace) -> None:
    database = Database(settings.database_address)
    try:
        await database.migrate()
        conversations = Conversations(
            EventLog(database, bus_for(database)),
            organisation=load_organisation(settings.organisation_file),
            channels={},
            clock=utc_now,
        )
        match options.action:
            case "export":
                await _export(conversations, options)
            case "erase":
                await _erase(conversations, options)
            case _:
                await _list(database, getattr(options, "words", ""))
    finally:
        await database.close()


async def _list(database: Database, words: str) -> None:
    found = await contact_list(database, search=words)
    for row in found.rows:
        addresses = ", ".join(address for _, address in row.addresses)
        print(shown(f"{row.id}  {row.title:24} {addresses}"))
    if not found.rows:
        print("nobody was found" if words else "nobody has written yet")
    if found.more:
        print("…and more; say whom you mean: `contacts list WORDS`")


async def _export(conversations: Conversations, options: Namespace) -> None:
    found = await export_contact(conversations, options.id)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")
    else:
        print(shown(text))


async def _erase(conversations: Conversations, options: Namespace) -> None:
    contact = await contact_file(conversations.events.database, options.id)
    print(
        f"{shown(contact.title)}: {len(contact.conversations)} conversations. "
        "Everything of theirs goes for good.",
        file=sys.stderr,
    )
    typed = options.confirm or await asyncio.to_thread(_ask, contact.title)
    if typed.strip() not in {contact.title, contact.id}:
        raise ConversationError("that is neither their name nor their id; nothing done")
    await Erasing(conversations).erase(contact.id)
    print(f"{contact.id} is erased")


def _ask(title: str) -> str:
    try:
        return input(f"Type {shown(title)} or the id to go on: ")
    except EOFError:
        return ""
