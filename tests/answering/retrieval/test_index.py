"""An index in memory: the sections nearest to a question, and how sure they are."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from bot.answering.chunks import LONGEST_ANSWER, Ask, Chunk, Sentence
from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Found, Query
from bot.answering.retrieval.index import Index
from tests.support.generations import encoded_generation, make_generation
from tests.support.sections import chunk

TODAY = date(2026, 11, 24)
WORK = "A student may work 20 hours a week during term."


def section(text: str, heading: str, *, country: str = "", **more: object) -> Chunk:
    facets: dict[str, object] = {"country": [country]} if country else {}
    document = f"guidance/{country or 'all'}.md"
    return chunk(
        text, title=country or "All", headings=[heading], document=document,
        facets=facets, **more,  # type: ignore[arg-type]  # fields by name
    )  # fmt: skip


CHUNKS = (
    section("The student visa costs 524 pounds.", "What does the visa cost?",
            country="uk"),
    section("The student visa costs 75 euros.", "What does the visa cost?",
            country="germany"),
    section("The study permit costs 150 dollars.", "What does the permit cost?",
            country="canada"),
    section(WORK, "May I work?", country="uk"),
    section("The Harbour bursary pays half of the fee.", "Is there a bursary?"),
    section("A course takes six weeks of part-time study.", "How long is a course?"),
    section("You get a certificate with a badge.", "Do I get a certificate?"),
    section("You get your money back within 14 days of paying.", "Refunds"),
)  # fmt: skip


@pytest.fixture(scope="module")
def index(encoder: Encoder) -> Index:
    return Index(encoded_generation(CHUNKS, encoder=encoder))


def asked(
    encoder: Encoder, text: str, *, before: Sequence[str] = (), **more: object
) -> Query:
    vectors = encoder.queries([text, *before])
    return Query(
        text=text,
        vector=vectors[0],
        before=tuple(vectors[1:]),
        said=tuple(reversed(before)),
        **more,  # type: ignore[arg-type]  # fields by name
    )


def headings(found: Found) -> list[str]:
    return [f"{hit.chunk.title}: {hit.chunk.heading}" for hit in found.hits]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("How much is the study permit for Canada?", "canada: What does the permit"),
        ("can i get my money back", "All: Refunds"),
        ("is there any financial help", "All: Is there a bursary?"),
        ("¿Cuánto dura un curso?", "All: How long is a course?"),
        ("क्या मुझे सर्टिफिकेट मिलेगा?", "All: Do I get a certificate?"),
        ("可以打工吗？", "uk: May I work?"),
    ],
)
def test_a_question_finds_the_section_that_answers_it(
    text: str, heading: str, index: Index, encoder: Encoder
) -> None:
    found = index.search(asked(encoder, text), today=TODAY)
    assert headings(found)[0].startswith(heading)


def test_sections_come_best_first_with_their_share_and_why(
    index: Index, encoder: Encoder
) -> None:
    found = index.search(asked(encoder, "What does a visa cost?"), today=TODAY)
    shares = [hit.share for hit in found.hits]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    assert 0 <= found.sure <= 1
    assert 0 <= found.near <= 1
    assert found.generation == "one"
    best = found.best
    assert best is not None
    others = [hit for hit in found.hits[1:] if best.share > hit.share > 0]
    for hit in others:  # what the signals say together is what the shares say
        lead = sum(best.signals.values()) - sum(hit.signals.values())
        assert lead == pytest.approx(np.log(best.share / hit.share), abs=1e-2)


def test_how_near_a_section_is_is_its_cosine(index: Index, encoder: Encoder) -> None:
    query = asked(encoder, "May I work?")
    hits = index.search(query, today=TODAY).hits
    work = next(hit for hit in hits if hit.chunk.text == WORK)
    text = encoder.passages([work.chunk.searchable])[0]
    assert work.text == pytest.approx(float(text @ query.vector), abs=1e-3)
    assert work.asked == pytest.approx(1.0, abs=1e-3)
    assert work.lexical > 0


def test_no_more_are_found_than_are_wanted(index: Index, encoder: Encoder) -> None:
    query = asked(encoder, "visa")
    assert len(index.search(query, today=TODAY, limit=3).hits) == 3
    assert len(index.search(query, today=TODAY).hits) == len(CHUNKS)


def test_the_country_that_a_question_names_comes_first(
    index: Index, encoder: Encoder
) -> None:
    text = "What does the student visa cost?"
    for country in ("uk", "germany"):
        query = asked(encoder, text, named=frozenset({country}))
        assert headings(index.search(query, today=TODAY))[0].startswith(country)


def test_the_country_that_is_remembered_comes_first_unless_another_is_named(
    index: Index, encoder: Encoder
) -> None:
    germany = frozenset({"germany"})
    query = asked(encoder, "What does the student visa cost?", remembered=germany)
    assert headings(index.search(query, today=TODAY))[0].startswith("germany")
    text = "What does the student visa for the UK cost?"
    query = asked(encoder, text, remembered=germany, named=frozenset({"uk"}))
    assert headings(index.search(query, today=TODAY))[0].startswith("uk")


def test_that_a_section_was_just_told_counts_against_it(
    index: Index, encoder: Encoder
) -> None:
    before = ["What does the visa for the UK cost?"]
    told = ("guidance/uk.md#What does the visa cost?",)
    query = asked(encoder, "and the cost?", before=before, told=told)
    found = index.search(query, today=TODAY)
    against = {
        hit.chunk.name: sum(
            value for name, value in hit.signals.items() if "just_told" in name
        )
        for hit in found.hits
    }
    assert against.pop(told[0]) < 0
    assert not any(against.values())


def test_what_goes_on_is_completed_by_what_was_asked_before(
    index: Index, encoder: Encoder
) -> None:
    before = ["What does the visa for the UK cost?"]
    query = asked(encoder, "and Germany?", before=before, named=frozenset({"germany"}))
    found = index.search(query, today=TODAY)
    assert headings(found)[0] == "germany: What does the visa cost?"


def test_a_section_is_found_by_the_questions_of_a_catalogue(encoder: Encoder) -> None:
    plain = section("Bring form B2.", "Housing")
    known = section("Bring form B2.", "Housing", asks=[Ask("en", "where do I sleep?")])
    query = asked(encoder, "where do i sleep")
    for one, is_known in ((plain, False), (known, True)):
        index = Index(encoded_generation([one, *CHUNKS], encoder=encoder))
        hits = index.search(query, today=TODAY).hits
        housing = next(hit for hit in hits if hit.chunk.heading == "Housing")
        assert (housing.asked > 0.95) is is_known


def test_what_is_not_valid_today_is_not_found(encoder: Encoder) -> None:
    over = section("Ten per cent off.", "Is there a discount?",
                   valid_until=date(2026, 11, 23))  # fmt: skip
    index = Index(encoded_generation([*CHUNKS, over], encoder=encoder))
    query = asked(encoder, "Is there a discount?")
    assert index.search(query, today=date(2026, 11, 23)).hits[0].chunk == over
    assert over not in [hit.chunk for hit in index.search(query, today=TODAY).hits]


def test_where_nothing_is_valid_nothing_is_found(encoder: Encoder) -> None:
    over = section("Ten per cent off.", "Discount", valid_until=date(2020, 1, 1))
    index = Index(encoded_generation([over], encoder=encoder))
    found = index.search(asked(encoder, "Discount"), today=TODAY)
    assert (found.hits, found.sure, found.near) == ((), 0.0, 0.0)
    assert found.best is None


def test_an_index_of_no_sections_finds_nothing(encoder: Encoder) -> None:
    index = Index(make_generation([]))
    found = index.search(asked(encoder, "visa"), today=TODAY)
    assert (found.hits, found.sure, found.near) == ((), 0.0, 0.0)


def test_of_a_long_section_it_is_known_which_sentences_are_near(
    encoder: Encoder,
) -> None:
    filler = "The office has many rooms and windows. " * (LONGEST_ANSWER // 4)
    long = section(f"{filler}The bursary is 900 euros.", "Everything")
    index = Index(encoded_generation([long, *CHUNKS], encoder=encoder))
    found = index.search(asked(encoder, "How large is the bursary?"), today=TODAY)
    hit = next(one for one in found.hits if one.chunk == long)
    assert len(hit.parts) == len(long.sentences)
    assert long.sentences[int(np.argmax(hit.parts))].text == "The bursary is 900 euros."
    assert all(not one.parts for one in found.hits if one.chunk != long)


def test_a_section_is_known_by_its_name_and_by_its_questions(index: Index) -> None:
    assert index.numbers_of("guidance/uk.md#May I work?") == [3]
    assert index.numbers_of("guidance/uk.md#Nothing") == ()
    for words in ("May I work?", "may i  WORK?"):
        known = index.asked_by(words)
        assert known is not None
        assert known.text == WORK
    assert index.asked_by("May I dance?") is None


def test_a_section_in_several_pieces_is_one_section(encoder: Encoder) -> None:
    pieces = [
        section("First piece.", "Rules", sentences=[Sentence("First piece.")]),
        section("Second piece.", "Rules", sentences=[Sentence("Second piece.")]),
    ]
    index = Index(encoded_generation([*CHUNKS, *pieces], encoder=encoder))
    assert index.numbers_of("guidance/all.md#Rules") == [len(CHUNKS), len(CHUNKS) + 1]
