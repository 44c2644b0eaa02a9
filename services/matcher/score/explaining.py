"""The explanation of one pair: contributions that add up, gates, terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item
from services.matcher.domain.kinds import PairKind
from services.matcher.domain.placement import place
from services.matcher.encode.encoder import Encoder
from services.matcher.score.block import Block, Pair
from services.matcher.score.circumstances import Circumstances
from services.matcher.score.gate_reasons import gate_reason, pair_gate_reason
from services.matcher.score.reasons import REASONS
from services.matcher.score.scoring import contributions, features, gate_outcomes, probability
from services.matcher.score.terms import TermEvidence, placed_terms, shared_terms


@dataclass(frozen=True, slots=True)
class Contribution:
    """One signed part of the log-odds with its reason."""

    name: str
    value: float
    reason: Text


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """One hard condition: passed or not, and why."""

    name: str
    passed: bool
    reason: Text

    @classmethod
    def shut(cls, name: str, anchor: Item | None) -> "GateOutcome":
        """One that lets nobody through, with its reason; without an anchor where it is of many."""
        return cls(name, False, gate_reason(name, anchor, passed=False))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair scores as it does. `contributions`, the constant first, add up to `log_odds`.

    `features` are the same facts before the kind weighs them.

    `probability` is not calibrated on outcomes as long as `calibrated` is false; read it as an order.
    """

    kind: str
    anchor: str
    candidate: str
    log_odds: float
    contributions: tuple[Contribution, ...]
    gates: tuple[GateOutcome, ...]
    terms: TermEvidence
    features: Mapping[str, float]
    calibrated: bool = False

    @property
    def probability(self) -> float:
        """Logistic function of the log-odds."""
        return probability(self.log_odds)

    @property
    def admitted(self) -> bool:
        """Whether every gate is passed; if not, the pair is never proposed, whatever its score."""
        return all(gate.passed for gate in self.gates)


def explain_pair(
    kind: PairKind, pair: Pair, block: Block, codes: Codes, encoder: Encoder | None
) -> Explanation:
    """Explain the one pair of a block of shape (1, 1); without an encoder no terms are looked up."""
    terms = None if encoder is None else _terms(kind, pair, codes, encoder)
    return explain_line(kind, [pair], block, codes, terms)[0]


def _terms(kind: PairKind, pair: Pair, codes: Codes, encoder: Encoder) -> TermEvidence:
    """What the kind counts: terms that texts share, or words of the directions that the anchor wants."""
    if any(use.name == "text" for use in kind.features):
        return shared_terms(encoder, pair.anchor.text, pair.candidate.text)
    return placed_terms(codes.wording, _wanted(pair.anchor, codes), pair.candidate.text)


def _wanted(anchor: Item, codes: Codes) -> list[str]:
    """The leaves that an anchor declares, or that the industries of its mandate have."""
    scope = anchor.mandate.industries if anchor.mandate else ()
    return [code for code, _ in anchor.leaves] or [
        leaf.code for leaf in codes.leaves if leaf.industry in scope
    ]


def explain_line(
    kind: PairKind, pairs: Sequence[Pair], block: Block, codes: Codes, terms: TermEvidence | None = None
) -> list[Explanation]:
    """Explain the pairs of a block of one anchor or of one candidate, in its order."""
    placed = cache(partial(place, codes.wording))
    said = {name: values.ravel().tolist() for name, values in features(kind, block).items()}
    known = np.broadcast_to(1.0 if block.known is None else block.known, block.shape).ravel().tolist()
    gates = {name: passed.ravel().tolist() for name, passed in gate_outcomes(kind, block).items()}
    return [
        _explained(
            kind,
            Circumstances(pair, codes, terms, placed, known=known[at]),
            {name: values[at] for name, values in said.items()},
            {name: passed[at] for name, passed in gates.items()},
        )
        for at, pair in enumerate(pairs)
    ]


def _explained(
    kind: PairKind, seen: Circumstances, said: Mapping[str, float], gates: Mapping[str, bool]
) -> Explanation:
    parts = contributions(kind, said)
    total = 0.0
    for value in parts.values():
        total += value
    return Explanation(
        kind.key,
        seen.pair.anchor.id,
        seen.pair.candidate.id,
        total,
        tuple(
            Contribution(name, value, REASONS[name](replace(seen, value=value)))
            for name, value in parts.items()
        ),
        tuple(
            GateOutcome(name, passed, pair_gate_reason(name, seen, passed=passed))
            for name, passed in gates.items()
        ),
        seen.terms or TermEvidence(),
        said,
        kind.calibrated,
    )
