import numpy as np
import pytest

from bole.talent.v1.shortage_pb2 import ShortageCell, ShortageColumns
from services.talent.rpc.packed import pack, varints


def test_packed_fields_are_the_fields_set_one_by_one() -> None:
    message, expected = ShortageColumns(), ShortageColumns()
    indices, heads = [0.0, 99.9, -1.5, 1e-300], [0, 127, 128, 2**40]
    states = [ShortageCell.STATE_UNSPECIFIED, ShortageCell.STATE_NO_DATA]
    pack(
        message,
        {
            "indices": np.array(indices),
            "open_headcounts": np.array(heads),
            "states": np.array(states),
            "hidden": np.array([True, False]),
            "gaps": np.zeros(0),
        },
    )
    expected.indices.extend(indices)
    expected.open_headcounts.extend(heads)
    expected.states.extend(states)
    expected.hidden.extend([True, False])
    assert message == expected


def test_a_missing_number_stays_missing() -> None:
    message = ShortageColumns()
    pack(message, {"supplies": np.array([np.nan, 1.0])})
    assert np.isnan(message.supplies[0])


@pytest.mark.parametrize(
    ("number", "encoded"),
    [(0, b"\x00"), (1, b"\x01"), (128, b"\x80\x01"), (300, b"\xac\x02"), (16_384, b"\x80\x80\x01")],
)
def test_numbers_are_written_seven_bits_a_byte(number: int, encoded: bytes) -> None:
    assert varints(np.array([number])) == encoded
    assert varints(np.array([7, number])) == b"\x07" + encoded
