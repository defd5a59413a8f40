"""Fits what labelled messages show, and how sure one may be of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.answering.encoding.encoder import Encoder, Vectors
from bot.answering.encoding.likeness import Floats, centred, likeness
from bot.answering.understanding.examples import WANTS, Example, Want, sum_of
from bot.answering.understanding.intents import (
    RIDGE,
    Intents,
    load,
    save,
    targets,
)
from bot.errors import IndexUnavailableError

# How fast likeness falls off, and how many parts the examples are tried in.
WIDTH, FOLDS, SEED = 1.0, 5, 7
# Of ordinary messages so many may be taken for any one label. What only changes how a
# question is answered may be taken sooner than what ends the bot's part; and distress
# sooner than these, since a miss is worse.
ENDS = frozenset({Want.PERSON, Want.CALL, Want.COMPLAINT, Want.STOP})
WRONGLY, WRONGLY_ENDED, WRONGLY_IN_DISTRESS = 0.008, 0.003, 0.01
# No label is taken that is less likely than this.
LEAST, LEAST_IN_DISTRESS = 0.35, 0.2


def fit(examples: Sequence[Example], encoder: Encoder) -> Intents:
    """Fit examples by the vectors of an encoder; minutes for thousands."""
    vectors = encoder.queries([one.text for one in examples])
    return fit_vectors(examples, vectors, encoder=encoder.name)


def fit_vectors(
    examples: Sequence[Example], vectors: Vectors, *, encoder: str
) -> Intents:
    """As ``fit``, with the vectors of the examples known."""
    wants = [one.want for one in examples]
    centre: Floats = vectors.mean(axis=0).astype(np.float32)
    rows = centred(vectors, centre)
    kernel = likeness(rows, rows, width=WIDTH)
    scores = _left_out(kernel, wants)
    labels = [WANTS.index(want) for want in wants]
    head = LogisticRegression(max_iter=1000).fit(scores, labels)
    return Intents(
        vectors=rows,
        centre=centre,
        weights=_weights(kernel, wants),
        width=WIDTH,
        matrix=head.coef_.T.astype(np.float32),
        bias=head.intercept_.astype(np.float32),
        thresholds=_thresholds(head.predict_proba(scores), wants),
        encoder=encoder,
        examples_sum=sum_of(examples),
    )


def fitted(examples: Sequence[Example], encoder: Encoder, cache_dir: Path) -> Intents:
    """As ``fit``, remembered in a file for as long as nothing changes."""
    name = f"{sum_of(examples)[:16]}-{encoder.name.replace('/', '_')[-60:]}"
    file = cache_dir / f"intents-{name}.npz"
    try:
        return load(file)
    except IndexUnavailableError:
        found = fit(examples, encoder)
        cache_dir.mkdir(parents=True, exist_ok=True)
        save(found, file)
        return found


def _weights(kernel: Floats, wants: Sequence[Want]) -> Floats:
    """The weight of each example for each label; rare labels count for more."""
    counts = {want: wants.count(want) for want in set(wants)}
    share = np.array([counts[want] ** -0.5 for want in wants], np.float32)
    ridge = np.diag(RIDGE / (share / share.mean())).astype(np.float32)
    weights: Floats = np.linalg.solve(kernel + ridge, targets(wants))
    return weights


def _left_out(kernel: Floats, wants: Sequence[Want]) -> Floats:
    """What each example is scored by the others, a part left out at a time."""
    scores = np.zeros((len(wants), len(WANTS)), np.float32)
    labels = np.array([WANTS.index(want) for want in wants])
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for kept, left in parts.split(kernel, labels):
        weights = _weights(kernel[np.ix_(kept, kept)], [wants[n] for n in kept])
        scores[left] = kernel[np.ix_(left, kept)] @ weights
    return scores


def _thresholds(chances: Floats, wants: Sequence[Want]) -> dict[Want, float]:
    """For each label the least that leaves ordinary messages alone."""
    ordinary = chances[[want is Want.NONE for want in wants]]
    found = {}
    for place, want in enumerate(WANTS):
        wrongly, least = _allowed(want)
        found[want] = max(least, float(np.quantile(ordinary[:, place], 1 - wrongly)))
    return found


def _allowed(want: Want) -> tuple[float, float]:
    """How many ordinary messages may be taken for a label, and the least it needs."""
    if want is Want.DISTRESS:
        return WRONGLY_IN_DISTRESS, LEAST_IN_DISTRESS
    return (WRONGLY_ENDED if want in ENDS else WRONGLY), LEAST
