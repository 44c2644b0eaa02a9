"""Arrays of the cube with the codes of its dimensions, as bytes."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes

Arrays = dict[str, NDArray[Any]]


def pack(axes: Axes, values: Mapping[str, NDArray[Any]]) -> bytes:
    """Compressed, to be read by `unpack`."""
    file = io.BytesIO()
    codes = json.dumps(axes.document())
    np.savez_compressed(file, allow_pickle=False, axes=np.array(codes), **values)
    return file.getvalue()


def unpack(data: bytes) -> tuple[Axes, Arrays]:
    """The dimensions and the arrays by name."""
    with np.load(io.BytesIO(data), allow_pickle=False) as packed:
        values = {name: packed[name] for name in packed.files if name != "axes"}
        return Axes.of_document(json.loads(str(packed["axes"]))), values
