"""Networks take turns: a flood from one of them keeps nobody else out."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.conversations.ports import Answer, Author
from bot.conversations.working.worker import REPLIERS
from tests.conversations.test_worker import at_work
from tests.support.assistants import ScriptedAssistant
from tests.support.core import Core
from tests.support.patience import until

FLOOD = 60


async def flood(core: Core, many: int = FLOOD, *, network: str = "campus") -> None:
    """Visitors of one network write, each in a conversation of their own."""
    for number in range(many):
        await visit(core, f"{network} {number}", network=network)


async def visit(core: Core, text: str, *, network: str | None) -> str:
    """Somebody writes in the web chat; the id of the conversation."""
    inbound = core.inbound(text, channel="web", sender=f"visitor {text}")
    receipt = await core.write(
        text, sender=inbound.sender, channel="web", network=network
    )
    return receipt.conversation_id


def asked(assistant: ScriptedAssistant) -> list[str]:
    return [question for question, _ in assistant.asked]


async def test_whoever_was_answered_lately_lets_the_others_go_first(core: Core) -> None:
    assistant = ScriptedAssistant()
    worker = core.new_worker(assistant)
    await flood(core)
    await visit(core, "home 1", network="home")
    await core.write("phone 1", sender="whatsapp:+44770090099")
    await visit(core, "unknown 1", network=None)
    await visit(core, "home 2", network="home")
    core.clock.advance(10)
    await worker.drain()
    order = asked(assistant)
    assert order[:4] == ["campus 0", "home 1", "unknown 1", "phone 1"]
    # Two networks have more: they take turns, and each is answered in its order.
    assert order[4:7] == ["campus 1", "home 2", "campus 2"]
    assert order[7:] == [f"campus {number}" for number in range(3, FLOOD)]


async def test_who_comes_while_a_flood_is_being_answered_is_next(core: Core) -> None:
    assistant = ScriptedAssistant()
    worker = core.new_worker(assistant)
    await flood(core)
    for _ in range(10):
        assert await worker.reply_once()
    await visit(core, "home", network="home")
    assert await worker.reply_once()
    assert asked(assistant)[-1] == "home"


async def test_a_network_that_holds_its_share_waits_and_others_are_answered(
    core: Core,
) -> None:
    assistant = Slow()
    worker = core.new_worker(assistant)
    await flood(core, 6)
    async with at_work(worker):
        await until(assistant.keeps(REPLIERS - 1))
        home = await visit(core, "home", network="home")
        await until(lambda: core.said(home, Author.BOT))
        assert len(assistant.kept) == REPLIERS - 1
        assistant.let_go.set()
        await until(assistant.keeps(6))


async def test_a_network_alone_is_answered_to_the_end(core: Core) -> None:
    assistant = ScriptedAssistant()
    await flood(core, 6)
    await core.new_worker(assistant).drain()
    assert asked(assistant) == [f"campus {number}" for number in range(6)]


class Slow(ScriptedAssistant):
    """Keeps the campus waiting until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self.let_go = asyncio.Event()

    async def answer(self, question: str, **known: object) -> Answer:
        if question.startswith("campus"):
            self.kept.append(question)
            await self.let_go.wait()
        return self.reply(question)

    def keeps(self, many: int) -> Callable[[], Awaitable[bool]]:
        """Whether so many have been kept waiting."""

        async def kept() -> bool:
            return len(self.kept) == many

        return kept
