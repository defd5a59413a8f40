"""What a model wrote goes out only if the passages it cites hold it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answering.writing.grounding import LONGEST, checked, figures, links
from bot.answering.writing.month_names import months
from bot.errors import ModelError

SOURCE = (
    "The course costs 1,500.00 euros and takes six to 12 weeks. Apply by 31 May 2026 "
    "at https://www.example.org/apply or write to help@example.org."
)
NUMBERS = st.integers(min_value=2, max_value=10**9)


def written(number: int) -> list[str]:
    """The ways in which people write a number."""
    grouped = f"{number:,}"
    return [
        str(number),
        grouped,
        *(grouped.replace(",", separator) for separator in (".", " ", "\u00a0")),
        f"{number}.00",
        f"{number}%",
        f"€{number}",
        str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It costs 1500 euros [1].",
        "It costs 1 500 euros and takes 6 weeks [1].",
        "Six weeks, at most twelve [1].",
        "Apply by 31 May 2026 [1].",
        "Apply by May 31 [1].",
        "Apply at example.org/apply or help@example.org. [1]",
        "Apply at http://example.org/apply/ [1].",
        "One course is enough [1].",
        "1. Apply.\n2. Pay 1,500 euros. [1]",
        "It takes १२ weeks [1].",
    ],
)
def test_what_the_source_holds_may_be_said_in_other_ways(text: str) -> None:
    plain, cited = checked(text, [SOURCE])

    assert "[1]" not in plain
    assert cited == (0,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It costs 1,600 euros [1].", "figure"),
        ("It costs 15 euros [1].", "figure"),
        ("It costs 1.5 euros [1].", "figure"),
        ("It takes seven weeks [1].", "figure"),
        ("It takes thirty weeks [1].", "figure"),
        ("It takes sixty-two weeks [1].", "figure"),
        ("Half of it is paid back [1].", "figure"),
        ("It costs a thousand euros [1].", "figure"),
        ("It costs 15[1]01 euros.", "figure"),
        ("Apply by 31 March [1].", "month"),
        ("Apply by 31 Mar [1].", "month"),
        ("Apply in December [1].", "month"),
        ("Apply at https://example.com/apply [1].", "link"),
        ("Apply at cheap-visas.example/apply [1].", "link"),
        ("Write to other@example.org [1].", "link"),
    ],
)
def test_what_the_source_does_not_hold_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ModelError, match=f"a {reason} that the cited"):
        checked(text, [SOURCE])


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Apply by 31 May [1].", "Apply by 31 March."),
        ("Apply by 1st May [1].", "Apply by 1st June."),
        ("In May 12 weeks [1].", "In June 12 weeks."),
    ],
)
def test_may_is_a_month_beside_a_figure(text: str, source: str) -> None:
    with pytest.raises(ModelError, match="month"):
        checked(text, [source])


def test_may_is_no_month_elsewhere() -> None:
    assert months("You may pause, and that may take a week.") == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("a" * (LONGEST + 1), "endless"),
        ("It costs 1,500 euros.", "no citation"),
        ("It costs 1,500 euros [0].", "does not exist"),
        ("It costs 1,500 euros [2].", "does not exist"),
        ("It costs 1,500 euros [1][7].", "does not exist"),
        ("[1]", "nothing but citations"),
    ],
)
def test_an_answer_must_say_something_and_cite_what_exists(
    text: str, reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        checked(text, [SOURCE])


def test_only_the_cited_passage_counts() -> None:
    sources = ["The fee is 450 euros.", "The course takes 8 weeks."]

    assert checked("It takes 8 weeks [2].", sources)[1] == (1,)
    assert checked("450 euros [1], 8 weeks [2].", sources)[1] == (0, 1)
    with pytest.raises(ModelError, match="figure"):
        checked("The fee is 450 euros [2].", sources)


def test_passages_are_named_in_the_order_of_the_text_and_once() -> None:
    text, cited = checked("Weeks [2]. Euros [1]. Weeks again [2].", ["Euros", "Weeks"])

    assert text == "Weeks. Euros. Weeks again."
    assert cited == (1, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,500.00", {"1500"}),
        ("1.500,50", {"1500.5"}),
        ("11 904 euros", {"11904"}),
        ("0.125", {"0.125"}),
        ("3.14", {"3.14"}),
        ("in 2025 300 people", {"2025", "300"}),
        ("twenty-five or twenty five", {"25"}),
        ("007", {"7"}),
        ("½", {"1", "2"}),
        ("one", set()),
        ("a tense situation, tender often", set()),
        ("see https://example.org/2026/12", set()),
    ],
)
def test_a_number_has_one_form(text: str, found: set[str]) -> None:
    assert figures(text) == found


def test_a_link_has_one_form() -> None:
    assert links("See https://www.Example.org/visa/, or HTTP://example.org/visa.") == {
        "example.org/visa"
    }


@given(number=NUMBERS, others=st.lists(NUMBERS, max_size=5), form=st.integers(0, 8))
def test_a_figure_that_the_source_lacks_is_never_accepted(
    number: int, others: list[int], form: int
) -> None:
    assume(number not in others)
    source = "It costs " + " or ".join(f"{other} euros" for other in others)

    with pytest.raises(ModelError, match="a figure"):
        checked(f"It costs {written(number)[form]} [1].", [source])


@given(number=NUMBERS, said=st.integers(0, 8), meant=st.integers(0, 8))
def test_a_figure_is_accepted_however_either_side_writes_it(
    number: int, said: int, meant: int
) -> None:
    source = f"It costs {written(number)[meant]} euros."

    assert checked(f"It costs {written(number)[said]} [1].", [source])[1] == (0,)
