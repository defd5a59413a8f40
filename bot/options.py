"""Every command and option there is."""

import argparse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.evaluation.options import (
    add_calibrate,
    add_evaluate,
    add_explain,
    add_tune,
)
from ingest.options import add_commands as add_ingest


def parser(prog: str) -> argparse.ArgumentParser:
    """Every command and option there is."""
    whole = argparse.ArgumentParser(
        prog=prog, description="Answers enquiries from your documents."
    )
    whole.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="start the server")
    listed = commands.add_parser("settings", help="every setting there is")
    listed.add_argument(
        "--env", action="store_true", help="as a file .env, with examples"
    )
    new = commands.add_parser(
        "new", help="a folder for an organisation: its documents and its settings"
    )
    new.add_argument("folder", type=Path, metavar="FOLDER", help="not there yet")
    doctor = commands.add_parser(
        "doctor", help="check the installation, and try the model if there is one"
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON object")
    ask = commands.add_parser("ask", help="answer one question; stores nothing")
    ask.add_argument("question")
    ask.add_argument(
        "--turn",
        action="append",
        default=[],
        metavar="TEXT",
        help="an earlier message of the contact, which is answered first; may be "
        "repeated, oldest first",
    )
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    commands.add_parser("chat", help="a conversation in the terminal; stores nothing")
    add_evaluate(commands.add_parser("evaluate", help="measure on labelled questions"))
    add_calibrate(
        commands.add_parser(
            "calibrate", help="fit what is learned again, for another encoder"
        )
    )
    add_tune(
        commands.add_parser(
            "tune", help="learn again how the bundled encoder reads questions"
        )
    )
    add_explain(
        commands.add_parser("explain", help="why a message gets the reply it gets")
    )
    unanswered = commands.add_parser(
        "unanswered", help="questions that the documents did not hold"
    )
    unanswered.add_argument("--limit", type=int, default=100, help="how many (100)")
    commands.add_parser("privacy", help="what is kept, how long, and who else sees it")
    spend = commands.add_parser("spend", help="what the language model has taken")
    spend.add_argument("--json", action="store_true", help="print one JSON object")
    _add_inbox(commands.add_parser("inbox", help="conversations that need a person"))
    _add_contacts(commands.add_parser("contacts", help="what is held of a contact"))
    _add_staff(commands.add_parser("staff", help="who can sign in at /console"))
    _add_tokens(commands.add_parser("tokens", help="which programs may use /api/v1"))
    _add_webhooks(commands.add_parser("webhooks", help="who is told of events"))
    _add_backup(commands)
    add_ingest(commands)
    return whole


def _version() -> str:
    try:
        return version("enquiry-assistant")
    except PackageNotFoundError:  # run from its folder, without an install
        return "(not installed)"


def _add_backup(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    backup = commands.add_parser(
        "backup", help="database and knowledge as one file, while the server works"
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="as backup.tar.gz")
    restore = commands.add_parser(
        "restore", help="an installation from a backup, in an empty place"
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.add_argument(
        "--keep-knowledge",
        action="store_true",
        help="leave KNOWLEDGE_DIR as it is, and restore the database alone",
    )
    move = commands.add_parser(
        "migrate-database", help="from SQLite to PostgreSQL, while no server runs"
    )
    move.add_argument(
        "--to",
        required=True,
        metavar="postgresql://…",
        help="an empty database; its password may stand in ~/.pgpass",
    )


def _add_inbox(inbox: argparse.ArgumentParser) -> None:
    inbox.set_defaults(action="list")
    actions = inbox.add_subparsers(dest="action")
    actions.add_parser("list", help="who is waiting, longest first (the default)")
    actions.add_parser("calls", help="who wants to be called, by when it is due")
    called = actions.add_parser("called", help="what came of a call")
    called.add_argument("id", help="the call, as listed")
    called.add_argument(
        "--result",
        choices=("done", "not-reached", "give-up"),
        default="done",
        help="not-reached is due again, give-up is not (done)",
    )
    called.add_argument(
        "--as", dest="member", default="staff", help="your name (staff)"
    )
    for name, words in (
        ("show", "everything said in a conversation"),
        ("take", "answer it yourself from now on"),
        ("reply", "send your words; takes the conversation if need be"),
        ("hand-back", "the bot answers again"),
        ("resolve", "close it"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("id", help="the conversation, as listed")
        if name == "reply":
            action.add_argument("text", help="what to send")
        if name in {"take", "reply"}:
            action.add_argument(
                "--as", dest="member", default="staff", help="your name (staff)"
            )


def _add_contacts(contacts: argparse.ArgumentParser) -> None:
    contacts.set_defaults(action="list")
    actions = contacts.add_subparsers(dest="action")
    listing = actions.add_parser("list", help="who has written (the default)")
    listing.add_argument("words", nargs="?", default="", help="name, number or label")
    export = actions.add_parser("export", help="everything of one, as JSON")
    export.add_argument("id", help="the contact, as listed")
    export.add_argument("--out", type=Path, metavar="FILE", help="write it to a file")
    erase = actions.add_parser("erase", help="remove every trace of one; asks back")
    erase.add_argument("id", help="the contact, as listed")
    erase.add_argument(
        "--confirm", metavar="NAME", help="the name or id that would be asked for"
    )


def _add_staff(staff: argparse.ArgumentParser) -> None:
    staff.set_defaults(action="list")
    actions = staff.add_subparsers(dest="action")
    actions.add_parser("list", help="everybody, by name (the default)")
    for name, words in (
        ("add", "a new account; asks for a password"),
        ("email", "the address by which the provider's word is matched"),
        ("password", "a new password; signs them out everywhere"),
        ("second-step", "takes their authenticator away, which was lost"),
        ("revoke", "they cannot sign in any more; signs them out everywhere"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("name", help="as colleagues see it")
        if name == "email":
            action.add_argument("email", help="as the provider has verified it")
        if name in {"add", "password"}:
            action.add_argument(
                "--password-stdin",
                action="store_true",
                help="read the password from the first line of standard input",
            )
        if name == "add":
            action.add_argument("--email", help="for sign-in through the provider")
            action.add_argument(
                "--no-password", action="store_true", help="the provider only"
            )
            action.add_argument(
                "--role",
                choices=("staff", "admin"),
                default="staff",
                help="admins may throw the emergency switch and read the log (staff)",
            )


def _add_tokens(tokens: argparse.ArgumentParser) -> None:
    tokens.set_defaults(action="list")
    actions = tokens.add_subparsers(dest="action")
    actions.add_parser("list", help="all, and when each was used (the default)")
    add = actions.add_parser("add", help="a new token; printed once")
    add.add_argument("name", help="the program that uses it, as staff see it")
    add.add_argument(
        "--scope",
        choices=("read", "write"),
        default="read",
        help="write: may also reply, hand off, hand back, resolve and note (read)",
    )
    revoke = actions.add_parser("revoke", help="it opens nothing any more")
    revoke.add_argument("id", help="the token's first part, as listed")


def _add_webhooks(webhooks: argparse.ArgumentParser) -> None:
    webhooks.set_defaults(action="list")
    actions = webhooks.add_subparsers(dest="action")
    actions.add_parser("list", help="the endpoints (the default)")
    add = actions.add_parser("add", help="tell an address; prints its secret, once")
    add.add_argument("url", help="https://…")
    add.add_argument(
        "--event",
        action="append",
        default=[],
        choices=(
            "message_created",
            "conversation_status_changed",
            "handoff_requested",
        ),
        help="tell only of this; may be repeated (all)",
    )
    remove = actions.add_parser("remove", help="tell it nothing more; forgets its log")
    remove.add_argument("id", help="the endpoint, as listed")
    log = actions.add_parser("log", help="what was sent, newest first")
    log.add_argument("id", nargs="?", help="only to this endpoint")
    log.add_argument("--limit", type=int, default=100, help="how many (100)")
    replay = actions.add_parser("replay", help="send again what was sent before")
    replay.add_argument("id", help="a webhook (msg_…), or an endpoint with --from")
    replay.add_argument(
        "--from",
        dest="from_event",
        type=int,
        metavar="EVENT",
        help="everything from this event on, in order",
    )
