"""Sections on the same matter in different countries, and none on another one."""

from bot.answering.assembly import Answering
from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Encoder
from bot.answering.retrieval.counterparts import counterparts
from bot.clock import utc_now
from bot.conversations.ports import Author, Outcome, Turn
from bot.phrases import phrase
from tests.support.sections import question

ASKED = (
    "How many hours can I work in {} as a student?",
    "How long does a student visa for {} take?",
    "How much money do I need to show for {}?",
    "Can my husband or wife come with me to {}?",
)
OWN = {
    "Germany": ("Do I need an APS certificate?", "What is uni-assist?"),
    "Canada": ("What is a PAL?", "Is the GIC the same as the deposit?"),
    "Ireland": ("What is Stamp 1G?", "When do the CAO offers come?"),
}


def sections() -> list[Chunk]:
    return [
        question(heading, document=f"guidance/{name}.md", country=[name.lower()])
        for name, own in OWN.items()
        for heading in (*(asked.format(name) for asked in ASKED), *own)
    ]


def test_what_every_country_answers_differently_has_its_like_in_each(
    encoder: Encoder,
) -> None:
    chunks = sections()
    found = counterparts(chunks, encoder.queries([c.heading for c in chunks]))
    for asked in ASKED:
        (own, *others) = (
            next(c for c in chunks if c.heading == asked.format(name)) for name in OWN
        )
        assert set(found[own.name]) == set(others)


def test_what_only_one_country_knows_has_no_like(encoder: Encoder) -> None:
    chunks = sections()
    found = counterparts(chunks, encoder.queries([c.heading for c in chunks]))
    own = [c for c in chunks if c.heading in sum(OWN.values(), ())]
    assert all(len(found[chunk.name]) < len(OWN) - 1 for chunk in own)


def test_without_sections_of_one_country_there_are_none(encoder: Encoder) -> None:
    chunks = [question("What does it cost?"), question("Both?", country=["a", "b"])]
    vectors = encoder.queries([chunk.heading for chunk in chunks])
    assert counterparts(chunks, vectors) == {}


async def test_who_names_no_country_is_asked_for_which(project: Answering) -> None:
    answer = await project.assistant.answer("How many hours can I work as a student?")
    assert answer.outcome is Outcome.CLARIFY
    assert phrase("which_country", "en") in answer.text
    asked = Turn(Author.CONTACT, "How many hours can I work as a student?")
    then = await project.assistant.answer("germany", earlier=[asked, answer.as_turn])
    assert then.outcome is Outcome.ANSWER
    assert "Germany" in then.text


async def test_what_has_ended_is_no_choice_of_a_country(project: Answering) -> None:
    index = project.library.index()
    name = next(
        chunk.name
        for chunk in index.chunks
        if chunk.heading == "How many hours can I work in Ireland as a student?"
    )
    today = utc_now().date()
    assert index.elsewhere(name, today=today)
    assert not index.elsewhere("guidance/none.md#None?", today=today)
