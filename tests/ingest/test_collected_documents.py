"""Files that other projects test with: none crashes a sync, hangs it or disappears."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.errors import DocumentError
from ingest.collecting import Earlier, collect
from ingest.documents import read_documents
from ingest.files import source_files
from ingest.formats.contents import UnreadableError
from ingest.outcomes import FileStatus
from ingest.reading import Reader

HYPHENS = re.compile(r"(?<=[^\W\d_])-\n\s*(?=[a-z])")
WORD = re.compile(r"\w+")
CUTS = (0.05, 0.3, 0.6, 0.9, 0.99)


@pytest.fixture(scope="module")
def collected(shared_dir: Path) -> Path:
    folder = shared_dir / "documents"
    if not folder.is_dir():
        pytest.skip("there are no documents in SHARED_DIR")
    return folder


def words(text: str) -> Counter[str]:
    """Words; one that was cut by a hyphen at the end of a line counts as whole."""
    return Counter(WORD.findall(HYPHENS.sub("", text)))


def test_each_file_ends_indexed_empty_or_refused_with_a_reason(
    collected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # pictures have a test of their own
    chunks, outcomes = collect(source_files(collected), before=Earlier())
    present = {
        path.relative_to(collected).as_posix()
        for path in collected.rglob("*")
        if path.is_file()
    }
    assert {file.path for file in outcomes} == present
    counts = Counter(file.status for file in outcomes)
    assert counts[FileStatus.INDEXED] > 80
    assert counts[FileStatus.EMPTY] > 5
    for file in outcomes:
        assert (file.status is FileStatus.INDEXED) == (file.chunks > 0)
        assert file.status is FileStatus.INDEXED or file.reason
        assert "\n" not in (file.reason or "")
        assert "cannot be read: " not in (file.reason or ""), file
    paged = {chunk.document for chunk in chunks if chunk.page}
    assert all(path.endswith((".pdf", ".pptx")) for path in paged)


def test_at_least_95_of_100_expected_words_come_out(collected: Path) -> None:
    pairs = {
        path.with_suffix(".txt"): path
        for path in [collected / "pypdf-resources" / "crazyones.pdf"]
    }
    for expected in (collected / "markitdown" / "expected_outputs").glob("*.md"):
        pairs[expected] = collected / "markitdown" / f"{expected.stem}.pdf"
    assert len(pairs) == 7
    with Reader() as reader:
        for expected, path in pairs.items():
            wanted = words(expected.read_text("utf-8"))
            contents = reader.read(path.name, path.read_bytes())
            found = words("\n".join(page.text for page in contents.pages))
            missing = wanted - found
            assert missing.total() <= 0.05 * wanted.total(), path.name


def test_files_that_were_cut_short_are_read_or_refused(collected: Path) -> None:
    with Reader() as reader:
        for path in sorted(collected.rglob("*.*")):
            content = path.read_bytes()
            if len(content) > 200_000:
                continue
            for share in CUTS:
                try:
                    reader.read(path.name, content[: int(len(content) * share)])
                except UnreadableError as error:
                    reason = str(error)
                    assert "reading process" not in reason, (path.name, share)
                    assert "crash" not in reason, (path.name, share)


def test_arabic_comes_out_in_its_own_order(collected: Path, tmp_path: Path) -> None:
    source = collected / "pypdf-samples" / "015-arabic" / "habibi.pdf"
    (tmp_path / "a.pdf").write_bytes(source.read_bytes())
    (document,) = read_documents(tmp_path)
    assert "حَبيبي habibi" in document.body


def test_a_folder_of_nothing_but_random_bytes_has_no_text(
    collected: Path, tmp_path: Path
) -> None:
    content = (collected / "markitdown" / "random.bin").read_bytes()
    for suffix in ("pdf", "docx", "pptx", "xlsx", "csv", "txt", "html", "bin"):
        (tmp_path / f"a.{suffix}").write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        collect(source_files(tmp_path), before=Earlier())
    assert len(str(caught.value).splitlines()) == 9
