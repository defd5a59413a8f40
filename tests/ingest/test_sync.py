"""A sync embeds only what is new, and switches to an index that is whole."""

import json
import shutil
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder
from bot.answering.enquiry import Query
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import DocumentError, IndexUnavailableError, SyncUnderwayError
from ingest.outcomes import SyncReport
from ingest.search import search
from ingest.sync import sync
from tests.support.indexing import (
    HOLD,
    generation_of,
    generations,
    indexed_documents,
    kept_on_a_server,
    manifest_of,
    start_sync,
)
from tests.support.knowledge import DOCUMENTS, write_knowledge

# What is embedded of the sample documents: each chunk, and what it is asked by.
CHUNKS = 11
TEXTS = 24


@pytest.fixture
def embedded(tmp_path: Path, sample_data: Path) -> Settings:
    """Settings with documents and an index of them that a test may change."""
    shutil.copytree(sample_data, tmp_path / "data")
    knowledge = write_knowledge(tmp_path / "knowledge")
    return Settings(data_dir=tmp_path / "data", knowledge_dir=knowledge)


@pytest.fixture(params=["embedded", "server"])
def own(request: pytest.FixtureRequest, embedded: Settings) -> Settings:
    """The same, with the index in folders or on a Chroma server."""
    if request.param == "embedded":
        return embedded
    return kept_on_a_server(embedded, request.getfixturevalue("chroma_url"))


def path_of_manifest(settings: Settings) -> Path:
    return settings.index_dir / generation_of(settings) / "manifest.json"


def edit(settings: Settings, name: str, old: str, new: str) -> None:
    path = settings.knowledge_dir / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def texts(report: SyncReport) -> int:
    return report.embedded + report.reused


def test_a_first_sync_embeds_every_text(settings: Settings, encoder: Encoder) -> None:
    report = sync(settings, encoder=encoder)
    assert (report.changed, report.documents, report.chunks) == (True, 4, CHUNKS)
    assert report.embedded == texts(report) == TEXTS
    assert report.generation == generation_of(settings)
    assert indexed_documents(settings) == set(DOCUMENTS)


def test_a_second_sync_embeds_nothing_and_says_so(own: Settings) -> None:
    before = generation_of(own)
    report = sync(own)
    assert (report.changed, report.embedded, report.reused) == (False, 0, TEXTS)
    assert report.generation == generation_of(own) == before


def test_an_edit_embeds_only_the_chunk_that_changed(
    own: Settings, encoder: Encoder
) -> None:
    edit(own, "guidance/duration.md", "up to 30 days", "up to 60 days")
    report = sync(own, encoder=encoder)
    assert (report.changed, report.embedded, report.reused) == (True, 1, TEXTS - 1)
    (hit,) = search(own, "may I pause for 60 days", limit=1)
    assert (hit.document, hit.headings) == (
        "guidance/duration.md",
        ("Flexible pace",),
    )


def test_another_heading_embeds_the_chunk_and_what_it_is_asked_by(
    own: Settings, encoder: Encoder
) -> None:
    edit(own, "faq/certificate.md", "Do I get a certificate?", "Is there a paper?")
    report = sync(own, encoder=encoder)
    assert (report.embedded, report.reused) == (2, TEXTS - 2)


def test_a_text_that_moves_is_not_embedded_again(own: Settings) -> None:
    path = own.knowledge_dir / "guidance" / "visa.md"
    path.rename(own.knowledge_dir / "faq" / "student visas.md")
    report = sync(own)
    assert (report.changed, report.embedded, report.reused) == (True, 0, TEXTS)
    assert indexed_documents(own) == {
        *(name for name in DOCUMENTS if name != "guidance/visa.md"),
        "faq/student visas.md",
    }


def test_a_deleted_document_is_gone_at_the_switch_and_not_before(
    own: Settings,
) -> None:
    (own.knowledge_dir / "guidance" / "fees.md").unlink()
    seen: list[tuple[str, bool]] = []
    sync(
        own,
        step=lambda step: seen.append(
            (step, "guidance/fees.md" in indexed_documents(own))
        ),
    )
    assert seen == [
        ("read", True),
        ("embed", True),
        ("build", True),
        ("verify", True),
        ("switch", True),
        ("clean", False),
    ]


def test_a_reader_of_the_old_index_is_not_disturbed(
    own: Settings, encoder: Encoder
) -> None:
    store = open_store(own)
    store.look_every = 0.0
    library = IndexLibrary(store, embedding_model=BUNDLED_NAME)
    old = library.index()
    vectors = store.load(old.generation).chunk_vectors
    for number in range(3):
        (own.knowledge_dir / "guidance" / "fees.md").write_text(f"Fee {number}.")
        sync(own, encoder=encoder)
    for number, vector in enumerate(vectors):
        scores = old.scores(Query(text="", vector=vector))
        assert scores.alone.text.argmax() == number
    assert len(library.index().chunks) == len(old.chunks) - 2


def test_the_previous_generation_is_kept_and_older_ones_are_removed(
    own: Settings,
) -> None:
    made = [generation_of(own)]
    for number in range(3):
        folder = own.knowledge_dir / "guidance"
        next(folder.glob("visa*.md")).rename(folder / f"visa {number}.md")
        made.append(sync(own).generation)
        assert generations(own) == set(made[-2:])
    assert manifest_of(own).previous == made[-2]
    assert sync(own).changed is False
    assert generations(own) == set(made[-2:])


def test_a_broken_document_is_left_out_and_everything_else_goes_in(
    own: Settings,
) -> None:
    edit(own, "guidance/visa.md", "kind: guidance", "kind: rumour")
    (own.knowledge_dir / "new.md").write_text("---\ntitle: not closed", "utf-8")
    (own.knowledge_dir / "guidance" / "fees.md").unlink()
    ends = {file.path: file for file in sync(own).files}
    kept = set(DOCUMENTS) - {"guidance/visa.md", "guidance/fees.md"}
    assert indexed_documents(own) == kept
    assert ends["new.md"].reason == "line 1: front matter is not closed with a line ---"
    assert str(ends["guidance/visa.md"].reason).startswith("line 3: kind: Input should")


def test_no_documents_at_all_leave_the_index_as_it_is(own: Settings) -> None:
    shutil.rmtree(own.knowledge_dir)
    own.knowledge_dir.mkdir()
    with pytest.raises(DocumentError, match="holds no documents"):
        sync(own)
    assert indexed_documents(own) == set(DOCUMENTS)


def test_documents_without_a_readable_word_are_refused(own: Settings) -> None:
    for name, text in DOCUMENTS.items():
        head = text.split("\n---\n", 1)[0]
        (own.knowledge_dir / name).write_text(f"{head}\n---\n<!-- later -->\n")
    with pytest.raises(DocumentError, match="no text in any of the documents"):
        sync(own)
    assert indexed_documents(own) == set(DOCUMENTS)


def test_another_embedding_model_embeds_everything_again(
    own: Settings, encoder: Encoder
) -> None:
    other = own.model_copy(update={"embedding_model": "another"})
    report = sync(other, encoder=encoder)
    assert (report.changed, report.embedded, report.reused) == (True, TEXTS, 0)
    assert manifest_of(other).embedding_model == "another"
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        indexed_documents(own)


def test_another_version_of_the_chunker_builds_anew_with_old_embeddings(
    embedded: Settings,
) -> None:
    path = path_of_manifest(embedded)
    fields = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(fields | {"recipe": "of long ago"}), "utf-8")
    report = sync(embedded)
    assert (report.changed, report.embedded, report.reused) == (True, 0, TEXTS)
    assert manifest_of(embedded).recipe == fields["recipe"]


@pytest.mark.parametrize(
    "damaged",
    ["manifest.json", "chroma.sqlite3", "details.npy", "everything", "the pointer"],
)
def test_a_damaged_index_is_built_anew(
    embedded: Settings, encoder: Encoder, damaged: str
) -> None:
    folder = embedded.index_dir / generation_of(embedded)
    if damaged == "everything":
        shutil.rmtree(folder)
    elif damaged == "the pointer":
        (embedded.index_dir / "current").write_text("nowhere\n")
    else:
        (folder / damaged).write_bytes(b"\0 damaged")
    report = sync(embedded, encoder=encoder)
    assert (report.changed, report.embedded) == (True, TEXTS)
    assert indexed_documents(embedded) == set(DOCUMENTS)


def test_an_index_of_another_format_is_built_anew(
    embedded: Settings, encoder: Encoder
) -> None:
    path = path_of_manifest(embedded)
    fields = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(fields | {"format": 0}), "utf-8")
    assert sync(embedded, encoder=encoder).changed is True
    assert manifest_of(embedded).format > 0


def test_a_sync_while_another_process_is_at_it_is_refused(own: Settings) -> None:
    (own.knowledge_dir / "guidance" / "fees.md").unlink()
    with start_sync(own, "switch", HOLD) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "holding\n"
        with pytest.raises(SyncUnderwayError, match="another ingest sync is running"):
            sync(own)
        assert indexed_documents(own) == set(DOCUMENTS)
        other.communicate("go on\n")
    assert other.returncode == 0
    assert indexed_documents(own) == set(DOCUMENTS) - {"guidance/fees.md"}
    assert sync(own).changed is False
