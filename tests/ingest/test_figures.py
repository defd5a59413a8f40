"""One truth for each figure: told in every sentence and language, checked, ended."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import DocumentError
from ingest.check import check
from ingest.figure_writing import FORMATS, date_written, sum_written, sums_in
from ingest.figures import read_figures
from ingest.findings import Trouble
from ingest.status import in_words, status
from ingest.sync import sync
from tests.support.answering import answering_with, ask
from tests.support.catalogues import put_catalogue, sum_of, write_catalogue
from tests.support.clock import Clock
from tests.support.indexing import generation_of
from tests.support.knowledge import write_knowledge

FIGURES = """\
uk.visa.fee:
  value: 1524
  unit: GBP
  as_of: 2025-04
  source: https://www.gov.uk/student-visa
  recheck_by: 2027-02-28
uk.work.hours:
  value: 20
  unit: hours
  valid_until: 2026-12-31
  as_of: 2026
  source: https://www.gov.uk/student-visa
"""
FEE, HOURS = "{{uk.visa.fee}}", "{{uk.work.hours}}"
DATED = "{{uk.visa.fee.as_of}}"
VISA = "guidance/uk.md"
COST = f"{VISA}#What does the UK visa cost?"
WORK = f"{VISA}#How many hours can I work?"
DOCUMENT = f"""\
---
title: The UK visa
kind: guidance
source: https://www.gov.uk/student-visa
last_verified: 2026-11-20
recheck_by: 2027-02-28
country: [uk]
---
## What does the UK visa cost?

The UK visa costs {FEE}, as of {DATED}. Pay it online.

## How many hours can I work?

You can work {HOURS} hours a week in the UK in term time.
"""
ANSWERS = {
    "de": f"Das britische Visum kostet {FEE} (Stand {DATED}).",
    "fr": f"Le visa britannique coûte {FEE} ({DATED}).",
    "ar": f"رسوم التأشيرة البريطانية {FEE} وفق بيانات {DATED}.",
    "hi": f"ब्रिटेन के वीज़ा की फ़ीस {FEE} है, {DATED} की जानकारी के अनुसार।",
    "zh": f"截至{DATED}，英国签证的费用是{FEE}。",
}
TOLD = {
    "de": "Das britische Visum kostet 1.524\u00a0£ (Stand April 2025).",
    "fr": "Le visa britannique coûte 1\u202f524\u00a0£ (avril 2025).",
    "ar": "رسوم التأشيرة البريطانية £1,524 وفق بيانات أبريل 2025.",
    "hi": "ब्रिटेन के वीज़ा की फ़ीस £1,524 है, अप्रैल 2025 की जानकारी के अनुसार।",
    "zh": "截至2025年4月，英国签证的费用是£1,524。",
}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Documents and catalogues that refer to figures, and no index."""
    folder = write_knowledge(tmp_path / "knowledge")
    (folder / "figures.yaml").write_text(FIGURES, "utf-8")
    (folder / VISA).write_text(DOCUMENT, "utf-8")
    of = sum_of(folder, COST)
    for language, answer in ANSWERS.items():
        write_catalogue(folder, language, {COST: {"answer": answer, "of": of}})
    return Settings(data_dir=tmp_path / "data", knowledge_dir=folder)


def indexed(settings: Settings, section: str) -> Chunk:
    """A section as it is in the index in use."""
    chunks = open_store(settings).load(generation_of(settings)).chunks
    return next(chunk for chunk in chunks if chunk.name == section)


def edit(settings: Settings, name: str, old: str, new: str) -> None:
    path = settings.knowledge_dir / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def found_by_check(settings: Settings, encoder: Encoder, clock: Clock) -> list[str]:
    found = check(settings, encoder=encoder, clock=clock)
    return [f"{one.trouble}: {one.where}: {one.message}" for one in found]


def test_a_figure_is_told_in_every_language_as_it_is_written_there(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    told = indexed(own, COST)
    assert told.text == "The UK visa costs £1,524, as of April 2025. Pay it online."
    assert told.sentences[1].text == "The UK visa costs £1,524, as of April 2025."
    assert told.answers == TOLD


def test_a_changed_line_changes_every_sentence_and_makes_no_translation_stale(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    edit(own, "figures.yaml", "1524", "1690.50")
    edit(own, "figures.yaml", "2025-04", "2026-10-08")
    report = sync(own, encoder=encoder)
    assert (report.changed, report.embedded) == (True, 1)
    changed = [file.path for file in report.files if file.added]
    told = indexed(own, COST)
    assert changed == [VISA]
    assert told.text.startswith("The UK visa costs £1,690.50, as of 8 October 2026.")
    assert told.answers["de"] == (
        "Das britische Visum kostet 1.690,50\u00a0£ (Stand 8. Oktober 2026)."
    )
    assert told.answers["zh"] == "截至2026年10月8日，英国签证的费用是£1,690.50。"
    assert sync(own).changed is False
    assert found_by_check(own, encoder, Clock()) == []


def test_a_line_that_no_sentence_shows_changes_no_document(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    edit(own, "figures.yaml", "2027-02-28", "2027-03-01")
    report = sync(own, encoder=encoder)
    assert report.embedded == 0
    assert {str(file.change) for file in report.files} == {"same"}


async def test_a_reply_is_as_old_as_the_oldest_figure_of_its_section(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    with answering_with(own, encoder=encoder) as answering:
        reply = await ask(answering, "What does the UK visa cost?", language="en")
    assert "£1,524" in reply.text
    assert [cited.as_of for cited in reply.citations] == [date(2025, 4, 1)]


async def test_a_section_is_left_out_from_the_day_on_which_its_figure_has_ended(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    question = "How many hours can I work in the UK in term time?"
    texts = []
    for now in (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)):
        with answering_with(own, encoder=encoder, clock=Clock(now)) as answering:
            reply = await ask(answering, question, language="en")
            texts.append(reply.text)
    assert "20 hours a week" in texts[0]
    assert "20 hours" not in texts[1]


def test_a_figure_that_has_ended_is_named_with_the_section_that_is_left_out(
    own: Settings, encoder: Encoder
) -> None:
    later = Clock(datetime(2027, 1, 2, tzinfo=UTC))
    ended = "“uk.work.hours” has ended on 2026-12-31; the section is left out"
    assert found_by_check(own, encoder, later) == [
        "expired: figures.yaml:7: uk.work.hours: valid_until was 2026-12-31",
        f"expired: {VISA}:15: {ended}",
    ]
    words = in_words(status(own, clock=later)).splitlines()[0]
    assert words == "13 sections, 1 left out: they, or their figures, have ended"
    assert in_words(status(own, clock=Clock())).splitlines()[0] == "13 sections"


def test_a_figure_that_is_to_be_looked_up_again_is_named(
    own: Settings, encoder: Encoder
) -> None:
    edit(own, "figures.yaml", "2027-02-28", "2026-11-01")
    found = found_by_check(own, encoder, Clock())
    assert found == ["due: figures.yaml:1: uk.visa.fee: recheck_by was 2026-11-01"]


def test_bare_sums_are_named_where_a_figure_covers_them(
    own: Settings, encoder: Encoder
) -> None:
    edit(own, VISA, "Pay it online.", "Pay the £1,524 online.")
    of = sum_of(own.knowledge_dir, COST)
    answer = f"Das Visum kostet {FEE}, Stand {DATED}; zahlen Sie die 1.524 £."
    write_catalogue(own.knowledge_dir, "de", {COST: {"answer": answer, "of": of}})
    for language in ("fr", "ar", "hi", "zh"):
        (own.knowledge_dir / f"languages/{language}.yaml").unlink()
    name = COST.partition("#")[0]
    assert found_by_check(own, encoder, Clock()) == [
        f"broken: {name}:11: “£1,524” is a figure; write {FEE}",
        f"broken: languages/de.yaml:2: “1.524 £” is a figure; write {FEE}",
    ]


def test_the_same_sum_is_something_else_in_documents_about_other_countries(
    own: Settings, encoder: Encoder
) -> None:
    elsewhere = DOCUMENT.replace("[uk]", "[ireland]").replace("The UK visa", "A flat")
    elsewhere = elsewhere.replace(FEE, "£1,524").replace(HOURS, "20")
    (own.knowledge_dir / "guidance/ireland.md").write_text(elsewhere, "utf-8")
    found = found_by_check(own, encoder, Clock())
    assert not [one for one in found if "is a figure" in one]


def test_a_reference_to_no_figure_is_named_with_its_line_and_the_index_stays(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    before = generation_of(own)
    edit(own, VISA, FEE, "{{uk.visa.fees}}")
    edit(own, VISA, "## How many hours", f"## {HOURS}: how many hours")
    lines = (
        f"{VISA}:11: there is no figure “uk.visa.fees”",
        f"{VISA}:13: a heading cannot refer to a figure",
    )
    refused = {file.path: file for file in sync(own, encoder=encoder).files}[VISA]
    assert refused.status == "refused"
    assert "there is no figure “uk.visa.fees”" in str(refused.reason)
    assert generation_of(own) != before  # the other documents go on
    found = found_by_check(own, encoder, Clock())
    assert {f"broken: {line}" for line in lines} <= set(found)


def test_an_answer_that_refers_to_no_figure_is_named_with_its_line(
    own: Settings, encoder: Encoder
) -> None:
    write_catalogue(
        own.knowledge_dir, "de", {COST: {"answer": "{{uk.fee}}", "of": "0a1b"}}
    )
    message = "languages/de.yaml:2: there is no figure “uk.fee”"
    with pytest.raises(DocumentError, match=re.escape(message)):
        sync(own, encoder=encoder)
    assert f"broken: {message}" in found_by_check(own, encoder, Clock())


def test_an_answer_may_refer_only_to_figures_of_its_section(
    own: Settings, encoder: Encoder
) -> None:
    of = sum_of(own.knowledge_dir, WORK)
    answer = f"Sie dürfen {HOURS} Stunden arbeiten; das Visum kostet {FEE}."
    write_catalogue(own.knowledge_dir, "de", {WORK: {"answer": answer, "of": of}})
    sync(own, encoder=encoder)
    assert indexed(own, WORK).answers == {}
    message = f"the answer refers to “uk.visa.fee”, and “{WORK}” does not"
    found = found_by_check(own, encoder, Clock())
    assert f"broken: languages/de.yaml:2: {message}" in found


def test_drafts_are_neither_told_nor_checked_for_figures(
    own: Settings, encoder: Encoder
) -> None:
    put_catalogue(
        own.knowledge_dir,
        "de",
        f'{VISA}:\n  "What does the UK visa cost?":\n    draft: true\n'
        '    answer: "{{no.such}} £1,524"\n',
    )
    sync(own, encoder=encoder)
    assert "de" not in indexed(own, COST).answers
    found = check(own, encoder=encoder, clock=Clock())
    assert [one.trouble for one in found] == [Trouble.DRAFT]


def test_without_a_list_of_figures_braces_are_braces(
    own: Settings, encoder: Encoder
) -> None:
    (own.knowledge_dir / "figures.yaml").unlink()
    sync(own, encoder=encoder)
    told = indexed(own, COST)
    assert told.text == f"The UK visa costs {FEE}, as of {DATED}. Pay it online."
    assert told.answers == ANSWERS
    assert told.as_of == date(2026, 11, 20)


def test_braces_on_a_fetched_page_are_braces(own: Settings, encoder: Encoder) -> None:
    page = own.knowledge_dir / "web/example.org/page.md"
    page.parent.mkdir(parents=True)
    page.write_text(f"# Templates\n\nWrite {FEE} there.\n", "utf-8")
    sync(own, encoder=encoder)
    told = indexed(own, "web/example.org/page.md#Templates")
    assert told.text == f"Write {FEE} there."


def test_a_document_is_read_again_when_its_figure_has_changed_and_only_then(
    own: Settings, encoder: Encoder
) -> None:
    sync(own, encoder=encoder)
    edit(own, "figures.yaml", "value: 20", "value: 24")
    report = sync(own, encoder=encoder)
    edited = [file.path for file in report.files if str(file.change) == "edited"]
    assert edited == [VISA]
    assert indexed(own, WORK).text.startswith("You can work 24 hours a week")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1524", "much", "2: value: must be a number as 1529 or 115.50, or a day"),
        ("2025-04", "soon", "4: as_of: must be a year, a month as 2026-04, or a day"),
        ("2025-04", "2025-13", "4: as_of: month must be in 1..12"),
        ("  unit: GBP\n", "", "1: unit: Field required"),
        ("unit: GBP", "units: GBP", "3: units: Extra inputs are not permitted"),
        ("https://www", "www", "5: source: an address starts with https://"),
        ("uk.visa.fee:", "Fee:", "1: 'Fee' is no id; write it as uk.student_visa.fee"),
        ("uk.work.hours", "uk.visa.fee", "7: uk.visa.fee stands here twice"),
        ("valid_until:", "valid_until: [", ": not YAML: "),
        (FIGURES, "- one", "1: names with values are needed here"),
        ("2026-12-31", "2026-12-31\n  valid_from: 2027-01-01", "is before valid_from"),
    ],
)
def test_a_broken_figure_is_named_with_its_line(
    own: Settings, old: str, new: str, message: str
) -> None:
    edit(own, "figures.yaml", old, new)
    with pytest.raises(DocumentError) as raised:
        read_figures(own.knowledge_dir)
    assert message in str(raised.value)
    assert str(raised.value).startswith("figures.yaml:")


@pytest.mark.parametrize("language", ["en", "es", "ar", "hi", "bn", "zh", *FORMATS])
@pytest.mark.parametrize("value", ["7", "524", "1529", "45934.20", "139.11", "295000"])
@pytest.mark.parametrize("unit", ["GBP", "EUR", "CAD", "INR"])
def test_a_sum_is_read_as_it_was_written(language: str, value: str, unit: str) -> None:
    written = sum_written(Decimal(value), unit, language)
    for text in (written, f"و{written}，", f"2026 {written}. {written} 2027"):
        found = {(read, code) for _, read, code in sums_in(text)}
        assert (Decimal(value), unit) in found, text


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "31 March 2026"),
        ("de", "31. März 2026"),
        ("es", "31 de marzo de 2026"),
        ("ar", "31 مارس 2026"),
        ("hi", "31 मार्च 2026"),
        ("hi-Latn", "31 March 2026"),
        ("xx", "31 March 2026"),
    ],
)
def test_a_day_is_a_figure_too(own: Settings, language: str, shown: str) -> None:
    edit(
        own, "figures.yaml", "value: 1524\n  unit: GBP", "value: 2026-03-31\n  unit: d"
    )
    figure = read_figures(own.knowledge_dir)["uk.visa.fee"]
    assert figure.written(language) == shown


def test_dates_are_as_exact_as_their_source_and_scores_stand_as_on_a_certificate() -> (
    None
):
    assert date_written("2026", "zh") == "2026年"
    assert date_written("2026", "de") == "2026"
    assert date_written("2026-06", "vi") == "tháng 6 năm 2026"
    assert sum_written(Decimal("6.0"), "score", "de") == "6.0"
    assert sum_written(Decimal(12000), "SEK", "de") == "12.000\u00a0SEK"
    assert sum_written(Decimal(12000), "SEK", "en") == "SEK\u00a012,000"
