"""A browser in which an account was signed in before is known by a cookie of ours."""

import hmac
import secrets

from bot.staff.sealing import Seal

PURPOSE = "known browser"


def known_token(seal: Seal, name: str) -> str:
    """What a browser keeps after signing in; it opens nothing."""
    number = secrets.token_hex(12)
    return f"{number}.{seal.mark(PURPOSE, _of(number, name))}"


def known_as(seal: Seal, token: str, name: str) -> str:
    """The browser's own number, if the account was signed in with it; else nothing."""
    number, _, mark = token.partition(".")
    expected = seal.mark(PURPOSE, _of(number, name))
    same = hmac.compare_digest(mark.encode("utf-8", "replace"), expected.encode())
    return number if same else ""


def _of(number: str, name: str) -> str:
    return f"{number}\n{name.strip().lower()}"
