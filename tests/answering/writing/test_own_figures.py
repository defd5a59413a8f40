"""A figure that only the contact wrote is told as theirs, and never confirmed."""

import pytest

from bot.answering.writing.checks.own_figures import confirms_their_figure
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.grounding import unfounded

FEE = "The visa fee is £490. You may work 20 hours a week. IELTS 6.0 is asked for."


def confirms(text: str, language: str) -> bool:
    return confirms_their_figure(
        Passage(text, language), [FEE], lambda _text: frozenset({"en", language})
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Yes, the fee is 300."),
        ("en", "The fee is 300."),
        ("en", "The visa costs £300."),
        ("en", "Yes, you can work 30 hours a week."),
        ("en", "Yes, you may, as 30 hours a week are allowed since 2025."),
        ("de", "Ja, die Gebühr beträgt 300 Pfund."),
        ("es", "Sí, son 30 horas por semana."),
        ("fr", "Oui, c'est 30 heures par semaine."),
        ("pt", "Sim, a taxa é de £300."),
        ("vi", "Đúng, lệ phí là £300."),
        ("zh", "对，签证费是£300。"),
        ("ar", "نعم، الرسوم 300."),
        ("hi", "हाँ, फ़ीस 300 है।"),
        ("bn", "হ্যাঁ, ফি 300।"),
        ("ur", "جی ہاں، فیس 300 ہے۔"),
    ],
)
def test_a_wrong_figure_of_theirs_is_not_confirmed(language: str, text: str) -> None:
    assert confirms(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No, the fee is not 300."),
        ("en", "Yes, the fee is £490."),
        ("en", "With your 5.5 you are below the IELTS score."),
        ("en", "IELTS 5.5 is below the 6.0 that is asked for."),
        ("en", "Your budget of £300 is less than the visa fee."),
        ("en", "Yes, with a gap of four years too."),
        ("de", "Mit deinen 5,5 liegst du darunter."),
        ("zh", "您的5.5分低于要求。"),
    ],
)
def test_their_own_figures_may_be_named(language: str, text: str) -> None:
    assert not confirms(text, language)


@pytest.mark.parametrize(
    ("text", "said", "held"),
    [
        ("It costs £490.", "", True),
        ("It costs $490.", "how much in $", False),
        ("You pay 59,000 rupees.", "is it 59,000 rupees", False),
        ("You pay €490.", "is it €490", False),
    ],
)
def test_a_sum_stands_in_its_own_currency(text: str, said: str, held: bool) -> None:
    wrong = unfounded(text, [FEE], said=said)
    assert wrong == (None if held else "a currency that its sources do not hold")


def test_of_two_currencies_in_a_source_each_keeps_its_figures() -> None:
    source = "The fee is £490. The cover is US$350."
    assert unfounded("The fee is £490, the cover US$350.", [source]) is None
    assert "currency" in (unfounded("The fee is US$490.", [source]) or "")


def test_a_figure_of_a_table_has_the_currency_of_its_source() -> None:
    table = "| Course | Fee (EUR) |\n| A | 450 |"
    assert unfounded("A costs €450.", [table]) is None
    assert unfounded("A costs £450.", [table, "It costs £9."]) is not None
