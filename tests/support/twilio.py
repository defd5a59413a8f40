"""Webhooks as Twilio sends them, byte for byte, signed or wrongly signed."""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha1
from urllib.parse import parse_qsl, urlencode

import httpx

from bot.channels.simulator import ACCOUNT_SID, SENDER
from tests.support.house import PHONE, House

MESSAGES = "/webhooks/twilio/messages"
STATUS = "/webhooks/twilio/status"
FORM_TYPE = "application/x-www-form-urlencoded"

Pairs = Iterable[tuple[str, str]]


def signature(url: str, pairs: Pairs, *, token: str) -> str:
    """Twilio's signature, written from its documentation, not with its library."""
    words = url + "".join(name + value for name, value in sorted(set(pairs)))
    digest = hmac.new(token.encode(), words.encode(), sha1).digest()
    return base64.b64encode(digest).decode()


def message_fields(text: str = "How long is it?", **fields: str) -> dict[str, str]:
    """The fields of a WhatsApp message that the webhook needs, and a few more."""
    return {
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": ACCOUNT_SID,
        "From": PHONE,
        "To": SENDER,
        "Body": text,
        "NumMedia": "0",
        **fields,
    }


async def webhook(
    house: House,
    body: bytes | dict[str, str],
    *,
    path: str = MESSAGES,
    token: str | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """Post a form, signed over the public address of ``house``."""
    raw = body if isinstance(body, bytes) else urlencode(body).encode()
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
    url = f"{house.parts.settings.base_url}{path}"
    signed = signature(url, pairs, token=token or house.simulator.token)
    return await house.client.post(
        path,
        content=raw,
        headers={
            "Content-Type": FORM_TYPE,
            "X-Twilio-Signature": signed,
            **(headers or {}),
        },
    )
