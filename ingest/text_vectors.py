"""Vectors of texts in their roles: those that are known, and the others encoded."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.answering.chunks import Role
from bot.answering.encoding.encoder import Encoder, Vectors
from bot.answering.store.generations import content_key

# A text, and what it is to the encoder.
Text = tuple[str, Role]


def keys_of(texts: Sequence[Text], model: str) -> list[str]:
    """The keys of texts, in order."""
    return [content_key(text, model, role) for text, role in texts]


def missing_of(
    texts: Sequence[Text], known: Mapping[str, Vectors], model: str
) -> dict[str, Text]:
    """The texts that no vector is known of, by their keys."""
    pairs = zip(keys_of(texts, model), texts, strict=True)
    return {key: text for key, text in pairs if key not in known}


def encode_missing(
    texts: Mapping[str, Text],
    encoder: Encoder,
    *,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Vectors]:
    """A vector for each text in its role, by the same keys."""
    found: dict[str, Vectors] = {}
    for role, encode in (
        (Role.QUERY, encoder.queries),
        (Role.PASSAGE, encoder.passages),
    ):
        chosen = {key: text for key, (text, own) in texts.items() if own is role}
        rows = encode(list(chosen.values()), progress=progress)
        found |= dict(zip(chosen, rows, strict=True))
    return found


def stacked(texts: Sequence[Text], known: Mapping[str, Vectors], model: str) -> Vectors:
    """The vectors of texts that are all known, in order: ``(texts, dimension)``."""
    return np.stack([known[key] for key in keys_of(texts, model)])
