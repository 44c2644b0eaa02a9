"""Pretrained encoders as they are measured: with the product's search around them, and alone.

A model reads a text once in a run. A slow one (`e5`) is measured on tasks of few documents only.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.harness import Run
from bench.quality.texts import Task
from services.matcher.encode.choice import model_named
from services.matcher.encode.encoder import Encoder
from services.matcher.encode.models.model import TextModel
from services.matcher.encode.pretrained import PretrainedFamily

_MOST_DOCUMENTS = {"e5": 2_000}
_kept: dict[str, "Pretrained"] = {}


class Pretrained:
    """One model, with the vectors of all texts that it has read."""

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._known: dict[str, NDArray[np.float32]] = {}
        self.name = model.name
        self.dimensions, self.weight = model.dimensions, model.weight

    def fitted(self, documents: Sequence[str]) -> Encoder:
        """The product's encoder around the model."""
        return PretrainedFamily(self).fitted(documents)

    def alone(self, task: Task) -> NDArray[np.float32]:
        """[queries, documents] inner products of what the model gives."""
        return self.vectors(task.queries) @ self.vectors(task.documents).T

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As those of the model."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(fresh, self._model.vectors(fresh), strict=True))
        return np.array([self._known[text] for text in texts], np.float32).reshape(-1, self.dimensions)


def encoders(run: Run, task: Task) -> Iterator[tuple[str, Pretrained]]:
    """The encoders of a run that can read the task, by the name of their rows."""
    for choice in run.encoders:
        if len(task.documents) <= _MOST_DOCUMENTS.get(choice, len(task.documents)):
            if choice not in _kept:
                _kept[choice] = Pretrained(model_named(choice))
            yield choice.rstrip("/").rpartition("/")[2], _kept[choice]
