"""The options of the commands that measure, fit and explain."""

import argparse
from pathlib import Path


def add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument(
        "suite",
        type=Path,
        help="a folder with questions.jsonl, dialogues.jsonl or requests.jsonl, and "
        "maybe documents/",
    )
    evaluate.add_argument(
        "--json", type=Path, metavar="FILE", help="write everything as one JSON object"
    )
    evaluate.add_argument(
        "--limit", type=int, metavar="N", help="ask a random sample, always the same"
    )
    evaluate.add_argument(
        "--plot", type=Path, metavar="FILE", help="write a reliability diagram as PNG"
    )

    evaluate.add_argument(
        "--html", type=Path, metavar="FILE", help="write every reply as a page to read"
    )
    evaluate.add_argument(
        "--sheet", type=Path, metavar="FILE", help="write a CSV to grade by hand"
    )
    evaluate.add_argument(
        "--side-by-side",
        type=Path,
        metavar="FILE",
        help="write a CSV to grade conversations with a model and without, in an "
        "order that hides which is which",
    )
    evaluate.add_argument(
        "--model", metavar="PROVIDER:NAME", help="the model, in place of BOT_MODEL"
    )


def add_calibrate(calibrate: argparse.ArgumentParser) -> None:
    calibrate.add_argument(
        "--suites",
        type=Path,
        nargs="*",
        default=[],
        metavar="FOLDER",
        help="labelled questions over documents of their own to fit on as well",
    )
    calibrate.add_argument(
        "--write", action="store_true", help="replace what comes with the program"
    )


def add_tune(tune: argparse.ArgumentParser) -> None:
    tune.add_argument(
        "--steps",
        type=int,
        default=600,
        metavar="N",
        help="how long to learn (600 steps, half an hour on two cores)",
    )
    tune.add_argument(
        "--write", action="store_true", help="replace what comes with the program"
    )


def add_explain(explain: argparse.ArgumentParser) -> None:
    explain.add_argument("question")
    explain.add_argument(
        "--turn",
        action="append",
        default=[],
        metavar="TEXT",
        help="an earlier message of the contact, which is answered first; may be "
        "repeated, oldest first",
    )
    explain.add_argument("--json", action="store_true", help="print one JSON object")
