"""Catalogues reach the index; a mistake in one is named, and the index stays."""

from pathlib import Path

import pytest

from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import DocumentError
from ingest.phrasings import read_catalogues, section_sum
from ingest.search import search
from ingest.sync import sync
from tests.support.catalogues import (
    Fields,
    chunks_of,
    put_catalogue,
    sum_of,
    write_catalogue,
)
from tests.support.indexing import generation_of
from tests.support.knowledge import write_knowledge

REFUNDS = "guidance/fees.md#Refunds"
ASK = "¿Me devuelven el dinero?"
ANSWER = "Le devolvemos todo el dinero durante 14 días."


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Documents to which catalogues are added, and no index."""
    knowledge = write_knowledge(tmp_path / "knowledge")
    return Settings(data_dir=tmp_path / "data", knowledge_dir=knowledge)


def answered(settings: Settings, **more: object) -> Fields:
    """An entry with an answer to the section as it is now."""
    of = sum_of(settings.knowledge_dir, REFUNDS)
    return {"asks": [ASK], "answer": ANSWER, "of": of, **more}


def indexed(settings: Settings, section: str = REFUNDS) -> Chunk:
    """A section's first chunk in the index in use."""
    chunks = open_store(settings).load(generation_of(settings)).chunks
    return next(chunk for chunk in chunks if chunk.name == section)


def edit_refunds(settings: Settings) -> None:
    path = settings.knowledge_dir / "guidance/fees.md"
    path.write_text(path.read_text("utf-8").replace("14 days", "30 days"), "utf-8")


def test_asks_and_answers_of_all_languages_reach_their_section(
    own: Settings, encoder: Encoder
) -> None:
    write_catalogue(own.knowledge_dir, "es", {REFUNDS: answered(own)})
    asks = ["Do I get my money back?", "money bak"]
    write_catalogue(own.knowledge_dir, "en", {REFUNDS: {"asks": asks}})
    sync(own, encoder=encoder)
    found = indexed(own)
    assert [(ask.language, ask.text) for ask in found.asks] == [
        ("en", asks[0]),
        ("en", asks[1]),
        ("es", ASK),
    ]
    assert found.ask_in("en") == asks[0]
    assert found.answers == {"es": ANSWER}
    assert indexed(own, "guidance/visa.md#Germany").asks == ()


def test_an_ask_finds_its_section_where_the_documents_words_would_not(
    own: Settings, encoder: Encoder
) -> None:
    write_catalogue(
        own.knowledge_dir, "de", {REFUNDS: {"asks": ["Kann ich alles widerrufen?"]}}
    )
    sync(own, encoder=encoder)
    (hit,) = search(own, "Kann ich alles widerrufen?", limit=1)
    assert (hit.document, hit.headings) == ("guidance/fees.md", ("Refunds",))
    assert hit.asked > hit.text


def test_an_edited_catalogue_embeds_only_what_is_new(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    write_catalogue(own.knowledge_dir, "es", {REFUNDS: {"asks": [ASK]}})
    report = sync(own, encoder=encoder)
    assert (report.changed, report.embedded) == (True, 1)
    assert sync(own).changed is False
    (own.knowledge_dir / "languages/es.yaml").unlink()
    report = sync(own)
    assert (report.changed, report.embedded) == (True, 0)
    assert indexed(own).asks == ()


def test_a_stale_answer_is_not_used_while_its_asks_still_find(
    own: Settings, encoder: Encoder
) -> None:
    write_catalogue(own.knowledge_dir, "es", {REFUNDS: answered(own)})
    edit_refunds(own)
    sync(own, encoder=encoder)
    found = indexed(own)
    assert found.answers == {}
    assert [ask.text for ask in found.asks] == [ASK]
    (stale,) = read_catalogues(own.knowledge_dir).stale(chunks_of(own.knowledge_dir))
    assert (stale.language, stale.section) == ("es", REFUNDS)


def test_blanks_and_line_breaks_make_no_answer_stale() -> None:
    assert section_sum("All of it\nwithin  14 days.") == section_sum(
        "All of it within 14 days. "
    )
    assert section_sum("14 days") != section_sum("30 days")


@pytest.mark.parametrize(("draft", "used"), [("true", False), ("false", True)])
def test_a_draft_is_not_used(
    draft: str, used: bool, own: Settings, encoder: Encoder
) -> None:
    entry = answered(own, draft=draft == "true")
    write_catalogue(own.knowledge_dir, "es", {REFUNDS: entry})
    sync(own, encoder=encoder)
    assert bool(indexed(own).asks) is used
    assert bool(indexed(own).answers) is used


@pytest.mark.parametrize(
    ("draft", "asks", "answers"),
    [("asks", [], {"es": ANSWER}), ("answer", [ASK], {})],
)
def test_a_part_of_an_entry_can_be_a_draft(
    draft: str, asks: list[str], answers: dict[str, str], own: Settings
) -> None:
    write_catalogue(own.knowledge_dir, "es", {REFUNDS: answered(own, draft=draft)})
    catalogues = read_catalogues(own.knowledge_dir)
    chunks = catalogues.added_to(chunks_of(own.knowledge_dir))
    (found,) = [chunk for chunk in chunks if chunk.name == REFUNDS]
    assert [ask.text for ask in found.asks] == asks
    assert found.answers == answers
    (draft_of,) = catalogues.drafts
    assert bool(draft_of.asks) is not bool(asks)
    assert bool(draft_of.answer) is not bool(answers)


def test_a_draft_may_be_unfinished(own: Settings) -> None:
    text = "a.md:\n  B:\n    draft: true\n    asks:\n    answer: x\n"
    text += "  C:\n    draft: asks\n"
    put_catalogue(own.knowledge_dir, "es", text)
    catalogues = read_catalogues(own.knowledge_dir)
    assert [(one.section, one.answer) for one in catalogues.drafts] == [("a.md#B", "x")]
    assert [one.section for one in catalogues.entries] == ["a.md#C"]


def test_entries_of_sections_that_are_not_there_are_reported_and_do_no_harm(
    own: Settings, encoder: Encoder
) -> None:
    gone = "guidance/fees.md#Instalments"
    entries: dict[str, Fields] = {
        gone: {"asks": ["In parts?"]},
        REFUNDS: {"asks": [ASK]},
    }
    write_catalogue(own.knowledge_dir, "es", entries)
    sync(own, encoder=encoder)
    assert [ask.text for ask in indexed(own).asks] == [ASK]
    (unknown,) = read_catalogues(own.knowledge_dir).unknown(
        chunks_of(own.knowledge_dir)
    )
    assert (unknown.section, unknown.where) == (gone, "languages/es.yaml:2")


def test_what_is_said_of_a_section_stands_once_with_its_first_piece(
    own: Settings,
) -> None:
    long = "\n\n".join(f"Paragraph {n}. " + "Some more words. " * 60 for n in range(6))
    head = "---\ntitle: Long\nkind: guidance\nlast_verified: 2026-06-01\n---\n"
    (own.knowledge_dir / "long.md").write_text(f"{head}## Part\n\n{long}", "utf-8")
    name = "long.md#Part"
    of = sum_of(own.knowledge_dir, name)
    entry = {"asks": ["¿Y?"], "answer": "Mucho.", "of": of}
    write_catalogue(own.knowledge_dir, "es", {name: entry})
    chunks = read_catalogues(own.knowledge_dir).added_to(chunks_of(own.knowledge_dir))
    first, *others = [chunk for chunk in chunks if chunk.name == name]
    assert others
    assert first.answers == {"es": "Mucho."}
    assert all(not chunk.asks and not chunk.answers for chunk in others)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.md:\n  B:\n    ask: [x]\n", "es.yaml:3: there is no field 'ask'"),
        ("a.md:\n  B:\n    asks: Why?\n", "es.yaml:3: asks must be a list of"),
        ("a.md:\n  B:\n    asks:\n    - [x]\n", "es.yaml:4: asks must be a text"),
        ("a.md:\n  B:\n    asks: ['']\n", "es.yaml:3: asks must be a text"),
        ("a.md:\n  B:\n    answer: {}\n", "es.yaml:3: answer must be a text"),
        ("a.md:\n  B:\n    answer: x\n", "es.yaml:2: an answer needs the sum of"),
        (
            "a.md:\n  B:\n    draft: soon\n",
            "es.yaml:3: draft must be one of true, false, ",
        ),
        ("a.md:\n  B: Why?\n", "es.yaml:2: names with values are needed here"),
        ("a.md: [B]\n", "es.yaml:1: names with values are needed here"),
        ("- a.md\n", "es.yaml:1: names with values are needed here"),
        ("a.md:\n  B: [\n", "es.yaml:3: not YAML: "),
    ],
)
def test_a_mistake_is_named_with_file_and_line_and_the_index_stays(
    text: str, message: str, own: Settings, encoder: Encoder
) -> None:
    before = sync(own, encoder=encoder).generation
    put_catalogue(own.knowledge_dir, "es", text)
    with pytest.raises(DocumentError) as caught:
        sync(own, encoder=encoder)
    assert str(caught.value).startswith(f"languages/{message}")
    assert generation_of(own) == before


def test_every_catalogue_with_a_mistake_is_named(own: Settings) -> None:
    put_catalogue(own.knowledge_dir, "de", "a.md: []\n")
    put_catalogue(own.knowledge_dir, "es", "")
    path = own.knowledge_dir / "languages/fr.yaml"
    path.write_bytes(b"a.md:\n  B:\n    asks: [caf\xe9]\n")
    with pytest.raises(DocumentError) as caught:
        read_catalogues(own.knowledge_dir)
    assert str(caught.value).splitlines() == [
        "languages/de.yaml:1: names with values are needed here",
        "languages/fr.yaml:3: not UTF-8; save it as UTF-8",
    ]


def test_without_catalogues_there_is_nothing_to_add(own: Settings) -> None:
    found = read_catalogues(own.knowledge_dir)
    chunks = chunks_of(own.knowledge_dir)
    assert found.entries == ()
    assert found.added_to(chunks) == chunks
