"""Which sections are about the same matter in different countries.

"How many hours can I work?" has another answer in each country. Two headings ask the
same of two countries if they are alike once what the headings of each country have in
common is taken from them.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Vectors

# So alike are "How long does a visa for A take?" and "… for B …"; what only one country
# knows (CAS, OPT, APS) stays below .5.
ALIKE = 0.6
# A country with fewer sections has nothing in common to take away.
FEWEST_SECTIONS = 5


def counterparts(
    chunks: Sequence[Chunk], headings: Vectors
) -> Mapping[str, tuple[Chunk, ...]]:
    """By name, a section's nearest one in each other country that has one, best first.

    ``headings`` is ``(chunks, dimension)``, of length 1.
    """
    of_country = _of_one_country(chunks)
    numbers = [number for each in of_country.values() for number in each]
    if not numbers:
        return {}
    own = np.array([country for country, each in of_country.items() for _ in each])
    bare = np.concatenate(
        [headings[each] - headings[each].mean(axis=0) for each in of_country.values()]
    )
    bare /= np.linalg.norm(bare, axis=1, keepdims=True) + 1e-9
    found = {}
    for number, country, row in zip(numbers, own, bare @ bare.T, strict=True):
        nearest: dict[str, Chunk] = {}
        for n in np.argsort(-row):
            if row[n] >= ALIKE and own[n] != country:
                nearest.setdefault(str(own[n]), chunks[numbers[n]])
        found[chunks[number].name] = tuple(nearest.values())
    return found


def _of_one_country(chunks: Sequence[Chunk]) -> dict[str, list[int]]:
    """The first chunk of each section about one country, by country."""
    found: dict[str, list[int]] = {}
    names = set()
    for number, chunk in enumerate(chunks):
        if len(chunk.countries) == 1 and chunk.name not in names:
            names.add(chunk.name)
            found.setdefault(next(iter(chunk.countries)), []).append(number)
    return {c: each for c, each in found.items() if len(each) >= FEWEST_SECTIONS}
