"""What a webhook says: made from the event and what is stored at that moment."""

import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Event, Message
from bot.integrations.objects import (
    conversation_object,
    conversations_query,
    message_object,
    messages_query,
)
from bot.integrations.webhook_models import WebhookDelivery


async def body_of(session: AsyncSession, delivery: WebhookDelivery) -> bytes:
    """The body as JSON: ``type``, ``timestamp`` and ``data``."""
    event = (
        await session.scalars(select(Event).where(Event.id == delivery.event_id))
    ).one()
    about = await session.execute(
        conversations_query().where(Conversation.id == event.conversation_id)
    )
    data: dict[str, object] = {
        "event_id": event.id,
        "conversation": conversation_object(*about.one()).model_dump(mode="json"),
    }
    if event.status is not None:
        data["status"] = event.status.value
    if event.message_id is not None:
        said = await session.execute(
            messages_query().where(Message.id == event.message_id)
        )
        data["message"] = message_object(*said.one()).model_dump(mode="json")
    whole = {
        "type": delivery.kind.value,
        "timestamp": event.created_at.isoformat(),
        "data": data,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
