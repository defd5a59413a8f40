"""Which language a message is in, and what languages are called."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import py3langid
from babel import Locale
from babel.core import get_global

from bot.phrases import languages

READ = 600
FEWEST_WORDS = 3
LEAST_SURE = 0.05
# Another language must be so many times likelier than the one that is known: names and
# words that many languages share make less of a difference.
SURER = 10
SURELY, HALF = 0.9, 0.5
NAMED_WORDS, FOREIGN_WORDS = 6, 12
LATIN_SCRIPT = "Latn"
OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
# Hindi and Urdu in Latin letters are languages of their own here: "hi-Latn".
LATIN = "-Latn"
PIDGIN = "pcm"


def language_of(
    text: str, *, allowed: Sequence[str], known: str | None, doubtful: bool = False
) -> str:
    """The language of a message among ``allowed`` ones.

    A few words in Latin letters say little about their language, and a message in none
    of these languages says nothing: both keep the ``known`` one, or the first that is
    allowed. So does a ``doubtful`` one that is not surely in another.
    """
    fallback = known if known and known in allowed else allowed[0]
    short = len(text.split()) < FEWEST_WORDS and not OTHER_SCRIPT.search(text)
    if len(allowed) == 1 or short:
        return fallback
    chances = dict(_ranked(text[:READ]))
    likeliest = max(allowed, key=lambda name: chances.get(name, 0.0))
    if likeliest == fallback:
        return fallback
    floor = SURELY if doubtful else LEAST_SURE
    least = max(floor, SURER * chances.get(fallback, 0.0))
    return likeliest if chances.get(likeliest, 0.0) >= least else fallback


def unspoken_in(text: str, *, allowed: Sequence[str]) -> str | None:
    """The language of a message, where it is surely none of the allowed ones."""
    if len(text.split()) < FEWEST_WORDS and not OTHER_SCRIPT.search(text):
        return None
    likeliest, chance = _ranked(text[:READ])[0]
    return likeliest if likeliest not in allowed and chance >= SURELY else None


def written_in(text: str) -> str:
    """The likeliest language of a longer text, of all that there are (ISO 639-1)."""
    return _ranked(text[:READ])[0][0]


def surely_written_in(text: str, *, known: str) -> str:
    """The language of a section, where it is surely another than the ``known`` one.

    A few words, mostly names, are no proof of a language that no reply is in.
    """
    likeliest, chance = _ranked(text[:READ])[0]
    size = len(text.split())
    if OTHER_SCRIPT.search(text):
        return likeliest
    least = NAMED_WORDS if likeliest in languages() else FOREIGN_WORDS
    return likeliest if size >= least and chance >= SURELY else known


def is_english(text: str) -> bool:
    """Whether a text is English rather than anything else."""
    return dict(_ranked(text[:READ])).get("en", 0.0) > HALF


def is_foreign(text: str, *, own: str, known: str | None) -> bool:
    """Whether a text is likelier not in one's ``own`` language.

    A few words in Latin letters are taken to be in the ``known`` language.
    """
    if len(text.split()) < FEWEST_WORDS and not OTHER_SCRIPT.search(text):
        return known is not None and known != own
    return dict(_ranked(text[:READ])).get(own, 0.0) <= HALF


def is_latin(text: str) -> bool:
    """Whether a text is in Latin letters."""
    return not OTHER_SCRIPT.search(text)


def is_written_in(text: str, language: str) -> bool:
    """Whether a text of several words may be in a language: not in another one.

    Hindi and Urdu in Latin letters are told by these, and by not being English.
    """
    spoken, _, script = language.partition("-")
    if script == LATIN_SCRIPT:
        english = dict(_ranked(text[:READ])).get("en", 0.0)
        return is_latin(text) and english < SURELY
    if is_latin(text) and not is_written_in_latin(spoken):
        return False
    if spoken not in _classifier().nb_classes:
        return True
    choice = sorted({*languages(), spoken})
    return language_of(text, allowed=choice, known=spoken) == spoken


def is_written_in_latin(language: str) -> bool:
    """Whether a language is usually written in Latin letters."""
    tags: Mapping[str, str] = get_global("likely_subtags")
    return LATIN_SCRIPT in tags.get(language, LATIN_SCRIPT).split("_")


def spoken_in(text: str, *, known: str, allowed: Sequence[str]) -> frozenset[str]:
    """The languages to read a text in: English, the known one, the likeliest one."""
    choice = sorted({*allowed, known})
    return frozenset({"en", known, language_of(text, allowed=choice, known=known)})


def name_of(language: str, *, spoken: str) -> str:
    """What a language is called in the one that is spoken, or its code."""
    names: Mapping[str, str] = Locale.parse(spoken).languages
    return names.get(language, language)


@lru_cache(maxsize=512)
def _ranked(text: str) -> Sequence[tuple[str, float]]:
    found: Sequence[tuple[str, float]] = _classifier().rank(text)
    return found


@cache
def _classifier() -> py3langid.langid.LanguageIdentifier:
    langid = py3langid.langid
    found = langid.LanguageIdentifier.from_model_file(
        langid.MODEL_FILE, norm_probs=True
    )
    # Nigerian Pidgin is English here, and English is easily taken for it.
    found.set_languages([name for name in found.nb_classes if name != PIDGIN])
    return found
