"""Whether a text in another language says what its section says, and nothing else."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.chunks import LONGEST_ANSWER
from bot.answering.understanding.languages import is_latin, is_written_in
from bot.answering.writing.checks.sums import names_currencies_of
from bot.answering.writing.facts.figures import figures, links
from bot.answering.writing.facts.month_names import months
from bot.answering.writing.facts.promises import promises
from bot.answering.writing.facts.scripts import CHINESE

# Two Chinese characters are about a word of other languages.
CHARACTERS_A_WORD = 2
LONGEST_ASK = 120
# No answer that somebody wrote for the project's own sections has less of their words.
LEAST_SAID = 0.4
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
# Countries whose short names are others than in English: EE. UU., EUA, UE.
SHORT_COUNTRIES = {"ee", "uu", "eua", "ue"}
CAPITALS = 2


def other_figures(answer: str, own: str, language: str) -> Iterator[tuple[str, str]]:
    """Digits that a section has not, and those of its own that were lost."""
    if _digits(answer) == _digits(own):
        return
    spoken = language.partition("-")[0]
    added = _written(answer, spoken) - figures(own)
    lost = _written(own, "en") - figures(answer, (spoken,))
    if added:
        yield "has figures other than those of", ", ".join(sorted(added))
    if lost:
        yield "lacks figures of", ", ".join(sorted(lost))


def differences(answer: str, own: str, *, title: str, language: str) -> list[str]:
    """What keeps a text from being told in place of an English section.

    Names and currencies may be those of its ``title``, too.
    """
    found = [*_by_length(answer, own), *_by_facts(answer, own, language)]
    if not is_written_in(answer, language):
        found.append(f"it is not in this language: {language}")
    whole = f"{title}\n{own}"
    if not names_currencies_of(answer, whole):
        found.append("it names a currency that the section does not")
    names = _other_names(answer, whole)
    if names:
        found.append(f"it has names that the section has not: {', '.join(names)}")
    return found


def unfit_to_ask(ask: str) -> str:
    """Why nobody would ask like this; empty where somebody may."""
    if not any(map(str.isalpha, ask)):
        return "asks nothing"
    if len(ask) > LONGEST_ASK:
        return f"has more than {LONGEST_ASK} characters"
    return "has a link" if links(ask) else ""


def are_in(asks: Sequence[str], language: str) -> bool:
    """Whether several asks may be in a language; a few words would not tell."""
    return is_written_in("\n".join(asks), language)


def words_in(text: str) -> int:
    """How many words a text has, also where no blanks stand between them."""
    characters = len(CHINESE.findall(text))
    others = CHINESE.sub(" ", text).split()
    return characters // CHARACTERS_A_WORD + len(others)


def _by_length(answer: str, own: str) -> Iterator[str]:
    words = words_in(answer)
    if words > LONGEST_ANSWER:
        yield f"it has more than {LONGEST_ANSWER} words"
    if words < LEAST_SAID * min(words_in(own), LONGEST_ANSWER):
        yield "it is much shorter than the section"


def _by_facts(answer: str, own: str, language: str) -> Iterator[str]:
    for words, what in other_figures(answer, own, language):
        yield f"it {words} the section: {what}"
    if months(answer, (language, "en")) != months(own):
        yield "it names other months than the section"
    if links(answer) != links(own):
        yield "its links are not those of the section"
    if promises(answer) and not promises(own):
        yield "it promises something"


def _digits(text: str) -> set[str]:
    """The numbers in digits; those of months too, in languages that number them."""
    return figures(text, ())


def _written(text: str, language: str) -> set[str]:
    """The numbers in digits, but for those of months."""
    return _digits(text) & figures(text, (language,))


def _other_names(answer: str, own: str) -> list[str]:
    """Words in Latin letters that the section has not.

    In a text of Latin letters only those with several capitals are surely names.
    """
    known = {name.casefold() for name in NAME.findall(own)} | SHORT_COUNTRIES
    every = not is_latin(answer)
    names = dict.fromkeys(NAME.findall(answer))
    return [
        name
        for name in names
        if name.casefold() not in known
        and (every or sum(map(str.isupper, name)) >= CAPITALS)
    ]
