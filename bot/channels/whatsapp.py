"""WhatsApp through Twilio: signed webhooks in, the REST API out."""

import json
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData
from twilio.base.exceptions import TwilioException
from twilio.twiml.messaging_response import MessagingResponse

from bot.channels.twilio_client import (
    TEMPORARY,
    HttpxClient,
    channel_error,
    twilio_client,
)
from bot.channels.twilio_signature import SIGNATURE, signed_by_twilio
from bot.channels.whatsapp_inbound import (
    CHANNEL,
    MESSAGE_SID,
    field,
    inbound_of,
    message_sid,
)
from bot.channels.whatsapp_text import split
from bot.conversations.channel_port import Outgoing, Report
from bot.conversations.ports import Inbound
from bot.conversations.service import Conversations
from bot.conversations.states import DeliveryState
from bot.errors import ConflictError, OutcomeUnknownError
from bot.limits import Limit
from bot.logs import get_logger

MESSAGES_PATH = "/webhooks/twilio/messages"
STATUS_PATH = "/webhooks/twilio/status"
# Behind every webhook's address: without it Twilio does not repeat a 503.
RETRY_FRAGMENT = "#rc=3&rp=5xx,ct,rt&rt=3500"
FORM_TYPE = "application/x-www-form-urlencoded"
LONGEST_BODY = 256 * 1024
LOOK_BACK = timedelta(minutes=5)

STATES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
}

log = get_logger()


class WhatsApp:
    """Sends through Twilio; a ``Channel``."""

    name = CHANNEL
    debounce_seconds = 1.5
    debounce_limit_seconds = 5.0
    reply_window_hours: float | None = 24.0

    def __init__(
        self,
        *,
        account_sid: str,
        token: str,
        sender: str,
        base_url: str,
        http: HttpxClient,
        typing: bool = True,
    ) -> None:
        self._client = twilio_client(account_sid, token, http)
        self._http = http
        self._sender = sender
        self._base_url = base_url
        self._typing = typing

    def split(self, text: str) -> list[str]:
        """Parts that Twilio carries, in WhatsApp's markup."""
        return split(text)

    async def send(self, outgoing: Outgoing) -> str:
        """Send one part; Twilio's sid.

        Raises:
            ChannelError: Twilio refused, or was not reached.
            OutcomeUnknownError: Twilio may have sent it.
        """
        try:
            message = await self._client.messages.create_async(
                to=outgoing.recipient,
                from_=self._sender,
                **_words(outgoing),
                status_callback=(
                    f"{self._base_url}{STATUS_PATH}?delivery={outgoing.public_id}"
                    f"{RETRY_FRAGMENT}"
                ),
            )
        except (TwilioException, ValueError) as error:
            raise channel_error(error, retry_after=self._http.retry_after) from error
        if not message.sid:
            raise OutcomeUnknownError("Twilio's answer names no message", code="sid")
        return message.sid

    async def show_typing(self, external_id: str) -> None:
        """Twilio marks the message as read, and shows it for 25 s or until an answer.

        Raises:
            ChannelError: Twilio refused, or was not reached.
        """
        if not self._typing or not MESSAGE_SID.fullmatch(external_id):
            return
        try:
            await self._client.messaging.v2.typing_indicator.create_async(
                channel=self.name, message_id=external_id
            )
        except (TwilioException, ValueError) as error:
            raise channel_error(error, retry_after=self._http.retry_after) from error

    async def report_of(self, external_id: str) -> Report | None:
        """How far Twilio has come with a message, by its sid.

        Raises:
            ChannelError: Twilio refused, or was not reached.
        """
        if not MESSAGE_SID.fullmatch(external_id):
            return None
        try:
            message = await self._client.messages(external_id).fetch_async()
        except (TwilioException, ValueError) as error:
            raise channel_error(error, retry_after=self._http.retry_after) from error
        return _report(str(message.status), str(message.error_code or ""))

    async def find(self, outgoing: Outgoing) -> str | None:
        """The sid of a part that Twilio has already, going by its own list."""
        try:
            listed = await self._client.messages.list_async(
                to=outgoing.recipient,
                from_=self._sender,
                date_sent_after=outgoing.created_at - LOOK_BACK,
                limit=100,
            )
        except (TwilioException, ValueError) as error:
            raise channel_error(error, retry_after=self._http.retry_after) from error
        # Whatever else left since then is a template, which Twilio words by itself.
        found = (
            str(message.sid)
            for message in listed
            if outgoing.content or message.body == outgoing.text
        )
        return next((sid for sid in found if sid not in outgoing.earlier_ids), None)

    async def close(self) -> None:
        """Give connections back."""
        await self._http.close()


def _report(status: str, code: str) -> Report | None:
    """A status of Twilio's, if it is one that tells something."""
    state = STATES.get(status)
    if state is None:
        return None
    passes = code.isdecimal() and int(code) in TEMPORARY
    return Report(state=state, error_code=code or None, passes=passes)


def _words(outgoing: Outgoing) -> dict[str, str]:
    """What is sent: the text, or a template without it."""
    if outgoing.content is None:
        return {"body": outgoing.text}
    return {
        "content_sid": outgoing.content.sid,
        "content_variables": json.dumps(dict(outgoing.content.variables)),
    }


def build_router(
    conversations: Conversations,
    *,
    account_sid: str,
    tokens: tuple[str, ...],
    base_url: str,
    limit: Limit,
) -> APIRouter:
    """The two webhooks that Twilio calls."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    async def signed_form(request: Request) -> FormData:
        return await _signed_form(
            request, account_sid=account_sid, tokens=tokens, base_url=base_url
        )

    @router.post(MESSAGES_PATH)
    async def receive(form: Annotated[FormData, Depends(signed_form)]) -> Response:
        inbound = inbound_of(form)
        limited = not limit.allows(inbound.external_user_id or inbound.sender)
        await _store(conversations, inbound, limited=limited)
        return Response(str(MessagingResponse()), media_type="application/xml")

    @router.post(STATUS_PATH)
    async def status(
        request: Request, form: Annotated[FormData, Depends(signed_form)]
    ) -> Response:
        report = _report(field(form, "MessageStatus"), field(form, "ErrorCode"))
        if report is not None:
            known = await conversations.delivery_reached(
                request.query_params.get("delivery", ""),
                external_id=message_sid(form),
                state=report.state,
                error_code=report.error_code,
                passes=report.passes,
            )
            log.info("delivery_reported", state=report.state.value, known=known)
        return Response(status_code=204)

    return router


async def _store(
    conversations: Conversations, inbound: Inbound, *, limited: bool
) -> None:
    try:
        receipt = await conversations.receive(inbound, limited=limited)
    except ConflictError as error:
        raise HTTPException(409, str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        log.exception("inbound_not_stored")
        raise HTTPException(503, "not stored; try again") from error
    log.info("inbound_stored", channel="whatsapp", duplicate=receipt.duplicate)


async def _signed_form(
    request: Request, *, account_sid: str, tokens: tuple[str, ...], base_url: str
) -> FormData:
    if request.headers.get("content-type", "").split(";")[0].strip() != FORM_TYPE:
        raise HTTPException(403, "not a form signed by Twilio")
    form = await request.form()
    query = request.scope["query_string"].decode("latin-1")
    url = f"{base_url}{request.url.path}" + (f"?{query}" if query else "")
    genuine = signed_by_twilio(
        url=url, form=form, signature=request.headers.get(SIGNATURE), tokens=tokens
    )
    if not genuine or field(form, "AccountSid") != account_sid:
        log.warning("webhook_refused", path=request.url.path)
        raise HTTPException(403, "not signed by Twilio for this account and address")
    return form
