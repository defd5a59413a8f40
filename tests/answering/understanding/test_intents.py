"""What a message wants is heard by its likeness to labelled messages."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.answering.understanding.examples import (
    Example,
    Want,
    shipped_examples,
    sum_of,
)
from bot.answering.understanding.intents import FILE, Intents, load, save
from bot.answering.understanding.intents_fitting import fit, fitted
from bot.config import Settings
from bot.errors import IndexUnavailableError
from tests.support.answering import answering_with

FEW = 6
TEXTS = {
    Want.PERSON: ("a human please", "get me staff", "real person", "agent", "a human",
        "somebody real"),
    Want.HOURS: ("when open", "hours", "opening times", "open today", "your hours",
        "are you open"),
    Want.NONE: ("visa fee", "how long is it", "what is a credit", "fees", "deadline",
        "which course"),
}  # fmt: skip
EXAMPLES = [Example(want, "en", text) for want in TEXTS for text in TEXTS[want]]


@pytest.fixture(scope="module")
def intents() -> Intents:
    """Those that come with the program."""
    return load()


def heard(intents: Intents, encoder: Encoder, text: str) -> Want:
    return intents.taken(intents.read(encoder.queries([text]))[0])


def test_the_fitted_examples_are_those_that_are_shipped() -> None:
    assert load().examples_sum == sum_of(shipped_examples())


def test_the_fitted_examples_are_of_the_bundled_encoder(
    intents: Intents, encoder: Encoder
) -> None:
    assert intents.encoder == encoder.name


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("could somebody from your office write to me?", Want.PERSON),
        ("मुझे किसी इंसान से बात करनी है", Want.PERSON),
        ("أريد التحدث إلى موظف", Want.PERSON),
        ("我想跟真人说话", Want.PERSON),
        ("please phone me tomorrow afternoon", Want.CALL),
        ("llámenme por favor", Want.CALL),
        ("your service is awful, nobody ever answered me", Want.COMPLAINT),
        ("i can't go on, everything is pointless", Want.DISTRESS),
        ("stop sending me messages", Want.STOP),
        ("until what time is your office open on friday?", Want.HOURS),
        ("am i talking to a robot?", Want.IDENTITY),
        ("thanks a lot!", Want.THANKS),
        ("dhanyavaad", Want.THANKS),
        ("good morning", Want.GREETING),
        ("bye bye", Want.GOODBYE),
        ("that's not what I asked", Want.CORRECTION),
        ("which online courses do you have?", Want.PROGRAMME),
        ("compare these two for me", Want.COMPARISON),
        ("How much money do I need for a student visa?", Want.NONE),
        ("What is a micro-credential?", Want.NONE),
        ("क्या मैं पढ़ाई के दौरान काम कर सकता हूँ?", Want.NONE),
        ("Wie lange dauert das Visum?", Want.NONE),
    ],
)
def test_what_is_wanted_is_heard_in_any_words(
    text: str, want: Want, intents: Intents, encoder: Encoder
) -> None:
    assert heard(intents, encoder, text) is want


def test_chances_are_probabilities_and_the_nearest_examples_are_named(
    intents: Intents, encoder: Encoder
) -> None:
    (read,) = intents.read(encoder.queries(["thank you so much"]))
    assert sum(read.chances.values()) == pytest.approx(1.0, abs=1e-4)
    assert set(read.chances) == set(Want)
    assert read.likeliest is Want.THANKS
    assert len(set(read.nearest)) == len(read.nearest) > 0
    assert all(0 <= number < len(intents.vectors) for number in read.nearest)


async def test_own_examples_change_what_is_heard_and_leave_the_rest(
    sample_data: Path, sample_knowledge: Path, tmp_path: Path, encoder: Encoder
) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(sample_knowledge, knowledge)
    said = "the blue form for my school"
    others = ["How much is a student visa for Canada?", "a human please"]
    here = Settings(data_dir=sample_data, knowledge_dir=knowledge)
    before = await wants(here, encoder, said, *others)
    (knowledge / "examples").mkdir()
    (knowledge / "examples" / "stop.yaml").write_text(
        "en:\n- the blue form for my school\n- blue form for school\n", "utf-8"
    )
    after = await wants(here, encoder, said, *others)
    assert before == [Want.NONE, Want.NONE, Want.PERSON]
    assert after == [Want.STOP, Want.NONE, Want.PERSON]


async def test_own_examples_are_known_by_their_number_behind_the_shipped_ones(
    sample_data: Path, sample_knowledge: Path, tmp_path: Path, encoder: Encoder
) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(sample_knowledge, knowledge)
    (knowledge / "examples").mkdir()
    (knowledge / "examples" / "stop.yaml").write_text("en: [hatches down]", "utf-8")
    here = Settings(data_dir=sample_data, knowledge_dir=knowledge)
    with answering_with(here, encoder=encoder) as answering:
        enquiry = await answering.read("hatches down")
        nearest = [answering.examples()[number].text for number in enquiry.nearest]
    assert nearest[0] == "hatches down"


def test_examples_are_fitted_for_another_encoder_and_kept(
    encoder: Encoder, tmp_path: Path
) -> None:
    examples = _with_every_want()
    made = fitted(examples, encoder, tmp_path)
    (file,) = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    again = fitted(examples, encoder, tmp_path)
    assert file.stat().st_mtime_ns == written
    assert again.examples_sum == made.examples_sum
    assert heard(again, encoder, "zebra number 1 for scam") is heard(
        made, encoder, "zebra number 1 for scam"
    )
    fitted(examples[:-1], encoder, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_fitted_is_read_as_it_was_kept(
    encoder: Encoder, tmp_path: Path
) -> None:
    made = fit(_with_every_want(), encoder)
    save(made, tmp_path / "some.npz")
    kept = load(tmp_path / "some.npz")
    asked = encoder.queries(["a human please", "opening hours", "visa fee"])
    assert (kept.encoder, kept.examples_sum) == (made.encoder, made.examples_sum)
    for one, other in zip(made.read(asked), kept.read(asked), strict=True):
        assert list(one.chances.values()) == pytest.approx(
            list(other.chances.values()), abs=0.05
        )


@pytest.mark.parametrize(
    "damage", [b"", b"PK\x03\x04", b"text", FILE.read_bytes()[:5000], None]
)
def test_a_damaged_file_is_a_clear_error(damage: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "intents.npz"
    if damage is not None:
        file.write_bytes(damage)
    with pytest.raises(IndexUnavailableError, match="run python -m bot calibrate"):
        load(file)


def test_a_file_without_what_is_needed_is_a_clear_error(tmp_path: Path) -> None:
    np.savez(tmp_path / "intents.npz", vectors=np.zeros((1, 1)))
    with pytest.raises(IndexUnavailableError, match="missing or damaged"):
        load(tmp_path / "intents.npz")


async def wants(here: Settings, encoder: Encoder, *texts: str) -> list[str]:
    with answering_with(here, encoder=encoder) as answering:
        return [await _wanted(answering, text) for text in texts]


async def _wanted(answering: Answering, text: str) -> str:
    return (await answering.read(text)).wants


def _with_every_want() -> list[Example]:
    """A few examples of some wants, and as many made-up ones of the others."""
    others = [want for want in Want if want not in TEXTS]
    return EXAMPLES + [
        Example(want, "en", f"zebra number {number} for {want}")
        for want in others
        for number in range(FEW)
    ]
