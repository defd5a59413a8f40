"""Several servers share PostgreSQL and a Chroma server, by two settings."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from bot.answering.encoding.encoder import Encoder
from bot.clock import utc_now
from bot.config import Settings
from bot.database import Database
from bot.staff import Role
from ingest.sync import sync
from tests.support.chat import Visitor, arrive
from tests.support.event_stream import listening
from tests.support.knowledge import write_knowledge
from tests.support.patience import until
from tests.support.servers import free_port
from tests.support.staff import Desk, add_staff
from tests.test_serve import ready, started

FEE = "What is the fee for the Harbour data course?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs as a process of its own."""

    address: str
    process: Popen[str]


@contextmanager
def two_servers(folder: Path, editor: Settings) -> Iterator[list[Server]]:
    """Two that have nothing in common but what an editor's settings name."""
    with ExitStack() as stack:
        servers = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            port = free_port()
            process = stack.enter_context(
                started(
                    ENVIRONMENT="development",
                    DATA_DIR=str(folder / name),
                    PORT=str(port),
                    KNOWLEDGE_DIR=str(editor.knowledge_dir),
                    CHROMA_URL=editor.chroma_url,
                    DATABASE_URL=editor.database_url,
                )
            )
            address = f"http://127.0.0.1:{port}"
            servers.append(Server(address=address, process=process))
            assert ready(address)["status"] == "ok"
            assert not (folder / name / "index").exists()
        yield servers


@pytest.fixture
def editor(
    tmp_path: Path,
    chroma_url: str,
    new_postgresql: Callable[[str], str],
    encoder: Encoder,
) -> Settings:
    """The settings of an editor, who has put the documents on a Chroma server."""
    found = Settings(
        data_dir=tmp_path / "editor",
        knowledge_dir=write_knowledge(tmp_path / "knowledge"),
        chroma_url=chroma_url,
        database_url=new_postgresql("migrated"),
    )
    sync(found, encoder=encoder)
    return found


@asynccontextmanager
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=60.0) as found:
        yield found


async def said(visitor: Visitor, *, hears: str) -> bool:
    """Whether the bot's newest words to a visitor hold these."""
    async with listening(visitor) as stream:
        events = await stream.hear_until("message_created", author="bot")
        return any(hears in str(event.data.get("text")) for event in events)


async def asked_anew(client: httpx.AsyncClient, *, hears: str) -> bool:
    """Whether a new visitor is told this of the fee."""
    visitor = await arrive(client)
    await visitor.say(FEE)
    return await said(visitor, hears=hears)


async def test_two_servers_answer_from_one_index_in_one_conversation(
    tmp_path: Path, editor: Settings, encoder: Encoder
) -> None:
    with two_servers(tmp_path, editor) as servers:
        addresses = [server.address for server in servers]
        async with client(addresses[0]) as here, client(addresses[1]) as there:
            one = await arrive(here)
            two = Visitor(
                client=there, token=one.token, conversation_id=one.conversation_id
            )
            await two.say(FEE)
            assert await said(one, hears="450 euros")
            path = editor.knowledge_dir / "guidance" / "fees.md"
            path.write_text(path.read_text("utf-8").replace("450", "475"), "utf-8")
            assert sync(editor, encoder=encoder).changed
            servers[0].process.kill()
            await until(lambda: asked_anew(there, hears="475 euros"))


async def test_the_emergency_reply_of_one_console_is_that_of_every_server(
    tmp_path: Path, editor: Settings
) -> None:
    database = Database(editor.database_url)
    await add_staff(database, "Ana", role=Role.ADMIN, now=utc_now())
    await database.close()
    with two_servers(tmp_path, editor) as servers:
        async with (
            client(servers[0].address) as here,
            client(servers[1].address) as there,
        ):
            ana = Desk(client=here)
            assert (await ana.sign_in("Ana")).status_code == 303
            fixed = "We are closed today; please call us."
            await ana.post("/console/emergency", on="1", text=fixed)
            assert await asked_anew(there, hears=fixed), "from the next reply on"
            assert await asked_anew(here, hears=fixed)
            await ana.post("/console/emergency")
            assert await asked_anew(there, hears="450 euros")
