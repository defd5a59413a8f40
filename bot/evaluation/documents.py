"""Documents of a suite, which come from anywhere, made into documents of ours."""

import re
from datetime import UTC, datetime
from pathlib import Path

import yaml

FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*\r?\n", re.DOTALL)
HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
LONGEST_TITLE = 200


def copy_documents(source: Path, target: Path) -> None:
    """Write every Markdown file of ``source`` into ``target`` with our front matter.

    Paths stay as they are, since questions name them. Of somebody else's front matter
    only the title counts. A file without words is left out.
    """
    for path in sorted(source.rglob("*.md")):
        text = path.read_text("utf-8", errors="replace").lstrip("\ufeff")
        found = FRONT_MATTER.match(text)
        body = text[found.end() :] if found else text
        if not body.strip():
            continue
        about = {
            "title": _title(found.group(1) if found else "", body, path)[
                :LONGEST_TITLE
            ],
            "kind": "guidance",
            "last_verified": datetime.now(UTC).date(),
        }
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        front = yaml.safe_dump(about, allow_unicode=True, width=1000)
        copy.write_text(f"---\n{front}---\n{body}", "utf-8")


def _title(front_matter: str, body: str, path: Path) -> str:
    try:
        fields = yaml.safe_load(front_matter)
    except yaml.YAMLError:
        fields = None
    named = fields.get("title") if isinstance(fields, dict) else None
    heading = HEADING.search(body)
    title = str(named or (heading and heading.group(1)) or path.stem)
    return " ".join(title.split()) or path.stem
