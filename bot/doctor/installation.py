"""Settings, files, encoder, index and WhatsApp: whether answers can be given."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from stat import S_ISVTX
from time import perf_counter

from bot.answering.encoding.encoder import Encoder
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.store.store import open_store
from bot.answering.understanding.examples import own_examples
from bot.channels.whatsapp import MESSAGES_PATH, RETRY_FRAGMENT
from bot.config import Settings
from bot.doctor.findings import Finding, look, well, wrong
from bot.errors import BotError
from bot.message_templates import load_templates
from bot.organisation import Organisation, load_organisation
from bot.private_files import open_to_others
from bot.safety import doubts, problems
from bot.starting import silent_addresses, unknown_addresses


def settings_findings(settings: Settings) -> list[Finding]:
    """Whether the server would start with them."""
    found = [wrong("settings", problem) for problem in problems(settings)]
    unknown = unknown_addresses(settings)
    found += [wrong("settings", problem) for problem in unknown]
    silent = [] if unknown else silent_addresses(settings)
    found += [look("settings", doubt) for doubt in (*doubts(settings), *silent)]
    return found or [well("settings", f"safe to serve with ({settings.environment})")]


def file_findings(settings: Settings) -> list[Finding]:
    """The operator's own files: who they are, templates, examples."""
    checks: Sequence[tuple[str, Callable[[], str]]] = (
        (
            "organisation",
            lambda: _office(load_organisation(settings.organisation_file)),
        ),
        ("templates", lambda: _templates(settings)),
        ("examples", lambda: _examples(settings)),
    )
    return [_tried(what, check) for what, check in checks]


def data_finding(settings: Settings) -> Finding:
    """Whether others on this machine can read what is kept."""
    folder = settings.data_dir
    if not folder.exists():
        return well("data", f"{folder} is not there yet; it will be private")
    found = sum(1 for _ in open_to_others(folder))
    if found:
        things = "1 file or folder" if found == 1 else f"{found} files and folders"
        advice = "the server closes them at its start, or: chmod -R go="
        return look("data", f"others can read {things}; {advice} {folder}")
    if folder.stat().st_mode & S_ISVTX:
        return wrong("data", f"{folder} is shared by everybody here; set DATA_DIR")
    return well("data", f"only this account reads {folder}")


def whatsapp_finding(settings: Settings) -> Finding:
    """Which Twilio messages go through, if any."""
    if settings.twilio_configured:
        hook = f"{settings.base_url}{MESSAGES_PATH}{RETRY_FRAGMENT}"
        sender = settings.twilio_whatsapp_from
        return well("WhatsApp", f"{sender} through Twilio, whose webhook is {hook}")
    if settings.development:
        return well("WhatsApp", f"simulated at {settings.base_url}/simulator")
    return look("WhatsApp", "off; it needs the three settings TWILIO_…")


async def encoder_finding(encoder: Encoder) -> Finding:
    """Whether texts become vectors."""
    start = perf_counter()
    try:
        await asyncio.to_thread(encoder.queries, ["How long does it take?"])
    except BotError as error:
        return wrong("encoder", str(error))
    return well("encoder", f"{encoder.name}, loaded in {perf_counter() - start:.1f} s")


async def index_finding(settings: Settings, encoder: Encoder) -> Finding:
    """Which generation answers come from, and of when it is."""
    try:
        return well("index", await asyncio.to_thread(_index, settings, encoder.name))
    except BotError as error:
        return wrong("index", str(error))


def _tried(what: str, check: Callable[[], str]) -> Finding:
    try:
        return well(what, check())
    except BotError as error:
        return wrong(what, str(error))


def _office(office: Organisation) -> str:
    days = sum(bool(hours) for hours in office.opening_hours.values())
    open_on = f"open {days} days a week" if days != 1 else "open one day a week"
    return (
        f"{office.name}; {open_on} ({office.time_zone}); "
        f"answers in {', '.join(office.languages)}"
    )


def _templates(settings: Settings) -> str:
    found = load_templates(settings.templates_file, examples=settings.development)
    return f"{len(found)} for when WhatsApp's window has closed"


def _examples(settings: Settings) -> str:
    return f"{len(own_examples(settings.knowledge_dir))} of your own"


def _index(settings: Settings, encoder: str) -> str:
    store = open_store(settings)
    name = IndexLibrary(store, embedding_model=encoder).index().generation
    manifest = store.manifest(name)
    made = datetime.fromisoformat(manifest.created_at)
    return (
        f"{manifest.chunks} sections of {manifest.documents} documents, generation "
        f"{name} of {made:%Y-%m-%d %H:%M} UTC"
    )
