"""What open pages cost: streams that wait, a message while they do, and a long inbox.

``python -m benchmarks.streams`` serves the real application with an assistant that
answers at once, and says what its process has used.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx
from fastapi import FastAPI

from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.listening import Stream
from benchmarks.programs import PROJECT, development, serve, serving
from bot.app import create_app
from bot.clock import utc_now
from bot.config import Settings, load_settings
from bot.conversations.models import Address, Contact, Conversation, Message, Status
from bot.conversations.ports import Author
from bot.database import Database
from tests.support.assistants import ScriptedAssistant
from tests.support.servers import free_port
from tests.support.staff import Desk, add_staff

USAGE = "/usage"
STREAMS = 500
STREAMS_OF_A_MEMBER = 20
WAITING = 1000
PAGES = 20
NO_LIMIT = "1000000/minute"
MEMBERS = [
    f"Member {number:02d}" for number in range(STREAMS // 2 // STREAMS_OF_A_MEMBER + 1)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the server's process has used so far."""

    seconds: float
    kilobytes: int


class Pages:
    """A visitor who writes, and a staff member whose page hears of it."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._settings, self._client = settings, client
        self._open = AsyncExitStack()

    async def visit(self) -> dict[str, str]:
        """A new visitor's token, as the header that carries it."""
        opened = await self._client.post("/api/chat/conversations")
        return {"Authorization": f"Bearer {opened.raise_for_status().json()['token']}"}

    async def sign_in(self, name: str) -> httpx.AsyncClient:
        """A browser of a staff member."""
        browser = await self._open.enter_async_context(
            httpx.AsyncClient(base_url=self._settings.base_url)
        )
        signed_in = await Desk(client=browser).sign_in(name)
        if not signed_in.is_redirect:
            raise RuntimeError(f"{name} could not sign in")
        return browser

    async def stream(self, path: str, **headers: str) -> Stream:
        """A stream that stays open until the pages are closed."""
        opened = await Stream.open(self._settings, path, **headers)
        self._open.callback(opened.close)
        return opened

    async def say(self, visitor: dict[str, str], listener: Stream) -> float:
        """Seconds from a message until the staff member's page has heard of it."""
        body = {"client_id": secrets.token_hex(8), "text": "How long does it take?"}
        start = perf_counter()
        sent = asyncio.create_task(
            self._client.post("/api/chat/messages", json=body, headers=visitor)
        )
        await listener.hear(kind="message_created", author="contact")
        waited = perf_counter() - start
        (await sent).raise_for_status()
        await listener.hear(kind="message_created", author="bot")
        return waited

    async def usage(self) -> Usage:
        """What the server has used."""
        return Usage(**(await self._client.get(USAGE)).json())

    async def close(self) -> None:
        """Close every page."""
        await self._open.aclose()


def measure(scratch: Path, *, messages: int) -> list[Figure]:
    """The cost of open pages, on one server with a thousand conversations waiting."""
    settings = development(
        scratch,
        knowledge=PROJECT / "knowledge",
        port=free_port(),
        limit_per_network=NO_LIMIT,
        limit_opened_per_network=NO_LIMIT,
        limit_per_visitor=NO_LIMIT,
    )
    asyncio.run(_fill(settings))
    with serving(["-m", "benchmarks.streams"], settings, path="/health/live"):
        return asyncio.run(_measure(settings, messages))


async def _fill(settings: Settings) -> None:
    """A thousand conversations that wait for staff, and accounts."""
    database = Database(settings.database_address)
    await database.migrate()
    await add_staff(database, *MEMBERS, now=utc_now())
    async with database.write() as session:
        for number in range(WAITING):
            contact = Contact(created_at=utc_now())
            session.add(contact)
            await session.flush()
            address = Address(
                contact_id=contact.id,
                channel="web",
                key=f"waiting {number}",
                sender=f"waiting {number}",
                created_at=utc_now(),
            )
            session.add(address)
            await session.flush()
            conversation = Conversation(
                address_id=address.id,
                status=Status.WAITING,
                handoff_reason="asked",
                handed_off_at=utc_now(),
                created_at=utc_now(),
                last_message_at=utc_now(),
            )
            session.add(conversation)
            await session.flush()
            session.add(
                Message(
                    conversation_id=conversation.id,
                    address_id=address.id,
                    author=Author.CONTACT,
                    text="Can I talk to someone about my application?",
                    created_at=utc_now(),
                )
            )
    await database.close()


async def _measure(settings: Settings, messages: int) -> list[Figure]:
    async with httpx.AsyncClient(base_url=settings.base_url, timeout=60) as client:
        pages = Pages(settings, client)
        visitor = await pages.visit()
        browser = await pages.sign_in(MEMBERS[-1])
        listener = await pages.stream("/console/events", **_cookies(browser))
        inbox = await _inbox(browser)
        await _say(pages, visitor, listener, messages // 4)
        alone, _ = await _say(pages, visitor, listener, messages)
        before = await pages.usage()
        await _open_streams(pages)
        after = await pages.usage()
        crowded, waited = await _say(pages, visitor, listener, messages)
        await pages.close()
    each = (after.kilobytes - before.kilobytes) / STREAMS
    return [
        Figure(
            what="Contact's message in an open console page, p50 and p99 of "
            f"{messages}, {STREAMS} other streams open",
            measured=f"{milliseconds(percentile(waited, 50))} and "
            f"{milliseconds(percentile(waited, 99))}",
        ),
        Figure(
            what="Server's processor time for a message and its answer, "
            f"2 streams open; {STREAMS} more",
            measured=f"{milliseconds(alone)}; {milliseconds(crowded)}",
        ),
        Figure(
            what=f"Memory of a stream that waits, of {STREAMS}, half of them of staff",
            measured=f"{each:.0f} KB",
        ),
        Figure(
            what=f"Inbox page with {WAITING} conversations waiting",
            measured=f"{milliseconds(median(inbox))}",
        ),
    ]


async def _inbox(browser: httpx.AsyncClient) -> Sequence[float]:
    seconds = []
    for _ in range(PAGES):
        start = perf_counter()
        (await browser.get("/console")).raise_for_status()
        seconds.append(perf_counter() - start)
    return seconds


async def _say(
    pages: Pages, visitor: dict[str, str], listener: Stream, messages: int
) -> tuple[float, list[float]]:
    """Processor seconds for each message, and how long each took to be heard of."""
    start = await pages.usage()
    waited = [await pages.say(visitor, listener) for _ in range(messages)]
    end = await pages.usage()
    return (end.seconds - start.seconds) / messages, waited


async def _open_streams(pages: Pages) -> None:
    pairs = STREAMS // 2
    for first in range(0, pairs, STREAMS_OF_A_MEMBER):
        browser = await pages.sign_in(MEMBERS[first // STREAMS_OF_A_MEMBER])
        for _ in range(min(STREAMS_OF_A_MEMBER, pairs - first)):
            await pages.stream("/api/chat/events", **await pages.visit())
            await pages.stream("/console/events", **_cookies(browser))


def _cookies(browser: httpx.AsyncClient) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items())}


def _app(settings: Settings) -> FastAPI:
    app = create_app(settings, assistant=ScriptedAssistant())

    @app.get(USAGE)
    def usage() -> dict[str, object]:
        status = Path("/proc/self/status").read_text("ascii")
        resident = next(
            line for line in status.splitlines() if line.startswith("VmRSS")
        )
        return {
            "seconds": time.process_time(),
            "kilobytes": int(resident.split()[1]),
        }

    return app


if __name__ == "__main__":
    loaded = load_settings()
    serve(_app(loaded), loaded)
