"""What could not be read for a reason that may pass is read again, and nothing else."""

import shutil
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from ingest.formats.contents import UnreadableError
from ingest.outcomes import Change, FileOutcome, FileStatus, SyncReport
from ingest.reading import Reader
from ingest.recipe import recipe
from ingest.sync import sync
from tests.support.foreign import pdf, prose
from tests.support.indexing import generation_of
from tests.support.tesseract import FlakyTesseract, picture_of, scan_of

FEE = "The deposit for a place is 275 euros."
DAY = "The deposit is due on the first day of August."


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlakyTesseract:
    found = shutil.which("tesseract")
    if found is None:
        pytest.skip("tesseract is not installed")
    flaky = FlakyTesseract(tmp_path / "program", found)
    monkeypatch.setenv("PATH", str(tmp_path / "program"), prepend=":")
    return flaky


class Desk:
    """A folder that is synced again and again."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.settings = Settings(data_dir=folder / "data", knowledge_dir=folder / "k")
        self.settings.knowledge_dir.mkdir()
        self._encoder = encoder
        self.put("a.txt", b"Everybody may apply.")

    def put(self, name: str, content: bytes) -> None:
        (self.settings.knowledge_dir / name).write_bytes(content)

    def sync(self) -> tuple[SyncReport, FileOutcome]:
        """The report, and what became of the last file."""
        report = sync(self.settings, encoder=self._encoder)
        assert report.generation == generation_of(self.settings)
        return report, report.files[-1]


@pytest.fixture
def desk(tmp_path: Path, encoder: Encoder) -> Desk:
    return Desk(tmp_path, encoder)


def test_a_file_whose_reader_crashed_is_read_again_with_the_next_sync(
    desk: Desk, tesseract: FlakyTesseract
) -> None:
    desk.put("b.png", picture_of(FEE))
    tesseract.crash_at(1, 2)
    first, refused = desk.sync()
    assert refused.reason == "crashes its reader (signal 9)"
    again, refused = desk.sync()
    assert (again.changed, again.generation) == (False, first.generation)
    assert (refused.status, refused.change) == (FileStatus.REFUSED, Change.SAME)
    report, found = desk.sync()
    assert (report.changed, found.status) == (True, FileStatus.INDEXED)
    assert desk.sync()[0].changed is False
    assert tesseract.calls == 3


def test_a_page_whose_reader_crashed_is_read_again_and_the_others_are_kept(
    desk: Desk, tesseract: FlakyTesseract
) -> None:
    desk.put("b.pdf", pdf(prose("Read this."), scan_of(FEE), scan_of(DAY)))
    tesseract.crash_at(2, 3, 4)
    _, found = desk.sync()
    assert "could not be read: page 3" in str(found.reason)
    worse, found = desk.sync()
    assert worse.changed is False
    assert "could not be read: page 3" in str(found.reason)
    report, found = desk.sync()
    assert report.changed is True
    assert (found.change, found.added, found.gone) == (Change.SAME, 1, 0)
    assert found.reason == "read from pictures: pages 2, 3"
    assert desk.sync()[0].changed is False
    assert tesseract.calls == 6


def test_a_damaged_file_is_not_read_again(
    desk: Desk, tesseract: FlakyTesseract
) -> None:
    desk.put("b.pdf", pdf(scan_of(FEE)))
    desk.put("c.pdf", b"nothing like it")
    desk.sync()
    report, refused = desk.sync()
    assert (report.changed, refused.status) == (False, FileStatus.REFUSED)
    assert tesseract.calls == 1


def test_pictures_are_read_again_with_another_language(
    desk: Desk, tesseract: FlakyTesseract
) -> None:
    desk.put("b.png", picture_of(FEE))
    desk.sync()
    before = recipe()
    tesseract.learn("deu")
    assert recipe() != before
    desk.sync()
    desk.sync()
    assert tesseract.calls == 2


@pytest.mark.parametrize(
    ("reader", "name", "may_pass"),
    [
        (Reader(seconds=0), "a.txt", True),
        (Reader(memory=400 * 1024**2), "a.txt", True),
        (Reader(), "a.pdf", False),
        (Reader(), "a.xyz", False),
    ],
    ids=["time", "memory", "damage", "format"],
)
def test_time_and_memory_may_be_there_later(
    reader: Reader, name: str, may_pass: bool
) -> None:
    with reader, pytest.raises(UnreadableError) as caught:
        reader.read(name, b"word " * 40_000_000)
    assert caught.value.may_pass is may_pass
