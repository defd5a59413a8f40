"""A check lists what is wrong in the catalogues, with file and line."""

from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from ingest.check import check
from ingest.findings import Finding, Trouble
from tests.support.catalogues import (
    Fields,
    put_catalogue,
    sum_of,
    write_catalogue,
)
from tests.support.clock import Clock
from tests.support.knowledge import write_knowledge

REFUNDS = "guidance/fees.md#Refunds"
GERMANY = "guidance/visa.md#Germany"
HOURS = "guidance/duration.md#Hours a week"
WHERE = "languages/es.yaml:2"


class Desk:
    """The sample documents, to which a catalogue is added."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        knowledge = write_knowledge(folder / "knowledge")
        self.settings = Settings(data_dir=folder / "data", knowledge_dir=knowledge)
        self._encoder = encoder

    def write(self, section: str, **fields: object) -> None:
        """An entry of the Spanish catalogue, the only one."""
        self.write_all({section: fields})

    def write_all(self, sections: dict[str, Fields], language: str = "es") -> None:
        write_catalogue(self.settings.knowledge_dir, language, sections)

    def answer(self, section: str, text: str, language: str = "es") -> None:
        """An entry with an answer to a section as it is now."""
        of = sum_of(self.settings.knowledge_dir, section)
        self.write_all({section: {"answer": text, "of": of}}, language)

    def findings(self) -> list[Finding]:
        return check(self.settings, encoder=self._encoder, clock=Clock())

    def said(self) -> list[str]:
        return [f"{one.trouble}: {one.where}: {one.message}" for one in self.findings()]


@pytest.fixture
def desk(tmp_path: Path, encoder: Encoder) -> Desk:
    return Desk(tmp_path, encoder)


def test_a_catalogue_in_order_leaves_nothing_to_do(desk: Desk) -> None:
    asks = ["¿Me devuelven el dinero?", "reembolso"]
    answer = "Le devolvemos todo durante 14 días. Después no hay reembolso."
    of = sum_of(desk.settings.knowledge_dir, REFUNDS)
    desk.write_all(
        {
            REFUNDS: {"asks": asks, "answer": answer, "of": of},
            GERMANY: {"asks": ["¿Qué pide Alemania para el visado?"]},
        }
    )
    assert desk.findings() == []


def test_an_entry_of_a_section_that_is_not_there_is_broken(desk: Desk) -> None:
    desk.write("guidance/fees.md#Refund", asks=["¿Y?"])
    told = f"there is no section “guidance/fees.md#Refund”; is it “{REFUNDS}” now?"
    assert desk.said() == [f"broken: {WHERE}: {told}"]
    desk.write("x.md#y", asks=["¿Y?"])
    assert desk.said() == [f"broken: {WHERE}: there is no section “x.md#y”"]


def test_mistakes_of_all_catalogues_are_broken(desk: Desk) -> None:
    put_catalogue(desk.settings.knowledge_dir, "de", "a.md:\n  B:\n    ask: []\n")
    put_catalogue(desk.settings.knowledge_dir, "es", "a.md: []\n")
    assert [(one.trouble, one.where) for one in desk.findings()] == [
        (Trouble.BROKEN, "languages/de.yaml:3"),
        (Trouble.BROKEN, "languages/es.yaml:1"),
    ]


def test_damaged_vectors_are_broken_and_the_rest_is_checked(desk: Desk) -> None:
    desk.write("x.md#y", asks=["¿Y?"])
    path = desk.settings.knowledge_dir / "languages/vectors.npz"
    path.write_bytes(b"damaged")
    assert [one.where for one in desk.findings()] == [WHERE, "languages/vectors.npz"]


def test_an_answer_to_a_section_that_has_changed_is_due(desk: Desk) -> None:
    desk.answer(REFUNDS, "Le devolvemos todo durante 14 días.")
    path = desk.settings.knowledge_dir / "guidance/fees.md"
    text = path.read_text("utf-8").replace("no refund", "no refund at all")
    path.write_text(text, "utf-8")
    told = "has changed since its answer was written, which is not used any more"
    (said,) = desk.said()
    assert said.startswith(f"due: {WHERE}: “{REFUNDS}” {told}")
    of = sum_of(desk.settings.knowledge_dir, REFUNDS)
    assert said.endswith(f"write of: {of}")


@pytest.mark.parametrize(
    ("section", "answer", "message"),
    [
        (
            REFUNDS,
            "Le devolvemos todo durante 41 días.",
            "the answer has figures other than those of “{}”: 41",
        ),
        (
            REFUNDS,
            "Le devolvemos todo si lo pide pronto.",
            "the answer lacks figures of “{}”: 14",
        ),
        (
            GERMANY,
            "Para el visado pide 11.904 euros al año, y una cita a las 8 semanas.",
            "the answer lacks figures of “{}”: 1",
        ),
    ],
)
def test_an_answer_with_other_figures_than_its_section_contradicts_it(
    section: str, answer: str, message: str, desk: Desk
) -> None:
    desk.answer(section, answer)
    said = [one for one in desk.said() if one.startswith("contradicting")]
    assert f"contradicting: {WHERE}: {message.format(section)}" in said


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("es", "Alemania pide 11.904 euros: cita en 8 semanas, entrega en un día (1)."),
        ("ar", "تطلب ألمانيا ١١٬٩٠٤ يورو؛ الموعد خلال ٨ أسابيع والتسليم في يوم ١."),
        ("hi", "जर्मनी 11,904 यूरो माँगता है; ८ सप्ताह में अपॉइंटमेंट, १ दिन में जमा।"),
    ],
)
def test_the_same_figures_written_another_way_are_the_same(
    language: str, answer: str, desk: Desk
) -> None:
    desk.answer(GERMANY, answer, language)
    assert desk.findings() == []


def test_a_figure_may_be_written_as_a_word(desk: Desk) -> None:
    desk.answer("guidance/visa.md#Canada", "No hace falta permiso hasta 6 meses.")
    assert desk.findings() == []


def test_months_that_a_language_numbers_are_no_figures(desk: Desk) -> None:
    section = "guidance/fees.md#Scholarships"
    desk.answer(section, "港湾助学金支付一半费用。申请截止于3月31日。", "zh")
    assert desk.findings() == []


def test_an_ask_that_is_nearer_to_another_section_is_named_with_both(
    desk: Desk,
) -> None:
    ask = "What does Germany ask for the visa?"
    desk.write_all({HOURS: {"asks": ["Can I study in the evening?", ask]}}, "en")
    (found,) = desk.findings()
    assert (found.trouble, found.where) == (Trouble.DUPLICATED, "languages/en.yaml:2")
    assert found.message == (
        f"“{ask}” stands under “{HOURS}” and is nearer to “{GERMANY}”"
    )
    desk.write_all({GERMANY: {"asks": [ask]}}, "en")
    assert desk.findings() == []


def test_an_ask_that_two_sections_share_is_named_with_both(desk: Desk) -> None:
    desk.write_all(
        {
            REFUNDS: {"asks": ["Do I get my money back?"]},
            "guidance/fees.md#Scholarships": {"asks": ["do I get  my money back?"]},
        },
        "en",
    )
    told = (
        "duplicated: languages/en.yaml:5: “do I get  my money back?” stands under "
        f"“guidance/fees.md#Scholarships” and also stands under “{REFUNDS}”"
    )
    assert told in desk.said()


def test_drafts_are_named_and_looked_at_only_for_their_section(desk: Desk) -> None:
    desk.write(REFUNDS, draft=True, asks=["How many hours a week?"], answer="99")
    told = "which is not used; once it is right, delete the line draft"
    about = f"draft: {WHERE}: “{REFUNDS}” has a draft of"
    assert desk.said() == [f"{about} asks and answer, {told}"]
    desk.write(REFUNDS, draft="answer", answer="99", of="old")
    told = "and has changed since; delete this answer, and have it drafted again"
    assert desk.said() == [f"{about} answer, {told}"]
    desk.write("x.md#y", draft=True)
    assert [one.trouble for one in desk.findings()] == [Trouble.BROKEN]
