"""``python -m bot doctor``: how an installation is, and what to do about it."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from bot.config import Settings
from bot.doctor.checkup import Checkup, check_up
from bot.doctor.model_trial import Trial
from bot.errors import BotError
from bot.logs import configure_logs


def doctor(settings: Settings, options: Namespace) -> None:
    """Check everything and print it.

    Raises:
        BotError: something is in the way of the server or of answers.
    """
    configure_logs("ERROR", json=False)
    found = asyncio.run(check_up(settings))
    print(_as_json(found) if options.json else "\n".join(_lines(found)))
    if found.wrong:
        things = "1 thing is" if found.wrong == 1 else f"{found.wrong} things are"
        raise BotError(f"{things} wrong with this installation; see above")


def _as_json(found: Checkup) -> str:
    whole = {
        "well": not found.wrong,
        "findings": [asdict(one) for one in found.findings],
        "trials": [asdict(one) for one in found.trials],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _lines(found: Checkup) -> Iterator[str]:
    yield from (one.line for one in found.findings)
    for trial in found.trials:
        yield ""
        yield f"{trial.model} was asked: {_printable(trial.question)}"
        yield from (f"   {line}" for line in _told(trial))


def _told(trial: Trial) -> Iterator[str]:
    shown = not (trial.problem or trial.refused)
    if trial.reply:
        told = "a contact would read" if shown else "it wrote, and nobody reads"
        yield f"{told}: {_printable(trial.reply)}"
    for reason in trial.sent_back:
        yield f"sent back once: {_printable(reason)}"
    first = trial.first_token_seconds
    began = "nothing came" if first is None else f"{first:.2f} s to the first token"
    yield f"time: {began}, {trial.seconds:.2f} s in all, in {_calls(trial)}"
    if trial.tokens is None:
        return
    counted = "as reported" if trial.tokens_reported else "reckoned from the text"
    yield f"tokens: {trial.tokens.read} in, {trial.tokens.written} out, {counted}"
    if trial.cost is None:
        names = "BOT_MODEL_PRICE_IN and BOT_MODEL_PRICE_OUT"
        yield f"cost: set {names} (a million tokens, any currency) to see it"
    else:
        yield f"cost: {trial.cost:.2f} for a thousand such answers"


def _calls(trial: Trial) -> str:
    return "one call" if trial.calls == 1 else f"{trial.calls} calls"


def _printable(text: str) -> str:
    """One line; a model may write what steers a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
