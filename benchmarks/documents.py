"""Makes as many documents as a measurement needs: varied, and the same every time."""

import random
from pathlib import Path

from bot.answering.chunks import Chunk
from ingest.chunking import chunk_document
from ingest.documents import read_documents

SEED = 20_261_124
SUBJECTS = [
    "data analysis",
    "nursing",
    "supply chains",
    "web design",
    "accounting",
    "solar energy",
    "teaching English",
    "project management",
    "food safety",
    "cyber security",
    "logistics",
    "public health",
    "machine learning",
    "marketing",
    "hotel management",
    "welding",
    "law",
    "childcare",
    "robotics",
    "statistics",
    "tourism",
    "translation",
    "architecture",
    "farming",
]
PLACES = [
    "Leeds",
    "Toronto",
    "Munich",
    "Auckland",
    "Melbourne",
    "Boston",
    "Dublin",
    "Rotterdam",
    "Lyon",
    "Madrid",
    "Warsaw",
    "Oslo",
    "Singapore",
    "Nairobi",
    "Bogota",
    "Hanoi",
    "Lisbon",
    "Vienna",
    "Turku",
]
PEOPLE = [
    "students",
    "applicants",
    "nurses",
    "engineers",
    "parents",
    "career changers",
    "graduates",
    "school leavers",
    "refugees",
    "teachers",
    "managers",
    "part-time workers",
    "researchers",
]
TOPICS = [
    "Fees and refunds",
    "How to apply",
    "What you learn",
    "Hours a week",
    "Entry requirements",
    "Certificates",
    "After the course",
    "Housing",
    "Language tests",
    "Deadlines",
    "Visas",
    "Exams",
]
SENTENCES = (
    "The course in {subject} at {place} takes {number} weeks and costs {price} euros.",
    "{People} from {place} usually study {number} hours a week.",
    "You apply online before {number} {month}, and you hear from us within a month.",
    "There are {number} places for {people} who have worked in {subject} before.",
    "A deposit of {price} euros is due, and it is paid back if we cancel {subject}.",
    "The test on {other} has {number} questions and costs {price} euros.",
    "{People} who hold a degree in {subject} may skip {other} until {number} {month}.",
    "Housing near the campus in {place} costs about {price} euros a month.",
    "Most {people} find the part on {other} harder than the part on {subject}.",
    "Lessons in {subject} take place in {place}, for {number} {people} at a time.",
    "In {place}, {number} employers offer placements in {subject} every {month}.",
    "Bring your passport, two photographs and the letter with the number {price}.",
)
MONTHS = "January March April June July September October November".split()  # noqa: SIM905  reads better
SENTENCES_EACH = 4
SECTIONS = 3


def write_documents(folder: Path, count: int) -> None:
    """Write ``count`` documents of about 150 words."""
    folder.mkdir(parents=True)
    for number in range(count):
        chance = random.Random(f"{SEED}-{number}")  # noqa: S311  text, not a secret
        path = folder / f"document-{number:04d}.md"
        path.write_text(_document(number, chance), "utf-8")


def edit_document(folder: Path, number: int) -> None:
    """Add a sentence at the end of a document."""
    with (folder / f"document-{number:04d}.md").open("a", encoding="utf-8") as file:
        file.write(f"\nCourse {number} has a new room since last week.\n")


def read_chunks(folder: Path) -> list[Chunk]:
    """The chunks of all documents of a folder."""
    documents = read_documents(folder)
    return [chunk for document in documents for chunk in chunk_document(document)]


def _document(number: int, chance: random.Random) -> str:
    subject, place = chance.choice(SUBJECTS), chance.choice(PLACES)
    lines = [
        "---",
        f"title: Course {number}, {subject} in {place}",
        "kind: guidance",
        f"source: https://example.org/courses/{number}",
        "last_verified: 2026-11-01",
        "---",
    ]
    for topic in chance.sample(TOPICS, SECTIONS):
        words = " ".join(_sentence(chance) for _ in range(SENTENCES_EACH))
        lines += [f"## {topic}", "", words, ""]
    return "\n".join(lines)


def _sentence(chance: random.Random) -> str:
    people = chance.choice(PEOPLE)
    return chance.choice(SENTENCES).format(
        subject=chance.choice(SUBJECTS),
        other=chance.choice(SUBJECTS),
        place=chance.choice(PLACES),
        people=people,
        People=people.capitalize(),
        number=chance.randint(2, 28),
        price=chance.randint(50, 4000),
        month=chance.choice(MONTHS),
    )
