"""A model that is as slow as a test says."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PATIENCE = 60.0


class Gated:
    """A model that is slow: it answers when the gate is open. A text's vector is where its characters fall."""

    name, dimensions, weight = "gated", 16, 0.4

    def __init__(self) -> None:
        self.gate, self.reached = threading.Event(), threading.Event()
        self.asked = 0

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.reached.set()
        assert self.gate.wait(PATIENCE)
        self.asked += len(texts)
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for character in text:
                found[row, ord(character) % self.dimensions] += 1
        return found / np.maximum(1e-9, np.linalg.norm(found, axis=1, keepdims=True))
