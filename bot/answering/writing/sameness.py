"""What a text and its translation do not have in common, in words for staff."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from babel import Locale, UnknownLocaleError

from bot.answering.understanding.countries import countries_named, plain
from bot.answering.understanding.folding import folded
from bot.answering.understanding.languages import is_latin, language_of, spoken_in
from bot.answering.understanding.money import currencies_named
from bot.answering.writing.facts.figures import figures, links
from bot.answering.writing.facts.month_names import months

MARKS = ".,;:!?()[]{}\"'“”„«»…*_"
ENDS = (".", "!", "?", ":", "…", "-", "•")
# A name may be bent: its beginning is looked for.
BEGINNING = 4
# Nouns have capital letters there.
CAPITAL_NOUNS = "de"
# A translation that is so many times longer, in bytes, says more.
LONGER, FEWEST_BYTES = 4, 60


def differences(
    text: str, translation: str, *, into: str, languages: Sequence[str]
) -> tuple[str, ...]:
    """What staff should compare: each a sentence; none where nothing was found.

    ``languages`` are those that the texts may be in, besides ``into``.
    """
    spoken = spoken_in(text, known=into, allowed=languages)
    read = sorted({*spoken, into})

    def both(find: Callable[[str], Iterable[str]]) -> tuple[set[str], set[str]]:
        return set(find(text)), set(find(translation))

    pairs = {
        "figures": both(lambda one: figures(one, read)),
        "months": both(lambda one: (f"month {n}" for n in months(one, read))),
        "links or addresses": both(links),
        "currencies": both(currencies_named),
        "countries": both(lambda one: countries_named(folded(one))),
    }
    found = [_differ(name, *pair) for name, pair in pairs.items()]
    found.append(_lost(_names(text, spoken), translation))
    found.append(_length(text, translation))
    found.append(_language(translation, into, languages))
    return tuple(one for one in found if one)


def _differ(what: str, before: set[str], after: set[str]) -> str:
    lost, new = sorted(before - after), sorted(after - before)
    sides = [
        f"only in the original: {', '.join(lost)}" if lost else "",
        f"only in the translation: {', '.join(new)}" if new else "",
    ]
    told = "; ".join(side for side in sides if side)
    return f"Other {what} – {told}." if told else ""


def _lost(names: Iterable[str], translation: str) -> str:
    """Names that do not come again; in other letters only marks such as IELTS would."""
    there, latin = plain(folded(translation)), _has_latin_words(translation)
    missing = [
        name
        for name in dict.fromkeys(names)
        if (latin or _is_mark(name)) and plain(folded(name))[:BEGINNING] not in there
    ]
    return f"Names that are not found again: {', '.join(missing)}." if missing else ""


def _names(text: str, languages: Iterable[str]) -> Iterator[str]:
    """Words with a capital letter inside a sentence, and marks such as IELTS or B2."""
    usual = _usual(languages)
    nouns = CAPITAL_NOUNS in languages
    begins = True
    for word in text.split():
        bare = word.strip(MARKS)
        named = bare[:1].isupper() and not begins and not nouns and len(bare) > 1
        if (named or _is_mark(bare)) and folded(bare) not in usual and "@" not in bare:
            yield bare
        begins = word.endswith(ENDS)


def _is_mark(word: str) -> bool:
    """Two capital letters or figures at least, and one letter: DAAD, F-1, C1."""
    kept = [one for one in word if one.isupper() or one.isdigit()]
    plainly = word.replace("-", "").isalnum() and word.isascii()
    lower = any(one.islower() for one in word)
    return plainly and not lower and len(kept) > 1 and not word[0].isdigit()


def _usual(languages: Iterable[str]) -> set[str]:
    """What is translated in spite of its capital: countries, languages, days, money."""
    names: set[str] = set()
    for language in languages:
        try:
            locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            continue
        known = [*locale.territories.values(), *locale.languages.values()]
        known += [*locale.days["format"]["wide"].values(), *locale.currencies]
        known += [*locale.months["format"]["wide"].values(), *locale.territories]
        names |= {folded(part) for name in known for part in name.split()}
    return names | {"i", "usa", "uk", "eu", "uae", "ok"}


def _has_latin_words(text: str) -> bool:
    words = text.split()
    return 2 * sum(is_latin(word) for word in words) > len(words)


def _length(text: str, translation: str) -> str:
    before, after = len(text.encode()), len(translation.encode())
    if max(before, after) < FEWEST_BYTES:
        return ""
    if after > LONGER * before:
        return "The translation is much longer than the original."
    if before > LONGER * after:
        return "The translation is much shorter than the original."
    return ""


def _language(translation: str, into: str, languages: Sequence[str]) -> str:
    choice = sorted({*languages, into})
    if language_of(translation, allowed=choice, known=into) == into:
        return ""
    return "The translation seems to be in another language."
