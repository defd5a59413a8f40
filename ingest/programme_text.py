"""The fields of a programme as sentences that a contact can read."""

from collections.abc import Iterator
from datetime import date

from ingest.front_matter import FrontMatter

TAUGHT = {
    "online": "taught online",
    "hybrid": "taught partly online and partly on campus",
    "campus": "taught on campus",
}


def body_of(about: FrontMatter) -> str:
    """Markdown with a question for each thing that people ask of a programme."""
    return "\n\n".join(
        f"## {question}\n\n{text}" for question, text in _parts(about) if text
    )


def _parts(about: FrontMatter) -> Iterator[tuple[str, str]]:
    name = about.title
    yield f"What is {name}?", " ".join(_what(about))
    yield f"How long does {name} take?", " ".join(_time(about))
    yield f"How much does {name} cost?", _cost(about)
    if about.credit:
        yield f"Does {name} give credit?", f"Credit for {name}: {_ended(about.credit)}"
    if about.entry_requirements:
        yield (
            f"What do I need to join {name}?",
            f"To join {name} you need: {_ended(about.entry_requirements)}",
        )


def _what(about: FrontMatter) -> Iterator[str]:
    kind = about.credential or "programme"
    taught = f", {TAUGHT[about.mode]}" if about.mode else ""
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    yield f"{about.title} is {article} {kind} by {about.provider}{taught}."
    if about.awarding_body:
        yield f"The credential is awarded by {_ended(about.awarding_body)}"
    if about.subject:
        yield f"It is about {_ended(_listed(about.subject))}"
    if about.level:
        yield f"Its level is {_ended(about.level)}"
    if about.language:
        yield f"It is taught in {_ended(about.language)}"


def _time(about: FrontMatter) -> Iterator[str]:
    if about.duration:
        yield f"{about.title} takes {_ended(about.duration)}"
    if about.effort:
        yield f"The effort for {about.title} is {_ended(about.effort)}"


def _cost(about: FrontMatter) -> str:
    if about.fee is None:
        return (
            f"We hold no confirmed fee for {about.title}; the provider's page has it."
        )
    dated = f", as of {_month(about.fee_as_of)}" if about.fee_as_of else ""
    if not about.fee:
        return f"{about.title} is free of charge{dated}."
    whole = about.fee == int(about.fee)
    fee = f"{about.fee:,.0f}" if whole else f"{about.fee:,.2f}"
    return (
        f"{about.title} costs {about.currency} {fee}{dated}. Check the price on the "
        "provider's page before you pay."
    )


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
