"""Whether a sentence keeps what narrows or denies the rule that it tells."""

from collections.abc import Sequence

from bot.answering.understanding.languages import written_in
from bot.answering.writing.checks import conditions
from bot.answering.writing.checks.bounds import (
    leaves_a_date_out,
    turns_a_bound_round,
)
from bot.answering.writing.checks.closed_words import has, known_languages
from bot.answering.writing.checks.contrast import Contrast, Encode
from bot.answering.writing.checks.passages import Passage, passages_of
from bot.answering.writing.checks.pieces import ENGLISH

OPPOSITE = "the opposite of what its source says, or least for most"
CASE = "left out for whom or in which case its source says so"
DATE = "left out from or until when its source says so"


# Of fewer words nobody can tell.
FEWEST = 8


class RulesKept:
    """Looks at the sentences of one reply; texts are encoded once."""

    def __init__(self, encode: Encode, *, languages: Sequence[str]) -> None:
        self._contrast = Contrast(encode)
        self._languages = languages

    def broken(
        self, said: Passage, sources: Sequence[str], *, reply: str, contact: str
    ) -> str | None:
        """What a sentence does to the rules of its sources; None if they are kept.

        What it leaves out may stand elsewhere in the ``reply``, or be what the
        ``contact`` wrote. In a question, and in a language whose small words are not
        known, nothing is found.
        """
        if said.language not in known_languages() or not any(said.sentences()):
            return None
        if said.language == ENGLISH and _is_a_mix(said.text):
            return None  # its denials are not known
        ground = [
            passage
            for source in sources
            for passage in passages_of(
                source, language=said.language, languages=self._languages
            )
        ]
        of_us = has(said.text, said.language, "ours")
        if turns_a_bound_round(said, ground) or (
            not of_us and self._is_opposite(said, ground)
        ):
            return OPPOSITE
        if leaves_a_date_out(said, f"{reply}\n{contact}", ground):
            return DATE
        if self._leaves_a_case_out(said, f"{reply}\n{contact}", ground):
            return CASE
        return None

    def _is_opposite(self, said: Passage, ground: Sequence[Passage]) -> bool:
        if said.language == ENGLISH:
            return conditions.denies_what_is_said(said, ground)
        return self._contrast.denies_what_is_said(said, ground)

    def _leaves_a_case_out(
        self, said: Passage, known: str, ground: Sequence[Passage]
    ) -> bool:
        if said.language == ENGLISH:
            return conditions.leaves_a_case_out(said, known, ground)
        return self._contrast.leaves_a_case_out(said, ground)


def _is_a_mix(text: str) -> bool:
    """Whether a text that is taken for English is likelier something else."""
    return len(text.split()) >= FEWEST and written_in(text) != ENGLISH
