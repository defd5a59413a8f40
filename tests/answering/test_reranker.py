"""A cross-encoder that is named reads question and passage together."""

from datetime import date
from pathlib import Path

import pytest
from sentence_transformers import CrossEncoder
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification
from transformers.trainer_utils import set_seed

from bot.answering.bundled_model import bundled_folder
from bot.answering.store.folders import EmbeddedStore
from bot.answering.embedding import Embedder
from bot.answering.executor import Executor
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.passages import Query
from bot.answering.reranker import Reranker
from bot.answering.retriever import RERANKED, KnowledgeRetriever
from bot.errors import IndexUnavailableError

TEXTS = ["Visas take eight weeks.", "The fee is 450 euros.", "Pizza with olives."]


def write_model(folder: Path, *, labels: int = 1) -> Path:
    """A real cross-encoder, as small as they get, that has learned nothing."""
    set_seed(3)
    AutoTokenizer.from_pretrained(bundled_folder()).save_pretrained(folder)
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        initializer_range=2.0,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("reranker"))


def test_every_text_gets_the_models_own_score_from_0_to_1(tiny: Path) -> None:
    found = Reranker(str(tiny)).scores("How long does a visa take?", TEXTS)
    model = CrossEncoder(str(tiny), device="cpu")
    expected = model.predict([("How long does a visa take?", text) for text in TEXTS])
    assert found == pytest.approx(expected.tolist(), abs=1e-4)
    assert all(0 <= score <= 1 for score in found)
    assert len(set(found)) == 3


def test_no_texts_need_no_model() -> None:
    assert Reranker("no-such-model").scores("visa", []) == []


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model"])
def test_a_model_that_is_not_on_this_machine_is_a_clear_error(name: str) -> None:
    with pytest.raises(IndexUnavailableError, match="RERANKER_MODEL") as refusal:
        Reranker(name).load()
    assert repr(name) in str(refusal.value)


def test_a_model_with_several_labels_is_no_reranker(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "three", labels=3)
    with pytest.raises(IndexUnavailableError, match="3 scores"):
        Reranker(str(folder)).load()


def test_passages_are_put_in_order_with_what_the_reranker_says(
    tiny: Path, sample_data: Path, embedder: Embedder
) -> None:
    library = IndexLibrary(
        EmbeddedStore(sample_data / "index"), embedding_model=embedder.name
    )
    executor = Executor()
    plain, reranked = (
        KnowledgeRetriever(
            library,
            embedder=embedder,
            executor=executor,
            today=lambda: date(2026, 11, 24),
            reranker=reranker,
        )
        for reranker in (None, Reranker(str(tiny)))
    )
    query = Query(text="how long does the visa take?", earlier=("a course in Germany",))
    before = {p.chunk.id: p.score for p in plain.find(query, limit=RERANKED).passages}
    after = reranked.find(query, limit=RERANKED).passages

    said = Reranker(str(tiny)).scores(
        query.recent, [passage.chunk.searchable for passage in after]
    )
    assert [passage.score for passage in after] == pytest.approx(
        [
            before[passage.chunk.id] + score
            for passage, score in zip(after, said, strict=True)
        ],
        abs=1e-4,
    )
    scores = [passage.score for passage in after]
    assert scores == sorted(scores, reverse=True)
    assert [passage.chunk.id for passage in after] != list(before)
    executor.close()
