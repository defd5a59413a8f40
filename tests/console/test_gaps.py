"""Questions without an answer are put together, answered, published, and told."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.desk.gaps import gap_list
from bot.conversations.ports import Outcome
from bot.errors import DocumentError
from bot.publishing import Published, Publisher
from bot.staff import AuditEntry
from ingest.sync import sync
from tests.support.assistants import answer
from tests.support.chat import arrive
from tests.support.house import PHONE, House
from tests.support.knowledge import write_knowledge
from tests.support.publishing import told_by_index
from tests.support.staff import Desk, token_in

PAGE = "/console/gaps"
SAID = "Pets may come."
QUESTION = "Can I bring my cat to the student residence?"
OTHER = "Are cats allowed in the student residence?"
FORM = {
    "title": "Are pets allowed in the residence?",
    "words": "Small pets are allowed, with a fee of 20 euros a month.",
    "source": "https://example.org/pets",
    "last_verified": "2026-11-01",
    "recheck_by": "2027-11-01",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder of documents that the tests may change."""
    return Settings(
        environment="development",
        data_dir=tmp_path / "data",
        knowledge_dir=write_knowledge(tmp_path / "knowledge"),
    )


@pytest.fixture
async def asked(staffed: House, encoder: Encoder) -> House:
    """Two have asked for one thing in vain, and one for another thing."""
    sync(staffed.parts.settings, encoder=encoder)
    vain = answer("I do not have that.", outcome=Outcome.NO_ANSWER)
    kept = replace(vain.provenance, generation="g1", language="en")
    staffed.assistant.reply = lambda _: replace(vain, provenance=kept)
    await staffed.write(QUESTION)
    await staffed.write("Who teaches Latin?", sender="whatsapp:+447700900124")
    visitor = await arrive(staffed.client)
    await visitor.say(OTHER)
    await staffed.work()
    return staffed


async def token_of(desk: Desk) -> str:
    return token_in((await desk.client.get("/console/replies")).text)


def seen_in(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


async def gap_of(house: House) -> str:
    await house.parts.gaps.run()
    return (await gap_list(house.parts.database))[0][0].public_id


async def test_a_question_asked_back_until_a_person_was_wanted_is_a_gap(
    staffed: House,
) -> None:
    replies = iter(
        [answer("Do you mean …?", outcome=Outcome.CLARIFY)] * 2
        + [answer("A person will write.", outcome=Outcome.HANDOFF, reason="fraud")]
    )
    staffed.assistant.reply = lambda _: next(replies)
    for said in ("What about pets?", "I mean my cat", "then let me talk to somebody"):
        await staffed.write(said)
        await staffed.work()
    await staffed.parts.gaps.run()
    found = await gap_list(staffed.parts.database)
    assert [(gap.asked, gap.kinds) for gap, _ in found] == [(1, {"handed_over": 1})]


async def test_questions_of_one_meaning_are_one_gap(asked: House, ben: Desk) -> None:
    await gap_of(asked)
    found = await gap_list(asked.parts.database)
    assert [gap.asked for gap, _ in found] == [2, 1]
    first = found[0][0]
    assert first.channels == {"web": 1, "whatsapp": 1}
    assert (first.this_week, first.weeks_before, first.kinds) == (
        2,
        0,
        {"unanswered": 2},
    )
    shown = await ben.see(PAGE)
    assert OTHER in shown
    assert "Put together now" not in shown
    assert QUESTION in await ben.see(f"{PAGE}/{first.public_id}")


async def test_an_answer_is_published_with_how_it_was_asked_and_told(
    asked: House, ana: Desk
) -> None:
    gap = await gap_of(asked)
    page = await ana.see(f"{PAGE}/{gap}")
    assert "Publish</button>" in page
    keys = [part.split('"')[0] for part in page.split('name="ask" value="')[1:]]

    done = await ana.client.post(
        f"{PAGE}/{gap}", data={**FORM, "csrf": await token_of(ana), "ask": keys}
    )

    assert done.status_code == 303, done.text
    path = "faq/are-pets-allowed-in-the-residence.md"
    settings = asked.parts.settings
    assert "fee of 20 euros" in told_by_index(settings, path)
    catalogue = yaml.safe_load(
        (settings.knowledge_dir / "languages/en.yaml").read_text("utf-8")
    )
    assert set(catalogue[path][FORM["title"]]["asks"]) == {QUESTION, OTHER}
    told = await ana.client.post(
        f"{PAGE}/{gap}/tell",
        data={"csrf": await token_of(ana), "text": SAID},
    )
    assert told.headers["Location"].endswith("told=2&left=0")
    await asked.work()
    assert asked.sent()[-1] == SAID
    again = await ana.client.post(
        f"{PAGE}/{gap}/tell",
        data={"csrf": await token_of(ana), "text": SAID},
    )
    assert again.status_code == 409
    assert '<a href="/console/gaps">← Gaps</a>' in again.text
    await asked.parts.gaps.run()
    left = await gap_list(asked.parts.database)
    assert [gap.asked for gap, _ in left] == [1]


async def test_what_is_wrong_with_a_gap_leads_back_to_the_gaps(
    staffed: House, ben: Desk
) -> None:
    missing = await ben.client.get(f"{PAGE}/nothing")
    assert missing.status_code == 404
    assert f'<a href="{PAGE}">← Gaps</a>' in missing.text
    document = await ben.client.get("/console/knowledge/document?path=no.md")
    assert '<a href="/console/knowledge">← Knowledge</a>' in document.text


async def test_no_words_of_a_contact_are_chosen_to_be_published_unasked(
    asked: House, ana: Desk
) -> None:
    page = await ana.see(f"{PAGE}/{await gap_of(asked)}")
    assert page.count('name="ask"') == 2
    assert " checked" not in page
    assert 'name="title" value=""' in page


async def test_what_a_catalogue_cannot_hold_is_not_offered(
    asked: House, ana: Desk
) -> None:
    for number, sign in enumerate("\x7f\x80\ufffe"):
        await asked.write(f"{QUESTION} {sign}", sender=f"whatsapp:+44770090020{number}")
    await asked.work()
    page = await ana.see(f"{PAGE}/{await gap_of(asked)}")
    assert page.count('name="ask"') == 2


async def test_a_publishing_that_failed_half_way_goes_on_when_it_is_sent_again(
    asked: House, ana: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gap = await gap_of(asked)
    page = await ana.see(f"{PAGE}/{gap}")
    keys = [part.split('"')[0] for part in page.split('name="ask" value="')[1:]]
    form = {**FORM, "csrf": await token_of(ana), "ask": keys}
    broken = asked.parts.settings.knowledge_dir / "languages/en.yaml"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("[", "utf-8")
    answer = (
        asked.parts.settings.knowledge_dir / "faq/are-pets-allowed-in-the-residence.md"
    )
    refused = await ana.client.post(f"{PAGE}/{gap}", data=form)
    assert refused.status_code == 409
    assert not answer.exists()

    broken.unlink()
    publisher = type(asked.parts.knowledge.publisher)
    publish = publisher.publish

    async def failing(
        self: Publisher, path: str, content: bytes, *, seen: str | None, by: str
    ) -> Published:
        if path.endswith(".yaml"):
            raise DocumentError("the disk is full")
        return await publish(self, path, content, seen=seen, by=by)

    with monkeypatch.context() as patched:
        patched.setattr(publisher, "publish", failing)
        assert (
            "disk is full" in (await ana.client.post(f"{PAGE}/{gap}", data=form)).text
        )
    assert (await ana.client.post(f"{PAGE}/{gap}", data=form)).status_code == 303
    assert QUESTION in broken.read_text("utf-8")
    assert "Answered" in await ana.see(f"{PAGE}/{gap}")


async def test_who_has_written_stop_is_not_told(asked: House, ana: Desk) -> None:
    gap = await gap_of(asked)
    form = {**FORM, "csrf": await token_of(ana)}
    assert (await ana.client.post(f"{PAGE}/{gap}", data=form)).status_code == 303
    await asked.write("STOP")
    await asked.work()
    before = asked.sent()
    told = await ana.client.post(
        f"{PAGE}/{gap}/tell", data={"csrf": form["csrf"], "text": SAID}
    )
    await asked.work()
    assert told.headers["Location"].endswith("told=1&left=1")
    assert "1 told, 1 not." in await ana.see(told.headers["Location"])
    assert asked.sent(PHONE) == before


async def test_what_staff_propose_waits_for_an_admin(
    asked: House, ana: Desk, ben: Desk
) -> None:
    gap = await gap_of(asked)
    form = {**FORM, "csrf": await token_of(ben)}
    assert (await ben.client.post(f"{PAGE}/{gap}", data=form)).status_code == 303
    folder = asked.parts.settings.knowledge_dir
    assert not (folder / "faq/are-pets-allowed-in-the-residence.md").exists()
    await asked.parts.gaps.run()
    shown = await ana.see(f"{PAGE}/{gap}")
    assert "Proposed by Ben" in shown
    assert FORM["words"] in shown
    form |= {"csrf": await token_of(ana), "seen": seen_in(shown)}
    assert (await ana.client.post(f"{PAGE}/{gap}", data=form)).status_code == 303
    assert (folder / "faq/are-pets-allowed-in-the-residence.md").exists()


async def test_a_proposal_is_replaced_or_dropped_only_by_who_has_seen_it(
    asked: House, ben: Desk
) -> None:
    gap = await gap_of(asked)
    empty = seen_in(await ben.see(f"{PAGE}/{gap}"))
    form = {**FORM, "csrf": await token_of(ben), "seen": empty}
    assert (await ben.client.post(f"{PAGE}/{gap}", data=form)).status_code == 303
    later = {**form, "words": "No pets at all."}
    refused = await ben.client.post(f"{PAGE}/{gap}", data=later)
    assert refused.status_code == 409
    assert "meanwhile" in refused.text
    assert later["words"] in refused.text
    drop = f"{PAGE}/{gap}/drop"
    assert (await ben.client.post(drop, data=form)).status_code == 409
    shown = await ben.see(f"{PAGE}/{gap}")
    assert FORM["words"] in shown
    gone = await ben.client.post(drop, data={**form, "seen": seen_in(shown)})
    assert gone.status_code == 303
    assert "Proposed by" not in await ben.see(f"{PAGE}/{gap}")
    async with asked.parts.database.read() as session:
        actions = await session.scalars(select(AuditEntry.action))
        assert "proposal_dropped" in actions.all()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("words", "Write to ana@example.org.", "e-mail address"),
        ("words", "", "answer: write"),
        ("title", "?!", "title: a document needs one"),
        ("last_verified", "soon", "last_verified"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    asked: House, ana: Desk, field: str, value: str, said: str
) -> None:
    gap = await gap_of(asked)
    form = {**FORM, field: value, "source": "https://example.org/<b>"}
    found = await ana.client.post(
        f"{PAGE}/{gap}", data={**form, "csrf": await token_of(ana)}
    )
    assert found.status_code == 409
    assert said in found.text
    assert "https://example.org/&lt;b&gt;" in found.text


async def test_a_staff_reply_becomes_an_answer_without_personal_data(
    asked: House, ben: Desk
) -> None:
    conversation = await asked.write("Is there a gym?")
    await asked.work()
    core = asked.parts.conversations
    await core.take(conversation, member="Ben")
    await core.reply_as_staff(conversation, "Yes. Call +44 7700 900999.", member="Ben")
    page = await ben.see(f"/console/conversations/{conversation}")
    action = page.split('action="/console/gaps/of-reply/')[1].split('"')[0]
    found = await ben.client.post(
        f"{PAGE}/of-reply/{action}", data={"csrf": await token_of(ben)}
    )
    shown = await ben.see(found.headers["Location"])
    assert "Is there a gym?" in shown
    assert "Yes. Call [number]." in shown
    assert "900999" not in shown
