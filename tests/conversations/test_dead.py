import asyncio
from tests.support.core import Core
from bot.conversations.models import DeliveryState

async def test_dead(core: Core) -> None:
    cid = None
    for n in range(3):
        cid = await core.answered(f"q{n}")
    ds = await core.deliveries()
    for _ in range(20):
        await asyncio.gather(
            *(core.conversations.delivery_reached(d.public_id, external_id=None, state=s) for d in ds for s in (DeliveryState.DELIVERED, DeliveryState.READ)),
            *(core.write(f"x{i}") for i in range(4)),
        )
        from sqlalchemy import update
        from bot.conversations.models import Delivery
        async with core.database.write() as s:
            await s.execute(update(Delivery).values(state="sent"))
