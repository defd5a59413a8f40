"""A choice of programmes goes on over several messages."""

import pytest

from bot.answering.assembly import Answering
from bot.answering.refining import continued_wish
from bot.phrases import phrase
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask


@pytest.mark.parametrize(
    ("earlier", "text", "wish"),
    [
        (["any course in law"], "online?", "any course in law online?"),
        (["any course in law"], "how long is it", "any course in law"),
        (
            ["any course in law", "fees?"],
            "shorter ones",
            "any course in law shorter ones",
        ),
        (
            ["any course in law in uk"],
            "what about Canada",
            "any course in law in what about Canada",
        ),
        (["any course in law", "thanks"], "online?", None),
        (["do I need a visa"], "what about Canada", None),
        ([], "cheaper?", None),
    ],
)
def test_what_is_added_goes_with_the_request(
    earlier: list[str], text: str, wish: str | None
) -> None:
    assert continued_wish(text, earlier) == wish


async def test_programmes_are_listed_again_for_what_a_line_tells(
    project: Answering,
) -> None:
    asked = Turn(Author.CONTACT, "any courses in cyber security?")
    first = await ask(project, asked.text)
    again = await ask(project, "how much is it", asked, Turn(Author.BOT, first.text))
    assert again.text == first.text


async def test_a_country_that_is_named_later_counts_instead(project: Answering) -> None:
    asked = Turn(Author.CONTACT, "any programmes in the UK?")
    first = await ask(project, asked.text)
    assert "New Zealand" not in first.text
    later = await ask(project, "and what about New Zealand?", asked)
    assert later.outcome is Outcome.ANSWER
    assert later.text.startswith(phrase("programmes_found", "en"))
    assert "United Kingdom" not in later.text
