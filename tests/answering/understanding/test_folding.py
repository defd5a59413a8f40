"""Spellings that look the same are the same, and nobody can send a book."""

from collections.abc import Sequence

import pytest

from bot.answering.encoding.encoder import Encoder, Progress, Vectors
from bot.answering.understanding.folding import LONGEST_MESSAGE, folded, shortened
from bot.answering.understanding.intents import load
from bot.answering.understanding.reader import Reader

# One character that NFKC makes eighteen of.
LIGATURE = "\ufdfa"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t", "don't"),
        ("Ｆｅｅｓ", "fees"),
        ("cafe\u0301", "café"),
        ("visa\u00a0\n fees ", "visa fees"),
        ("na\u200bme", "name"),
        ("أُسْتَاذ", "استاذ"),
        ("مكتبة", "مكتبه"),
        ("पढ़ाई", "पढाई"),
        ("বাড়ি", "বাডি"),
    ],
)
def test_spellings_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_folding_twice_changes_nothing_more() -> None:
    for text in ("Straße ’ ＡＢ", "पढ़ाई", "أُسْتَاذ", LIGATURE):
        assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("text", [LIGATURE * 20_000, "word " * 20_000, "x" * 100_000])
def test_a_message_is_cut_to_what_a_channel_carries(text: str) -> None:
    assert len(shortened(text)) <= LONGEST_MESSAGE


def test_a_message_that_grows_when_it_is_read_costs_no_more_than_any_other(
    encoder: Encoder,
) -> None:
    counted = CountingEncoder(encoder)
    reader = Reader(counted, load(), languages=["en"])
    enquiry = reader.read(LIGATURE * 20_000)
    assert len(enquiry.text) <= LONGEST_MESSAGE
    assert counted.characters <= 3 * LONGEST_MESSAGE


class CountingEncoder(Encoder):
    """Counts what it is given."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self._inner = encoder
        self.characters = 0

    def queries(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> Vectors:
        self.characters += sum(map(len, texts))
        return self._inner.queries(texts, progress=progress)
