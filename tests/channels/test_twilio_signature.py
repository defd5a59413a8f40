"""Only what Twilio signed, for this address and this account, is taken in."""

import json
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.datastructures import FormData

from bot.channels.twilio_signature import signed_by_twilio
from tests.support.house import House
from tests.support.public import PublicServer
from tests.support.records import messages
from tests.support.twilio import (
    FORM,
    MESSAGES,
    SID,
    SIGNATURE,
    STATUS,
    message_form,
    report,
    signature,
    signed,
    webhook,
)

# The example of Twilio's own documentation.
DOCUMENTED_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
DOCUMENTED_FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
DOCUMENTED_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_documented_example_is_genuine() -> None:
    assert signed_by_twilio(
        url=DOCUMENTED_URL,
        form=FormData(DOCUMENTED_FORM),
        signature=DOCUMENTED_SIGNATURE,
        tokens=("12345",),
    )


@pytest.mark.parametrize(
    ("url", "form", "given", "tokens"),
    [
        (DOCUMENTED_URL, DOCUMENTED_FORM, None, ("12345",)),
        (DOCUMENTED_URL, DOCUMENTED_FORM, "", ("12345",)),
        (DOCUMENTED_URL, DOCUMENTED_FORM, "ÿ" * 28, ("12345",)),
        (DOCUMENTED_URL, DOCUMENTED_FORM, DOCUMENTED_SIGNATURE[:-1], ("12345",)),
        (DOCUMENTED_URL, DOCUMENTED_FORM, DOCUMENTED_SIGNATURE, ("12346",)),
        (DOCUMENTED_URL, DOCUMENTED_FORM, DOCUMENTED_SIGNATURE, ()),
        (DOCUMENTED_URL + "&x", DOCUMENTED_FORM, DOCUMENTED_SIGNATURE, ("12345",)),
        (DOCUMENTED_URL, {}, DOCUMENTED_SIGNATURE, ("12345",)),
        (
            DOCUMENTED_URL,
            {**DOCUMENTED_FORM, "Digits": "1235"},
            DOCUMENTED_SIGNATURE,
            ("12345",),
        ),
    ],
)
def test_anything_else_than_what_was_signed_is_refused(
    url: str, form: dict[str, str], given: str | None, tokens: tuple[str, ...]
) -> None:
    assert not signed_by_twilio(
        url=url, form=FormData(form), signature=given, tokens=tokens
    )


def _forged(house: House, kind: str) -> tuple[bytes, dict[str, str]]:
    """A message webhook, and headers that do not belong to it."""
    body, token = message_form(), house.simulator.token
    url = f"{house.parts.settings.base_url}{MESSAGES}"
    other_account = message_form(AccountSid="AC" + "9" * 32)
    document = json.dumps({"MessageSid": "SM1", "From": "whatsapp:+1"}).encode()
    genuine = signed(url, body, token=token)
    return {
        "unsigned": (body, FORM),
        "empty signature": (body, {**FORM, SIGNATURE: ""}),
        "nonsense": (body, {**FORM, SIGNATURE: "nonsense"}),
        "another token": (body, signed(url, body, token="0" * 32)),
        "another address": (body, signed(f"{url}/", body, token=token)),
        "another host": (
            body,
            signed(f"https://evil.example{MESSAGES}", body, token=token),
        ),
        "another form": (message_form("Other words"), genuine),
        "one field more": (body + b"&ExternalUserId=whatsapp:X", genuine),
        "another account": (other_account, signed(url, other_account, token=token)),
        "no account": (b"Body=x", signed(url, b"Body=x", token=token)),
        "JSON": (document, {**genuine, "Content-Type": "application/json"}),
        "no type": (body, {SIGNATURE: genuine[SIGNATURE]}),
        "multipart": (
            b'--x\r\nContent-Disposition: form-data; name="Body"\r\n\r\nhi\r\n--x--',
            {**genuine, "Content-Type": "multipart/form-data; boundary=x"},
        ),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "unsigned",
        "empty signature",
        "nonsense",
        "another token",
        "another address",
        "another host",
        "another form",
        "one field more",
        "another account",
        "no account",
        "JSON",
        "no type",
        "multipart",
    ],
)
@pytest.mark.parametrize("path", [MESSAGES, STATUS])
async def test_a_forged_webhook_is_refused_and_nothing_is_stored(
    house: House, kind: str, path: str
) -> None:
    body, headers = _forged(house, kind)
    refused = await house.client.post(path, content=body, headers=headers)
    assert refused.status_code == 403
    assert await messages(house.parts.database) == []


def _folded(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Other forms that are signed alike: the border between two fields moved, or gone.

    What is signed is names and values, sorted and written without a sign between them.
    """
    for place, ((name, value), (after, rest)) in enumerate(pairwise(pairs)):
        before, behind = pairs[:place], pairs[place + 2 :]
        yield [*before, (name, value + after + rest), *behind]
        for cut in range(len(value)):
            kept, moved = value[:cut], value[cut:]
            yield [*before, (name, kept), (moved + after, rest), *behind]
        for cut in range(1, len(after)):
            yield [*before, (name, value + after[:cut]), (after[cut:], rest), *behind]


async def test_a_webhook_that_is_sent_again_with_moved_borders_stores_nothing_new(
    house: House,
) -> None:
    pairs = sorted(parse_qsl(message_form().decode(), keep_blank_values=True))
    url = f"{house.parts.settings.base_url}{MESSAGES}"
    headers = signed(url, urlencode(pairs).encode(), token=house.simulator.token)
    forms = [pairs, *_folded(pairs)]
    assert len(forms) > 100
    for form in forms:
        await house.client.post(
            MESSAGES, content=urlencode(form).encode(), headers=headers
        )
    [stored] = await messages(house.parts.database)
    assert (stored.text, stored.external_id) == ("How long is it?", SID)


@pytest.mark.parametrize("odd", ["", "SM1", SID + "NumMedia0", "XX" + "1" * 32])
async def test_a_report_on_something_that_is_no_message_is_refused(
    house: House, odd: str
) -> None:
    told = {"MessageSid": odd, "MessageStatus": "read"}
    assert (await report(house, "nothing", told)).status_code == 400


async def test_keys_may_be_repeated_and_values_may_be_empty(house: House) -> None:
    body = message_form("Hi") + b"&Odd=b&Odd=a&Odd=b&Empty=&Spaces=+x+"
    assert (await webhook(house, body)).status_code == 200
    [stored] = await messages(house.parts.database)
    assert stored.raw is not None
    assert stored.raw["Odd"] == ["b", "a", "b"]
    assert (stored.raw["Empty"], stored.raw["Spaces"]) == ([""], [" x "])


@pytest.mark.parametrize("query", ["?a=b%20c&a=b+c&d=%2F/&e", "?%7Bx%7D=~&=", "?"])
async def test_the_query_counts_as_it_was_sent(house: House, query: str) -> None:
    path = f"{MESSAGES}{query.removesuffix('?')}"
    assert (await webhook(house, message_form(), path=path)).status_code == 200


async def test_a_query_that_was_written_anew_is_refused(house: House) -> None:
    url = f"{house.parts.settings.base_url}{MESSAGES}?a=b%20c"
    headers = signed(url, message_form(), token=house.simulator.token)
    refused = await house.client.post(
        f"{MESSAGES}?a=b+c", content=message_form(), headers=headers
    )
    assert refused.status_code == 403


async def test_behind_a_proxy_the_public_address_counts(
    public_server: PublicServer,
) -> None:
    headers = signed(
        f"https://ask.example.org{MESSAGES}", message_form(), token="new-token"
    )
    accepted = await public_server.client.post(
        MESSAGES,
        content=message_form(),
        headers={**headers, "Host": "internal-7", "X-Forwarded-Host": "evil.example"},
    )
    assert accepted.status_code == 200
    assert len(await messages(public_server.database)) == 1


async def test_the_address_behind_the_proxy_does_not_count(
    public_server: PublicServer,
) -> None:
    headers = signed(
        f"http://internal-7:8000{MESSAGES}", message_form(), token="new-token"
    )
    refused = await public_server.client.post(
        MESSAGES, content=message_form(), headers=headers
    )
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("token", "status"), [("new-token", 200), ("old-token", 200), ("older-token", 403)]
)
async def test_while_a_token_is_being_rotated_the_old_and_the_new_one_count(
    public_server: PublicServer, token: str, status: int
) -> None:
    headers = signed(f"https://ask.example.org{MESSAGES}", message_form(), token=token)
    answer = await public_server.client.post(
        MESSAGES, content=message_form(), headers=headers
    )
    assert answer.status_code == status


def test_our_reading_of_the_documentation_agrees_with_its_example() -> None:
    made = signature(DOCUMENTED_URL, DOCUMENTED_FORM.items(), token="12345")
    assert made == DOCUMENTED_SIGNATURE
