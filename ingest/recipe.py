"""What made the chunks of a file: when it changes, every file is read again."""

from ingest.chunking import CHUNKER_VERSION
from ingest.files import READERS_VERSION
from ingest.formats.tesseract import ocr_languages, ocr_program


def recipe() -> str:
    """The versions of the readers and of the chunker, in one word.

    Tesseract is asked what languages it reads: call it once a sync.
    """
    program = ocr_program()
    ocr = f".ocr-{'+'.join(ocr_languages(program))}" if program else ""
    return f"readers-{READERS_VERSION}{ocr}.chunker-{CHUNKER_VERSION}"
