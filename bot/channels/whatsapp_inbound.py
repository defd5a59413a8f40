"""A message of Twilio's webhook as the core takes it, whatever its kind."""

import re
from collections.abc import Iterable, Mapping

from fastapi import HTTPException
from starlette.datastructures import FormData

from bot.conversations.ports import Inbound, OptOut
from bot.conversations.spoken.signs import CARD, PLACE
from bot.text import clean

CHANNEL = "whatsapp"
LONGEST_NAME = 200
# Nothing else may be put into what is asked of Twilio, nor be taken for an id: fields
# are signed as one run of letters, so that a field's beginning could be moved to the
# end of the one before it, and a message sent again under another id.
MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
# What Twilio has understood, and answered, where an account has it do so.
OPT_OUTS = {"STOP": OptOut.STOP, "START": OptOut.START}
CONTACT_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
ADVERT = "\U0001f4e3"


def inbound_of(form: FormData) -> Inbound:
    """The message with everything that it brought.

    Raises:
        HTTPException: who wrote, or which message it is, is missing or too long.
    """
    sender, user_id = field(form, "From"), field(form, "ExternalUserId") or None
    if not sender:
        raise HTTPException(400, "From is missing")
    if max(len(sender), len(user_id or "")) > LONGEST_NAME:
        raise HTTPException(400, "From or ExternalUserId is too long")
    return Inbound(
        channel=CHANNEL,
        sender=sender,
        external_user_id=user_id,
        external_id=message_sid(form),
        text="\n".join(line for line in _lines(form) if line),
        media_count=_count(form, "NumMedia"),
        answered_elsewhere=bool(field(form, "OptOutType")),
        opt_out=OPT_OUTS.get(field(form, "OptOutType").upper()),
        raw=_raw(form),
    )


def message_sid(form: FormData) -> str:
    """Which message a webhook is about.

    Raises:
        HTTPException: none.
    """
    sid = field(form, "MessageSid")
    if not MESSAGE_SID.fullmatch(sid):
        raise HTTPException(400, "MessageSid is no id of a message")
    return sid


def field(form: FormData, key: str) -> str:
    """A field as text; empty where it is missing or a file."""
    value = form.get(key)
    return clean(value) if isinstance(value, str) else ""


def _lines(form: FormData) -> Iterable[str]:
    """What was written or chosen, a place, cards of people, and the ad behind it."""
    yield (
        field(form, "Body")
        or field(form, "ButtonText")
        or _joined(form, "ListTitle", "ListDescription")
    )
    if field(form, "Latitude") and field(form, "Longitude"):
        yield _place(form)
    kinds = (
        field(form, f"MediaContentType{number}")
        for number in range(_count(form, "NumMedia"))
    )
    yield from (CARD for kind in kinds if kind.casefold() in CONTACT_CARDS)
    ad = _joined(form, "ReferralHeadline", "ReferralBody", "ReferralSourceUrl")
    if ad:
        yield f"{ADVERT} {ad}"


def _place(form: FormData) -> str:
    where = f"({field(form, 'Latitude')}, {field(form, 'Longitude')})"
    named = dict.fromkeys((field(form, "Label"), field(form, "Address")))
    return " ".join((PLACE, *(name for name in named if name), where))


def _joined(form: FormData, *keys: str) -> str:
    return " \u2013 ".join(value for key in keys if (value := field(form, key)))


def _count(form: FormData, key: str) -> int:
    told = field(form, key)
    return int(told) if told.isdecimal() and len(told) < 4 else 0  # noqa: PLR2004  a sane count


def _raw(form: FormData) -> Mapping[str, object]:
    return {
        clean(key): [clean(str(value)) for value in form.getlist(key)]
        for key in form.keys()  # noqa: SIM118  FormData repeats keys when iterated
    }
