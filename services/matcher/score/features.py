"""Features: what each fact about a pair adds to the log-odds, for a whole block at once.

A missing fact adds nothing. All arithmetic is elementwise and free of transcendental functions, so that a
pair gets the same number in a block of one as in a block of a million.

The constants are set by hand, not learned: zero is where a pair of which nothing particular is known stands.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.columns import EVERYTHING, NO_LIMIT, UNKNOWN, WHOLE, Columns
from services.matcher.domain.item import Availability, Stage
from services.matcher.domain.placement import HUNDREDTHS, SIBLING
from services.matcher.score.block import Block, Mask, Matrix

# Unrelated abstracts have a similarity of about 0.05, abstracts of one direction 0.1, a title and its abstract 0.4:
# the square root spreads the low end, where most of the evidence is.
TEXT_GAIN, TEXT_BASE = 8.0, 0.05
WHOLLY_KNOWN = float(TEXT_BASE**0.5)
PLACED_GAIN, PLACED_BASE, ELSEWHERE_LOSS = 5.0, 0.3, 1.5
DIRECTION_GAIN, DIRECTION_BASE = 2.6, 0.6
# How much of a declared direction counts: wholly where the text bears it out, hardly where it is silent, and not
# at all where the text speaks of other industries only.
BORNE_OUT, SILENT, CONTRADICTED = 1.0, 0.25, 0.0
DIRECTION_WHOLE = 1000.0 * 1000.0 * 10.0
# A whole head of what a team lacks counts like a direction that both sides declare wholly.
FILLS_GAIN = DIRECTION_GAIN - DIRECTION_BASE
FIELD_GAIN, FIELD_BASE = 2.0, 0.4
LEAVES_OF_ONE = 32
"""More than any industry has: a text that belongs to one of its leaves belongs a little to all of them."""
SAME_STAGE = 0.3
SAME_CITY, REACHABLE_CITY, OTHER_CITY = 0.6, 0.3, -0.9
SAME_CATEGORY, NEXT_CATEGORY, SAME_TRACK, OTHER_TRACK = 0.8, 0.2, -0.4, -1.0
HOME_CITY = 0.3
ROOMY_TICKET = 0.3
AVAILABILITY = {
    Availability.NOW: 0.5,
    Availability.HALF_YEAR: 0.2,
    Availability.FLEXIBLE: -0.3,
    Availability.SETTLED: -1.5,
}
# By how much each talent category, in the order of the policy, is what a role at a firm asks for.
FOUNDER = (0.2, 0.5, 0.5, 0.3, -0.3, -0.3)
TECHNICAL_LEAD = (0.0, 0.5, 0.2, 0.6, -0.2, 0.0)
ADVISER = (0.8, 0.5, -0.4, 0.0, -0.4, 0.2)
STAGE = {Stage.SEED: 0.4, Stage.STARTUP: 0.2, Stage.EARLY_GROWTH: 0.0, Stage.GROWTH: -0.4}
_TRACK = 3

Feature = Callable[[Block], Matrix]
OF_SIMILARITY = frozenset({"text"})
"""Features that read the similarity of the texts; each must never fall where it grows."""
READ: Mapping[str, tuple[str, ...]] = {
    "placed": ("shares", "industries"),
    "directions": ("shares", "industries"),
    "gap_words": ("lacks",),
    "fills": ("lacks",),
    "city": ("city",),
    "home_city": ("city",),
    "in_scope": ("scope_industries",),
    "scope_words": ("scope_industries",),
    "category": ("category",),
    "availability": (),
    "founder": (),
    "technical_lead": (),
    "adviser": (),
    "stage": (),
    "same_stage": ("stage",),
    "ticket": ("ticket_max",),
}
"""What features read of the anchors, where it is little: anchors that are alike in it get the same."""

MOST: Mapping[str, float] = {
    "placed": PLACED_GAIN - PLACED_BASE,
    "directions": DIRECTION_GAIN * BORNE_OUT - DIRECTION_BASE,
    "gap_words": PLACED_GAIN - PLACED_BASE,
    "fills": FILLS_GAIN * BORNE_OUT,
    "in_scope": DIRECTION_GAIN * BORNE_OUT - DIRECTION_BASE,
    "scope_words": PLACED_GAIN - PLACED_BASE,
    "field": FIELD_GAIN * (1.0 + LEAVES_OF_ONE * SIBLING**2) ** 0.5 - FIELD_BASE,
    "city": SAME_CITY,
    "home_city": HOME_CITY,
    "category": SAME_CATEGORY,
    "availability": max(AVAILABILITY.values()),
    "founder": max(FOUNDER),
    "technical_lead": max(TECHNICAL_LEAD),
    "adviser": max(ADVISER),
    "stage": max(STAGE.values()),
    "same_stage": SAME_STAGE,
    "ticket": ROOMY_TICKET,
}
"""What each feature that reads no similarity adds at most."""


def text(block: Block) -> Matrix:
    """Similarity of the texts, where both sides have one: more than texts have that have nothing to do with each other,
    or less.
    """
    value = text_value(block.similarity, text_base(block))
    value[~block.anchors.truth("text")] = 0.0
    value[:, ~block.candidates.truth("text")] = 0.0
    return value


def text_value(similarity: NDArray[np.float64], base: Matrix | float = WHOLLY_KNOWN) -> NDArray[np.float64]:
    """What so much similarity of two texts adds. `base`: the `text_base` of the pairs."""
    value = np.maximum(similarity, 0.0)
    np.sqrt(value, out=value)
    value -= base
    value *= TEXT_GAIN
    return value


def text_base(block: Block) -> Matrix | float:
    """The root of the similarity that adds nothing, of one row and one column or more; one number for all pairs where
    the library can compare all of every text.

    Words that no text of the library has speak against nobody who lacks them: where a tenth of a text can be compared,
    to have nothing of it says a tenth of what it says otherwise. All candidates of one text are lifted alike.
    """
    if block.known is None:
        return WHOLLY_KNOWN
    base: Matrix = WHOLLY_KNOWN * block.known
    return base


def similarity_of(value: float, base: float = WHOLLY_KNOWN) -> float:
    """The similarity of two texts that adds so much; 0 where any does. `base`: the `text_base` of the pair."""
    return float(max(0.0, value / TEXT_GAIN + base) ** 2)


def placed(block: Block) -> Matrix:
    """How far the candidate's text belongs to the anchor's directions, by the vocabulary's words in it."""
    known = _declared(block.anchors)[:, None] & block.candidates.truth("text")[None, :]
    return np.where(known, _of_degree(block.degree), 0.0)


def directions(block: Block) -> Matrix:
    """Overlap of the declared shares through the catalogue's tree, as far as the candidate's text bears it out.

    Whoever declares what his text contradicts stands where he would with another declaration.
    """
    both = _declared(block.anchors)[:, None] & _declared(block.candidates)[None, :]
    value = DIRECTION_GAIN * _support(block.degree) * np.sqrt(direction_overlap(block)) - DIRECTION_BASE
    return np.where(both, value, 0.0)


def gap_words(block: Block) -> Matrix:
    """How far the candidate's text belongs to a direction that the team lacks, by the vocabulary's words in it."""
    known = _any(block.lacks)[:, None] & block.candidates.truth("text")[None, :]
    return np.where(known, _of_degree(block.gap_degree), 0.0)


def fills(block: Block) -> Matrix:
    """How many of the heads that the team lacks the candidate covers, 0 to 1: of every direction what is lacking, but
    no more than the candidate declares, as far as the text bears that direction out.
    """
    leaves = np.flatnonzero(block.lacks.any(axis=0))
    lacks = block.lacks[:, leaves].astype(np.float64)
    declared = block.candidates.of_leaves("shares", leaves).astype(np.float64)
    counted = _support(block.candidates.of_leaves("placed", leaves).astype(np.float64))
    heads = np.zeros(block.shape)
    for at in range(len(leaves)):
        heads += np.minimum(lacks[:, at, None], declared[None, :, at]) * counted[None, :, at]
    return FILLS_GAIN * heads / WHOLE


def in_scope(block: Block) -> Matrix:
    """How much of what the candidate declares lies in the mandate's industries, as far as its text bears it out.

    A mandate that names no industry adds nothing.
    """
    known = _limited(block.anchors)[:, None] & _declared(block.candidates)[None, :]
    value = DIRECTION_GAIN * _support(block.within_degree) * block.within - DIRECTION_BASE
    return np.where(known, value, 0.0)


def scope_words(block: Block) -> Matrix:
    """How far the candidate's text belongs to the mandate's industries, by the vocabulary's words in it."""
    known = _limited(block.anchors)[:, None] & block.candidates.truth("text")[None, :]
    return np.where(known, _of_degree(block.within_degree), 0.0)


def direction_overlap(block: Block) -> Matrix:
    """Sum over pairs of leaves of share x share x nearness, 0 to 1. Exact: all factors are small integers."""
    near = block.anchors["shares"].astype(np.float32) @ block.codes.nearness
    leaves = np.flatnonzero(near.any(axis=0))
    overlap = near[:, leaves] @ block.candidates.of_leaves("shares", leaves).astype(np.float32).T
    return overlap.astype(np.float64) / DIRECTION_WHOLE


def field(block: Block) -> Matrix:
    """How far both texts belong to the same leaves, by the vocabulary's words in them; both must say something."""
    one, other = block.anchors["placed"], block.candidates["placed"]
    ours = np.maximum(one.astype(np.float32), 0.0)
    leaves = np.flatnonzero(ours.any(axis=0))
    theirs = np.maximum(other[:, leaves].astype(np.float32), 0.0)
    shared = (ours[:, leaves] @ theirs.T).astype(np.float64) / (HUNDREDTHS * HUNDREDTHS)
    placed_both = _any(one)[:, None] & _any(other)[None, :]
    return np.where(placed_both, FIELD_GAIN * np.sqrt(shared) - FIELD_BASE, 0.0)


def same_stage(block: Block) -> Matrix:
    """Both firms have come as far; a stage that is not known adds nothing."""
    one, other = block.sides("stage")
    return np.where((one != UNKNOWN) & (one == other), SAME_STAGE, 0.0)


def city(block: Block) -> Matrix:
    """Same city, a city that the candidate would move to, or neither."""
    here, there = block.sides("city")
    reach = block.candidates.integers("reach")[None, :]
    reachable = (reach >> np.maximum(here, 0)) & 1 == 1
    value = np.where(here == there, SAME_CITY, np.where(reachable, REACHABLE_CITY, OTHER_CITY))
    return np.where((here != UNKNOWN) & (reach != 0), value, 0.0)


def home_city(block: Block) -> Matrix:
    """The candidate sits in the anchor's own city; elsewhere adds nothing."""
    here, there = block.sides("city")
    return np.where((here == there) & (here != UNKNOWN), HOME_CITY, 0.0)


def category(block: Block) -> Matrix:
    """Distance on the two ladders of three categories: scientists, and engineers and craftsmen."""
    wanted, had = block.sides("category")
    distance = np.abs(wanted - had)
    same_track = wanted // _TRACK == had // _TRACK
    along = np.where(distance == 1, NEXT_CATEGORY, SAME_TRACK)
    value = np.where(distance == 0, SAME_CATEGORY, np.where(same_track, along, OTHER_TRACK))
    return np.where((wanted != UNKNOWN) & (had != UNKNOWN), value, 0.0)


def availability(block: Block) -> Matrix:
    """How soon the candidate could come."""
    return _by_candidate(block, "availability", tuple(AVAILABILITY.values()))


def founder(block: Block) -> Matrix:
    """How far the candidate's talent category is that of somebody who founds a firm."""
    return _by_candidate(block, "category", FOUNDER)


def technical_lead(block: Block) -> Matrix:
    """How far it is that of somebody who leads a firm's technology."""
    return _by_candidate(block, "category", TECHNICAL_LEAD)


def adviser(block: Block) -> Matrix:
    """How far it is that of somebody who advises a firm."""
    return _by_candidate(block, "category", ADVISER)


def stage(block: Block) -> Matrix:
    """Earlier stages fit an early-stage fund better."""
    return _by_candidate(block, "stage", tuple(STAGE.values()))


def ticket(block: Block) -> Matrix:
    """The ticket asked for is at most half of the fund's limit."""
    limit = block.anchors.integers("ticket_max")[:, None]
    ask = block.candidates.integers("ask")[None, :]
    roomy = (ask != UNKNOWN) & (limit != NO_LIMIT) & (ask <= limit // 2)
    return np.where(roomy, ROOMY_TICKET, 0.0)


def _by_candidate(block: Block, name: str, values: tuple[float, ...]) -> Matrix:
    known = np.array((*values, 0.0))
    return np.broadcast_to(known[block.candidates.integers(name)][None, :], block.shape)


def _of_degree(degree: Matrix) -> Matrix:
    """What it adds that a text belongs so far."""
    value = np.where(degree > 0, PLACED_GAIN * np.sqrt(np.maximum(degree, 0.0)), ELSEWHERE_LOSS * degree)
    return value - PLACED_BASE


def _support(degree: Matrix) -> Matrix:
    """How much of a declaration counts where a text belongs so far."""
    return np.where(degree > 0, BORNE_OUT, np.where(degree < 0, CONTRADICTED, SILENT))


def _limited(side: Columns) -> Mask:
    return np.asarray(side.integers("scope_industries") != EVERYTHING, np.bool_)


def _declared(side: Columns) -> Mask:
    return np.asarray(side["industries"] != 0, np.bool_)


def _any(rows: NDArray[np.generic]) -> Mask:
    return np.asarray(rows.any(axis=1), np.bool_)


FEATURES: dict[str, Feature] = {
    feature.__name__: feature
    for feature in (
        text,
        placed,
        directions,
        gap_words,
        fills,
        in_scope,
        scope_words,
        field,
        city,
        home_city,
        category,
        availability,
        founder,
        technical_lead,
        adviser,
        stage,
        same_stage,
        ticket,
    )
}
