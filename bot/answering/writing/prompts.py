"""The words said to a model, read from ``prompts/``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate

# Before the reviewed translation of a section, as a source has it.
TRANSLATED = "Reviewed translation: "
FIRST = {"version", "system", "human"}
PROMPTS = Path(__file__).parents[3] / "prompts"
DELIMITER = re.compile(
    r"<(?=[\s/]*(?:sources|known|earlier|message|section|others)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt and the version that is kept with whatever it led to.

    ``template`` is how it begins; ``later`` are what can be said after that, by name.
    """

    version: str
    rules: str
    template: ChatPromptTemplate
    later: Mapping[str, PromptTemplate]


def load_prompt(name: str) -> Prompt:
    """The prompt in ``prompts/<name>.yaml``."""
    parts = yaml.safe_load((PROMPTS / f"{name}.yaml").read_text("utf-8"))
    return Prompt(
        version=f"{name}-{parts['version']}",
        rules=parts["system"],
        template=ChatPromptTemplate.from_messages(
            [("system", parts["system"]), ("human", parts["human"])]
        ),
        later={
            name: PromptTemplate.from_template(text)
            for name, text in parts.items()
            if name not in FIRST
        },
    )


def quoted(text: str) -> str:
    """A text that cannot end the part of a prompt that it stands in."""
    return DELIMITER.sub("‹", text)
