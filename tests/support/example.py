"""An advisory with a morning's enquiries, for pictures and for looking at pages."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.conversations.contacts.contacts import Contacts
from bot.conversations.desk.desk import Desk
from bot.conversations.models import Conversation
from bot.conversations.ports import Answer, Citation, Outcome
from bot.parts import Parts
from bot.staff import Role
from bot.staff.members import existing_account
from tests.support.assistants import answer
from tests.support.contacts import contact_of, label_id
from tests.support.staff import add_staff

FEES = (
    "Most online micro-credentials cost between 50 and 400 US dollars. A short course "
    "in data analysis is **49 dollars**; a credit-bearing one in nursing is 395."
)


def reply(question: str) -> Answer:
    """What the example's assistant says."""
    if "call me" in question:
        return answer(
            "I've asked a member of our team to call you.",
            outcome=Outcome.HANDOFF,
            reason="asked_for_call",
        )
    if "visa" in question.lower():
        return answer(
            "I've passed your message on to a member of our team.",
            outcome=Outcome.HANDOFF,
            reason="complaint" if "again" in question else "asked_for_person",
        )
    cited = Citation(
        title="What micro-credentials cost",
        source="guidance/fees.md",
        url="https://www.example.org/fees",
    )
    return replace(answer(FEES), citations=(cited,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The ids of what the pictures show."""

    conversation: str
    closed: str
    contact: str
    other: str


class LateClock:
    """Runs as long ago as is wanted, and can be let catch up."""

    def __init__(self, behind: timedelta) -> None:
        self.behind = behind

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


async def seed(parts: Parts, clock: LateClock) -> Example:
    """Ana, an admin, and Ben have accounts; a few contacts have written."""
    await add_staff(parts.database, "Ana", role=Role.ADMIN, now=clock())
    await add_staff(parts.database, "Ben", now=clock())
    clock.behind += timedelta(days=1)
    closed = await _write(parts, clock, "+6281234567890", "Does my visa cover it?")
    clock.behind -= timedelta(days=1)
    await _write(parts, clock, "+447700900123", "How much is a course?")
    first = await _write(
        parts, clock, "+447700900123", "Can I come on a student visa with it?"
    )
    await _write(parts, clock, "+4915112345678", "Immer noch kein Visa, again!")
    await _write(parts, clock, "+33612345678", "Combien coûte un cours ?")
    await _write(parts, clock, "+5215512345678", "Hola, una pregunta: visa")
    held = await _write(parts, clock, "+84912345678", "Is my visa form complete?")
    await _write(
        parts, clock, "+14165550123", "please call me on +1 416 555 0123 at 3 pm"
    )
    await _by_staff(parts, first, held)
    clock.behind = timedelta(0)
    return Example(
        conversation=first,
        closed=closed,
        contact=await contact_of(parts.database, first),
        other=await contact_of(parts.database, held),
    )


async def _write(parts: Parts, clock: LateClock, number: str, text: str) -> str:
    """Somebody writes on WhatsApp and is answered; the conversation's id."""
    assert parts.simulator
    await parts.simulator.type(text, sender=f"whatsapp:{number}")
    clock.behind -= timedelta(minutes=7)
    await parts.worker.drain()
    await parts.simulator.settle()
    async with parts.database.read() as session:
        newest = select(Conversation.public_id).order_by(Conversation.last_message_at)
        return (await session.scalars(newest)).all()[-1]


async def _by_staff(parts: Parts, first: str, held: str) -> None:
    contacts, desk = Contacts(parts.conversations), Desk(parts.conversations)
    async with parts.database.read() as session:
        ana = (await existing_account(session, "Ana")).id
    for name in ("Nursing", "Scholarship", "Urgent"):
        await contacts.add_label(name, member_id=ana)
    contact = await contact_of(parts.database, first)
    await contacts.rename(contact, "Amara Okafor", member_id=ana)
    facts = {"destination": "United Kingdom", "subject": "nursing", "budget": "USD 400"}
    await contacts.correct_facts(contact, facts, member_id=ana)
    labels = [await label_id(parts.database, "Nursing")]
    await contacts.label_contact(contact, labels, member_id=ana)
    labels = [await label_id(parts.database, "Scholarship")]
    await contacts.label_conversation(first, labels, member_id=ana)
    await contacts.record_consent(
        contact, "be called about her application", "on the telephone", member_id=ana
    )
    await desk.note(first, "Asked about the same course last year.", member="Ben")
    await parts.conversations.reply_as_staff(
        held, "Yes, it is complete. Good luck!", member="Ben"
    )
    await desk.save_reply(
        "Fees", "[[me]] here: [[course]] costs [[sum]].", member_id=ana
    )
