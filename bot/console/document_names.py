"""How a document is named after its title, in whatever script that is written."""

import unicodedata
from pathlib import PurePosixPath

from bot.errors import DocumentError

LONGEST_NAME = 60
FOLDERS = {"faq": "faq", "guidance": "guidance", "programme": "programmes"}
# Letters, the marks that belong to them, and digits; what is invisible is left out.
KEPT, LEFT_OUT = ("L", "M", "N"), "Cf"


def path_for(kind: str, title: str) -> str:
    """Where a new document with this title stands.

    Raises:
        DocumentError: there is nothing in the title to name it by.
    """
    name = _plain(title.casefold())
    if not name:
        raise DocumentError("title: a document needs one")
    return f"{folder_for(kind)}/{name}.md"


def path_of_file(kind: str, name: str) -> str:
    """Where a file stands that somebody brings; nothing of its own path counts."""
    file = PurePosixPath(PurePosixPath(name.replace("\\", "/")).name)
    stem = _plain(file.stem) or "document"
    return f"{folder_for(kind)}/{stem}{file.suffix.lower()}"


def folder_for(kind: str) -> str:
    """The folder of a kind of document."""
    return FOLDERS.get(kind, FOLDERS["guidance"])


def _plain(text: str) -> str:
    """Words with hyphens between them, and nothing that a path may not hold."""
    letters = [
        one if one == "_" or unicodedata.category(one)[0] in KEPT else " "
        for one in unicodedata.normalize("NFC", text)
        if unicodedata.category(one) != LEFT_OUT
    ]
    return "-".join("".join(letters).split())[:LONGEST_NAME].strip("-_")
