"""Fits the weights of ``bot/answering/evidence.yaml`` on labelled questions.

``python -m benchmarks.calibrate SUITES_DIR [--questions N] [--write]`` fits on some
suites, reports on each of the others, and writes the fit on all of them.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from bot.answering.evidence import WEIGHTS, signals
from bot.answering.passages import Query
from bot.answering.retriever import PASSAGES
from bot.config import Settings
from bot.evaluation.asking import answering_for
from bot.evaluation.scoring import auroc
from bot.evaluation.suites import ANSWERABLE, Suite, read_suite
from ingest.progress import Progress

SUITES = ("dmv", "va-pages", "clapnq", "mtrag")
LABELS = (ANSWERABLE, "no_answer")
FEATURES = ("sentence", "first", "coverage", "context")
# Of first messages that can be answered, over all suites that are fitted on.
ANSWERED_SHARE = 0.955
STEPS = 25
SHRINKAGE = 1e-4
FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Signals (n, features), labels (n,), and which are first messages (n,).

    ``weights`` (n,) make up for numbers: each suite weighs the same, and within it what
    can be answered as much as what can't, first messages as much as later ones.
    """

    features: np.ndarray
    labels: np.ndarray
    first: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, parts: Sequence["Measured"]) -> "Measured":
        """Several suites as one."""
        return cls(
            features=np.vstack([part.features for part in parts]),
            labels=np.concatenate([part.labels for part in parts]),
            first=np.concatenate([part.first for part in parts]),
            weights=np.concatenate([part.weights for part in parts]),
        )


async def measure(settings: Settings, suite: Suite) -> Measured:
    """What the decision sees of each question, and what it should have decided."""
    rows = [row for row in suite.questions if row.expected in LABELS]
    features = []
    async with answering_for(settings, suite, progress=Progress()) as answering:
        for row in rows:
            query = Query(text=row.text, earlier=row.earlier)
            found = await answering.find(query, limit=PASSAGES)
            seen = signals(found.passages)
            features.append([seen[name] for name in FEATURES])
    labels = np.array([float(row.expected == ANSWERABLE) for row in rows])
    first = np.array([not row.earlier for row in rows])
    return Measured(
        features=np.array(features),
        labels=labels,
        first=first,
        weights=balanced(labels, first),
    )


def balanced(labels: np.ndarray, first: np.ndarray) -> np.ndarray:
    """A weight for each question of a suite; together 1.

    Fewer than ``FEWEST`` questions of a sort say too little to weigh as much.
    """
    cells = [
        (labels == label) & (first == place) for label in (0, 1) for place in (0, 1)
    ]
    cells = [cell for cell in cells if cell.sum() >= FEWEST]
    weights: np.ndarray = sum(cell / cell.sum() for cell in cells) / len(cells)
    return weights


def fit(rows: Measured) -> np.ndarray:
    """Logistic regression by Newton's method: an intercept and a weight a signal."""
    inputs = np.hstack([np.ones((len(rows.features), 1)), rows.features])
    share = rows.weights / rows.weights.sum()
    shrinkage = np.diag([0.0] + [SHRINKAGE] * rows.features.shape[1])
    weights = np.zeros(inputs.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (share * (chance - rows.labels)) + shrinkage @ weights
        bend = (inputs.T * (share * chance * (1 - chance))) @ inputs + shrinkage
        weights -= np.linalg.solve(bend, slope)
    return weights


def chances(rows: Measured, weights: np.ndarray) -> np.ndarray:
    """The probability that each question can be answered."""
    total: np.ndarray = weights[0] + rows.features @ weights[1:]
    found: np.ndarray = 1 / (1 + np.exp(-total))
    return found


def report(name: str, rows: Measured, weights: np.ndarray) -> None:
    """How well a suite that was not fitted on is told apart, and by one threshold."""
    found = chances(rows, weights)
    parts = {"all": rows.first | ~rows.first, "first": rows.first}
    parts["later"] = ~rows.first
    words = []
    for part, chosen in parts.items():
        yes = found[chosen & (rows.labels == 1)]
        no = found[chosen & (rows.labels == 0)]
        words.append(f"{part} {auroc(list(yes), list(no))}")
    print(f"{name}: AUROC {', '.join(words)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, fit, report, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--questions", type=int, help="a sample of each suite")
    parser.add_argument("--write", action="store_true", help="write evidence.yaml")
    options = parser.parse_args(arguments)
    data = {}
    for name in SUITES:
        suite = read_suite(options.suites / name, limit=options.questions)
        data[name] = asyncio.run(measure(Settings(), suite))
        print(f"{name}: {len(data[name].labels)} questions", flush=True)
    for name, one in data.items():
        others = Measured.of([rows for other, rows in data.items() if other != name])
        report(name, one, fit(others))
    whole = Measured.of(list(data.values()))
    weights = fit(whole)
    answerable = chances(whole, weights)[(whole.labels == 1) & whole.first]
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
