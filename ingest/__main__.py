"""``python -m ingest``: build the index from the documents, and look into it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.config import Settings, load_settings
from bot.errors import BotError
from bot.private_files import write_privately

MODULES = {"sync": "ingest.sync_command", "suggest": "ingest.suggest_command"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked."""
    write_privately()
    options = _parser().parse_args(arguments)
    try:
        return _handler(options.command)(load_settings(), options)
    except (BotError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _handler(command: str) -> Callable[[Settings, argparse.Namespace], int]:
    """What runs a command; its module loads what only it needs, which takes time."""
    module = import_module(MODULES.get(command, "ingest.commands"))
    handler: Callable[[Settings, argparse.Namespace], int]
    handler = getattr(module, f"run_{command.replace('-', '_')}")
    return handler


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Builds the index from the documents."
    )
    several = parser.add_subparsers(dest="command", required=True)
    command = several.add_parser(
        "sync",
        help="bring the index up to date with the documents in KNOWLEDGE_DIR "
        "(Markdown, PDF, DOCX, PPTX, XLSX, CSV, HTML, text)",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command = several.add_parser(
        "search", help="show which chunks are found for some words, and why"
    )
    command.add_argument("words", help="what to search for")
    command.add_argument("--limit", type=_count, default=5, help="how many (5)")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    _add_suggest(several)
    _add_upkeep(several)
    return parser


def _add_suggest(
    several: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    command = several.add_parser(
        "suggest",
        help="have the model (BOT_MODEL) draft what the catalogue of a language lacks; "
        "exit status 1 if something was left out",
        description="Drafts missing asks and answers, and new answers to sections that "
        "have changed, into knowledge/languages/<language>.yaml. A draft is marked "
        "there and not used until somebody has read it and deleted its line draft. It "
        "can be run again: what has been drafted is left alone.",
    )
    command.add_argument(
        "--language", required=True, metavar="CODE", help="hi, es, hi-Latn, …"
    )
    command.add_argument(
        "--document", metavar="PATH", help="only this one, as faq/fees.md"
    )
    command.add_argument(
        "--limit", type=_count, help="how many sections to ask the model about (all)"
    )
    only = command.add_mutually_exclusive_group()
    for kind, name in (("asks", "--asks"), ("answer", "--answers")):
        only.add_argument(
            name,
            dest="kind",
            action="store_const",
            const=kind,
            help=f"only {name.strip('-')}",
        )
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _add_upkeep(
    several: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    command = several.add_parser(
        "check",
        help="list what is broken, expired, due, contradicting or said twice, in "
        "documents and catalogues; exit status 1 if there is anything",
    )
    command.add_argument("--json", action="store_true", help="print one JSON array")
    command = several.add_parser(
        "status",
        help="how many sections have questions and answers in each language",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command = several.add_parser(
        "rollback", help="go back to the index before the current one"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    several.add_parser("schema", help="print the fields of a programme as JSON Schema")
    command = several.add_parser(
        "add-url", help="fetch a web page as a document, and keep it up to date"
    )
    command.add_argument("url", help="https://…")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command = several.add_parser(
        "fetch", help="fetch the pages of sources.yaml that are due"
    )
    command.add_argument("--all", action="store_true", help="also what is not due")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    several.add_parser(
        "prepare-encoder",
        help="prepare the bundled encoder for this machine, once an install",
    )
    several.add_parser(
        "pack-vectors",
        help="keep the vectors of the index beside the documents, so that a first sync "
        "takes seconds",
    )
    several.add_parser(
        "nightly", help="fetch what is due, sync and check; the server runs it"
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
