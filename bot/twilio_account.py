"""Which Twilio WhatsApp goes through: the operator's account, or a simulated one."""

from collections.abc import Mapping

from bot.channels.simulator import Simulator
from bot.channels.twilio_client import HttpxClient
from bot.channels.whatsapp import WhatsApp
from bot.clock import Clock
from bot.config import Settings
from bot.conversations.channel_port import Channel
from bot.message_templates import load_templates


def build_simulator(settings: Settings, clock: Clock) -> Simulator | None:
    """A stand-in for Twilio: in development, where there is no account."""
    if settings.twilio_configured or not settings.development:
        return None
    templates = load_templates(settings.templates_file, examples=True)
    return Simulator(
        base_url=settings.base_url,
        clock=clock,
        contents={one.content_sid: one.text for one in templates},
    )


def build_channels(
    settings: Settings, simulator: Simulator | None
) -> Mapping[str, Channel]:
    """The channels that send; a simulated one where there is no account."""
    account = twilio_account(settings, simulator)
    if account is None:
        return {}
    sid, tokens, sender = account
    channel = WhatsApp(
        account_sid=sid,
        token=tokens[0],
        sender=sender,
        base_url=settings.base_url,
        typing=settings.whatsapp_typing,
        http=HttpxClient(simulator.transport() if simulator else None),
    )
    return {channel.name: channel}


def twilio_account(
    settings: Settings, simulator: Simulator | None
) -> tuple[str, tuple[str, ...], str] | None:
    """Sid, tokens and sender; None where WhatsApp is not in use."""
    if simulator:
        return simulator.account_sid, (simulator.token,), simulator.sender
    if settings.twilio_configured:
        return (
            settings.twilio_account_sid,
            settings.twilio_tokens,
            settings.twilio_whatsapp_from,
        )
    return None
