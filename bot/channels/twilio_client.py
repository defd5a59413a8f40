"""Twilio's SDK over httpx: time-outs that hold, and errors that say what to do."""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.errors import ChannelError, OutcomeUnknownError

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# Twilio's pages on these errors say that sending the same again cannot help.
PERMANENT = frozenset(
    {
        20404,
        21211,
        21610,
        21614,
        21617,
        21620,
        21655,
        21656,
        21658,
        63001,
        63003,
        63005,
        63007,
        63015,
        63016,
        63021,
        63024,
        63030,
        63032,
        63038,
        63049,
        63051,
    }
)
# Too much at once, to everybody or to one recipient: that passes. So does a wrong
# token (20003), once the operator has seen it in the log.
TEMPORARY = frozenset({401, 20003, 20429, 21611, 63017, 63018})
CLIENT_ERRORS = range(400, 500)
TOO_MANY = 429


class HttpxClient(AsyncHttpClient):
    """What the SDK sends requests with."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(logger=logging.getLogger(__name__), is_async=True)
        self._http = httpx.AsyncClient(
            transport=transport, timeout=TIMEOUT, follow_redirects=False
        )
        self.retry_after: float | None = None

    async def request(  # type: ignore[override]  # noqa: PLR0917  the SDK's own way
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  the SDK's own signature
        allow_redirects: bool = False,  # noqa: FBT001, FBT002  as above
    ) -> Response:
        """Send one request.

        Raises:
            ChannelError: nothing reached Twilio.
            OutcomeUnknownError: it may have.
        """
        del timeout, allow_redirects
        try:
            answer = await self._http.request(
                method,
                url,
                params=_present(params),
                data=_present(data),
                headers=headers,
                auth=auth,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ChannelError("Twilio cannot be reached", code="connect") from error
        except httpx.HTTPError as error:
            raise OutcomeUnknownError(
                "Twilio's answer was lost", code=type(error).__name__
            ) from error
        self.retry_after = _seconds(answer.headers.get("Retry-After"))
        return Response(answer.status_code, answer.text, answer.headers)

    async def close(self) -> None:
        """Give connections back."""
        await self._http.aclose()


def twilio_client(sid: str, token: str, http: HttpxClient) -> Client:
    """The SDK's client; ``http`` is what it sends with."""
    return Client(sid, token, http_client=http)


def channel_error(
    error: TwilioException | ValueError, *, retry_after: float | None
) -> ChannelError:
    """What an error of the SDK means for whoever wanted to send.

    A ``ValueError`` is the SDK's for an answer that is not JSON.
    """
    status = _number(getattr(error, "status", None)) or 0
    code = _number(getattr(error, "code", None)) or status
    if status not in CLIENT_ERRORS:
        return OutcomeUnknownError("Twilio failed", code=str(code))
    refused = code in PERMANENT or status != TOO_MANY
    return ChannelError(
        f"Twilio refused: {code}",
        code=str(code),
        retry_after=retry_after,
        permanent=refused and code not in TEMPORARY,
    )


def _present(values: Mapping[str, object] | None) -> dict[str, Any] | None:
    return {k: v for k, v in values.items() if v is not None} if values else None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
