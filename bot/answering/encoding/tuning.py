"""Learns the adapter: what is asked of a section comes nearer to it, and to each other.

Torch computes it, on the bundled weights as sentence-transformers opens them. Passages
stay as they are, so that only questions have to be encoded again.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from bot.answering.encoding.adapter import Adapter
from bot.answering.encoding.batches import Batch, Batches, Material
from bot.answering.encoding.folder import PARTS, PROMPTS

# The upper half of twelve layers is adapted: half the time, and as good.
LOWEST_LAYER, RANK, STRENGTH = 6, 8, 2
PRODUCTS = ("q", "k", "v", "ao", "fi", "fo")
# The weight of the labels, and the tokens that are read of a text.
OF_LABELS, TOKENS = 0.3, 80
RATE, RATE_BESIDES, DECAY, WARM_UP, LAST_RATE = 1e-3, 3e-3, 0.01, 50, 0.05
FIRST_SCALE, SPREAD, LONGEST_STEP = 30.0, 10.0, 1.0
SEED, REPORT_EVERY = 7, 50

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Progress:
    """Losses by which a step was left: of sections, of questions, of labels."""

    step: int
    losses: tuple[float, float, float]


class Tuning:
    """The model with additions; ``steps`` learns, ``adapter`` is what was learned."""

    def __init__(self, folder: Path, material: Material, *, threads: int = 2) -> None:
        torch.set_num_threads(threads)
        torch.manual_seed(SEED)
        disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
        self._batches = Batches(material, seed=SEED)
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        self._model.requires_grad_(requires_grad=False)
        self._model.eval()
        self._passages = torch.tensor(material.passages)
        self._labels = sorted({label for _, label in material.messages})
        self._additions = dict(self._adapted())
        self._head = nn.Linear(material.passages.shape[1], max(len(self._labels), 1))
        self._scales = nn.Parameter(torch.full((2,), math.log(FIRST_SCALE)))

    def load(self, adapter: Adapter) -> None:
        """Go on from what was learned before."""
        with torch.no_grad():
            for name, one in self._additions.items():
                down, up = adapter[name]
                one.down.copy_(torch.tensor(down))
                one.up.copy_(torch.tensor(up) / STRENGTH)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that ask, as they are by now."""
        with torch.no_grad():
            found: Vectors = self._encoded(texts).numpy()
        return found

    def adapter(self) -> Adapter:
        """What was learned so far, by the names of the bundled file."""
        return {
            name: (one.down.detach().numpy(), STRENGTH * one.up.detach().numpy())
            for name, one in self._additions.items()
        }

    def steps(self, count: int) -> Iterator[Progress]:
        """Learn for so many steps, and tell of every few."""
        learned = [p for one in self._additions.values() for p in (one.down, one.up)]
        besides = [*self._head.parameters(), self._scales]
        optimizer = torch.optim.AdamW(
            [
                {"params": learned, "lr": RATE, "weight_decay": DECAY},
                {"params": besides, "lr": RATE_BESIDES},
            ]
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: (
                min(1, (step + 1) / WARM_UP) * max(LAST_RATE, 1 - step / count)
            ),
        )
        batches = self._batches.drawn()
        for step in range(1, count + 1):
            losses = self._losses(next(batches))
            total = losses[0] + losses[1] + OF_LABELS * losses[2]
            optimizer.zero_grad()
            total.backward()  # type: ignore[no-untyped-call]  # torch's own
            nn.utils.clip_grad_norm_(learned, LONGEST_STEP)
            optimizer.step()
            schedule.step()
            if step % REPORT_EVERY == 0 or step == count:
                of_sections, of_questions, of_labels = (one.item() for one in losses)
                yield Progress(step, (of_sections, of_questions, of_labels))

    def _losses(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Of the sections, of the questions in pairs, and of the labels."""
        size, further = len(batch.pairs), len(batch.further)
        texts = [pair[side] for side in (0, 1) for pair in batch.pairs]
        texts += [text for text, _ in batch.further]
        vectors = self._encoded([*texts, *(text for text, _ in batch.messages)])
        asking = vectors[: len(texts)]
        of_text, of_question = self._scales.exp()
        targets = torch.zeros(len(texts), len(self._passages))
        rights = [(n,) for n in batch.sections] * 2 + [r for _, r in batch.further]
        for row, numbers in enumerate(rights):
            targets[row, list(numbers)] = 1 / len(numbers)
        near = functional.cross_entropy(of_text * asking @ self._passages.T, targets)
        alike = functional.cross_entropy(
            of_question * asking[:size] @ asking[size : 2 * size].T, torch.arange(size)
        )
        if further:
            alike = alike + self._of_followed(batch, asking, of_question)
        labels = torch.tensor(
            [self._labels.index(label) for _, label in batch.messages]
        )
        of_labels = (
            functional.cross_entropy(self._head(vectors[len(texts) :] * SPREAD), labels)
            if batch.messages
            else torch.zeros(())
        )
        return near, alike, of_labels

    def _of_followed(self, batch: Batch, asking: Tensor, scale: Tensor) -> Tensor:
        """A message behind others is near what its section is asked by."""
        size = len(batch.pairs)
        asked = self._encoded(
            [self._batches.asked(rights[0]) for _, rights in batch.further]
        )
        against = torch.cat([asked, asking[:size]])
        alike = scale * asking[2 * size :] @ against.T
        sections = [*(rights[0] for _, rights in batch.further), *batch.sections]
        for row, (_, rights) in enumerate(batch.further):
            for column, number in enumerate(sections):
                if column != row and number in rights:
                    alike[row, column] = -torch.inf  # as right as the one it is near
        return functional.cross_entropy(alike, torch.arange(len(batch.further)))

    def _encoded(self, texts: Sequence[str]) -> Tensor:
        """Vectors of length 1; the shorter two thirds of texts are read apart."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        border = len(order) * 2 // 3
        found = [
            self._batch([texts[place] for place in part])
            for part in (order[:border], order[border:])
            if part
        ]
        back = torch.tensor(np.argsort(order))
        return torch.cat(found)[back]

    def _batch(self, texts: Sequence[str]) -> Tensor:
        read = self._tokenizer(
            [PROMPTS["query"] + text.strip() for text in texts],
            padding=True,
            truncation=True,
            max_length=TOKENS,
            return_tensors="pt",
        )
        states = self._model(**read).last_hidden_state
        counted = read["attention_mask"].unsqueeze(-1).float()
        return functional.normalize((states * counted).sum(1), dim=-1)

    def _adapted(self) -> Iterator[tuple[str, "_Addition"]]:
        """Put an addition beside each product of the upper layers."""
        for number, layer in enumerate(self._model.encoder.layer):
            for part in PRODUCTS if number >= LOWEST_LAYER else ():
                *path, last = PARTS[part].split(".")
                owner = layer.get_submodule(".".join(path))
                addition = _Addition(getattr(owner, last))
                setattr(owner, last, addition)
                yield f"l{number}.{part}", addition


class _Addition(nn.Module):
    """A product, and one of low rank that is learned beside it."""

    def __init__(self, product: nn.Linear) -> None:
        super().__init__()
        self.product = product
        size = product.in_features
        self.down = nn.Parameter(torch.randn(size, RANK) / math.sqrt(size))
        self.up = nn.Parameter(torch.zeros(RANK, product.out_features))

    def forward(self, state: Tensor) -> Tensor:
        found: Tensor = self.product(state) + STRENGTH * (state @ self.down) @ self.up
        return found
