"""What ``python -m bot evaluate``, ``calibrate`` and ``explain`` do."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from bot.config import Settings
from bot.errors import BotError
from bot.evaluation.asking import answering_for, ask_suite
from bot.evaluation.conversations import (
    Judged,
    converse,
    figures,
    hear,
    request_figures,
)
from bot.evaluation.dialogues import read_dialogues, read_requests
from bot.evaluation.explain import explain as explained
from bot.evaluation.explain import in_words
from bot.evaluation.fitting import fit_everything
from bot.evaluation.html_report import write_report, write_sheet
from bot.evaluation.report import as_object, plot, print_report, print_shares
from bot.evaluation.scoring import figures as suite_figures
from bot.evaluation.side_by_side import both_sides, shares_of_both, write_sides
from bot.evaluation.suites import Suite, read_suite
from bot.logs import configure_logs
from ingest.progress import Progress

QUESTIONS, DIALOGUES, REQUESTS = "questions.jsonl", "dialogues.jsonl", "requests.jsonl"


def evaluate(settings: Settings, options: Namespace) -> None:
    """Measure how often the assistant is right on a suite.

    A suite is a folder with labelled questions, conversations or single messages.
    """
    configure_logs("ERROR", json=False)
    folder: Path = options.suite
    model = options.model or settings.bot_model
    settings = settings.model_copy(update={"bot_model": model})
    if options.side_by_side and not settings.bot_model:
        raise BotError("--side-by-side needs a model: set BOT_MODEL, or --model")
    found: dict[str, object] = {}
    judged: list[Judged] = []
    if (folder / DIALOGUES).is_file() or (folder / REQUESTS).is_file():
        found, judged = asyncio.run(_conversations(settings, folder, options.limit))
        print_shares(folder.resolve().name, found, console=Console())
    if options.html:
        _needs(judged, "--html", folder)
        write_report(folder.resolve().name, found, judged, options.html)
    if options.sheet:
        _needs(judged, "--sheet", folder)
        write_sheet(judged, options.sheet)
    if options.side_by_side:
        _needs(judged, "--side-by-side", folder)
        asyncio.run(_side_by_side(settings, folder, options, judged))
    if (folder / QUESTIONS).is_file() or not found:
        _questions(settings, options)
    elif options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def calibrate(settings: Settings, options: Namespace) -> None:
    """Fit examples, ranking and probabilities again for the encoder in use."""
    configure_logs("ERROR", json=False)
    for line in fit_everything(settings, suites=options.suites, write=options.write):
        print(line)


def tune(settings: Settings, options: Namespace) -> None:
    """Learn the encoder's adapter again, from the questions of the index in use."""
    # Torch takes seconds to load; no other command needs it.
    from bot.evaluation.tuning import tune_encoder  # noqa: PLC0415

    configure_logs("ERROR", json=False)
    for line in tune_encoder(settings, steps=options.steps, write=options.write):
        print(line, flush=True)


def explain(settings: Settings, options: Namespace) -> None:
    """Why a message got the reply it got."""
    configure_logs("WARNING", json=False)
    found = asyncio.run(explained(settings, options.question, earlier=options.turn))
    if options.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(in_words(found)))


async def _conversations(
    settings: Settings, folder: Path, limit: int | None
) -> tuple[dict[str, object], list[Judged]]:
    """Figures of conversations and of single messages, and every reply."""
    dialogues = _some(folder / DIALOGUES, read_dialogues, limit)
    requests = _some(folder / REQUESTS, read_requests, limit)
    suite = _suite(folder)
    found: dict[str, object] = {}
    judged: list[Judged] = []
    progress = Progress.for_terminal()
    async with answering_for(settings, suite, progress=progress) as answering:
        if dialogues:
            with progress.bar(folder.name, total=len(dialogues)) as advance:
                judged = await converse(answering, dialogues, told=advance)
            found |= figures(judged)
        if requests:
            found["requests"] = request_figures(await hear(answering, requests))
    return found, judged


async def _side_by_side(
    settings: Settings, folder: Path, options: Namespace, judged: Sequence[Judged]
) -> None:
    sides = await both_sides(
        settings,
        _suite(folder),
        _some(folder / DIALOGUES, read_dialogues, options.limit),
        judged,
        progress=Progress.for_terminal(),
    )
    key = write_sides(sides, options.side_by_side)
    print(*shares_of_both(sides), sep="\n")
    print(f"to be graded: {options.side_by_side}; which is which: {key}")


def _suite(folder: Path) -> Suite:
    documents = folder / "documents"
    return Suite(
        name=folder.name,
        questions=(),
        documents=documents if documents.is_dir() else None,
    )


def _some(path: Path, read, limit: int | None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  either kind of line
    lines = read(path) if path.is_file() else []
    return lines[:limit] if limit else lines


def _questions(settings: Settings, options: Namespace) -> None:
    suite = read_suite(options.suite, limit=options.limit)
    replies = asyncio.run(ask_suite(settings, suite, progress=Progress.for_terminal()))
    found = suite_figures(replies)
    if options.json:
        whole = json.dumps(as_object(suite.name, found, replies), ensure_ascii=False)
        options.json.write_text(whole, "utf-8")
    if options.plot:
        plot(replies, options.plot)
    print_report(suite.name, found, replies, console=Console())


def _needs(judged: Sequence[Judged], option: str, folder: Path) -> None:
    if not judged:
        raise BotError(f"{option} needs conversations: {folder}/{DIALOGUES}")
