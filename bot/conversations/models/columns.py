"""Columns that several tables have: public ids, and words from a fixed list."""

import secrets
from enum import StrEnum

from sqlalchemy import Enum

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PUBLIC_ID_LENGTH = 20


def public_id() -> str:
    """A random id that may be shown outside."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def words(enum: type[StrEnum], length: int = 20) -> Enum:
    """A column that holds one of the enum's values, checked by the database."""
    return Enum(
        enum,
        native_enum=False,
        length=length,
        create_constraint=True,
        name=enum.__name__.lower(),
        values_callable=lambda kind: [member.value for member in kind],
    )
