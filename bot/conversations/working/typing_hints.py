"""A contact sees that an answer is being made, where it takes its time: a hint."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.conversations.channel_port import Channel
from bot.conversations.working.reply_claims import ReplyClaim
from bot.errors import ChannelError
from bot.logs import get_logger

# A hint that overtook its answer would stay on the contact's screen for half a minute.
AFTER_SECONDS = 0.5

log = get_logger()


@contextmanager
def typing_shown(claim: ReplyClaim, channels: Mapping[str, Channel]) -> Iterator[None]:
    """While the context lasts, the contact may see that somebody types.

    Nothing waits for it, and its failure is nobody's.
    """
    channel = channels.get(claim.channel)
    if channel is None or not claim.external_id:
        yield
        return
    telling = asyncio.create_task(_tell(channel, claim.external_id))
    try:
        yield
    finally:
        telling.cancel()


async def _tell(channel: Channel, external_id: str) -> None:
    await asyncio.sleep(AFTER_SECONDS)
    try:
        await channel.show_typing(external_id)
    except ChannelError as error:
        log.info("typing_not_shown", code=error.code)
