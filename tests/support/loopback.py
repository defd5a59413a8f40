"""Sends what is meant for Twilio to a server on loopback."""

import httpx

from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from bot.channels.twilio_client import HttpxClient
from bot.channels.whatsapp import WhatsApp


class Loopback(httpx.AsyncBaseTransport):
    """A real connection, but to ``address`` whatever the request says."""

    def __init__(self, address: str) -> None:
        self._address = httpx.URL(address)
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(
            scheme=self._address.scheme,
            host=self._address.host,
            port=self._address.port,
        )
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


def whatsapp_at(address: str) -> WhatsApp:
    """The WhatsApp channel, with Twilio at ``address``."""
    return WhatsApp(
        account_sid=ACCOUNT_SID,
        token="token",
        sender=SENDER,
        base_url="https://ask.example.org",
        http=HttpxClient(Loopback(address)),
    )
