"""Fits the weights of ``bot/answering/evidence.yaml`` on labelled questions.

``python -m benchmarks.calibrate SUITES_DIR [--questions N] [--write]`` fits on some
suites, reports on each of the others, and writes the fit on all of them.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import yaml

from bot.answering.chunks import Chunk
from bot.answering.embedding import Embedder
from bot.answering.evidence import WEIGHTS, signals
from bot.answering.generations import FORMAT, Manifest, write_manifest
from bot.answering.retriever import Query, search_index
from bot.answering.store import GenerationBuilder, Index
from ingest.chunking import CHUNKER_VERSION, chunk_document
from ingest.documents import Document
from ingest.front_matter import FrontMatter

SUITES = ("dmv", "va-pages", "clapnq", "mtrag")
FEATURES = ("dense", "sentence", "coverage", "agreement", "context")
ANSWERED_SHARE = 0.95
STEPS = 4000


def build(suite: Path, embedder: Embedder, folder: Path) -> Index:
    """An index of a suite's documents."""
    chunks: list[Chunk] = []
    root = suite / "documents"
    for path in sorted(file for file in root.rglob("*") if file.is_file()):
        about = FrontMatter(
            title=path.stem, kind="guidance", last_verified=date(2026, 1, 1)
        )
        name = path.relative_to(root).as_posix()
        body = path.read_text("utf-8", errors="replace")
        chunks += chunk_document(Document(path=name, about=about, body=body))
    vectors = embedder.embed([chunk.searchable for chunk in chunks])
    texts = [sentence.text for chunk in chunks for sentence in chunk.sentences]
    builder = GenerationBuilder(folder)
    sentence_vectors = embedder.embed(texts)
    builder.add(chunks, chunk_vectors=vectors, sentence_vectors=sentence_vectors)
    builder.close()
    manifest = Manifest(
        format=FORMAT,
        generation=folder.name,
        created_at=datetime.now(UTC).isoformat(),
        embedding_model=embedder.name,
        dimension=vectors.shape[1],
        chunker=CHUNKER_VERSION,
        fingerprint="",
        documents=0,
        chunks=len(chunks),
        sentences=len(texts),
    )
    write_manifest(folder, manifest)
    return Index(folder)


def measure(
    suite: Path, embedder: Embedder, folder: Path, *, questions: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signals (n, features), labels (n,), and which are first messages (n,)."""
    index = build(suite, embedder, folder)
    lines = (suite / "questions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if row["expected"] in {"answer", "no_answer"}]
    random.Random(7).shuffle(rows)  # noqa: S311  a sample, not a secret
    features, labels, first = [], [], []
    hits = 0
    for row in rows[:questions]:
        *earlier, text = row["turns"]
        query = Query(text=text, earlier=tuple(earlier))
        texts = [text, *([query.context] if query.context else [])]
        found = search_index(
            index, query, embedder.embed(texts), today=datetime.now(UTC).date()
        )
        seen = signals(found)
        features.append([seen[name] for name in FEATURES])
        labels.append(row["expected"] == "answer")
        first.append(not earlier)
        wanted = row.get("sources") or [row.get("source")]
        hits += bool(found and found[0].chunk.document in wanted)
    answerable = sum(labels)
    print(f"{suite.name}: hit@1 {hits / max(1, answerable):.3f} of {answerable}")
    index.close()
    return np.array(features), np.array(labels, float), np.array(first)


def fit(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Logistic regression by gradient descent; both labels weigh the same."""
    inputs = np.hstack([np.ones((len(features), 1)), features])
    positive = labels.mean()
    balance = np.where(labels == 1, 0.5 / positive, 0.5 / (1 - positive))
    weights = np.zeros(inputs.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (balance * (chance - labels)) / len(labels)
        weights -= 2.0 * (slope + 1e-4 * np.r_[0, weights[1:]])
    return weights


def auroc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The chance that an answerable question scores above an unanswerable one."""
    yes, no = scores[labels == 1], scores[labels == 0]
    if not len(yes) or not len(no):
        return float("nan")
    higher = (yes[:, None] > no[None, :]).mean()
    return float(higher + (yes[:, None] == no[None, :]).mean() / 2)


def _scores(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    scores: np.ndarray = 1 / (1 + np.exp(-(weights[0] + features @ weights[1:])))
    return scores


def report(
    name: str, scores: np.ndarray, labels: np.ndarray, first: np.ndarray
) -> None:
    """One line: how well a suite that was not fitted on is told apart."""
    print(
        f"{name}: AUROC {auroc(scores, labels):.3f}, first "
        f"{auroc(scores[first], labels[first]):.3f}, later "
        f"{auroc(scores[~first], labels[~first]):.3f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, fit, report, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--questions", type=int, default=200, help="a suite (200)")
    parser.add_argument("--write", action="store_true", help="write evidence.yaml")
    options = parser.parse_args(arguments)
    embedder = Embedder(threads=2)
    data = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in SUITES:
            data[name] = measure(
                options.suites / name,
                embedder,
                Path(scratch) / name,
                questions=options.questions,
            )
    for name, (features, labels, first) in data.items():
        others = [rows for other, rows in data.items() if other != name]
        weights = fit(
            np.vstack([rows[0] for rows in others]),
            np.concatenate([rows[1] for rows in others]),
        )
        report(name, _scores(features, weights), labels, first)
    features = np.vstack([rows[0] for rows in data.values()])
    labels = np.concatenate([rows[1] for rows in data.values()])
    weights = fit(features, labels)
    starts = np.concatenate([rows[2] for rows in data.values()])
    answerable = _scores(features, weights)[(labels == 1) & starts]
    fitted = {
        "intercept": round(float(weights[0]), 3),
        "weights": {
            name: round(float(weight), 3)
            for name, weight in zip(FEATURES, weights[1:], strict=True)
        },
        "threshold": round(float(np.quantile(answerable, 1 - ANSWERED_SHARE)), 3),
    }
    print(yaml.safe_dump(fitted, sort_keys=False))
    if options.write:
        note = "# Made by: python -m benchmarks.calibrate SUITES_DIR --write\n"
        WEIGHTS.write_text(note + yaml.safe_dump(fitted, sort_keys=False), "utf-8")


if __name__ == "__main__":
    main()
