"""Visitors: who may read and write in which web conversation, and from where."""

import hmac
import secrets
from datetime import date
from hashlib import sha256

KEY_BYTES = 18
NAME_LENGTH = 32


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


def network_name(network: str, *, day: date, secret: str) -> str:
    """A name for a day, from which nobody without the secret learns the network."""
    return _keyed(f"network:{day}:{network}", secret)[:NAME_LENGTH]


def _signature(visitor: str, secret: str) -> str:
    return _keyed(f"visitor:{visitor}", secret)


def _keyed(message: str, secret: str) -> str:
    return hmac.new(secret.encode(), message.encode(), sha256).hexdigest()
