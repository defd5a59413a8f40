"""``python -m bot webhooks``: the endpoints that are told of events."""

import asyncio
from argparse import Namespace

from bot.clock import utc_now
from bot.config import Settings
from bot.conversations.live.events import EventLog, bus_for
from bot.database import Database
from bot.errors import WebhookError
from bot.integrations.webhook_models import WebhookKind
from bot.integrations.webhook_views import DeliveryView
from bot.integrations.webhooks import Webhooks
from bot.outside import Lookup


def webhooks(settings: Settings, options: Namespace) -> None:
    """Add, list or remove endpoints; show the log, or send again."""
    asyncio.run(_webhooks(settings, options))


async def _webhooks(settings: Settings, options: Namespace) -> None:
    database = Database(settings.database_address)
    try:
        await database.migrate()
        endpoints = Webhooks(
            EventLog(database, bus_for(database)),
            lookup=Lookup(loopback_allowed=settings.webhooks_to_loopback),
            clock=utc_now,
        )
        match options.action:
            case "add":
                await _add(endpoints, options)
            case "remove":
                await endpoints.remove(options.id)
            case "log":
                await _log(endpoints, options)
            case "replay":
                await _replay(endpoints, options)
            case _:
                await _list(endpoints)
    finally:
        await database.close()


async def _add(endpoints: Webhooks, options: Namespace) -> None:
    kinds = [WebhookKind(kind) for kind in options.event] or tuple(WebhookKind)
    endpoint_id, secret = await endpoints.add(options.url, kinds)
    print(f"{endpoint_id}\nsecret, shown only now: {secret}")


async def _list(endpoints: Webhooks) -> None:
    found = await endpoints.endpoints()
    for one in found:
        states = ", ".join(f"{count} {state}" for state, count in one.counts.items())
        print(f"{one.id}  {one.url}  {', '.join(one.kinds)}  {states or '-'}")
    if not found:
        print("no endpoints; add one with `webhooks add URL`")


async def _log(endpoints: Webhooks, options: Namespace) -> None:
    found = await endpoints.log(options.id, limit=options.limit)
    for one in found:
        print(_line(one))
    if not found:
        print("nothing has been sent")


def _line(one: DeliveryView) -> str:
    when = one.last_attempt_at
    words = (
        one.id,
        f"event {one.event_id}",
        one.kind,
        one.state,
        f"{when:%Y-%m-%d %H:%M:%S}" if when else "-",
        f"status {one.status_code or '-'}",
        one.problem or "-",
        f"{one.attempts} attempts",
        f"{one.size or 0} bytes",
    )
    return "  ".join(words)


async def _replay(endpoints: Webhooks, options: Namespace) -> None:
    if options.from_event is None:
        if not options.id.startswith("msg_"):
            raise WebhookError("name a webhook (msg_…), or add --from EVENT")
        await endpoints.replay(options.id)
        print("the server sends it again")
        return
    count = await endpoints.replay_from(options.id, options.from_event)
    print(f"the server sends {count} webhooks again")
