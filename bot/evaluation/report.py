"""Figures for people (a table, a diagram) and for machines (one object)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.errors import BotError
from bot.evaluation.scoring import Reply, reliability

SINGLE = (
    ("hit_at_1", "right document first"),
    ("hit_at_5", "right document in the first five"),
    ("mrr_at_10", "mean reciprocal rank (10)"),
    ("gold_recall", "share of the gold words that are shown"),
    ("gold_share", "answers that show 60 % of them"),
    ("words", "words in an answer"),
    ("latency_ms_p50", "milliseconds, median"),
    ("latency_ms_p95", "milliseconds, 95th percentile"),
)
DECISIONS = (
    ("answered_when_should", "answered when it should"),
    ("answered_when_should_not", "answered when it should not"),
    ("auroc", "AUROC of the confidence"),
)


def as_object(
    suite: str, found: Mapping[str, object], replies: Sequence[Reply]
) -> dict[str, object]:
    """Everything, ready for JSON."""
    return {
        "suite": suite,
        **found,
        "replies": [
            {
                "id": reply.question.id,
                "outcome": reply.answer.outcome.value,
                "answer": reply.answer.text,
                "citations": [cited.source for cited in reply.answer.citations],
                "confidence": round(reply.answer.confidence, 4),
            }
            for reply in replies
        ],
    }


def print_report(
    suite: str,
    found: Mapping[str, object],
    replies: Sequence[Reply],
    *,
    console: Console,
) -> None:
    """One table of figures, the confusion table, and the reliability of confidence."""
    console.print(_figures_table(suite, found))
    console.print(_confusion_table(found))
    bins = reliability(replies)
    if bins:
        table = Table(title="of those it was so sure of, so many could be answered")
        for name in ("confidence", "answerable", "questions"):
            table.add_column(name, justify="right")
        for confidence, share, number in bins:
            table.add_row(f"{confidence:.2f}", f"{share:.2f}", str(number))
        console.print(table)


def print_shares(suite: str, found: Mapping[str, object], *, console: Console) -> None:
    """Figures of conversations and messages: a table for each group of shares."""
    for name, value in found.items():
        if isinstance(value, Mapping):
            _print_group(f"{suite}: {name}", value, console)
        else:
            console.print(f"{name}: {value}")


def _print_group(title: str, group: Mapping[str, object], console: Console) -> None:
    parts = {key: row for key, row in group.items() if isinstance(row, Mapping)}
    plain = {key: value for key, value in group.items() if key not in parts}
    nested = [key for key, row in parts.items() if _has_groups(row)]
    for key in nested:
        _print_group(f"{title}: {key}", parts.pop(key), console)
    if plain:
        console.print(f"{title}: {plain}")
    if not parts:
        return
    columns = list(dict.fromkeys(name for row in parts.values() for name in row))
    table = Table(title=title)
    for column in ("", *columns):
        table.add_column(str(column), justify="right")
    for key, row in parts.items():
        table.add_row(str(key), *(str(row.get(column, "")) for column in columns))
    console.print(table)


def _has_groups(row: Mapping[str, object]) -> bool:
    return any(isinstance(value, Mapping) for value in row.values())


def plot(replies: Sequence[Reply], path: Path) -> None:
    """The reliability diagram as a PNG.

    Raises:
        BotError: the drawing library is not installed, or there is nothing to draw.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  an optional dependency
    except ImportError as error:
        raise BotError("--plot needs matplotlib; pip install -e '.[plot]'") from error
    bins = reliability(replies)
    if not bins:
        raise BotError("the suite has no answerable or unanswerable questions to plot")
    confidences, shares, numbers = zip(*bins, strict=True)
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey")
    axes.scatter(confidences, shares, s=[20 + 2 * number for number in numbers])
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="confidence",
        ylabel="share that the documents answer",
    )
    figure.savefig(path, format="png", dpi=150)


def _figures_table(suite: str, found: Mapping[str, object]) -> Table:
    table = Table(title=f"{suite}: {found['questions']} questions")
    table.add_column("figure")
    for name in ("all", "first messages", "later ones"):
        table.add_column(name, justify="right")
    for key, words in SINGLE:
        table.add_row(words, _number(found[key]), "", "")
    for key, words in DECISIONS:
        parts = (found, found["first_turns"], found["later_turns"])
        cells = [_number(part[key]) for part in parts if isinstance(part, Mapping)]
        table.add_row(words, *cells)
    return table


def _confusion_table(found: Mapping[str, object]) -> Table:
    rows = found["confusion"]
    table = Table(title="what came of what was expected")
    table.add_column("expected")
    if isinstance(rows, Mapping) and rows:
        for outcome in next(iter(rows.values())):
            table.add_column(outcome, justify="right")
        for expected, counts in rows.items():
            table.add_row(expected, *(str(number) for number in counts.values()))
    return table


def _number(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "-"
