"""Files of other formats become documents, with pages, titles and front matter."""

from pathlib import Path

import pytest

from bot.errors import DocumentError
from ingest.chunking import chunk_document
from ingest.collecting import Earlier, collect
from ingest.documents import Document, read_documents
from ingest.files import LARGEST_FOREIGN, source_files
from ingest.outcomes import FileStatus
from ingest.reading import UNREAD
from tests.support.foreign import (
    about,
    brochure,
    pdf,
    picture,
    prose,
    scanned,
    word,
    written,
)

SIDECAR = """\
title: What our courses cost
kind: programme
last_verified: 2026-06-01
source: https://example.org/fees
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    return folder


def ends(folder: Path) -> dict[str, tuple[FileStatus, str | None]]:
    _, outcomes = collect(source_files(folder), before=Earlier())
    return {file.path: (file.status, file.reason) for file in outcomes}


def only(folder: Path) -> Document:
    (document,) = read_documents(folder)
    return document


def test_chunks_know_the_page_and_the_headings_they_stand_below(folder: Path) -> None:
    (folder / "Fees 2027.pdf").write_bytes(brochure())
    document = only(folder)
    assert document.about.title == "Fees 2027"
    assert document.about.kind == "guidance"
    assert document.about.last_verified is None
    found = [(chunk.page, chunk.headings) for chunk in chunk_document(document)]
    assert found == [
        (1, ()),
        (1, ("Refunds",)),
        (2, ("Refunds",)),
        (2, ("Grants",)),
        (3, ("Grants",)),
    ]


def test_a_heading_at_the_end_of_a_page_leads_the_next_one(folder: Path) -> None:
    first = written(("", 11, about("fee")), ("B", 16, "Grants"))
    others = [prose(about("grant")), prose(about("remainder"))]
    (folder / "a.pdf").write_bytes(pdf(first, *others, title="Money"))
    found = [(chunk.page, chunk.headings) for chunk in chunk_document(only(folder))]
    assert found == [(1, ()), (2, ("Grants",)), (3, ("Grants",))]


def test_a_heading_with_nothing_below_it_is_kept_at_its_page(folder: Path) -> None:
    first = written(("", 11, about("fee")), ("B", 16, "Grants"))
    second = written(("B", 16, "Refunds"), ("", 11, about("refund")))
    (folder / "a.pdf").write_bytes(pdf(first, second, title="Money"))
    found = [(chunk.page, chunk.text[:6]) for chunk in chunk_document(only(folder))]
    assert found == [(1, "The fe"), (1, "Grants"), (2, "The re")]


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("fees.md", b"# All fees\n\nText.", "All fees"),
        ("fees.md", b"Text.", "Fees"),
        ("fees 2027.txt", b"Text.", "Fees 2027"),
        ("fees.html", b"<title>Fees</title><p>Text.", "Fees"),
        ("fees.pdf", pdf(prose("Text."), title="Our fees"), "Our fees"),
        ("fees.pdf", pdf(prose("Text.")), "Fees"),
        ("a.docx", word(lambda file: file.add_heading("Fees", 1)), "Fees"),
    ],
)
def test_a_title_is_the_documents_own_or_its_first_heading_or_its_name(
    folder: Path, name: str, content: bytes, title: str
) -> None:
    (folder / name).write_bytes(content)
    assert only(folder).about.title == title


def test_a_file_beside_it_gives_a_document_its_front_matter(folder: Path) -> None:
    (folder / "fees.pdf").write_bytes(brochure())
    (folder / "fees.pdf.yaml").write_text(SIDECAR)
    chunk = chunk_document(only(folder))[0]
    assert (chunk.title, chunk.kind) == ("What our courses cost", "programme")
    assert chunk.url == "https://example.org/fees"
    assert str(chunk.as_of) == "2026-06-01"


def test_a_mistake_in_front_matter_beside_a_file_is_named_by_line(folder: Path) -> None:
    (folder / "fees.pdf").write_bytes(brochure())
    (folder / "fees.pdf.yaml").write_text(SIDECAR + "colour: red\n")
    with pytest.raises(DocumentError, match=r"^fees\.pdf\.yaml:5: colour: unknown"):
        read_documents(folder)
    (folder / "fees.pdf.yaml").unlink()
    (folder / "fees.pdf.yaml").symlink_to("nowhere")
    with pytest.raises(DocumentError, match=r"^fees\.pdf\.yaml: is not a file"):
        read_documents(folder)


def test_every_file_ends_in_one_of_three_ways(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "secret.pdf").write_bytes(brochure())
    (folder / "a.pdf").write_bytes(brochure())
    (folder / "b.pdf").write_bytes(brochure()[:300])
    (folder / "c.pdf").write_bytes(pdf(scanned))
    (folder / "d.PNG").write_bytes(picture())
    (folder / "e.doc").write_bytes(b"\xd0\xcf")
    (folder / "f.yaml").write_text("a: b")
    (folder / "g.md").write_text("\n")
    (folder / "h.txt").write_text("")
    (folder / "i.md").write_text("<!-- later -->")
    (folder / "j.pdf").symlink_to(tmp_path / "secret.pdf")
    with (folder / "k.pdf").open("wb") as file:
        file.truncate(LARGEST_FOREIGN + 1)
    (folder / "l.pdf").write_bytes(pdf(prose(about("fee")), scanned))
    none = "there is no text in it"
    assert ends(folder) == {
        "a.pdf": (FileStatus.INDEXED, None),
        "b.pdf": (FileStatus.REFUSED, "is damaged, or not a PDF file"),
        "c.pdf": (
            FileStatus.EMPTY,
            f"holds only pictures; {UNREAD}",
        ),
        "d.PNG": (FileStatus.REFUSED, f"is a picture; {UNREAD}"),
        "e.doc": (FileStatus.REFUSED, "is of an old Office format; save it as .docx"),
        "f.yaml": (FileStatus.REFUSED, "describes a file that is not here"),
        "g.md": (FileStatus.EMPTY, none),
        "h.txt": (FileStatus.EMPTY, none),
        "i.md": (FileStatus.EMPTY, none),
        "j.pdf": (
            FileStatus.REFUSED,
            "is a link that leads out of KNOWLEDGE_DIR; put a copy here",
        ),
        "k.pdf": (FileStatus.REFUSED, "is larger than 100 MB; split it"),
        "l.pdf": (FileStatus.INDEXED, f"only pictures: page 2; {UNREAD}"),
    }


def test_a_file_that_vanishes_while_others_are_read_is_refused(folder: Path) -> None:
    (folder / "a.txt").write_text("Text.")
    (folder / "b.txt").write_text("Text.")
    files = source_files(folder)
    (folder / "b.txt").unlink()
    _, outcomes = collect(files, before=Earlier())
    assert outcomes[1].reason == "cannot be read: No such file or directory"


def test_where_nothing_can_be_read_every_reason_is_told(folder: Path) -> None:
    (folder / "a.pdf").write_bytes(b"nothing like it")
    with pytest.raises(DocumentError) as caught:
        collect(source_files(folder), before=Earlier())
    assert str(caught.value).splitlines() == [
        "there is no text in any of the documents",
        "a.pdf: is damaged, or not a PDF file",
    ]
