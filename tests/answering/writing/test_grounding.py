"""What a model wrote goes out only if the passages it cites hold it."""

import csv
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from bot.answering.writing.facts.figures import figures, links
from bot.answering.writing.facts.month_names import months
from bot.answering.writing.grounding import shared, shares_little, unfounded

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
        "It costs 1500 euros.",
        "It costs 1 500 euros and takes 6 weeks.",
        "Six weeks, at most twelve.",
        "Apply by 31 May 2026.",
        "Apply by May 31.",
        "Apply at example.org/apply or help@example.org.",
        "Apply at http://example.org/apply/.",
        "One course is enough, at 1,500 euros.",
        "1. Apply.\n2. Pay 1,500 euros.",
        "It takes १२ weeks.",
    ],
)
def test_what_the_source_holds_may_be_said_in_other_ways(text: str) -> None:
    assert unfounded(text, [SOURCE]) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It costs 1,600 euros.", "figure"),
        ("It costs 15 euros.", "figure"),
        ("It costs 1.5 euros.", "figure"),
        ("It takes seven weeks.", "figure"),
        ("It takes thirty weeks.", "figure"),
        ("It takes sixty-two weeks.", "figure"),
        ("Half of it is paid back.", "figure"),
        ("It costs a thousand euros.", "figure"),
        ("Apply by 31 March.", "month"),
        ("Apply by 31 Mar.", "month"),
        ("Apply in December.", "month"),
        ("Apply at https://example.com/apply.", "link"),
        ("Apply at cheap-visas.example/apply.", "link"),
        ("Write to other@example.org.", "link"),
    ],
)
def test_what_the_source_does_not_hold_is_refused(text: str, reason: str) -> None:
    assert unfounded(text, [SOURCE]) == f"a {reason} that its sources do not hold"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Apply by 31 May.", "Apply by 31 March."),
        ("Apply by 1st May.", "Apply by 1st June."),
        ("In May 12 weeks.", "In June 12 weeks."),
    ],
)
def test_may_is_a_month_beside_a_figure(text: str, source: str) -> None:
    assert "month" in (unfounded(text, [source]) or "")


def test_a_month_may_stand_in_a_date_of_figures() -> None:
    assert unfounded("As of June 2026 it is free.", ["Free (as of 2026-06)."]) is None
    wrong = unfounded("As of July 2026 it is free.", ["Free (as of 2026-06)."])
    assert wrong == "a month that its sources do not hold"


def test_may_is_no_month_elsewhere() -> None:
    assert months("You may pause, and that may take a week.") == set()


def test_a_sentence_must_say_something() -> None:
    assert unfounded(" …", [SOURCE]) == "nothing is said"


def test_all_sources_of_a_sentence_count_and_no_others() -> None:
    fee, weeks = "The fee is 450 euros.", "The course takes 8 weeks."
    assert unfounded("450 euros for 8 weeks.", [fee, weeks]) is None
    assert "figure" in (unfounded("450 euros for 8 weeks.", [weeks]) or "")


def test_a_sentence_has_something_of_its_sources() -> None:
    text = "Buy crypto with your savings before midnight."
    assert shares_little(text, [SOURCE], said="")
    assert not shares_little("It takes six weeks.", [SOURCE], said="")
    assert not shares_little("We do not know of scholarships.", [SOURCE], said="")


def test_whether_people_find_a_text_supported_is_seen_by_the_words_it_shares(
    shared_dir: Path,
) -> None:
    supported, share = [], []
    for file in sorted((shared_dir / "evals" / "groundedness").rglob("*.tsv")):
        with file.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                supported.append(row["begin_label"] == "Fully attributable")
                share.append(shared(row["response"], row["knowledge"]))
    assert len(share) > 4000
    assert roc_auc_score(supported, share) >= 0.93


def test_a_figure_may_be_the_contacts_own() -> None:
    text = "With your 5.5 you are below the 6.0 that is asked for."
    source = "Most courses ask for 6.0."
    assert "figure" in (unfounded(text, [source]) or "")
    assert unfounded(text, [source], said="i got 5.5 in ielts") is None


@pytest.mark.parametrize(
    ("text", "source", "held"),
    [
        ("It costs £1,500.", SOURCE, False),
        ("It costs 1,500 pounds.", SOURCE, False),
        ("It costs € 1,500.", SOURCE, True),
        ("It costs 1,500.", SOURCE, True),
        ("It costs 150 dollars.", "The fee is CA$150.", True),
        ("It costs $150.", "The fee is 150 rupees.", False),
    ],
)
def test_a_sum_keeps_its_currency(text: str, source: str, held: bool) -> None:
    wrong = unfounded(text, [source])
    assert wrong == (None if held else "a currency that its sources do not hold")


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Do not pay the 1.5 million naira.", True),
        ("Please keep your $75.", False),
        ("That is about $75.", True),
    ],
)
def test_a_sum_may_be_the_contacts_own_and_is_never_converted(
    text: str, theirs: bool
) -> None:
    said = "he wants 1.5 million naira" if theirs else "they ask $75 to secure it"
    wrong = unfounded(text, ["Asking for money first is a sign of a scam."], said=said)
    converted = text.startswith("That is")
    assert (wrong is not None) == converted


@pytest.mark.parametrize(
    "text",
    [
        "We guarantee you a visa.",
        "You will definitely get a job.",
        "Te garantizamos el visado.",
        "Chúng tôi cam kết bạn có visa.",
        "我们保证你拿到签证。",
        "आपको वीज़ा की गारंटी है।",
        "نضمن لك التأشيرة.",
    ],
)
def test_nothing_is_promised(text: str) -> None:
    assert unfounded(text, ["We guarantee you a visa and a job."]) == "a promise"


@pytest.mark.parametrize(
    "text",
    [
        "Nobody can guarantee a visa.",
        "A certificate guarantees no visa.",
        "An adviser who guarantees a visa is not to be trusted.",
        "No confíe en quien garantiza un visado.",
        "Nadie puede garantizar un visado.",
        "没有人能保证签证。",
        "कोई भी वीज़ा की गारंटी नहीं दे सकता।",
    ],
)
def test_that_nothing_is_promised_may_be_said(text: str) -> None:
    assert unfounded(text, ["No visa is certain."]) is None


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

    said = unfounded(f"It costs {written(number)[form]}.", [source])
    assert said == "a figure that its sources do not hold"


@given(number=NUMBERS, said=st.integers(0, 8), meant=st.integers(0, 8))
def test_a_figure_is_accepted_however_either_side_writes_it(
    number: int, said: int, meant: int
) -> None:
    source = f"It costs {written(number)[meant]} euros."

    assert unfounded(f"It costs {written(number)[said]}.", [source]) is None
