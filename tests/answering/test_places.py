"""What is right for one country is not said of another."""

from bot.answering.places import about, countries_of, unheld
from tests.support.passages import chunk, passage

CANADA = passage(chunk("Work 24 hours.", facets={"country": ["canada"]}))
BOTH = passage(chunk("It differs.", facets={"country": ["canada", "new-zealand"]}))
ANYWHERE = passage(chunk("Check it first."))


def test_documents_of_other_countries_are_left_out() -> None:
    assert about([CANADA, BOTH, ANYWHERE], "New Zealand visa") == (BOTH, ANYWHERE)
    assert about([CANADA], "in Germany?") == ()


def test_a_comparison_is_of_the_countries_that_are_asked_about() -> None:
    facets: dict[str, object] = {"country": ["uk", "germany", "canada"]}
    other = passage(
        chunk("Germany is.", headings=("Germany or Canada?",), facets=facets)
    )
    asked = passage(chunk("Neither is.", headings=("UK or Canada?",), facets=facets))
    assert about([other, asked], "is canada cheaper than the uk?") == (asked,)
    assert about([other, asked], "is canada cheap?") == (other, asked)


def test_what_compares_all_comes_last_where_one_country_is_asked_about() -> None:
    facets: dict[str, object] = {"country": ["canada", "uk"]}
    every = passage(chunk("Canada: 3.", title="Countries side by side", facets=facets))
    abroad = passage(chunk("Not old.", headings=("Too old to study abroad?",)))
    assert about([every, abroad, CANADA], "in Canada?") == (abroad, CANADA, every)
    assert about([every, CANADA], "which country, Canada?") == (every, CANADA)


def test_where_no_country_is_asked_about_everything_stays() -> None:
    assert about([CANADA, BOTH, ANYWHERE], "which visa?") == (CANADA, BOTH, ANYWHERE)


def test_countries_have_the_names_that_facts_have() -> None:
    assert countries_of({"country": ["uk", "usa", "eu"]}) == {
        "United Kingdom",
        "United States",
        "EU",
    }
    assert countries_of({"country": "new-zealand"}) == {"New Zealand"}
    assert countries_of({}) == frozenset()


def test_a_document_that_mentions_another_country_is_about_it_as_well() -> None:
    mentioned = passage(
        chunk("Ireland asks for the same.", facets={"country": ["canada"]})
    )
    assert about([CANADA, mentioned], "in Ireland?") == (mentioned,)
    assert unheld("Can I work in Ireland?", [CANADA, mentioned]) == ()


def test_a_country_that_nothing_was_found_about_is_told() -> None:
    assert unheld("Can I work in Ireland or in Canada?", [CANADA]) == ("Ireland",)
    assert unheld("I am from Ireland, can I work in Canada?", [CANADA]) == ()


def test_where_documents_tell_no_country_none_is_missed() -> None:
    assert unheld("Can I work in Ireland?", [ANYWHERE]) == ()
