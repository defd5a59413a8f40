"""Fits everything that is learned, for the encoder in use; says how well it does."""

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder, Vectors
from bot.answering.retrieval.astray import FILE as ASTRAY_FILE
from bot.answering.retrieval.astray import OWN_FILE, Astray
from bot.answering.retrieval.astray import fit as fit_astray
from bot.answering.retrieval.astray import save as save_astray
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import OWN_WEIGHTS, WEIGHTS, weights_for
from bot.answering.store.store import open_store
from bot.answering.understanding import intents, own_data
from bot.answering.understanding.examples import Example, shipped_examples
from bot.answering.understanding.intents_fitting import fit as fit_intents
from bot.answering.understanding.reader import Reader
from bot.answering.understanding.romanised import fit_romanised, save_romanised
from bot.config import Settings
from bot.conversations.ports import Outcome
from bot.errors import IndexUnavailableError
from bot.evaluation.calibration import Sample, fit, left_out, samples_of
from bot.evaluation.calibration import write as write_weights
from bot.evaluation.dialogues import REFUSE, Dialogue, Labelled, read_dialogues
from bot.evaluation.suite_samples import suite_samples
from bot.evaluation.variants import as_others, few, with_names, without_catalogues
from bot.organisation import load_organisation

TRAINING = Path(__file__).with_name("training")
DIALOGUES = TRAINING / "dialogues.jsonl"
# By somebody who knew nothing of the documents, labelled afterwards.
VISITORS = TRAINING / "visitors.jsonl"
UNANSWERABLE = TRAINING / "unanswerable.jsonl"
# There are as many of these as of first messages with an answer; in life one in five.
UNHELD_WEIGHT = 0.25
# What people ask an advisory that has nothing to do with it, by itself or in between.
ELSEWHERE = TRAINING / "elsewhere.jsonl"
ELSEWHERE_WEIGHT = 0.5
# More of them, by which such messages are known.
ASTRAY = TRAINING / "astray.jsonl"
# What the encoder's adapter is learned from, but for the messages that have no answer.
FOLLOWED = TRAINING / "followed.jsonl"
# More of them, by other writers; each section is right for two messages at least.
LATER = TRAINING / "later.jsonl"


def fit_everything(
    settings: Settings,
    *,
    suites: Sequence[Path] = (),
    write: bool = False,
    examples: Sequence[Example] | None = None,
    dialogues: Sequence[Dialogue] | None = None,
) -> Iterator[str]:
    """Examples, ranking and probabilities; what it yields are lines for an operator.

    Training conversations are the project's own, asked of the index in use; ``suites``
    are further labelled questions over documents of their own. With ``write`` the files
    that come with the program are replaced, or those of another encoder kept in the
    data folder. ``examples`` and ``dialogues`` are the shipped ones if left out.

    Raises:
        IndexUnavailableError: there is no index; run ``python -m ingest sync``.
    """
    encoder = Encoder(settings.embedding_model, threads=2)
    bundled = encoder.name == BUNDLED_NAME
    examples = shipped_examples() if examples is None else examples
    yield f"fitting {len(examples)} examples for {encoder.name}"
    found = fit_intents(examples, encoder)
    for want, threshold in found.thresholds.items():
        yield f"  {want.value}: taken from {threshold:.2f} on"
    if write and bundled:
        intents.save(found, intents.FILE)
        own_data.save(own_data.fit(found, encoder), own_data.FILE)
    astray = _astray(settings, encoder, write=write) if dialogues is None else None
    index = open_index(settings, astray=astray)
    if write:
        save_romanised(fit_romanised(_messages(examples, index)))
    organisation = load_organisation(settings.organisation_file)
    reader = Reader(encoder, found, languages=organisation.languages)
    samples = yield from _asked_of_ours(index, reader, dialogues)
    for folder in suites:
        more = suite_samples(
            settings, folder, encoder=encoder, reader=reader, astray=astray
        )
        yield from _reported(folder.name, more)
        samples += more
    weights = fit(samples, encoder=encoder.name, few=list(few(samples)))
    yield f"sure from {weights.sure:.2f}, near from {weights.near:.2f}"
    if write:
        file = WEIGHTS if bundled else settings.data_dir / OWN_WEIGHTS
        write_weights(weights, file)
        yield f"wrote {file}"


def _asked_of_ours(
    index: Index, reader: Reader, dialogues: Sequence[Dialogue] | None
) -> Generator[str, None, list[Sample]]:
    """Conversations asked of our sections, as they are and as others have them."""
    if dialogues is None:
        asked: Sequence[Dialogue] = [
            *read_dialogues(DIALOGUES),
            *read_dialogues(VISITORS),
        ]
    else:
        asked = dialogues
    samples = samples_of(asked, index=index, reader=reader)
    headings = without_catalogues(index)
    bare = samples_of(asked, index=headings, reader=reader)
    if dialogues is None:
        samples += _unheld(index, reader)
        bare += _unheld(headings, reader)
    yield f"{len(samples)} labelled messages of {len(asked)} conversations"
    yield from _reported("ours", samples)
    yield from _reported("the same without catalogues", bare)
    return [*samples, *as_others([*bare, *with_names(bare)])]


def open_index(settings: Settings, *, astray: Astray | None = None) -> Index:
    """The index in use, with the weights that there are so far."""
    store = open_store(settings)
    name = store.current()
    if name is None:
        raise IndexUnavailableError("there is no index; run python -m ingest sync")
    generation = store.load(name)
    encoder = generation.manifest.embedding_model
    weights = weights_for(encoder, settings.data_dir)
    return Index(generation, weights=weights, astray=astray)


def _astray(settings: Settings, encoder: Encoder, *, write: bool) -> Astray:
    """What is like messages that go astray; written beside what else is learned."""
    found = fit_astray(*_astray_and_ours(encoder), encoder=encoder.name)
    if write:
        bundled = encoder.name == BUNDLED_NAME
        save_astray(found, ASTRAY_FILE if bundled else settings.data_dir / OWN_FILE)
    return found


def _astray_and_ours(encoder: Encoder) -> tuple[Vectors, Vectors]:
    """The vectors of messages that go astray, and of others that do not."""
    lines = ASTRAY.read_text("utf-8").splitlines()
    ours = (turn for one in read_dialogues(FOLLOWED) for turn in one.turns)
    return (
        encoder.queries([json.loads(line)["text"] for line in lines if line.strip()]),
        encoder.queries([turn.text for turn in ours if turn.sections]),
    )


def _messages(examples: Sequence[Example], index: Index) -> Iterator[tuple[str, str]]:
    """Labelled messages and the asks of the catalogues, with their languages."""
    yield from ((one.text, one.language) for one in examples)
    for chunk in index.chunks:
        yield from ((ask.text, ask.language) for ask in chunk.asks)


def _unheld(index: Index, reader: Reader) -> list[Sample]:
    """Messages that no section answers: by themselves, and within conversations."""
    alone = samples_of(unanswerable(), index=index, reader=reader)
    later = samples_of(unheld_later(), index=index, reader=reader)
    others = samples_of(elsewhere(), index=index, reader=reader)
    return [
        *(replace(one, weight=UNHELD_WEIGHT) for one in alone),
        *(one for one in later if not one.answerable),
        *(replace(one, weight=ELSEWHERE_WEIGHT) for one in others),
    ]


def unheld_later() -> list[Dialogue]:
    """Conversations in which something is asked that no section answers."""
    return [
        dialogue
        for dialogue in read_dialogues(FOLLOWED)
        if any(turn.unanswerable for turn in dialogue.turns)
    ]


def elsewhere() -> list[Dialogue]:
    """What nothing here is about, behind the messages that came before it."""
    lines = ELSEWHERE.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    found = []
    for number, row in enumerate(rows):
        texts = [*row["before"], row["text"]]
        expected = [*(Outcome.ANSWER.value for _ in row["before"]), REFUSE]
        turns = [
            Labelled(text=text, expect=want)
            for text, want in zip(texts, expected, strict=True)
        ]
        found.append(
            Dialogue(
                id=f"elsewhere-{number}", language=row["language"], turns=tuple(turns)
            )
        )
    return found


def unanswerable() -> list[Dialogue]:
    """Questions that no section answers, each a conversation by itself."""
    lines = UNANSWERABLE.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Dialogue(
            id=f"unanswerable-{number}",
            language=row["language"],
            turns=(Labelled(text=row["text"], expect=REFUSE),),
        )
        for number, row in enumerate(rows)
    ]


def _reported(name: str, samples: Sequence[Sample]) -> Iterator[str]:
    """How often the right section comes first, conversations left out in turn."""
    outcomes = left_out(samples)
    for part, follows in (("first messages", False), ("later messages", True)):
        rows = [
            (right, near)
            for sample, (_, right, near) in zip(samples, outcomes, strict=True)
            if sample.answerable and sample.scores.follows is follows
        ]
        if rows:
            right, near = np.mean(rows, axis=0)
            yield (
                f"  {name}, {part} ({len(rows)}): right first {right:.3f}, "
                f"among three {near:.3f}"
            )
