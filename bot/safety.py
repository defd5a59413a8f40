"""What makes settings unsafe to serve with; commands need no such promise."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.config import Settings
from bot.errors import OutsideError, SettingsError
from bot.outside import Resolve, resolve
from bot.public_networks import is_public

SHORTEST_KEY = 32


def require_safe_to_serve(settings: Settings) -> None:
    """Refuse to serve with unsafe settings.

    Raises:
        SettingsError: the first thing that is wrong, and what to do about it.
    """
    for problem in problems(settings):
        raise SettingsError(problem)


def problems(settings: Settings) -> list[str]:
    """Everything that is unsafe, and what to do about it."""
    if settings.development:
        return _development_problems(settings)
    return _production_problems(settings)


def doubts(settings: Settings, *, resolve: Resolve = resolve) -> list[str]:
    """What is allowed, and seldom meant."""
    parts = urlsplit(settings.chroma_url)
    if not parts.hostname:
        return []
    try:
        found = resolve(parts.hostname, parts.port or 443)
    except OutsideError:
        return []  # the first use of it says so
    return [
        f"CHROMA_URL leads to the public address {address}; a Chroma server asks "
        "nobody for a password, so keep it on a private network"
        for address in dict.fromkeys(found)
        if is_public(ip_address(address.partition("%")[0]))
    ]


def _development_problems(settings: Settings) -> list[str]:
    if settings.host == "localhost" or _is_loopback(settings.host):
        return []
    sentence = "binds to loopback only, not to"
    advice = "set HOST=127.0.0.1 or ENVIRONMENT=production"
    return [f"ENVIRONMENT=development {sentence} {settings.host}; {advice}"]


def _production_problems(settings: Settings) -> list[str]:
    problems = []
    if not settings.public_base_url.startswith("https://"):
        problems.append(
            "PUBLIC_BASE_URL must be the https:// address of this server "
            "(or set ENVIRONMENT=development on your own machine)"
        )
    if len(settings.secret_key.get_secret_value()) < SHORTEST_KEY:
        problems.append(
            f"SECRET_KEY needs at least {SHORTEST_KEY} characters; make one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if settings.fetch_from_loopback:
        problems.append("FETCH_FROM_LOOPBACK is for tests; leave it out")
    if settings.webhooks_to_loopback:
        problems.append("WEBHOOKS_TO_LOOPBACK is for tests; leave it out")
    return problems


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
