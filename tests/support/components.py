"""What is installed to serve: names, versions, licences, as a CycloneDX document."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import (
    Distribution,
    PackageMetadata,
    PackageNotFoundError,
    distribution,
)
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def components() -> Mapping[str, Distribution]:
    """Every distribution that the project needs to serve, by its name."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    left = [Requirement(text) for text in project["dependencies"]]
    found: dict[str, Distribution] = {}
    while left:
        needed = left.pop()
        name = re.sub(r"[-_.]+", "-", needed.name).lower()
        if name in found or not _applies(needed):
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        left += [Requirement(text) for text in found[name].requires or ()]
    return dict(sorted(found.items()))


def licence_of(component: Distribution) -> str:
    """What it says of its licence: an expression, else classifiers, else a text."""
    said = component.metadata
    classified = [
        line.rpartition("::")[2].strip()
        for line in said.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    return (
        _one(said, "License-Expression")
        or " AND ".join(classified)
        or _one(said, "License").strip().partition("\n")[0]
    )


def _one(said: PackageMetadata, name: str) -> str:
    return said[name] if name in said else ""  # noqa: SIM401  it has no get


def bill() -> dict[str, object]:
    """A CycloneDX 1.6 document."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "enquiry-assistant"}},
        "components": list(_entries()),
    }


def _entries() -> Iterator[dict[str, object]]:
    for name, found in components().items():
        yield {
            "type": "library",
            "name": name,
            "version": found.version,
            "purl": f"pkg:pypi/{name}@{found.version}",
            "licenses": [{"license": {"name": licence_of(found)}}],
        }


def _applies(needed: Requirement) -> bool:
    return needed.marker is None or needed.marker.evaluate({"extra": ""})


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2)
