"""Replies where there is no answer: what was looked for, what is near, and a person."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.chunks import citations
from bot.answering.enquiry import Enquiry
from bot.answering.facts import shown
from bot.answering.languages import name_of
from bot.answering.passages import Passage
from bot.answering.picking import numbered
from bot.answering.programme_lines import programme_line
from bot.answering.programmes import Programme
from bot.answering.remarks import needs_caution
from bot.answering.writing import nothing_about, provenance
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Outcome

LONGEST_TOPIC = 80
CHOICES = 4
# A passage is worth naming from here on: below it, nothing has to do with the message.
NEAR, COVERED = 0.5, 0.5
# So is a question that others ask: by its cosine, and half of what is covered.
NEARLY = 0.72


def ask_back(enquiry: Enquiry) -> Answer:
    """One question with a few things that it could be about."""
    lines = [phrase("clarify", enquiry.language), *numbered(enquiry.choices)]
    answer = _fixed(enquiry, "\n".join(lines), Outcome.CLARIFY)
    return replace(answer, choices=enquiry.choices)


def say_no(enquiry: Enquiry, *, programmes: Sequence[Programme] = ()) -> Answer:
    """That it is not in the documents; the offer of a person stands last.

    ``programmes`` are of a provider that was asked about.
    """
    language = enquiry.language
    if enquiry.documents_language not in {None, language}:
        return cannot_search(enquiry)
    if enquiry.only_tells:
        return _ask_what(enquiry)
    titles = [one.title for one in programmes]
    nearest = None if programmes else _nearest(enquiry)
    lines = [
        _caution(enquiry),
        *(nothing_about(enquiry) or [_looked_for(enquiry)]),
        *_near_programmes(programmes, language),
        nearest and phrase("nearest", language, heading=nearest),
    ]
    above = "\n".join(line for line in lines if line)
    refusal = phrase("no_answer", language)
    text = f"{above}\n\n{refusal}" if above else refusal
    answer = _fixed(enquiry, text, Outcome.NO_ANSWER)
    return replace(
        answer,
        citations=citations([one.chunk for one in programmes]),
        choices=(*titles, nearest) if nearest else tuple(titles),
    )


def cannot_search(enquiry: Enquiry) -> Answer:
    """That the documents cannot be searched in the contact's language."""
    name = name_of(enquiry.documents_language or "en", spoken=enquiry.language)
    text = phrase("cannot_search", enquiry.language, name=name)
    return _fixed(enquiry, text, Outcome.NO_ANSWER)


def nothing_more(enquiry: Enquiry) -> Answer:
    """That the last answer was all there is."""
    return _fixed(enquiry, phrase("nothing_more", enquiry.language), Outcome.CLARIFY)


def _ask_what(enquiry: Enquiry) -> Answer:
    """The contact told of their plans and asked nothing: show what was understood."""
    facts = shown(enquiry.facts, enquiry.language)
    said = phrase("going_by", enquiry.language, facts=facts)
    near = enquiry.nearby or enquiry.passages
    headings = [one.chunk.headings[-1] for one in near if one.chunk.headings]
    questions = dict.fromkeys(name for name in headings if name.endswith("?"))
    choices = tuple(questions)[:CHOICES]
    if choices:
        asked = "\n".join((phrase("clarify", enquiry.language), *numbered(choices)))
    else:
        asked = phrase("clarify_open", enquiry.language)
    text = "\n\n".join((said, *nothing_about(enquiry), asked))
    return replace(_fixed(enquiry, text, Outcome.CLARIFY), choices=choices)


def _caution(enquiry: Enquiry) -> str:
    if not needs_caution(enquiry.question):
        return ""
    return phrase("caution", enquiry.language)


def _looked_for(enquiry: Enquiry) -> str:
    topic = " ".join(enquiry.asked.split())
    if len(topic) > LONGEST_TOPIC:
        topic = f"{topic[:LONGEST_TOPIC].rsplit(' ', 1)[0]} …"
    return phrase("looked_for", enquiry.language, topic=topic)


def _nearest(enquiry: Enquiry) -> str | None:
    """The question that comes nearest, else what a passage near is about, if any."""
    asked = max(enquiry.passages, key=lambda one: one.question, default=None)
    if asked:
        score, question = asked.question
        if score + asked.coverage / 2 >= NEARLY:
            return question
    near = next((one for one in enquiry.passages if _is_near(one)), None)
    return (*near.chunk.headings, near.chunk.title)[0] if near else None


def _near_programmes(programmes: Sequence[Programme], language: str) -> list[str]:
    if not programmes:
        return []
    lines = numbered(programme_line(one, language) for one in programmes)
    return [phrase("programmes_nearest", language), *lines]


def _is_near(passage: Passage) -> bool:
    return passage.dense >= NEAR and passage.coverage >= COVERED


def _fixed(enquiry: Enquiry, text: str, outcome: Outcome) -> Answer:
    return Answer(
        text=text,
        outcome=outcome,
        confidence=enquiry.confidence,
        provenance=provenance(enquiry, answerer="fixed"),
    )
