"""``python -m bot privacy``: what is kept, for how long, and who else sees it."""

from argparse import Namespace
from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from bot.config import Settings
from bot.conversations.contacts.retention import TAKERS_KEPT
from bot.organisation import load_organisation
from bot.staff.guesses import FORGOTTEN_AFTER
from bot.staff.session_rows import LONGEST

LOCAL_MODELS = ("ollama",)


def privacy(settings: Settings, options: Namespace) -> None:
    """Print a record of processing in Markdown, as these settings make it."""
    del options
    print("\n".join(_lines(settings)))


def _lines(settings: Settings) -> Iterator[str]:
    office = load_organisation(settings.organisation_file)
    yield f"# Record of processing: enquiries to {office.name}"
    yield ""
    yield "Made by `python -m bot privacy` from the settings; make it anew when they"
    yield "change. What only you know is marked TO FILL IN."
    yield ""
    yield f"- Controller: {office.name}; address, data protection officer: TO FILL IN"
    yield "- Purpose: answering enquiries, and handing them to staff; legal basis: "
    yield "  TO FILL IN"
    yield "- Whose data: people who write, and staff who answer"
    yield ""
    yield "## What is kept, and for how long"
    yield ""
    yield "| What | Until |"
    yield "|---|---|"
    for what, until in _kept(settings):
        yield f"| {what} | {until} |"
    yield ""
    yield "An erasure removes a contact at once, by the console or `contacts erase`;"
    yield "who writes “delete my data” is asked, and erased within minutes when they"
    yield "have written the word that they are told. Who asks for what is held reads a"
    yield "summary in the chat; staff send the file that `contacts export` writes."
    yield ""
    yield "## Who else sees it"
    yield ""
    yield "| Who | What they see |"
    yield "|---|---|"
    for who, what in _others(settings):
        yield f"| {who} | {what} |"
    yield ""
    yield "Agreements with each, and where they process: TO FILL IN. Also whoever hosts"
    yield "the server and its backups, and who `webhooks list` and `tokens list` name."


def _kept(settings: Settings) -> Iterator[tuple[str, str]]:
    days = settings.contact_retention_days
    until = f"{days} days after their last word" if days else "somebody erases them"
    words = "messages, names, numbers, plans, notes, labels, consents"
    yield words, f"{until} (`CONTACT_RETENTION_DAYS`)"
    raw = settings.retention_days
    yield "what a webhook brought, unchanged", f"{raw} days (`RETENTION_DAYS`)"
    yield "for whom a model was asked, in numbers", f"{TAKERS_KEPT.days} days"
    yield "questions under Gaps in numbers, without words", "the night after an erasure"
    yield (
        "how contacts asked, where staff published it with an answer",
        "staff remove it from `knowledge/languages` and earlier versions: TO FILL IN",
    )
    yield "that there were messages, and when, without a word", "always, to be counted"
    yield "accounts of staff, and the log of what they did", "always"
    yield "sessions of staff, with browser and network", f"{LONGEST.days} days at most"
    hours = int(FORGOTTEN_AFTER.total_seconds() // 3600)
    yield "guesses at passwords, as hashes", f"{hours} hour without another"
    yield "log lines, without texts, names or addresses", "what you set: TO FILL IN"
    yield "backups", "what you set: TO FILL IN"


def _others(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.twilio_configured:
        yield "Twilio, and Meta behind it", "every WhatsApp message and number"
    yield from _models(settings)
    if settings.notify_urls.get_secret_value():
        ways = sorted(
            {
                urlsplit(address.strip()).scheme
                for address in settings.notify_urls.get_secret_value().split(",")
            }
        )
        yield f"notifications by {', '.join(ways)}", "that a person is needed, and why"
    if settings.oidc_issuer:
        host = urlsplit(settings.oidc_issuer).hostname
        yield f"{host}, where staff sign in", "who of the staff signs in, and when"
    if settings.database_url and (host := make_url(settings.database_address).host):
        yield f"the database at {host}", "everything"
    if settings.chroma_url:
        host = urlsplit(settings.chroma_url).hostname
        yield (
            f"the index at {host}",
            "the documents, and questions in numbers",
        )


def _models(settings: Settings) -> Iterator[tuple[str, str]]:
    all_ = settings.bot_model_sees_personal_data
    shown = "messages and what was said before them" + (
        "" if all_ else ", with e-mail addresses and long numbers masked"
    )
    for name in (settings.bot_model, settings.bot_model_fallback):
        provider = name.partition(":")[0]
        if not name:
            continue
        here = provider in LOCAL_MODELS and not settings.bot_model_url
        yield f"{name}{', on this machine' if here else ''}", shown
