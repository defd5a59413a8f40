"""A document is named after its title, whatever script that is written in."""

import pytest

from bot.console.document_names import path_for, path_of_file
from bot.errors import DocumentError


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Where to park?", "faq/where-to-park.md"),
        ("  Größe & Preis ", "faq/grösse-preis.md"),
        ("वीज़ा कैसे मिलेगा?", "faq/वीज़ा-कैसे-मिलेगा.md"),
        ("ভিসা কীভাবে পাব?", "faq/ভিসা-কীভাবে-পাব.md"),
        ("学费是多少？", "faq/学费是多少.md"),
        ("../../etc/passwd", "faq/etc-passwd.md"),
        ("a" * 100, f"faq/{'a' * 60}.md"),
    ],
)
def test_a_title_names_a_document(title: str, path: str) -> None:
    assert path_for("faq", title) == path


def test_a_title_without_a_letter_names_none() -> None:
    with pytest.raises(DocumentError, match="title"):
        path_for("faq", "…?")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../Our ch@rges!.CSV", "programmes/Our-ch-rges.csv"),
        ("C:\\papers\\वीज़ा.pdf", "programmes/वीज़ा.pdf"),
        (".pdf", "programmes/pdf"),
        ("?.md", "programmes/document.md"),
    ],
)
def test_a_file_keeps_its_name_and_nothing_of_its_path(name: str, path: str) -> None:
    assert path_of_file("programme", name) == path
