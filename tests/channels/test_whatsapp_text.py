"""Our Markdown in WhatsApp's signs, in parts that Twilio carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.simulated_api import LONGEST as TWILIO_CARRIES
from bot.channels.whatsapp_text import LONGEST, split, whatsapp_markup

FAMILY = "👩‍👩‍👧‍👦"
FORMS = st.sampled_from(
    ["word", " ", "\n", "\n\n", ". ", "# ", "**", "*", "[a](https://e.org)", "é", "🎓"]
)
MARKDOWN = st.lists(FORMS | st.text(max_size=20), max_size=60).map("".join)


def _visible(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**Fees** are *low*", "*Fees* are *low*"),
        ("## Fees", "*Fees*"),
        ("# Fees ##", "*Fees*"),
        ("# Learn C#", "*Learn C#*"),
        ("# Learn C# ##", "*Learn C#*"),
        ("## #", "*#*"),
        ("####### Seven", "####### Seven"),
        (" # Set in", " # Set in"),
        ("# **Fees** and _visas_", "*Fees and _visas_*"),
        ("#hashtag and 1 # 2", "#hashtag and 1 # 2"),
        ("See [our page](https://e.org/a?b=1)!", "See our page: https://e.org/a?b=1!"),
        ("[not a link] (https://e.org)", "[not a link] (https://e.org)"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("2 ** 3 = 8", "2 ** 3 = 8"),
        ("# \n\nText", "# \n\nText"),
        ("a_b_c ~x~ `code`", "a_b_c ~x~ `code`"),
        ("خطوط **غامقة**", "خطوط *غامقة*"),
    ],
)
def test_markdown_becomes_what_whatsapp_shows(markdown: str, shown: str) -> None:
    assert whatsapp_markup(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("# " + " " * 1_000_000, "# " + " " * 1_000_000),
        ("# a" + " " * 1_000_000 + "b", "*a" + " " * 1_000_000 + "b*"),
        ("# a" + " #" * 500_000, "*a" + " #" * 499_999 + "*"),
        ("[a](https://e" * 200_000, "[a](https://e" * 200_000),
        ("**" + " " * 1_000_000, "**" + " " * 1_000_000),
        ("[" * 1_000_000, "[" * 1_000_000),
    ],
    ids=["blank heading", "gap", "closing signs", "links", "bold", "brackets"],
)
def test_a_million_signs_are_read_once(markdown: str, shown: str) -> None:
    # Read again from each of them this would take hours.
    assert whatsapp_markup(markdown) == shown


def test_a_short_text_stays_in_one_part() -> None:
    assert split("  One **part**.\n\nTwo paragraphs. \n") == [
        "One *part*.\n\nTwo paragraphs."
    ]


@pytest.mark.parametrize("empty", ["", " ", "\n\n\t"])
def test_nothing_makes_no_part(empty: str) -> None:
    assert split(empty) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("aaaa bbbb\n\ncccc dddd eeee", ["aaaa bbbb", "cccc dddd eeee"]),
        ("aaaa bbbb\ncccc dddd eeee", ["aaaa bbbb", "cccc dddd eeee"]),
        ("aaaa bb. cccc dddd eeee", ["aaaa bb.", "cccc dddd eeee"]),
        (
            "一二三四五六七。八九十一二三四五六七八",
            ["一二三四五六七。", "八九十一二三四五六七八"],
        ),
        ("aaaa bbbb cccc dddd", ["aaaa bbbb cccc", "dddd"]),
        ("aaaaaaaaaaaaaaaaaaaa", ["aaaaaaaaaaaaaaa", "aaaaa"]),
        ("a\n\nbbbbbbbbbbbb bbb", ["a\n\nbbbbbbbbbbbb", "bbb"]),
        ("aaaaaaaaaaaaaae\u0301bb", ["aaaaaaaaaaaaaa", "e\u0301bb"]),
        ("aaaaaaaaaaaa" + FAMILY, ["aaaaaaaaaaaa", FAMILY]),
        ("aaaaaaaaaaaaaa👍🏽bb", ["aaaaaaaaaaaaaa", "👍🏽bb"]),
        ("\u0301" * 20, ["\u0301" * 15, "\u0301" * 5]),
    ],
)
def test_a_long_text_is_cut_where_it_hurts_least(text: str, parts: list[str]) -> None:
    assert split(text, longest=15) == parts


@given(MARKDOWN, st.integers(min_value=1, max_value=60))
def test_only_white_space_is_lost_and_no_part_is_too_long(
    text: str, longest: int
) -> None:
    parts = split(text, longest=longest)
    assert _visible("".join(parts)) == _visible(whatsapp_markup(text))
    assert all(0 < len(part) <= longest for part in parts)


@pytest.mark.parametrize("character", ["a", "字", "🎓", "\u0301"])
def test_a_text_without_any_space_fits_what_twilio_carries(character: str) -> None:
    parts = split(character * 10_000)
    assert "".join(parts) == character * 10_000
    assert max(len(part) for part in parts) <= LONGEST < TWILIO_CARRIES


@pytest.mark.parametrize("piece", ["[", "**", "# ", "[a](", "\n x", " #"])
def test_endless_repetition_of_a_sign_is_carried_like_any_text(piece: str) -> None:
    text = piece * 5_000
    assert _visible("".join(split(text))) == _visible(whatsapp_markup(text))


def test_what_can_be_picked_keeps_its_numbers_wherever_the_text_is_cut() -> None:
    lines = [f"{place}. A programme: {'word ' * 100}".strip() for place in range(1, 6)]
    text = "\n".join(("These programmes fit:", *lines, "", "1. **Bold**"))
    parts = split(text)
    assert len(parts) > 1
    shown = "\n".join(parts).splitlines()
    assert [line for line in shown if line[:1].isdigit()] == [*lines, "1. *Bold*"]
