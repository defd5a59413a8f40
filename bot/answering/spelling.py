"""Known words in place of one that was mistyped."""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.answering.bundled_model import BUNDLED_PACKAGE

SHORTHAND = Path(__file__).with_name("shorthand.yaml")
SHORTEST = 4
LONG = 8


class Spelling:
    """Corrects words by a vocabulary: each word with how many texts hold it."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._frequencies = frequencies
        self._by_first_letter: dict[str, list[str]] = {}
        for word in frequencies:
            self._by_first_letter.setdefault(word[0], []).append(word)

    def corrected(self, word: str) -> tuple[str, ...]:
        """What an unknown word was meant to be; itself, if nothing known is near.

        Figures and short words are left alone: too many others are near them.
        """
        if len(word) < SHORTEST or any(character.isdigit() for character in word):
            return (word,)
        return self._halves(word) or self._nearest(word) or (word,)

    def _halves(self, word: str) -> tuple[str, ...]:
        """Two known words that were written as one."""
        for cut in range(SHORTEST, len(word) - SHORTEST + 1):
            if word[:cut] in self._frequencies and word[cut:] in self._frequencies:
                return word[:cut], word[cut:]
        return ()

    def _nearest(self, word: str) -> tuple[str, ...]:
        """The known word with the fewest letters changed; of several, the commonest.

        One letter may be missing, added, changed or swapped with the next, in long
        words two. The first one counts as meant: people seldom mistype it, and words
        that differ in it are often opposites, as "install" and "uninstall".
        """
        found = process.extract(
            word,
            self._by_first_letter.get(word[0], []),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=2 if len(word) >= LONG else 1,
            limit=None,
        )
        nearest = sorted(found, key=lambda hit: (hit[1], -self._frequencies[hit[0]]))
        return tuple(str(hit[0]) for hit in nearest[:1])


@cache
def shorthand() -> Mapping[str, str]:
    """What people write on a phone, with the word that they mean by it."""
    found: Mapping[str, str] = yaml.safe_load(SHORTHAND.read_text("utf-8"))
    return found


@cache
def common_words() -> frozenset[str]:
    """Words that are no mistakes even where no document holds them.

    The vocabulary of the bundled embedding model serves as the dictionary. Without
    it "food" would become "flood" where the documents only know floods.
    """
    spec = find_spec(BUNDLED_PACKAGE)
    folders = (spec and spec.submodule_search_locations) or ()
    files = [Path(folder) / "model" / "vocab.txt" for folder in folders]
    return frozenset(
        word
        for file in files
        if file.is_file()
        for word in file.read_text("utf-8").split()
        if word.isalpha()
    )
