"""Explains a reply on the command line, line by line."""

from collections.abc import Mapping, Sequence

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.explanation import Explanation
from bot.organisation import load_organisation


async def explain(
    settings: Settings,
    question: str,
    *,
    earlier: Sequence[str] = (),
    encoder: Encoder | None = None,
    clock: Clock = utc_now,
) -> Explanation:
    """Let the assistant answer earlier messages and then a question, and watch it.

    Raises:
        IndexUnavailableError: there is no index to answer from.
    """
    organisation = load_organisation(settings.organisation_file)
    answering = Answering(settings, organisation, encoder=encoder, clock=clock)
    try:
        return await answering.explain(question, earlier=earlier)
    finally:
        answering.close()


def in_words(found: Explanation) -> list[str]:
    """An explanation, line by line, for an editor."""
    needs = ", ".join(f"{name} {value:.2f}" for name, value in found.needs.items())
    lines = [
        f"{found.outcome}: {found.reason} (by {found.answerer}, in {found.language})",
        f"wants {found.wants}; likeliest: {_numbers(found.chances)}",
        *(f"   like: {example}" for example in found.examples),
    ]
    if found.picked:
        lines.append(f"picked: {found.picked}")
    if found.facts:
        lines.append(f"known of the contact: {dict(found.facts)}")
    for one in found.lookups:
        lines += ["", f"looked up: {one.question}"]
        if one.previous:
            lines.append(f"   after: {one.previous}; told last: {', '.join(one.told)}")
        lines.append(f"   sure {one.sure:.2f}, near {one.near:.2f} (needed: {needs})")
        lines.append(f"   evidence: {_numbers(one.evidence)}")
        for place, section in enumerate(one.sections, start=1):
            lines.append(f"{place}. {section.section}  share {section.share:.2f}")
            lines.append(
                f"   text {section.text:.3f}, asked {section.asked:.3f}, words "
                f"{section.lexical:.1f}; {_numbers(section.signals)}"
            )
    return [*lines, "", found.reply]


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())
