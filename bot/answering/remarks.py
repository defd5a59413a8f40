"""What an answer has to remark on, told from the message by rules to be read."""

from pathlib import Path

from bot.answering.understanding import folded, patterns_in

RULES = Path(__file__).with_name("remarks.yaml")


def needs_caution(text: str) -> bool:
    """Whether an answer could be heard as a promise or as advice on immigration."""
    return _fits("caution", text)


def holds_us_to_our_word(text: str) -> bool:
    """Whether a message says what we are supposed to have said."""
    return _fits("checked_again", text)


def asks_for_more(text: str) -> bool:
    """Whether a message asks to go on with the last answer."""
    return _fits("more", text)


def doubts(text: str) -> bool:
    """Whether a message only asks whether the last answer is right."""
    return _fits("doubts", text)


def about_any_country(text: str) -> bool:
    """Whether a message is about countries in general."""
    return _fits("any_country", text)


def compares_countries(text: str) -> bool:
    """Whether a heading is about several countries at once."""
    return _fits("comparison", text)


def _fits(name: str, text: str) -> bool:
    return bool(patterns_in(RULES)[name].search(folded(text)))
