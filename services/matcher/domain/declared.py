"""What items declare by leaf, as tables of numbers: shares of directions, and the heads that teams lack."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.catalogue.succession import WHOLE
from services.kernel.errors import InvalidArgument
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item

Leaves = tuple[tuple[str, int], ...]


def no_shares(codes: Codes) -> NDArray[np.uint16]:
    """Of no item."""
    return np.zeros((0, len(codes.leaves)), np.uint16)


def shares(items: Sequence[Item], codes: Codes) -> NDArray[np.uint16]:
    """[items, leaves]; what is declared alike is read once. Raises InvalidArgument as `numbered_shares`."""
    sorts: dict[Leaves, int] = {}
    of_item = [sorts.setdefault(item.leaves, len(sorts)) for item in items]
    table = np.zeros((len(sorts), len(codes.leaves)), np.uint16)
    for row, leaves in enumerate(sorts):
        for leaf, per_mille in numbered_shares(leaves, codes).items():
            table[row, leaf] = per_mille
    return table[np.array(of_item, np.int64)]


def numbered_shares(leaves: Leaves, codes: Codes) -> dict[int, int]:
    """Per-mille by the number of the leaf; of a leaf that is named twice the last counts.

    Raises InvalidArgument for an unknown code or shares over 1.
    """
    numbered = {codes.leaf(code): per_mille for code, per_mille in leaves}
    if sum(numbered.values()) > WHOLE:
        raise InvalidArgument.field(
            "leaves",
            "SHARES_EXCEED_WHOLE",
            "各方向占比之和不得超过1",
            "the shares of directions exceed 1 in sum",
        )
    return numbered


def lacks(items: Sequence[Item], codes: Codes) -> NDArray[np.int32]:
    """[items, leaves]: thousandths of heads that teams lack."""
    table = np.zeros((len(items), len(codes.leaves)), np.int32)
    for row, item in enumerate(items):
        for leaf, amount in (item.staff and item.staff.lacking) or ():
            table[row, codes.leaf(leaf)] = amount
    return table
