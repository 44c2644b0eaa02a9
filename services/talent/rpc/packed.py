"""Long repeated fields written from arrays, without an object for each number."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from google.protobuf.message import Message
from numpy.typing import NDArray

_LENGTH_DELIMITED = 2
_BITS = 7


def pack(message: Message, fields: Mapping[str, NDArray[Any]]) -> None:
    """Append to repeated fields of a message: floats to those of doubles, whole numbers from 0 and truths to those of
    integers, enums and bools.
    """
    known = message.DESCRIPTOR.fields_by_name
    message.MergeFromString(b"".join(_field(known[name].number, each) for name, each in fields.items()))


def _field(number: int, values: NDArray[Any]) -> bytes:
    data = values.astype("<f8").tobytes() if values.dtype.kind == "f" else varints(values)
    return varints(np.array([number << 3 | _LENGTH_DELIMITED, len(data)])) + data


def varints(values: NDArray[Any]) -> bytes:
    """Whole numbers from 0 in the encoding of protocol buffers: seven bits a byte, the lowest first."""
    whole = values.astype(np.int64).ravel()
    longest = int(whole.max(initial=0))
    if longest < 1 << _BITS:
        short: bytes = whole.astype(np.uint8).tobytes()
        return short
    shifts = np.arange(0, longest.bit_length(), _BITS)
    left = whole[:, None] >> shifts
    last = np.concatenate([left[:, 1:] == 0, np.ones((len(whole), 1), bool)], axis=1)
    there = (left > 0) | (shifts == 0)
    found = (left & 0x7F) | np.where(last, 0, 0x80)
    data: bytes = found[there].astype(np.uint8).tobytes()
    return data
