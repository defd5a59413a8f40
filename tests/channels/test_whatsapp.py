"""A WhatsApp message comes in: stored once, answered once, whatever it brings."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from bot.database import Database
from bot.logs import configure_logs
from bot.phrases import phrase
from tests.support.broken_database import FAILURES, refusing_messages
from tests.support.house import PHONE, House
from tests.support.records import addresses, messages
from tests.support.twilio import MESSAGES, SID, message, message_form, sid, webhook

AD = """Can I get more info on this?
📣 Study in Ireland – Apply for 2027 – https://fb.me/1"""
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response />'


async def _texts(house: House) -> list[str]:
    return [stored.text for stored in await messages(house.parts.database)]


async def test_a_message_is_acknowledged_at_once_and_answered_afterwards(
    house: House,
) -> None:
    accepted = await message(house, "How long is it?")
    assert (accepted.status_code, accepted.text) == (200, EMPTY_TWIML)
    assert accepted.headers["Content-Type"] == "application/xml"
    assert house.sent() == []
    await house.work()
    [reply] = house.sent()
    assert "About: How long is it?" in reply


async def test_the_same_message_twice_is_one_message_and_one_reply(
    house: House,
) -> None:
    for _ in range(2):
        assert (await message(house, "How long is it?")).status_code == 200
    await house.work()
    assert (await message(house, "How long is it?")).status_code == 200
    await house.work()
    assert await _texts(house) == ["How long is it?"]
    assert len(house.sent()) == 1


async def test_the_same_id_with_another_text_is_a_conflict(house: House) -> None:
    await message(house, "How long is it?")
    assert (await message(house, "What does it cost?")).status_code == 409
    assert await _texts(house) == ["How long is it?"]


async def test_a_burst_gets_one_reply_to_everything_in_it(house: House) -> None:
    for number, text in enumerate(("hi", "one more thing", "how long is it?")):
        await message(house, text, MessageSid=sid(number))
        await house.work(after=1.0)
    assert house.sent() == []
    await house.work()
    assert len(house.sent()) == 1
    assert [question for question, _ in house.assistant.asked] == [
        "hi\none more thing\nhow long is it?"
    ]


async def test_somebody_who_keeps_writing_is_answered_after_five_seconds(
    house: House,
) -> None:
    for number in range(6):
        await message(house, f"line {number}", MessageSid=sid(number))
        await house.work(after=1.0)
    assert len(house.sent()) == 1


@pytest.mark.parametrize("fails", FAILURES)
async def test_what_could_not_be_stored_is_stored_when_twilio_tries_again(
    house: House, fails: Callable[[Database], AbstractContextManager[None]]
) -> None:
    with fails(house.parts.database):
        refused = await message(house, "How long is it?")
    assert refused.status_code == 503
    assert await _texts(house) == []
    assert (await message(house, "How long is it?")).status_code == 200
    await house.work()
    assert await _texts(house) == ["How long is it?"]
    assert len(house.sent()) == 1


async def test_the_log_of_a_failure_holds_no_word_of_the_message(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("INFO", json=True)
    with refusing_messages(house.parts.database):
        await message(house, "my passport number is 123456")
    logged = capsys.readouterr().err
    assert '"event": "inbound_not_stored"' in logged
    assert "passport" not in logged
    assert PHONE not in logged


@pytest.mark.parametrize(
    "body",
    [
        message_form(MessageSid=""),
        message_form(From=""),
        message_form(From="whatsapp:+" + "1" * 200),
        message_form(MessageSid="SM" + "1" * 200),
        message_form(MessageSid="SM1"),
        message_form(MessageSid="XX" + "1" * 32),
        message_form(MessageSid=SID + "\n"),
        message_form(ExternalUserId="whatsapp:DE." + "1" * 200),
    ],
)
async def test_a_message_from_nobody_is_refused(house: House, body: bytes) -> None:
    assert (await webhook(house, body)).status_code == 400
    assert await messages(house.parts.database) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"&".join(b"f%d=x" % number for number in range(5000)), 400),
        (b"Body=" + b"x" * 300_000, 413),
    ],
)
async def test_a_form_of_unreasonable_size_is_refused(
    house: House, body: bytes, status: int
) -> None:
    assert (await webhook(house, body)).status_code == status
    assert await messages(house.parts.database) == []


async def test_fields_that_twilio_adds_are_kept_and_do_no_harm(house: House) -> None:
    fields = {"MessageType": "interactive", "ChannelMetadata": '{"a":1}', "New": "é"}
    assert (await message(house, "Hello", **fields)).status_code == 200
    [stored] = await messages(house.parts.database)
    assert stored.raw is not None
    assert {key: stored.raw[key] for key in fields} == {
        key: [value] for key, value in fields.items()
    }


@pytest.mark.parametrize("field", ["ButtonText", "ListTitle"])
async def test_a_pressed_button_counts_as_its_words(house: House, field: str) -> None:
    await message(house, "", **{field: "Talk to a person"})
    assert await _texts(house) == ["Talk to a person"]


@pytest.mark.parametrize(
    ("count", "kept", "reply"),
    [
        ("2", 2, "I can only read text."),
        ("0", 0, "Your message arrived without any words."),
        ("many", 0, "Your message arrived without any words."),
        ("-1", 0, "Your message arrived without any words."),
        ("99999", 0, "Your message arrived without any words."),
    ],
)
async def test_a_message_without_words_gets_a_fixed_reply(
    house: House, count: str, kept: int, reply: str
) -> None:
    await message(house, "", NumMedia=count, MediaUrl0="https://api.twilio.com/m/1")
    await house.work()
    [sent] = house.sent()
    assert reply in sent
    assert house.assistant.asked == []
    assert [stored.media_count for stored in await messages(house.parts.database)] == [
        kept
    ]


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
async def test_what_twilio_has_answered_itself_is_stored_and_not_answered(
    house: House, word: str
) -> None:
    assert (await message(house, word, OptOutType=word)).status_code == 200
    await house.work()
    assert await _texts(house) == [word]
    assert house.sent() == []


async def test_too_many_messages_are_stored_and_told_so_once(house: House) -> None:
    limit = 30
    for number in range(limit + 5):
        sent = await message(house, f"question {number}", MessageSid=sid(number))
        assert sent.status_code == 200
    await house.work()
    assert await _texts(house) == [f"question {n}" for n in range(limit + 5)]
    replies = house.sent()
    assert len([reply for reply in replies if "faster than I can answer" in reply]) == 1
    assert len(replies) == 2
    assert house.assistant.asked[0][0].endswith("question 29")


async def test_one_sender_s_flood_does_not_hold_up_another(house: House) -> None:
    for number in range(31):
        await message(house, "spam", MessageSid=sid(number))
    other = "whatsapp:+34600000000"
    await message(house, "Quiet question", From=other, MessageSid=sid(99))
    await house.work()
    [reply] = house.sent(other)
    assert "About: Quiet question" in reply


async def test_a_contact_with_a_username_is_answered_at_that_name(
    house: House,
) -> None:
    name = "whatsapp:AR.1A2B3C"
    await house.simulator.type(
        "Hola", sender=name, ExternalUserId=name, WaId="AR.1A2B3C"
    )
    await house.work()
    [reply] = house.sent(name)
    assert "About: Hola" in reply


async def test_a_contact_who_hides_their_number_stays_the_same_contact(
    house: House,
) -> None:
    name = "whatsapp:AR.1A2B3C"
    for number, sender in enumerate((PHONE, name, "whatsapp:+447700900999")):
        await house.simulator.type(f"Hi {number}", sender=sender, ExternalUserId=name)
        await house.work()
    [address] = await addresses(house.parts.database)
    assert (address.external_user_id, address.sender) == (
        name,
        "whatsapp:+447700900999",
    )
    assert len(house.sent(PHONE)) == len(house.sent(name)) == 1
    [newest] = house.sent("whatsapp:+447700900999")
    assert newest.startswith("About: Hi 2")


async def test_a_retry_under_the_new_name_is_the_same_message(house: House) -> None:
    name = "whatsapp:AR.1A2B3C"
    await message(house, "Hi", ExternalUserId=name)
    await message(house, "Hi", ExternalUserId=name, From=name)
    await house.work()
    assert await _texts(house) == ["Hi"]


async def test_two_people_may_have_messages_of_the_same_id(house: House) -> None:
    await message(house, "Mine", MessageSid=SID)
    other = await message(house, "Theirs", MessageSid=SID, From="whatsapp:+3460000000")
    assert other.status_code == 200
    assert await _texts(house) == ["Mine", "Theirs"]


async def test_a_webhook_is_posted_and_never_fetched(house: House) -> None:
    assert (await house.client.get(MESSAGES)).status_code == 405


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"ButtonText": "Yes", "ButtonPayload": "yes"}, "Yes"),
        ({"ListTitle": "Fees", "ListId": "2"}, "Fees"),
        ({"ListTitle": "Fees", "ListDescription": "A year"}, "Fees – A year"),
        (
            {"Latitude": "51.5", "Longitude": "-0.12", "Label": "Harbour House"},
            "📍 Harbour House (51.5, -0.12)",
        ),
        (
            {
                "Latitude": "1.0",
                "Longitude": "2",
                "Address": "1 Quay",
                "Label": "1 Quay",
            },
            "📍 1 Quay (1.0, 2)",
        ),
        ({"NumMedia": "1", "MediaContentType0": "text/vcard"}, "👤"),
        ({"NumMedia": "1", "MediaContentType0": "image/png"}, ""),
        (
            {
                "Body": "Can I get more info on this?",
                "ReferralHeadline": "Study in Ireland",
                "ReferralBody": "Apply for 2027",
                "ReferralSourceUrl": "https://fb.me/1",
                "ReferralSourceType": "ad",
            },
            AD,
        ),
    ],
)
async def test_every_kind_of_message_becomes_words_and_is_kept_whole(
    house: House, fields: dict[str, str], text: str
) -> None:
    assert (await message(house, "", **fields)).status_code == 200
    [stored] = await messages(house.parts.database)
    assert stored.text == text
    assert stored.raw is not None
    assert {
        name: [value] for name, value in fields.items()
    }.items() <= stored.raw.items()


async def test_a_place_alone_is_met_as_a_picture_is(house: House) -> None:
    await message(house, "", Latitude="51.5", Longitude="-0.12")
    await house.work()
    assert phrase("media_only", "en") in house.sent()[-1]
    assert house.assistant.asked == []
