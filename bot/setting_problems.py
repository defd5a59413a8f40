"""What can be wrong with settings that have to fit one another or a form."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

CHROMA_ADDRESS = re.compile(
    r"https?://([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?(/[\w-]{3,63})?/?"
)


def incomplete(what: str, **settings: str | Sequence[str]) -> list[str]:
    """Settings that are all needed as soon as one of them is given."""
    missing = [name.upper() for name, value in settings.items() if not value]
    if not missing or len(missing) == len(settings):
        return []
    return [f"{what} needs all of its settings; missing: {', '.join(missing)}"]


def sender_problems(sender: str) -> list[str]:
    """Twilio's notation for a WhatsApp number."""
    if not sender or sender.startswith("whatsapp:"):
        return []
    return ["TWILIO_WHATSAPP_FROM must look like whatsapp:+14155238886"]


def chroma_problems(url: str) -> list[str]:
    """A Chroma server's address, with the database at the end if not the default."""
    if not url or CHROMA_ADDRESS.fullmatch(url):
        return []
    advice = "without a name or password: a Chroma server knows neither"
    return [f"CHROMA_URL must look like http://host:8000/database, {advice}"]


def origin_problems(origins: Sequence[str]) -> list[str]:
    """What browsers send as ``Origin``: scheme, host and port alone."""
    return [
        f"ALLOWED_ORIGINS: {origin!r} is not an origin such as https://example.org"
        for origin in origins
        if urlsplit(origin).scheme not in {"http", "https"}
        or urlsplit(origin)._replace(scheme="", netloc="").geturl()
    ]
