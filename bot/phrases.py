"""The fixed sentences a contact can read, from one catalogue file a language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

CATALOGUE = Path(__file__).parent / "catalogue"
FALLBACK = "en"


def phrase(key: str, language: str, **values: str) -> str:
    """A sentence in a language, or in English where there is no catalogue for it.

    Raises:
        KeyError: there is no such sentence, or a blank of it was not given.
    """
    catalogue = phrases(language if language in languages() else FALLBACK)
    return catalogue[key].format(**values)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.stem for path in CATALOGUE.glob("*.yaml")))


@cache
def phrases(language: str) -> Mapping[str, str]:
    """Every sentence of one language."""
    text = (CATALOGUE / f"{language}.yaml").read_text("utf-8")
    found: Mapping[str, str] = yaml.safe_load(text)
    return found
