"""A contact on WhatsApp sees typing while an answer is made, and never waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.whatsapp import WhatsApp
from bot.config import Settings
from bot.conversations.working.worker import Worker
from bot.errors import ChannelError
from tests.support.assistants import HeldAssistant
from tests.support.house import House
from tests.support.patience import until


@asynccontextmanager
async def thinking(house: House) -> AsyncIterator[None]:
    """An answer is being made for as long as the context lasts, then it goes out."""
    assistant = HeldAssistant()
    worker = Worker(house.parts.conversations, assistant)
    house.clock.advance(10)
    working = asyncio.create_task(worker.drain())
    await assistant.thinking.wait()
    try:
        yield
    finally:
        assistant.released.set()
        await working
    assert len(house.sent()) == 1


async def until_shown(house: House) -> None:
    async def shown() -> bool:
        return any(one.typing_at for one in house.simulator.messages)

    await until(shown)


def channel_of(house: House) -> WhatsApp:
    channel = house.parts.channels["whatsapp"]
    assert isinstance(channel, WhatsApp)
    return channel


async def test_typing_is_shown_while_an_answer_takes_its_time(house: House) -> None:
    await house.write("How long?")
    async with thinking(house):
        await until_shown(house)
        assert house.sent() == []


async def test_an_answer_that_is_there_at_once_needs_no_typing(house: House) -> None:
    await house.write("How long?")
    await house.work()
    assert [one.typing_at for one in house.simulator.messages] == [None, None]


async def test_no_answer_waits_for_a_twilio_that_is_silent(house: House) -> None:
    house.simulator.faults.silent = True
    await house.write("How long?")
    async with thinking(house):
        await until_shown(house)


@pytest.mark.parametrize("code", [20500, 20429, 63016])
async def test_typing_that_is_refused_harms_no_answer(house: House, code: int) -> None:
    house.simulator.faults.codes = [code]
    await house.write("How long?")

    async def refused() -> bool:
        return not house.simulator.faults.codes

    async with thinking(house):
        await until(refused)


async def test_what_twilio_does_not_know_is_refused_and_what_is_no_id_not_asked(
    house: House,
) -> None:
    channel = channel_of(house)
    with pytest.raises(ChannelError, match="20404"):
        await channel.show_typing("SM" + "9" * 32)
    house.simulator.faults.codes = [20500]
    for odd in ("SM1", "SM" + "9" * 32 + "/../Messages", "staff 1"):
        await channel.show_typing(odd)
    assert house.simulator.faults.codes == [20500], "nobody has asked"


class TestOff:
    """``WHATSAPP_TYPING=false``."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"whatsapp_typing": False})

    async def test_nothing_is_asked_of_twilio(self, house: House) -> None:
        await house.write("How long?")
        (message,) = house.simulator.messages
        await channel_of(house).show_typing(message.sid)
        assert message.typing_at is None
