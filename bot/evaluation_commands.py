"""What ``python -m bot evaluate`` does."""

import asyncio
import json
from argparse import Namespace

from rich.console import Console

from bot.config import Settings
from bot.evaluation.asking import ask_suite
from bot.evaluation.report import as_object, plot, print_report
from bot.evaluation.scoring import figures
from bot.evaluation.suites import read_suite
from bot.logs import configure_logs
from ingest.progress import Progress


def evaluate(settings: Settings, options: Namespace) -> None:
    """Measure how often the assistant is right on a suite of labelled questions."""
    configure_logs("ERROR", json=False)
    suite = read_suite(options.suite, limit=options.limit)
    replies = asyncio.run(ask_suite(settings, suite, progress=Progress.for_terminal()))
    found = figures(replies)
    if options.json:
        whole = json.dumps(as_object(suite.name, found, replies), ensure_ascii=False)
        options.json.write_text(whole, "utf-8")
    if options.plot:
        plot(replies, options.plot)
    print_report(suite.name, found, replies, console=Console())
