"""Whether a sentence of a model may go out.

It may if it names sources it was given, says nothing that they do not hold
(``grounding``), keeps their conditions and denials (``checks``) and repeats none of the
rules.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from bot.answering.enquiry import Enquiry
from bot.answering.understanding.folding import folded
from bot.answering.understanding.languages import language_of, spoken_in
from bot.answering.writing.checks.contrast import Encode
from bot.answering.writing.checks.disguises import disguises, reaches_elsewhere
from bot.answering.writing.checks.measured import measures_otherwise
from bot.answering.writing.checks.names import names_what_is_not_held
from bot.answering.writing.checks.own_figures import confirms_their_figure
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.checks.rules_kept import RulesKept
from bot.answering.writing.grounding import shares_little, unfounded
from bot.answering.writing.models.reply import ModelOutcome, ModelReply, Said
from bot.answering.writing.models.sources import Source
from bot.conversations.ports import Author

# So many words in a row of the rules are no coincidence.
OF_RULES = 7
WORD = re.compile(r"\w+")


class SentenceCheck:
    """Checks the sentences of replies to one message."""

    def __init__(
        self,
        enquiry: Enquiry,
        *,
        languages: Sequence[str],
        rules: str,
        encode: Encode,
        names: Collection[str],
    ) -> None:
        self.enquiry = enquiry
        self.languages = languages
        self._rules = _runs(rules)
        self._names = names
        self._kept = RulesKept(encode, languages=languages)
        own = (turn.text for turn in enquiry.earlier if turn.author is Author.CONTACT)
        self._contact = "\n".join((*own, enquiry.text))

    def wrong(
        self, said: Said, reply: ModelReply, sources: Sequence[Source]
    ) -> str | None:
        """Why a sentence may not go out; None if it may."""
        numbers = range(1, len(sources) + 1)
        if not all(number in numbers for number in said.sources):
            return "a source that does not exist"
        if reply.outcome is ModelOutcome.ANSWER and not said.sources:
            return "no source"
        if self._rules & _runs(said.text):
            return "words of the rules"
        ground = [sources[number - 1].text for number in said.sources]
        return next(filter(None, self._found(said, reply, ground)), None)

    def _found(
        self, said: Said, reply: ModelReply, ground: Sequence[str]
    ) -> Iterator[str | None]:
        """What each check finds, the cheapest first."""
        if disguises(said.text):
            yield "invisible signs"
        if reaches_elsewhere(said.text, [*ground, self._contact]):
            yield "an address that its sources do not hold"
        yield unfounded(
            said.text,
            ground,
            said=self._contact,
            language=self.enquiry.language,
            languages=self.languages,
        )
        tells = reply.outcome is ModelOutcome.ANSWER and not self.enquiry.romanised
        if tells and shares_little(said.text, ground, said=self._contact):
            yield "hardly a word that its sources hold"
        passage = Passage(said.text, self._language_of(said.text))
        if confirms_their_figure(passage, ground, self._spoken):
            yield "a figure of the contact's that its sources have otherwise"
        if measures_otherwise(passage, [*ground, self._contact], self._spoken):
            yield "a figure that measures something else in its sources"
        if names_what_is_not_held(
            passage, ground, contact=self._contact, known=self._names
        ):
            yield "a name that its sources do not hold"
        whole = "\n".join(one.text for one in reply.sentences)
        yield self._kept.broken(passage, ground, reply=whole, contact=self._contact)

    def _language_of(self, text: str) -> str:
        known = self.enquiry.language
        choice = sorted({*self.languages, known})
        own = language_of(text, allowed=choice, known=known)
        return self.enquiry.romanised or own

    def _spoken(self, text: str) -> frozenset[str]:
        known = self.enquiry.language
        return spoken_in(text, known=known, allowed=self.languages)


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every so many words in a row."""
    words = WORD.findall(folded(text))
    return {tuple(words[n : n + OF_RULES]) for n in range(len(words) - OF_RULES + 1)}
