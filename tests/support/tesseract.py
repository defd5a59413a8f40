"""Tesseract as it is installed, started by a script that a test can make crash."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

SCRIPT = """\
#!/bin/sh
if [ "$1" = stdin ]; then
    echo >> {folder}/calls
    if grep -qx "$(wc -l < {folder}/calls)" {folder}/crashes; then
        kill -9 "$PPID"
        exit 1
    fi
fi
exec {program} --tessdata-dir {folder} "$@"
"""


class FlakyTesseract:
    """Crashes whoever calls it at some of the pictures, and can learn languages."""

    def __init__(self, folder: Path, program: str) -> None:
        self._folder = folder
        folder.mkdir()
        for path in _installed(program).iterdir():
            (folder / path.name).symlink_to(path)
        script = folder / "tesseract"
        script.write_text(SCRIPT.format(folder=folder, program=program))
        script.chmod(0o755)
        self.crash_at()

    def crash_at(self, *numbers: int) -> None:
        """Crash at the pictures of these numbers, counted from 1, and no others."""
        lines = "".join(f"{number}\n" for number in numbers)
        (self._folder / "crashes").write_text(lines)

    @property
    def calls(self) -> int:
        """How many pictures it was asked to read so far."""
        file = self._folder / "calls"
        return file.read_text().count("\n") if file.exists() else 0

    def learn(self, language: str) -> None:
        """Install a language, whose words are read as English ones are."""
        english = (self._folder / "eng.traineddata").resolve()
        (self._folder / f"{language}.traineddata").symlink_to(english)


def picture_of(words: str) -> bytes:
    """A line of words as a picture that is easily read."""
    image = Image.new("L", (1400, 200), "white")
    font = ImageFont.load_default(48)
    ImageDraw.Draw(image).text((60, 60), words, fill="black", font=font)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def scan_of(words: str) -> Callable[[FPDF], None]:
    """A page that is a picture of words."""

    def draw(document: FPDF) -> None:
        document.image(BytesIO(picture_of(words)), x=10, y=10, w=180)

    return draw


def _installed(program: str) -> Path:
    command = [program, "--list-langs"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return Path(said.split('"')[1])
