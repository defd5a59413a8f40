"""With a model, a question in another language is translated and answered in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Response

from bot.answering.embedding import Embedder
from bot.config import Settings
from bot.phrases import phrase
from bot.conversations.ports import Outcome
from tests.support.knowledge import write_knowledge
from tests.support.models import EXTRACT, ask_with_model
from tests.support.openai_server import Script, refuses, writes

ASKED = "كم تستغرق دورة الشهادة المصغرة؟"
TRANSLATED = "How long does a micro-credential take?"


def one_after_another(*scripts: Script) -> Script:
    """Each request gets the next script."""
    left: Iterator[Script] = iter(scripts)

    def script() -> Response:
        return next(left)()

    return script


@pytest.fixture
def arabic(model_settings: Settings, tmp_path: Path) -> Settings:
    """Settings of an organisation that speaks Arabic as well."""
    folder = write_knowledge(tmp_path / "knowledge")
    path = folder / "organisation.yaml"
    path.write_text(path.read_text("utf-8").replace("es, fr]", "es, fr, ar]"), "utf-8")
    return model_settings.model_copy(update={"knowledge_dir": folder})


async def test_the_question_is_translated_for_the_search_and_answered_in_its_language(
    arabic: Settings, embedder: Embedder
) -> None:
    script = one_after_another(writes(TRANSLATED), writes("Six to twelve weeks. [1]"))
    answer, model = await ask_with_model(script, arabic, embedder, question=ASKED)
    assert answer.text == "Six to twelve weeks."
    assert answer.outcome is Outcome.ANSWER
    assert answer.provenance.language == "ar"
    assert [cited.source for cited in answer.citations] == ["guidance/duration.md"]
    assert len(model.asked) == 2
    assert "Write in this language: ar" in model.prompt


async def test_what_the_check_refuses_goes_out_as_sentences_that_say_their_language(
    arabic: Settings, embedder: Embedder
) -> None:
    script = one_after_another(writes(TRANSLATED), writes("About 900 weeks. [1]"))
    answer, _ = await ask_with_model(script, arabic, embedder, question=ASKED)
    assert answer.provenance.answerer == "extractive"
    assert answer.text.endswith(EXTRACT)
    assert answer.text.startswith(phrase("in_other_language", "ar", name="الإنجليزية"))


@pytest.mark.parametrize(
    "script",
    [refuses(500), writes(" "), writes("It takes 40 weeks, does it not?")],
    ids=["it fails", "it writes nothing", "it adds a figure"],
)
async def test_without_a_translation_the_glossary_is_tried(
    script: Script, arabic: Settings, embedder: Embedder
) -> None:
    answer, _ = await ask_with_model(script, arabic, embedder, question=ASKED)
    assert answer.provenance.answerer == "extractive"
    assert answer.text.startswith(phrase("in_other_language", "ar", name="الإنجليزية"))
    weather = "كيف سيكون الطقس غدا في المدينة؟"
    answer, _ = await ask_with_model(script, arabic, embedder, question=weather)
    assert answer.outcome is Outcome.NO_ANSWER
    assert answer.text == phrase("cannot_search", "ar", name="الإنجليزية")
