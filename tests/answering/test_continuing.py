"""What is left of passages once a part of them has been said."""

from dataclasses import replace

from bot.answering.continuing import unsaid
from tests.support.passages import chunk, passage

TEXT = "The fee is 40 euros. It is paid once. Cards are taken."


def test_each_sentence_that_is_left_keeps_its_own_figures() -> None:
    found = replace(
        passage(chunk(TEXT), scores=(0.9, 0.1, 0.3)),
        context_scores=(0.8, 0.2, 0.4),
        sentence_coverage=(1.0, 0.0, 0.5),
    )
    (left,) = unsaid([found], "It is paid once.")
    assert [one.text for one in left.chunk.sentences] == [
        "The fee is 40 euros.",
        "Cards are taken.",
    ]
    assert left.sentence_scores == (0.9, 0.3)
    assert left.context_scores == (0.8, 0.4)
    assert left.sentence_coverage == (1.0, 0.5)


def test_nothing_is_left_of_what_was_said_and_of_other_documents() -> None:
    other = passage(chunk("Ask by mail.", document="guidance/other.md"))
    assert unsaid([passage(chunk(TEXT)), other], TEXT) == ()
    assert unsaid([], TEXT) == ()
