"""Gates: hard conditions that come before any score and that no score overrides."""

from collections.abc import Callable

import numpy as np

from services.matcher.domain.columns import PURPOSES, UNKNOWN, WHOLE, bits
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.score.block import Block, Mask

_ASKED = frozenset({ItemKind.PERSON, ItemKind.TEAM})

Gate = Callable[[PairKind, Block], Mask]


def open_(_: PairKind, block: Block) -> Mask:
    """Both sides take part at all."""
    return block.anchors.truth("open")[:, None] & block.candidates.truth("open")[None, :]


def consent(kind: PairKind, block: Block) -> Mask:
    """Every person and team of the pair has allowed one of the purposes; a kind without purposes asks nobody."""
    asked = np.ones(block.shape, np.bool_)
    needed = np.uint32(bits([PURPOSES.index(purpose) for purpose in kind.purposes]))
    allowed = block.anchors.sets("purposes")[:, None], block.candidates.sets("purposes")[None, :]
    for side, purposes in zip((kind.anchor, kind.candidate), allowed, strict=True):
        if needed and side in _ASKED:
            asked &= purposes & needed != 0
    return asked


def industry_scope(_: PairKind, block: Block) -> Mask:
    """As much of what the firm declares lies in the fund's scope as the mandate wants at least."""
    least = block.anchors.integers("least_share")[:, None] / WHOLE
    return np.asarray(block.within >= least, np.bool_)


def city_scope(_: PairKind, block: Block) -> Mask:
    """The firm's city is known and lies in the fund's scope."""
    return _within(block, "scope_cities", "city")


def stage_scope(_: PairKind, block: Block) -> Mask:
    """The firm's stage is known and admitted."""
    return _within(block, "scope_stages", "stage")


def valuation_limit(_: PairKind, block: Block) -> Mask:
    """The valuation, if known, is below the fund's limit (strictly)."""
    return (
        block.candidates.integers("valuation")[None, :] < block.anchors.integers("valuation_below")[:, None]
    )


def ticket_limit(_: PairKind, block: Block) -> Mask:
    """The ticket asked for, if known, is at most the fund's limit."""
    return block.candidates.integers("ask")[None, :] <= block.anchors.integers("ticket_max")[:, None]


def not_a_member(_: PairKind, block: Block) -> Mask:
    """The candidate is not in the team, nor about to come."""
    return np.ones(block.shape, np.bool_) if block.inside is None else ~block.inside


def lacks_somebody(_: PairKind, block: Block) -> Mask:
    """The team has told whom it needs, and does not have all of them."""
    lacking = np.asarray(block.lacks.any(axis=1), np.bool_)
    return np.broadcast_to(lacking[:, None], block.shape)


def _within(block: Block, scope: str, column: str) -> Mask:
    admitted = block.anchors.integers(scope)[:, None]
    value = block.candidates.integers(column)[None, :]
    return np.asarray((value != UNKNOWN) & ((admitted >> np.maximum(value, 0)) & 1 == 1), np.bool_)


GATES: dict[str, Gate] = {
    "open": open_,
    "consent": consent,
    "industry_scope": industry_scope,
    "city_scope": city_scope,
    "stage_scope": stage_scope,
    "valuation_limit": valuation_limit,
    "ticket_limit": ticket_limit,
    "not_a_member": not_a_member,
    "lacks_somebody": lacks_somebody,
}
