"""Whatever anybody sends is stored as it is and gets one sensible reply."""

import json
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.app import create_app
from bot.config import Settings
from bot.conversations.models import Message
from bot.conversations.ports import Author
from bot.organisation import load_organisation
from bot.text import clean
from tests.support.assistants import ScriptedAssistant
from tests.support.chat import arrive
from tests.support.clock import Clock
from tests.support.house import House
from tests.support.records import messages
from tests.support.repetitions import some_of
from tests.support.twilio import message, message_form, sid, webhook

ODD_TEXTS = {
    "four thousand characters": "How long does it take? " * 173 + "How long is it now?",
    "four thousand signs without a space": "x" * 4000,
    "letters that become eighteen": "\ufdfa" * 4000,
    "emoji": "🎓👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️?",
    "right to left": "كم تستغرق الدورة؟ \u202eevil\u202c שלום",
    "combining marks": "H\u0336\u0334o\u0489w long" + "\u0301" * 500,
    "other scripts": "需要多长时间？ ระยะเวลา कितना समय",
    "control characters": "How\x01\x02\x07\x1b[31m long\x7f\x85?",
    "line ends": "one\r\ntwo\rthree\u2028four\u2029five",
    "private and unassigned": "\ue000\ufdd0\uffff\U0010ffff",
    "NUL": "How\0 long?",
    "markup": "<img src=x onerror=alert(1)> {{7*7}} ${7*7} %s %n {organisation}",
    "SQL": "'; DROP TABLE messages; --",
}


@pytest.fixture
async def real_house(
    settings: Settings,
    sample_data: Path,
    sqlite_template: Path,
    encoder: Encoder,
    clock: Clock,
) -> AsyncIterator[House]:
    """The server with the real assistant and without limits."""
    path = shutil.copy(sqlite_template, settings.data_dir.parent / "odd.sqlite3")
    settings = settings.model_copy(
        update={
            "data_dir": sample_data,
            "database_url": f"sqlite:///{path}",
            "limit_per_network": "100000/minute",
            "limit_opened_per_network": "100000/minute",
        }
    )
    organisation = load_organisation(settings.organisation_file)
    answering = Answering(settings, organisation, encoder=encoder, clock=clock)
    await answering.warm_up()
    app = create_app(settings, assistant=answering.assistant, clock=clock)
    parts = app.state.parts
    parts.simulator.connect(app)
    parts.simulator.report_progress = False
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.base_url
    ) as client:
        yield House(
            app=app,
            parts=parts,
            clock=clock,
            assistant=ScriptedAssistant(),
            client=client,
        )
    await parts.close()
    answering.close()


async def _on_whatsapp(house: House, texts: Sequence[str]) -> None:
    for number, text in enumerate(texts):
        sender = f"whatsapp:+4477{number:08}"
        sent = await message(house, text, From=sender, MessageSid=sid(number))
        assert sent.status_code == 200, text


async def _on_the_web(house: House, texts: Sequence[str]) -> None:
    for text in texts:
        sent = await (await arrive(house.client)).say(text)
        assert sent.status_code == (202 if text.strip() else 422), text


async def _said(house: House) -> list[list[Message]]:
    """Conversation by conversation, what the contact and the bot said."""
    found: dict[int, list[Message]] = {}
    for stored in await messages(house.parts.database, author=None):
        if stored.author is not Author.SYSTEM:
            found.setdefault(stored.conversation_id, []).append(stored)
    return list(found.values())


async def _check(house: House, texts: list[str]) -> None:
    await house.work()
    said = await _said(house)
    assert [entries[0].text for entries in said] == texts
    for contact, *replies in said:
        assert [reply.author for reply in replies] == [Author.BOT], contact.text
        reply = replies[0].text
        assert 20 < len(reply) < 3000, contact.text
        assert not {"Traceback", "None", "\ufffd"} & set(reply.split()), contact.text


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
async def test_an_odd_text_is_stored_as_it_is_and_answered(
    real_house: House, text: str
) -> None:
    await _on_whatsapp(real_house, [text])
    await _on_the_web(real_house, [text])
    await _check(real_house, [clean(text)] * 2)


async def test_every_second_naughty_string_gets_a_reply_on_whatsapp(
    real_house: House, shared_dir: Path
) -> None:
    texts = some_of(_naughty_strings(shared_dir)[::2])
    await _on_whatsapp(real_house, texts)
    await _check(real_house, [clean(text) for text in texts])
    sent = {m.recipient for m in real_house.simulator.messages}
    assert len(sent - {real_house.simulator.sender}) == len(texts)


async def test_every_other_naughty_string_gets_a_reply_on_the_web(
    real_house: House, shared_dir: Path
) -> None:
    texts = some_of(_naughty_strings(shared_dir)[1::2])
    await _on_the_web(real_house, texts)
    await _check(real_house, [clean(text) for text in texts if text.strip()])


def _naughty_strings(folder: Path) -> list[str]:
    found = json.loads((folder / "evals/hostile/blns.json").read_text("utf-8"))
    assert len(found) > 500
    return [str(text) for text in found]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (b"How%FF long%C3", "How\ufffd long\ufffd"),
        (b"%ED%A0%80How long", "\ufffd\ufffd\ufffdHow long"),
        (b"How%00 long", "How\ufffd long"),
        (b"How%2 lo%ng%", "How%2 lo%ng%"),
        (b"+How%20long+", " How long "),
    ],
)
async def test_bytes_that_are_no_text_are_replaced_in_a_webhook(
    house: House, sent: bytes, stored: str
) -> None:
    body = message_form().replace(b"Body=How+long+is+it%3F", b"Body=")
    body = body.replace(b"Body=", b"Body=" + sent)
    assert (await webhook(house, body)).status_code == 200
    assert [found.text for found in await messages(house.parts.database)] == [stored]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (b"\\ud800How long", "\ufffdHow long"),
        (b"\\udc00\\ud83d How", "\ufffd\ufffd How"),
        (b"\\ud83c\\udf93 How", "🎓 How"),
        (b"How\\u0000 long", "How\ufffd long"),
    ],
)
async def test_characters_that_no_database_stores_are_replaced_on_the_web(
    house: House, sent: bytes, stored: str
) -> None:
    visitor = await arrive(house.client)
    body = b'{"client_id": "%s", "text": "%s"}' % (sent, sent)
    for expected in (False, True):
        accepted = await visitor.post(body)
        assert accepted.status_code == 202
        assert accepted.json()["duplicate"] is expected
    [found] = await messages(house.parts.database)
    assert (found.text, found.external_id) == (stored, stored)
