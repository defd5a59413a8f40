"""Webhooks as Twilio sends them, byte for byte, signed or wrongly signed."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha1
from urllib.parse import parse_qsl, urlencode

import httpx

from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from tests.support.house import PHONE, House

MESSAGES = "/webhooks/twilio/messages"
STATUS = "/webhooks/twilio/status"
SIGNATURE = "X-Twilio-Signature"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SID = "SM" + "1" * 32


def sid(number: int) -> str:
    """The id of a message, another one for each number."""
    return f"SM{number:032d}"


def signature(url: str, pairs: Iterable[tuple[str, str]], *, token: str) -> str:
    """Twilio's signature, written from its documentation and not with its library."""
    words = url + "".join(name + value for name, value in sorted(set(pairs)))
    digest = hmac.new(token.encode(), words.encode(), sha1).digest()
    return base64.b64encode(digest).decode()


def signed(url: str, body: bytes, *, token: str) -> dict[str, str]:
    """The headers with which Twilio sends a form to ``url``."""
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
    return {**FORM, SIGNATURE: signature(url, pairs, token=token)}


def message_form(text: str = "How long is it?", **fields: str) -> bytes:
    """A WhatsApp message with the fields that count, encoded."""
    return urlencode(
        {
            "MessageSid": SID,
            "AccountSid": ACCOUNT_SID,
            "From": PHONE,
            "To": SENDER,
            "Body": text,
            "NumMedia": "0",
            **fields,
        }
    ).encode()


async def webhook(house: House, body: bytes, *, path: str = MESSAGES) -> httpx.Response:
    """Post a form, correctly signed."""
    url = f"{house.parts.settings.base_url}{path}"
    headers = signed(url, body, token=house.simulator.token)
    return await house.client.post(path, content=body, headers=headers)


async def message(house: House, text: str, **fields: str) -> httpx.Response:
    """Somebody writes on WhatsApp; ``fields`` replace or add fields of the webhook."""
    sender = fields.get("From", PHONE)
    return await house.simulator.type(
        text, sender=sender, **{"MessageSid": SID, **fields}
    )


async def report(
    house: House, delivery: str, fields: Mapping[str, str]
) -> httpx.Response:
    """Post a status callback for one of our deliveries, correctly signed."""
    body = urlencode({"AccountSid": ACCOUNT_SID, "MessageSid": SID, **fields})
    path = f"{STATUS}?delivery={delivery}"
    return await webhook(house, body.encode(), path=path)
