"""The staff's inbox in the terminal works on the same service as the server."""

import asyncio
import json
import re
from collections.abc import Callable

import pytest

from bot.__main__ import main
from bot.app import create_app
from bot.config import Settings
from bot.conversations.models import Reason, Status
from bot.conversations.ports import Inbound, Outcome
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.clock import Clock
from tests.support.terminal import Terminal

Run = Callable[..., str]


@pytest.fixture
def run(terminal: Terminal) -> Run:
    """Runs any command."""
    return terminal


def write(
    settings: Settings,
    *texts: str,
    outcome: Outcome,
    reason: Reason = Reason.ASKED_FOR_PERSON,
) -> None:
    """A web visitor writes, and the bot replies with ``outcome``."""

    async def work() -> None:
        assistant = ScriptedAssistant(
            lambda question: answer(
                f"Reply to {question}",
                outcome=outcome,
                reason=reason if outcome is Outcome.HANDOFF else None,
            )
        )
        app = create_app(settings, assistant=assistant, clock=Clock())
        parts = app.state.parts
        await parts.database.migrate()
        for number, text in enumerate(texts):
            await parts.conversations.receive(
                Inbound(
                    channel="web",
                    sender="visitor",
                    external_id=f"m{number}",
                    text=text,
                )
            )
            await parts.worker.drain()
        await parts.close()

    asyncio.run(work())


def first_id(listing: str) -> str:
    found = re.match(r"[a-z0-9]{20}", listing)
    assert found, listing
    return found.group()


def test_an_empty_inbox_says_so(run: Run) -> None:
    assert run("inbox") == "nobody is waiting\n"
    assert run("unanswered") == "no unanswered questions\n"


def test_a_handoff_goes_through_the_inbox_to_its_end(
    settings: Settings, run: Run
) -> None:
    write(settings, "agent please", outcome=Outcome.HANDOFF)
    listing = run("inbox", "list")
    assert Status.WAITING in listing
    assert "asked_for_person" in listing
    conversation = first_id(listing)
    shown = run("inbox", "show", conversation)
    assert "contact" in shown
    assert "    agent please" in shown
    assert "Reply to agent please" in shown

    run("inbox", "reply", conversation, "Hello, this is Ana.", "--as", "Ana")
    assert re.search(rf"{conversation}  staff .* Ana", run("inbox"))
    assert "    Hello, this is Ana." in run("inbox", "show", conversation)
    error = run("inbox", "take", conversation, "--as", "Ben", status=1)
    assert error == "error: Ana has taken it\n"

    run("inbox", "hand-back", conversation)
    assert run("inbox") == "nobody is waiting\n"
    run("inbox", "take", conversation, "--as", "Ben")
    assert "Ben" in run("inbox")
    run("inbox", "resolve", conversation)
    assert run("inbox") == "nobody is waiting\n"
    error = run("inbox", "resolve", conversation, status=1)
    assert error == "error: it is resolved already\n"


# Clear the screen, retitle the window, ask the terminal to answer, go back and
# overwrite, in seven and eight bits; and write from right to left.
HOSTILE = (
    "Hi\x1b[2J\x1b]0;owned\x07\x1b[6n\x9b31m\r\x08\x7f"
    "\u202egnp.exe\u2066 person\tplease"
)
WRITTEN_OUT = (
    "Hi\\u001b[2J\\u001b]0;owned\\u0007\\u001b[6n\\u009b31m\\u000d\\u0008\\u007f"
)


@pytest.mark.parametrize("outcome", [Outcome.HANDOFF, Outcome.NO_ANSWER])
def test_what_contacts_write_is_shown_by_a_terminal_and_never_obeyed(
    settings: Settings, run: Run, outcome: Outcome
) -> None:
    write(settings, HOSTILE, outcome=outcome)
    told = [run("inbox"), run("unanswered"), run("contacts", "list")]
    contact = first_id(told[-1])
    told += [run("contacts", "export", contact), run("contacts", "list", HOSTILE)]
    told += [run("contacts", "export", HOSTILE, status=1)]
    if outcome is Outcome.HANDOFF:
        shown = run("inbox", "show", first_id(told[0]))
        assert WRITTEN_OUT in shown
        assert "\\u202egnp.exe\\u2066 person\tplease\n" in shown
        told.append(shown)
    for one in told:
        assert all(sign.isprintable() or sign in "\n\t" for sign in one), one
    assert json.dumps(HOSTILE)[1:-1] in json.dumps(json.loads(told[3]))


def test_an_unknown_conversation_is_a_clear_error(run: Run) -> None:
    error = run("inbox", "show", "nobody", status=1)
    assert error == "error: there is no conversation nobody\n"
    assert "no conversation nobody" in run("inbox", "reply", "nobody", "x", status=1)


def asked_for_a_call(settings: Settings, *texts: str) -> None:
    write(settings, *texts, outcome=Outcome.HANDOFF, reason=Reason.ASKED_FOR_CALL)


def test_who_wants_to_be_called_is_listed_until_reached(
    settings: Settings, run: Run
) -> None:
    assert run("inbox", "calls") == "nobody waits for a call\n"
    asked_for_a_call(settings, "call me", "+44 20 7946 0958, on 2026-11-30 at 15:00")
    listing = run("inbox", "calls")
    call = first_id(listing)
    assert re.search(r"2026-11-30 15:00 UTC +\+442079460958 +0 attempts", listing)
    run("inbox", "called", call, "--result", "not-reached", "--as", "Ana")
    assert "1 attempt " in run("inbox", "calls")
    assert run("inbox", "called", call, "--as", "Ana") == ""
    assert run("inbox", "calls") == "nobody waits for a call\n"
    error = run("inbox", "called", call, status=1)
    assert error == "error: this call-back is closed already\n"


def test_a_call_without_number_and_time_says_so_and_can_be_given_up(
    settings: Settings, run: Run
) -> None:
    asked_for_a_call(settings, "call me")
    listing = run("inbox", "calls")
    assert "any time" in listing
    assert "no number yet" in listing
    run("inbox", "called", first_id(listing), "--result", "give-up")
    assert run("inbox", "calls") == "nobody waits for a call\n"


def test_an_unknown_call_is_a_clear_error(settings: Settings, run: Run) -> None:
    asked_for_a_call(settings, "call me")
    for result in ("done", "not-reached", "give-up"):
        error = run("inbox", "called", "nothing", "--result", result, status=1)
        assert error == "error: there is no call-back nothing\n"
    assert "no number yet" in run("inbox", "calls")


def test_what_the_documents_did_not_hold_is_listed(
    settings: Settings, run: Run
) -> None:
    write(settings, "Who won in 1954?", outcome=Outcome.NO_ANSWER)
    assert run("unanswered") == "2026-11-24 09:00  0.90  Who won in 1954?\n"
    assert run("unanswered", "--limit", "0") == "no unanswered questions\n"


def test_a_mistyped_command_is_refused_with_the_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["inbox", "repl"])
    assert caught.value.code == 2
    assert "invalid choice: 'repl'" in capsys.readouterr().err
