"""What the commands of ``python -m bot`` do."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from time import perf_counter

from bot.answering.assembly import Answering
from bot.api.asking import AnswerObject
from bot.clock import utc_now
from bot.config import Settings
from bot.conversations.desk import queries
from bot.conversations.desk.call_desk import CallDesk, open_calls
from bot.conversations.live.events import EventLog, bus_for
from bot.conversations.ports import Answer, Author, Turn
from bot.conversations.service import Conversations
from bot.database import Database
from bot.logs import configure_logs
from bot.organisation import load_organisation
from bot.server import run_server
from bot.text import shown
from bot.twilio_account import build_channels, build_simulator


def serve(settings: Settings, options: Namespace) -> None:
    """Run the server until it is told to stop."""
    del options
    configure_logs(settings.log_level, json=not settings.development)
    run_server(settings)


def ask(settings: Settings, options: Namespace) -> None:
    """Answer one question, after the earlier messages of its contact."""

    async def work(answering: Answering) -> None:
        await answering.warm_up()
        turns: list[Turn] = []
        for text in options.turn:
            answer = await answering.assistant.answer(text, earlier=turns)
            turns += [Turn(Author.CONTACT, text), answer.as_turn]
        start = perf_counter()
        answer = await answering.assistant.answer(options.question, earlier=turns)
        milliseconds = round((perf_counter() - start) * 1000, 1)
        if options.json:
            print(shown(AnswerObject.of(answer, milliseconds).model_dump_json()))
        else:
            print(in_words(answer))

    _with_answering(settings, work)


def chat(settings: Settings, options: Namespace) -> None:
    """Answer whatever is typed, until the end of input."""
    del options

    async def work(answering: Answering) -> None:
        await answering.warm_up()
        print("Write a question; an empty line ends the chat.", file=sys.stderr)
        turns: list[Turn] = []
        while question := (await asyncio.to_thread(_read_line)).strip():
            answer = await answering.assistant.answer(question, earlier=turns)
            print(in_words(answer), end="\n\n")
            turns += [Turn(Author.CONTACT, question), answer.as_turn]

    _with_answering(settings, work)


def unanswered(settings: Settings, options: Namespace) -> None:
    """List what the documents didn't hold."""

    async def work(conversations: Conversations) -> None:
        found = await queries.unanswered(
            conversations.events.database, limit=options.limit
        )
        for row in found:
            asked = f"{row.asked_at:%Y-%m-%d %H:%M}  {row.confidence:.2f}"
            print(f"{asked}  {shown(row.question)}")
        if not found:
            print("no unanswered questions")

    _with_conversations(settings, work)


def inbox(settings: Settings, options: Namespace) -> None:
    """Show who needs a person, or act on one conversation."""

    async def work(conversations: Conversations) -> None:
        match options.action:
            case "show":
                await _show(conversations, options.id)
            case "take":
                await conversations.take(options.id, member=options.member)
            case "reply":
                await conversations.reply_as_staff(
                    options.id, options.text, member=options.member
                )
            case "hand-back":
                await conversations.hand_back(options.id)
            case "resolve":
                await conversations.resolve(options.id)
            case "calls" | "called":
                await _calls(conversations, options)
            case _:
                await _list(conversations)

    _with_conversations(settings, work)


def in_words(answer: Answer) -> str:
    """An answer with its sources, for a terminal."""
    lines = [answer.text]
    for cited in answer.citations:
        dated = f", as of {cited.as_of}" if cited.as_of else ""
        page = f", p. {cited.page}" if cited.page is not None else ""
        where = f" {cited.url}" if cited.url else ""
        lines.append(f"  [{cited.title}; {cited.source}{page}{dated}]{where}")
    return shown("\n".join(lines))


async def _list(conversations: Conversations) -> None:
    found = await queries.waiting(conversations.events.database)
    for row in found:
        since = f"{row.handed_off_at:%Y-%m-%d %H:%M}" if row.handed_off_at else "-"
        who = row.assignee or row.handoff_reason or "-"
        print(f"{row.id}  {row.status:8} {since}  {row.channel:9} {shown(who)}")
    if not found:
        print("nobody is waiting")


async def _calls(conversations: Conversations, options: Namespace) -> None:
    if options.action == "called":
        desk = CallDesk(conversations)
        results = {"not-reached": desk.not_reached, "give-up": desk.give_up}
        await results.get(options.result, desk.done)(options.id, member=options.member)
        return
    found = await open_calls(
        conversations.events.database,
        time_zone=conversations.organisation.time_zone,
    )
    for call in found:
        due = f"{call.due_at:%Y-%m-%d %H:%M} UTC" if call.due_at else "any time"
        number = call.number or "no number yet"
        attempts = f"{call.attempts} attempt{'' if call.attempts == 1 else 's'}"
        print(f"{call.id}  {due:20} {number:17} {attempts:12} {shown(call.contact)}")
    if not found:
        print("nobody waits for a call")


async def _show(conversations: Conversations, conversation_id: str) -> None:
    about, messages = await queries.conversation(
        conversations.events.database, conversation_id
    )
    print(
        f"{about.id}: {about.status} on {about.channel}, "
        f"{shown(about.handoff_reason or '-')}"
    )
    for message in messages:
        states = ",".join(message.delivery_states)
        print(f"{message.created_at:%H:%M:%S} {message.author} {states}".rstrip())
        print("    " + shown(message.text).replace("\n", "\n    "))


def _with_answering(
    settings: Settings, work: Callable[[Answering], Awaitable[None]]
) -> None:
    configure_logs("WARNING", json=False)
    organisation = load_organisation(settings.organisation_file)

    async def run() -> None:
        answering = Answering(settings, organisation)
        try:
            await work(answering)
        finally:
            answering.close()

    asyncio.run(run())


def _with_conversations(
    settings: Settings, work: Callable[[Conversations], Awaitable[None]]
) -> None:
    configure_logs("WARNING", json=False)
    organisation = load_organisation(settings.organisation_file)

    async def run() -> None:
        database = Database(settings.database_address)
        try:
            await database.migrate()
            conversations = Conversations(
                EventLog(database, bus_for(database)),
                organisation=organisation,
                channels=build_channels(settings, build_simulator(settings, utc_now)),
                clock=utc_now,
            )
            await work(conversations)
        finally:
            await database.close()

    asyncio.run(run())


def _read_line() -> str:
    try:
        return input("> ")
    except EOFError:
        return ""
