"""HTML, CSV and plain text are read in whatever character set they were saved."""

import pytest

from ingest.formats.charset import decoded
from ingest.formats.contents import UnreadableError, escaped, table
from ingest.formats.csv_table import read_csv
from ingest.formats.plain_text import read_text
from ingest.formats.readers import read
from ingest.formats.web_page import read_html

PAGE = """<!DOCTYPE html><html><head><title>Fees | Harbour</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div class="cookie-banner">We use cookies.</div>
<main><article><h1>Fees and refunds</h1>
<p>The fee for the Harbour data course is 450 euros, and it is paid once before you
start. You can pay by card or by bank transfer from any country in the world.</p>
<h2>Refunds</h2>
<p>You get all of your money back within 14 days of paying. After that there is no
refund unless the course is cancelled by us, in which case you get everything back.</p>
<ul><li>Write to us first</li><li>Wait for a week</li></ul>
<table><tr><th>Programme</th><th>Fee</th></tr><tr><td>Data</td><td>450 EUR</td></tr>
<tr><td>Security</td><td>600 EUR</td></tr></table></article></main>
<footer>Imprint and privacy</footer><script>alert("x")</script></body></html>"""


def test_a_web_page_is_its_main_text_with_headings_lists_and_tables() -> None:
    contents = read_html(PAGE.encode())
    (page,) = contents.pages
    assert contents.title == "Fees | Harbour"
    assert "# Fees and refunds" in page.text
    assert "## Refunds" in page.text
    assert "- Write to us first" in page.text
    assert "| Data | 450 EUR |" in page.text
    for noise in ("News", "cookies", "Imprint", "alert"):
        assert noise not in page.text


def test_a_page_without_a_main_text_gives_all_its_text() -> None:
    contents = read_html(b"<p>Open <b>daily</b>.<script>x()</script>")
    assert contents.title is None
    assert contents.pages[0].text == "Open daily."


@pytest.mark.parametrize("content", [b" \n", b"<html></html>", b"<!-- later -->"])
def test_a_page_without_words_is_empty(content: bytes) -> None:
    assert read_html(content).is_empty


def test_a_page_that_ends_in_the_middle_is_read_so_far() -> None:
    for tenths in range(3, 10):
        content = PAGE.encode()[: len(PAGE) * tenths // 10]
        assert not read_html(content).is_empty


def test_a_page_is_read_as_deep_as_it_can_be() -> None:
    content = b"<div>" * 20_000 + b"Deep down." + b"</div>" * 20_000
    assert read_html(content).note == (
        "its elements are nested too deeply to be read whole"
    )
    content = b"<div>" * 1_500 + b"Deep down." + b"</div>" * 1_500
    assert "Deep down." in read_html(content).pages[0].text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Gebühr: 450 €".encode(), "Gebühr: 450 €"),
        ("Gebühr".encode("utf-8-sig"), "Gebühr"),
        ("Gebühr".encode("utf-16"), "Gebühr"),
        (b"\xfe\xff" + "Gebühr".encode("utf-16-be"), "Gebühr"),
        ("Gebühr".encode("utf-32"), "Gebühr"),
        (b'<meta charset="windows-1252">\x80 5', '<meta charset="windows-1252">€ 5'),
        (b'<meta charset="nonsense">5', '<meta charset="nonsense">5'),
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
        (b"<?xml version='1.0' encoding='latin-1'?>\xe9", None),
    ],
)
def test_a_character_set_is_told_by_mark_declaration_or_guess(
    content: bytes, text: str | None
) -> None:
    assert decoded(content) == (text or "<?xml version='1.0' encoding='latin-1'?>é")


@pytest.mark.parametrize(
    ("words", "charset"),
    [
        (
            "Die Gebühr für den Kurs beträgt 450 Euro, größere Gruppen zahlen später. ",
            "cp1252",
        ),
        ("Стоимость курса составляет четыреста пятьдесят евро в месяц. ", "cp1251"),
        ("رسوم الدورة هي أربعمائة وخمسون يورو في الشهر الواحد للطالب. ", "cp1256"),
        ("名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n", "cp932"),
    ],
)
def test_a_character_set_that_is_not_told_is_guessed(words: str, charset: str) -> None:
    assert decoded((words * 3).encode(charset)) == words * 3


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_not_text(seed: int) -> None:
    content = bytes((seed * 7919 + n * n * 31 + n * 17) % 256 for n in range(2000))
    for name in ("a.txt", "a.csv", "a.html"):
        with pytest.raises(UnreadableError, match=r"^is not text"):
            read(name, content)


def test_a_few_control_characters_are_replaced() -> None:
    assert decoded(b"word " * 100 + b"\0") == "word " * 100 + "\ufffd"


def test_plain_text_keeps_its_words_whatever_markdown_makes_of_them() -> None:
    lines = [
        "# no heading",
        "=====",
        "2026. was the year",
        "<b>5 < 6</b>",
        "[a]: b",
        "• first",
        "> quoted",
        "`tick` AT&amp;T \\",
    ]
    (page,) = read_text("\n".join(lines).encode()).pages
    assert page.text.split("\n") == [
        "\\# no heading",
        "\\=====",
        "2026\\. was the year",
        "\\<b>5 \\< 6\\</b>",
        "\\[a]: b",
        "- first",
        "\\> quoted",
        "\\`tick\\` AT\\&amp;T \\\\",
    ]
    assert page.number is None


def test_form_feeds_in_plain_text_are_pages() -> None:
    pages = read_text(b"one\ftwo").pages
    assert [(page.number, page.text) for page in pages] == [(1, "one"), (2, "two")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_list_is_a_table_whatever_separates_its_cells(separator: str) -> None:
    rows = [["Name", "Fee"], ["Data", "450"], ["Law", "600"], ["", ""]]
    content = "\n".join(separator.join(row) for row in rows).encode()
    assert read_csv(content).pages[0].text == (
        "| Name | Fee |\n| --- | --- |\n| Data | 450 |\n| Law | 600 |"
    )


def test_quoted_cells_with_line_breaks_and_bars_stay_cells() -> None:
    content = b'Name,Fee\n"Data, ""online""\nand more",4|5\n'
    assert read_csv(content).pages[0].text.split("\n")[2] == (
        '| Data, "online" and more | 4\\|5 |'
    )


def test_a_cell_without_an_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="is not comma-separated"):
        read_csv(b'Name,Fee\n"' + b"x" * 1_000_001)


def test_rows_of_different_lengths_are_filled_up() -> None:
    assert table([["a"], [], ["b", "", "c"]]) == "| a |  |\n| --- | --- |\n| b | c |"
    assert table([]) == table([["", " "]]) == ""


def test_a_format_that_is_not_read_is_named_so() -> None:
    with pytest.raises(UnreadableError, match="is of a format that is not read"):
        read("a.epub", b"PK")
    assert read("a.epub", b" ").is_empty
    assert escaped("") == ""
