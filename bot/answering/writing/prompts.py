"""The words said to a model, read from ``prompts/``."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from langchain_core.prompts import ChatPromptTemplate

PROMPTS = Path(__file__).parents[3] / "prompts"
DELIMITER = re.compile(r"<(?=[\s/]*(?:passages|earlier|message)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt and the version that is kept with whatever it led to."""

    version: str
    template: ChatPromptTemplate


def load_prompt(name: str) -> Prompt:
    """The prompt in ``prompts/<name>.yaml``."""
    parts = yaml.safe_load((PROMPTS / f"{name}.yaml").read_text("utf-8"))
    template = ChatPromptTemplate.from_messages(
        [("system", parts["system"]), ("human", parts["human"])]
    )
    return Prompt(f"{name}-{parts['version']}", template)


def quoted(text: str) -> str:
    """A text that cannot end the part of a prompt that it stands in."""
    return DELIMITER.sub("‹", text)
