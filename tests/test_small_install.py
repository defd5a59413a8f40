"""What a small machine may leave out, docs/operating.md says."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

GONE = {"torch", "sentence_transformers", "transformers", "sympy", "mpmath", "networkx",
        "kubernetes"}

class Gone(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in GONE:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Gone())
from bot.__main__ import main
sys.exit(main(["ask", "How long does a micro-credential take?"]))
"""


def test_answers_come_without_pytorch_and_what_else_only_other_encoders_need(
    tmp_path: Path, sample_knowledge: Path, sample_data: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(PROJECT),
            "ENVIRONMENT": "development",
            "DATA_DIR": str(sample_data),
            "KNOWLEDGE_DIR": str(sample_knowledge),
        },
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "between six and twelve weeks" in ended.stdout, ended.stderr
