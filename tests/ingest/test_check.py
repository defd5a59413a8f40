"""A check lists what somebody has to look at, and nothing else."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.errors import DocumentError
from ingest.__main__ import main
from ingest.check import check
from ingest.findings import Finding, Trouble
from ingest.links import address_problem
from ingest.sync import sync
from tests.conftest import PROJECT
from tests.support.clock import Clock

BLOCKED = "A German blocked account needs €11,904 for a year, as of June 2026."


class Desk:
    """A folder of documents that is checked on a day."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.settings = Settings(data_dir=folder / "data", knowledge_dir=folder / "k")
        self.settings.knowledge_dir.mkdir()
        self._encoder = encoder

    def write(self, name: str, body: str, **fields: str) -> None:
        about = {"title": name, "kind": "guidance", "last_verified": "2026-11-01"}
        front = "\n".join(
            f"{field}: {text}" for field, text in (about | fields).items()
        )
        path = self.settings.knowledge_dir / f"{name}.md"
        path.write_text(f"---\n{front}\n---\n{body}\n", "utf-8")

    def put(self, name: str, content: str) -> None:
        (self.settings.knowledge_dir / name).write_text(content, "utf-8")

    def findings(self, now: datetime | None = None) -> list[Finding]:
        clock = Clock(now) if now else Clock()
        return check(self.settings, encoder=self._encoder, clock=clock)

    def said(self) -> list[str]:
        return [f"{one.trouble}: {one.where}: {one.message}" for one in self.findings()]


@pytest.fixture
def desk(tmp_path: Path, encoder: Encoder) -> Desk:
    return Desk(tmp_path, encoder)


def test_documents_in_order_leave_nothing_to_do(desk: Desk) -> None:
    desk.write("one", BLOCKED, valid_until="2026-11-24", recheck_by="2026-11-24")
    desk.write("two", "A tuition deposit is paid before the visa.")
    assert desk.findings() == []


def test_whoever_names_a_day_for_the_next_look_is_not_asked_before_it(
    desk: Desk,
) -> None:
    desk.write("one", BLOCKED, last_verified="2022-06-27", recheck_by="2026-12-31")
    assert desk.findings() == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"valid_until": "2026-11-23"}, "expired: one.md: valid_until was 2026-11-23"),
        ({"recheck_by": "2026-11-23"}, "due: one.md: recheck_by was 2026-11-23"),
        (
            {"last_verified": "2025-11-23"},
            "due: one.md: last_verified 2025-11-23 is more than a year ago",
        ),
    ],
)
def test_age_is_told_by_the_day(
    fields: dict[str, str], message: str, desk: Desk
) -> None:
    desk.write("one", BLOCKED, **fields)
    assert desk.said() == [message]


def test_a_year_before_a_leap_day_is_the_day_before(desk: Desk) -> None:
    desk.write("one", BLOCKED, last_verified="2027-02-28")
    assert desk.findings(datetime(2028, 2, 29, tzinfo=UTC)) == []


def test_every_mistake_in_the_front_matter_is_named_with_its_line(desk: Desk) -> None:
    desk.write("one", BLOCKED, kind="essay", colour="red")
    desk.write("two", "")
    assert [(one.trouble, one.where) for one in desk.findings()] == [
        (Trouble.BROKEN, "one.md:3"),
        (Trouble.BROKEN, "two.md:5"),
    ]


def test_files_of_other_formats_are_as_old_as_the_file_beside_them_says(
    desk: Desk,
) -> None:
    head = "title: Fees\nkind: guidance\nlast_verified: 2026-01-01\n"
    desk.put("fees.txt", "The fee is 200 euros.")
    desk.put("fees.txt.yaml", head + "valid_until: 2026-06-30\n")
    desk.put("prices.pdf", "cannot even be read")
    desk.put("prices.pdf.yaml", head + "recheck_by: 2026-06-01\n")
    desk.put("undated.txt", "Everybody may apply.")
    assert desk.said() == [
        "broken: prices.pdf: is refused: is damaged, or not a PDF file",
        "expired: fees.txt: valid_until was 2026-06-30",
        "due: prices.pdf: recheck_by was 2026-06-01",
    ]


def test_what_is_broken_in_a_file_beside_another_is_named_with_its_line(
    desk: Desk,
) -> None:
    head = "title: Fees\nkind: {}\nlast_verified: 2026-11-01\nsource: {}\n"
    for name in ("a.txt", "b.txt"):
        desk.put(name, "The fee is 200 euros.")
    desk.put("a.txt.yaml", head.format("nonsense", "https://example.org"))
    desk.put("b.txt.yaml", head.format("guidance", "https://intranet/x"))
    desk.put("gone.txt.yaml", head.format("guidance", "https://example.org"))
    kinds = "Input should be 'guidance', 'programme' or 'faq'"
    assert desk.said() == [
        f"broken: a.txt.yaml:2: kind: {kinds}",
        "broken: b.txt.yaml:4: https://intranet/x names no site",
        "broken: gone.txt.yaml: describes a file that is not here",
    ]


def test_files_of_other_formats_are_compared_too(desk: Desk) -> None:
    said = "The semester contribution for students is {} euros."
    desk.write("one", said.format(250))
    desk.put("two.txt", said.format(300))
    (found,) = desk.findings()
    assert (found.trouble, found.where) == (Trouble.CONTRADICTING, "one.md")
    assert f"but two.txt says “{said.format(300)}”" in found.message
    (desk.settings.knowledge_dir / "one.md").unlink()
    desk.put("three.txt", said.format(300))
    assert desk.said() == ["duplicated: two.txt: has the same text as three.txt"]


def test_files_of_other_formats_that_the_index_holds_are_not_read_again(
    desk: Desk, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("one", "The semester contribution for students is 250 euros.")
    desk.put("two.txt", "The semester contribution for students is 300 euros.")
    sync(desk.settings, encoder=encoder)
    monkeypatch.setattr("ingest.reading.Reader.read", None)
    assert len(desk.findings()) == 1


def test_a_link_to_a_folder_is_named(desk: Desk, tmp_path: Path) -> None:
    desk.write("one", BLOCKED)
    (desk.settings.knowledge_dir / "more").symlink_to(tmp_path)
    assert desk.said() == [
        "broken: more: is a link to a folder; put the documents themselves here"
    ]


def test_links_that_lead_nowhere_are_named_with_their_line(desk: Desk) -> None:
    desk.write(
        "one",
        "See [a](https://example.org/a) and [b](htps://example.org).\n\n"
        "Or [c](https://exa mple.org) and <mailto:a@example.org>.",
        source="https://intranet/x",
    )
    assert desk.said() == [
        "broken: one.md:5: https://intranet/x names no site",
        (
            "broken: one.md:7: htps://example.org is no address that a contact can "
            "open; write https://…"
        ),
        (
            "broken: one.md:9: [c](https://exa mple.org) is not read as a link; take "
            "the spaces out"
        ),
    ]


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org:8080/", True),
        ("https://münchen.de", True),
        ("https://8.8.8.8/", True),
        ("mailto:office@example.org", True),
        ("tel:+4420", True),
        ("#fees", True),
        ("mailto:", False),
        ("https://", False),
        ("https://a..b/", False),
        ("https://localhost/", False),
        ("http://127.0.0.1/", False),
        ("http://[::1]/", False),
        ("http://[::1/", False),
        ("http://10.0.0.8/", False),
        ("https://example.org:port/", False),
        ("fees.md", False),
        ("//example.org/x", False),
        ("javascript:alert(1)", False),
    ],
)
def test_an_address_can_be_opened_or_not(address: str, fine: bool) -> None:
    assert (address_problem(address) is None) is fine


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BLOCKED, "You need 11,208 euros in a blocked account for one year."),
        (BLOCKED, "A blocked account for Germany must hold EUR 11.208 a year."),
        (
            "Students may work 20 hours a week during term.",
            "During term, students may work 24 hours a week.",
        ),
        ("The refund period is 14 days.", "The refund period is 7 days."),
        ("The application fee is US$50.", "The application fee is US$75."),
    ],
)
def test_the_same_figure_with_different_values_is_a_contradiction(
    one: str, other: str, desk: Desk
) -> None:
    desk.write("one", one, country="[germany]")
    desk.write("two", other)
    found = [each for each in desk.findings() if each.trouble is Trouble.CONTRADICTING]
    assert [(each.where, each.message) for each in found] == [
        ("one.md", f"“{one}”, but two.md says “{other}”")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BLOCKED, "The blocked account needs 11.904,00 € a year, as of May 2026."),
        (BLOCKED, "A German blocked account needs €992 for a month."),
        (BLOCKED, "A blocked account costs €89 to open."),
        (BLOCKED, "Students may work 20 hours a week."),
        ("The visa fee is A$2,000.", "The visa fee is NZ$850."),
        ("The fee is €10 or €12.", "The fee is €20."),
        ("It costs €10.", "It costs €20."),
    ],
)
def test_other_figures_are_no_contradiction(one: str, other: str, desk: Desk) -> None:
    desk.write("one", one)
    desk.write("two", other)
    assert desk.findings() == []


def test_other_countries_may_have_other_figures(desk: Desk) -> None:
    one, other = "The student visa fee is €{}.".format, ["[germany]", "[france, eu]"]
    desk.write("one", one(75), country=other[0])
    desk.write("two", one(99), country=other[1])
    assert desk.findings() == []
    desk.write("two", one(99), country="[eu, germany]")
    assert [each.trouble for each in desk.findings()] == [Trouble.CONTRADICTING]


def test_one_document_may_say_how_a_figure_changed(desk: Desk) -> None:
    desk.write("one", "The visa fee was €60 in 2019.\n\nThe visa fee is €75.")
    assert desk.findings() == []


def test_a_programme_with_two_fees_is_named_twice_over(desk: Desk) -> None:
    fields = {"kind": "programme", "provider": "TU Delft", "currency": "EUR"}
    desk.write("a", "Learn how tracks age.", **fields, title="Rail", fee="200")
    desk.write(
        *("b", "How wheels and tracks wear."),
        **{**fields, "title": "RAIL", "fee": "250.0", "duration": "6 weeks"},
    )
    desk.write("c", "Trains.", **{**fields, "title": "Rail", "provider": "ETH"})
    assert desk.said() == [
        "contradicting: a.md: fee of Rail is 200.0, but 250.0 in b.md",
        "duplicated: b.md: describes the same programme as a.md",
    ]


def test_the_same_words_in_two_documents_are_a_duplicate(desk: Desk) -> None:
    desk.write("one", "# Fees\n\nYou pay before **arrival**.")
    desk.write("two", "Fees: you pay before arrival!")
    assert desk.said() == ["duplicated: two.md: has the same text as one.md"]


def test_chunks_that_mean_nearly_the_same_are_duplicates_once_a_pair(
    desk: Desk,
) -> None:
    body = "## {}\n\nYou pay the deposit of the tuition before the visa {}."
    text = "\n\n".join(body.format(name, "interview") for name in ("Money", "Deposits"))
    desk.write("one", text, title="Paying")
    desk.write("two", text.replace("interview", "interviews"), title="Paying")
    assert desk.said() == [
        (
            "duplicated: two.md: “Paying > Money” says nearly the same as “Paying > "
            "Money” in one.md"
        )
    ]
    desk.write("one", text, title="Paying", kind="programme", provider="A")
    desk.write("two", text + " ", title="Paying", kind="programme", provider="B")
    assert desk.said() == ["duplicated: two.md: has the same text as one.md"]
    desk.write("two", text + "!!", title="Paying", kind="programme", provider="B")
    desk.write("one", text + " Ask.", title="Paying", kind="programme", provider="A")
    assert desk.said() == []


def test_what_the_index_holds_is_not_embedded_again(
    desk: Desk, encoder: Encoder
) -> None:
    desk.write("one", BLOCKED)
    sync(desk.settings, encoder=encoder)
    unusable = Encoder("no/such/model")
    unusable.name = encoder.name
    assert check(desk.settings, encoder=unusable, clock=Clock()) == []


def test_nothing_but_broken_documents_can_be_checked(desk: Desk) -> None:
    desk.write("one", "")
    assert len(desk.findings()) == 1
    (desk.settings.knowledge_dir / "one.md").unlink()
    with pytest.raises(DocumentError, match="holds no"):
        desk.findings()


def test_the_projects_own_documents_are_whole_and_agree(
    project_data: Path, encoder: Encoder
) -> None:
    own = Settings(data_dir=project_data, knowledge_dir=PROJECT / "knowledge")
    found = check(own, encoder=encoder, clock=Clock())
    assert [one for one in found if one.trouble is not Trouble.DUE] == []


def test_the_command_ends_with_1_when_something_needs_doing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(desk.settings.knowledge_dir))
    monkeypatch.setenv("DATA_DIR", str(desk.settings.data_dir))
    desk.write("one", BLOCKED, last_verified="2999-01-01")
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    desk.write("one", BLOCKED, valid_until="2020-01-01")
    assert main(["check"]) == 1
    assert capsys.readouterr().out == (
        "expired: one.md: valid_until was 2020-01-01\n1 to look at\n"
    )
    assert main(["check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "trouble": "expired",
            "where": "one.md",
            "message": "valid_until was 2020-01-01",
        }
    ]
