"""What the forms of Twilio's webhooks say."""

import re
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.datastructures import FormData

from bot.conversations.ports import Inbound
from bot.text import clean

CHANNEL = "whatsapp"
# Nothing else may be put into what is asked of Twilio, nor be taken for an id: fields
# are signed as one run of letters, so that a field's beginning could be moved to the
# end of the one before it, and a message sent again under another id.
MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
LONGEST_NAME = 200


def inbound_of(form: FormData) -> Inbound:
    """The message that a webhook brings.

    Raises:
        HTTPException: it is from nobody, or no message.
    """
    sender, user_id = text(form, "From"), text(form, "ExternalUserId") or None
    if not sender:
        raise HTTPException(400, "From is missing")
    if max(len(sender), len(user_id or "")) > LONGEST_NAME:
        raise HTTPException(400, "From or ExternalUserId is too long")
    words = text(form, "Body") or text(form, "ButtonText") or text(form, "ListTitle")
    media = text(form, "NumMedia")
    return Inbound(
        channel=CHANNEL,
        sender=sender,
        external_user_id=user_id,
        external_id=message_sid(form),
        text=words,
        media_count=int(media) if media.isdecimal() and len(media) < 4 else 0,  # noqa: PLR2004  a sane count
        answered_elsewhere=bool(text(form, "OptOutType")),
        raw=_raw(form),
    )


def message_sid(form: FormData) -> str:
    """Which message a webhook is about.

    Raises:
        HTTPException: none.
    """
    sid = text(form, "MessageSid")
    if not MESSAGE_SID.fullmatch(sid):
        raise HTTPException(400, "MessageSid is no id of a message")
    return sid


def _raw(form: FormData) -> Mapping[str, object]:
    return {
        clean(key): [clean(str(value)) for value in form.getlist(key)]
        for key in form.keys()  # noqa: SIM118  FormData repeats keys when iterated
    }


def text(form: FormData, key: str) -> str:
    """A field as every database can store it; empty if it was not sent."""
    value = form.get(key)
    return clean(value) if isinstance(value, str) else ""
