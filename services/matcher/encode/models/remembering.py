"""A model that knows what it was asked last: a text that is asked for again costs nothing."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from services.matcher.encode.models.model import TextModel

KEPT = 512


class Remembering:
    """The same vectors as those of `model`. It keeps the newest of them by digest, and no text."""

    def __init__(self, model: TextModel, kept: int = KEPT) -> None:
        self._model = model
        self._kept = kept
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self.name = model.name
        self.dimensions, self.weight = model.dimensions, model.weight

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As those of the model, which is asked for what is not known."""
        keys = [sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        fresh = dict(zip(wanted, self._model.vectors(list(wanted.values())), strict=True))
        with self._lock:
            self._known.update(fresh)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        found |= fresh
        rows = [found[key] for key in keys]
        return np.array(rows, np.float32).reshape(len(texts), self.dimensions)
