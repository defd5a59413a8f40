"""What was listed before: which programmes, and what a short message makes of them."""

from collections.abc import Iterable, Mapping, Sequence

from bot.answering.enquiry import Enquiry
from bot.answering.programmes.programmes import Programme
from bot.answering.programmes.wishes import Wishes
from bot.answering.understanding.examples import Want
from bot.answering.understanding.words import number_said, numbers_said, ordinals_said
from bot.conversations.ports import Author

# A message of so many words goes on with a list of programmes by its wishes alone.
FEW_WORDS = 8
# What is surely wanted besides is heard first.
SURELY = 0.5


def listed_before(enquiry: Enquiry, programmes: Iterable[Programme]) -> list[Programme]:
    """The programmes that the bot's last words with sections were about."""
    by_document = {one.chunk.document: one for one in programmes}
    for turn in reversed(enquiry.earlier):
        if turn.author is Author.BOT and turn.sections:
            documents = (name.partition("#")[0] for name in turn.sections)
            told = (by_document.get(document) for document in documents)
            found = [one for one in dict.fromkeys(told) if one]
            if found:
                return found + _spoken_of(enquiry, by_document, found)
    return []


def _spoken_of(
    enquiry: Enquiry, by_document: Mapping[str, Programme], known: Sequence[Programme]
) -> list[Programme]:
    """Further programmes that were told earlier, the latest first."""
    found = dict.fromkeys(
        by_document[document]
        for turn in reversed(enquiry.earlier)
        for name in turn.sections
        if (document := name.partition("#")[0]) in by_document
    )
    return [one for one in found if one not in known]


def one_of(enquiry: Enquiry, listed: Sequence[Programme]) -> Programme | None:
    """The programme of a list that a short message names by its place.

    "how much is the second one", after several were told.
    """
    said, among = enquiry.question or enquiry.text, len(listed)
    if len(said.split()) > FEW_WORDS or not _was_list(enquiry, listed):
        return None
    if len(numbers_said(said, among=among)) > 1:
        return None
    number = number_said(said, among=among)
    numbers = (number,) if number else ordinals_said(said, among=among)
    return listed[numbers[0] - 1] if len(numbers) == 1 else None


def only_picks(enquiry: Enquiry, listed: Sequence[Programme]) -> bool:
    """Whether a message of a few words is a place in a list, whatever it is like."""
    picks = number_said(enquiry.text, among=len(listed)) is not None
    return picks and enquiry.sure < SURELY and _was_list(enquiry, listed)


def _was_list(enquiry: Enquiry, listed: Iterable[Programme]) -> bool:
    """Whether the bot's last words with sections were several of the programmes."""
    last = next((t for t in reversed(enquiry.earlier) if t.sections), None)
    documents = {one.chunk.document for one in listed}
    told = [name.partition("#")[0] for name in last.sections] if last else []
    return len(told) > 1 and documents.issuperset(told)


def goes_on(enquiry: Enquiry, wishes: Wishes, listed: Sequence[Programme]) -> bool:
    """Whether a short message wishes something more of the programmes just listed."""
    if enquiry.wants != Want.NONE or not wishes.filters:
        return False
    return len(enquiry.question.split()) <= FEW_WORDS and _was_list(enquiry, listed)


def names_others(enquiry: Enquiry, wishes: Wishes) -> bool:
    """Whether a comparison is of something else than what was told before."""
    return bool(wishes.countries) or len(enquiry.question.split()) > FEW_WORDS
