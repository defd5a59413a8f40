"""Several servers share PostgreSQL and a Chroma server, by two settings."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import httpx

from bot.answering.embedding import Embedder
from bot.config import Settings
from ingest.sync import sync
from tests.support.chat import Visitor, arrive
from tests.support.event_stream import listening
from tests.support.knowledge import write_knowledge
from tests.support.patience import until
from tests.support.servers import free_port
from tests.test_serve import ready, started


@asynccontextmanager
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=60.0) as found:
        yield found


async def said(visitor: Visitor, *, hears: str) -> bool:
    """Whether the bot's newest words to a visitor hold these."""
    async with listening(visitor) as stream:
        events = await stream.hear_until("message_created", author="bot")
        return any(hears in str(event.data.get("text")) for event in events)


async def test_two_servers_answer_from_one_index_in_one_conversation(
    tmp_path: Path,
    chroma_url: str,
    new_postgresql: Callable[[str], str],
    embedder: Embedder,
) -> None:
    knowledge = write_knowledge(tmp_path / "knowledge")
    editor = Settings(
        data_dir=tmp_path / "editor", knowledge_dir=knowledge, chroma_url=chroma_url
    )
    sync(editor, embedder=embedder)
    shared = {
        "ENVIRONMENT": "development",
        "KNOWLEDGE_DIR": str(knowledge),
        "CHROMA_URL": chroma_url,
        "DATABASE_URL": new_postgresql("migrated"),
    }
    with ExitStack() as stack:
        addresses = []
        processes = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            port = free_port()
            addresses.append(f"http://127.0.0.1:{port}")
            server = started(DATA_DIR=str(tmp_path / name), PORT=str(port), **shared)
            processes.append(stack.enter_context(server))
            assert ready(addresses[-1])["status"] == "ok"
            assert not (tmp_path / name / "index").exists()
        async with client(addresses[0]) as here, client(addresses[1]) as there:
            one = await arrive(here)
            two = Visitor(
                client=there, token=one.token, conversation_id=one.conversation_id
            )
            await two.say("What is the fee for the Harbour data course?")
            assert await said(one, hears="450 euros")
            path = knowledge / "guidance" / "fees.md"
            path.write_text(path.read_text("utf-8").replace("450", "475"), "utf-8")
            assert sync(editor, embedder=embedder).changed
            processes[0].kill()

            async def answered_anew() -> bool:
                other = await arrive(there)
                await other.say("What is the fee for the Harbour data course?")
                return await said(other, hears="475 euros")

            await until(answered_anew)
