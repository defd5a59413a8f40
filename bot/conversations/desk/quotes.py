"""What a contact's message answers, where their channel says which one it quotes."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Delivery, Message

# The webhook's name for it.
QUOTED = "OriginalRepliedMessageSid"
LONGEST = 160


async def quoted_in(
    session: AsyncSession, messages: Sequence[Message]
) -> Mapping[int, str]:
    """The beginning of the words that messages quote, by the ids of these messages.

    Both sides' words can be quoted; where raw data is erased, nobody knows any more.
    """
    ids = {one.id: sid for one in messages if (sid := _quoted(one))}
    if not ids:
        return {}
    texts = {one.external_id: one.text for one in messages if one.external_id}
    rows = await session.execute(
        select(Delivery.external_id, Delivery.text).where(
            Delivery.external_id.in_(ids.values())
        )
    )
    texts.update({str(sid): text for sid, text in rows})
    return {one: _begun(texts[sid]) for one, sid in ids.items() if sid in texts}


def _quoted(message: Message) -> str | None:
    found = (message.raw or {}).get(QUOTED)
    return str(found[0]) if isinstance(found, list) and found else None


def _begun(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
