"""The encoder gives the vectors that the model means, in two roles."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.answering.encoding.adapter import read_adapter, write_adapter
from bot.answering.encoding.batches import Material
from bot.answering.encoding.bundled import BundledEncoder
from bot.answering.encoding.encoder import Encoder, Vectors
from bot.answering.encoding.folder import write_folder
from bot.answering.encoding.tuning import Tuning
from bot.answering.encoding.weights import bundled_file, read_weights
from bot.errors import IndexUnavailableError

# One question in ten scripts, then texts that a tokenizer may trip over.
TEXTS = (
    "How much does the blocked account for Germany cost?",
    "छात्र वीज़ा के लिए कितने पैसे दिखाने होंगे?",
    "স্টুডেন্ট ভিসার জন্য কত টাকা দেখাতে হবে?",
    "كم تكلفة تأشيرة الطالب إلى كندا؟",
    "طالب علم ویزا کے لیے کتنے پیسے چاہئیں؟",
    "学生签证需要多少存款证明？",
    "学生ビザにはいくら必要ですか？",
    "학생 비자에 얼마가 필요합니까?",
    "Сколько стоит студенческая виза в Германию?",
    "วีซ่านักเรียนต้องใช้เงินเท่าไหร่",
    "மாணவர் விசாவுக்கு எவ்வளவு பணம் தேவை?",
    "Πόσο κοστίζει η φοιτητική βίζα;",
    "fees",
    "ﬁve  “ｗｉｄｅ”　ｗｏｒｄｓ～ \u200b\u00ad x²",
    "Café, cafe\u0301 🙂 \ufdfa",
    "word " * 300,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bundled model as sentence-transformers keeps models; half a gigabyte."""
    path = tmp_path_factory.mktemp("model")
    yield write_folder(read_weights(bundled_file()), path)
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Encoder:
    """The same model, as ``EMBEDDING_MODEL`` names its folder."""
    return Encoder(str(folder))


def test_in_every_script_the_vectors_are_those_of_sentence_transformers(
    encoder: Encoder, reference: Encoder
) -> None:
    assert_alike(encoder.passages(TEXTS), reference.passages(TEXTS))


def test_what_was_learned_is_computed_as_torch_computes_it(
    folder: Path, encoder: Encoder, tmp_path: Path
) -> None:
    sections = ["You show 11,904 euros.", "The course takes six weeks.", "It is free."]
    asked = [TEXTS[:4], ["how long is it", "wie lange dauert das"], ["fee?", "cost?"]]
    material = Material(
        passages=encoder.passages(sections),
        asked=asked,
        messages=[("I want to talk to somebody", "person"), ("thanks", "thanks")],
    )
    tuning = Tuning(folder, material)
    read = TEXTS[:-1]  # of the last one less is read when learning
    before = tuning.vectors(read)
    (*_, last) = tuning.steps(4)
    assert last.step == 4
    file = tmp_path / "adapter.npz"
    strong = {name: (down, up * 300) for name, (down, up) in tuning.adapter().items()}
    write_adapter(strong, file)
    tuning.load(read_adapter(file))
    after = tuning.vectors(read)
    assert (np.sum(before * after, axis=1) < 0.99).all()  # or it would not be seen
    prepared = BundledEncoder(threads=1, folder=tmp_path, adapter=file)
    asking = [f"query: {text}" for text in read]
    assert_alike(prepared.encode(asking, asks=True), after)
    assert_alike(prepared.encode(asking, asks=False), before)


def assert_alike(here: Vectors, there: Vectors) -> None:
    cosines = np.sum(here * there, axis=1)
    close = dict(zip(TEXTS, map(float, cosines), strict=False))
    assert {text: one for text, one in close.items() if one < 0.999} == {}


def test_a_folder_of_a_model_is_known_by_its_name(
    reference: Encoder, folder: Path
) -> None:
    assert reference.name == str(folder)
    assert reference.queries(["fees"]).shape == (1, 384)


def test_vectors_have_length_one(encoder: Encoder) -> None:
    for rows in (encoder.queries(TEXTS), encoder.passages(TEXTS)):
        assert rows.shape == (len(TEXTS), 384)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)


def test_what_is_asked_and_what_may_answer_are_two_roles(encoder: Encoder) -> None:
    asked, told = encoder.queries(["visa fees"])[0], encoder.passages(["visa fees"])[0]
    assert float(asked @ told) < 0.99
    assert np.allclose(encoder.embed_query("visa fees"), asked, atol=1e-5)
    assert np.allclose(encoder.embed_documents(["visa fees"])[0], told, atol=1e-5)


def test_a_question_is_nearer_to_its_answer_in_another_language(
    encoder: Encoder,
) -> None:
    asked = encoder.queries(["学生签证需要多少存款证明？"])[0]
    answer, other = encoder.passages(
        ["For a student visa you show 11,904 euros.", "Courses take six weeks."]
    )
    assert asked @ answer > asked @ other


def test_the_other_texts_make_no_difference(encoder: Encoder) -> None:
    together = encoder.queries(TEXTS)
    for place, text in enumerate(TEXTS):
        alone = encoder.queries([text])[0]
        assert float(together[place] @ alone) > 0.999, text


def test_many_texts_keep_their_order_and_are_counted_as_they_are_done(
    encoder: Encoder,
) -> None:
    texts = [f"visa {'fee ' * (number % 7)}{number}" for number in range(270)]
    told: list[int] = []
    rows = encoder.queries(texts, progress=told.append)
    assert sum(told) == len(texts)
    assert len(told) > 1
    for place in (0, 6, 150, 269):
        assert float(rows[place] @ encoder.queries([texts[place]])[0]) > 0.999


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert len(encoder.queries([])) == len(encoder.passages([])) == 0


def test_texts_without_words_have_vectors_too(encoder: Encoder) -> None:
    assert np.isfinite(encoder.queries(["", "   ", "\n"])).all()


def test_a_model_that_is_not_on_this_machine_is_a_clear_error() -> None:
    with pytest.raises(IndexUnavailableError, match="EMBEDDING_MODEL a folder"):
        Encoder("nobody/has-this-model").queries(["fees"])
