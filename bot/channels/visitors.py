"""Visitors' tokens: who may read and write in which web conversation."""

import hmac
import secrets
from hashlib import sha256

KEY_BYTES = 18


def new_visitor() -> str:
    """A key that nobody can guess."""
    return secrets.token_urlsafe(KEY_BYTES)


def token_for(visitor: str, *, secret: str) -> str:
    """What a visitor shows to be let into the conversation of ``visitor``."""
    return f"{visitor}.{_signature(visitor, secret)}"


def visitor_of(token: str, *, secret: str) -> str | None:
    """The visitor a token was made for, or None if it was not made here."""
    visitor, _, signature = token.partition(".")
    expected = _signature(visitor, secret)
    genuine = hmac.compare_digest(signature.encode(), expected.encode())
    return visitor if genuine and visitor else None


def _signature(visitor: str, secret: str) -> str:
    message = f"visitor:{visitor}".encode()
    return hmac.new(secret.encode(), message, sha256).hexdigest()
