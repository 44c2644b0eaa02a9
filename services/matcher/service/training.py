"""Training: from the feedback of one kind to weights that stand, or to the reasons why they do not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial, reduce
from typing import Any

import numpy as np

from services.chassis.audit.audit import AuditEntry
from services.chassis.feed.offsets import FeedOffsets
from services.chassis.house import House
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind, Weighing, pair_kind
from services.matcher.domain.proposal import ProposalState
from services.matcher.encode.encoder import family_of
from services.matcher.learn.adopting import HELD_BACK, Comparison, compare, too_few
from services.matcher.learn.fairness import UNKNOWN, Exposure, Shift
from services.matcher.learn.fairness import told as reported
from services.matcher.learn.fitting import fit
from services.matcher.learn.outcomes import Outcomes, Weights, held_back
from services.matcher.service.engine import Engine, Stored
from services.matcher.service.exposing import RECORDED, REPORTED, SEED, exposed, group_of
from services.matcher.service.settling import FEED
from services.matcher.store import items, matches, proposals, weighings
from services.wording.groups import told

Decades = Callable[[], Mapping[str, str]]
"""The decade of birth of people by their ids, as far as it is told."""
_ACCEPTED = (ProposalState.ACCEPTED, ProposalState.CONTACTED, ProposalState.DONE)
_DECIDED = (*_ACCEPTED, ProposalState.REJECTED)
_OF_THE_PLACE = ("place", "page")
NOT_HELD = {
    "gender": Text(
        "性别：系统不采集、不保存任何人的性别，也不从姓名或文字推断（匹配与统计均不需要，按最小必要原则不收集），因此无法按性别报告",
        "gender: nobody's is collected or kept, nor guessed from names or texts (neither matching nor statistics "
        "need it, and no more is collected than is needed), so that nothing can be reported by it",
    )
}
"""What a report on fairness would speak of as well and cannot, with the reason."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for weights that move exposure further from those of the last signature than may be, and why."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a training. `comparison` is None where there is too little to learn from: `reason` says so.

    `coverage`: of how many candidates an attribute of the fairness report is known, as a share. Nobody has to tell it.
    None where that would tell how many of a small group there are.
    `since`: exposures beside those of the weights that somebody signed for last, or that were set by hand; empty where
    these are the standing ones. `before`: the weights that stand, empty where nothing was learnt.
    """

    kind: str
    version: str
    weights: dict[str, float]
    comparison: Comparison | None
    exposures: tuple[Exposure, ...]
    reason: Text | None
    coverage: Mapping[str, float | None] = field(default_factory=dict)
    since: tuple[Exposure, ...] = ()
    signature: Signature | None = None
    before: Mapping[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        compared = self.comparison
        said = (*compared.objections, *(() if compared.signed else compared.drift)) if compared else ()
        return {
            "kind": self.kind,
            "version": self.version,
            "adopted": bool(compared and compared.adopted),
            "weights": self.weights,
            "standing_weights": dict(self.before),
            "standing": asdict(compared.standing) if compared else None,
            "learnt": asdict(compared.learnt) if compared else None,
            "fitted_on": compared.fitted_on if compared else 0,
            "judged_by": compared.judged_by if compared else 0,
            "objections": [[each.zh, each.en] for each in (*said, *([self.reason] if self.reason else []))],
            "exposures": [asdict(each) for each in self.exposures],
            "since": [asdict(each) for each in self.since],
            "signature": asdict(self.signature) if self.signature else None,
            "coverage": dict(self.coverage),
            "not_held": {name: [each.zh, each.en] for name, each in NOT_HELD.items()},
        }


def train(
    house: House,
    engine: Engine,
    key: str,
    decades: Decades,
    *,
    keep: bool,
    signature: Signature | None = None,
) -> Report:
    """Learn the weights of a kind, judge them, and keep them; they stand from now on if nothing speaks against it, or
    nothing but what the signature lifts. `decades` are asked for once, when there is something to report.

    Raises InvalidArgument (UNKNOWN_PAIR_KIND).
    """
    pair_kind(key)
    with house.database.read() as session:
        feedback = proposals.all_feedback(session, key)
        stored = Stored(
            items.followed(session),
            matches.stored_lists(session),
            matches.mark(session).made_by,
            {},
            weighings.adopted(session),
            FeedOffsets(house.tables.feed.offsets, FEED, house.clock).load(session),
        )
        signed = [each for each in weighings.adopted(session, signed=True) if each.kind == key]
    engine.load(stored)
    now, family = engine.kind(key), engine.space.encoder.family
    decided = _decided(now, feedback, family)
    outcomes = _outcomes(now, decided)
    prior = Weights(now.constant, tuple(use.factor for use in now.features))
    short = too_few(outcomes)
    if short is not None:
        return Report(key, "", _named(now, prior), None, (), short)
    fitting, judging = outcomes.split(held_back([row.id for row in decided], HELD_BACK))
    learnt = fit(fitting, prior)
    version = house.ids.new()
    factors = dict(zip(outcomes.names, learnt.factors, strict=True))
    weighed = Weighing(key, version, learnt.constant, factors, family)
    cohorts = decades() if now.candidate is ItemKind.PERSON else {}
    shown = exposed(engine.space, now, now.weighed(weighed, family), cohorts)
    reference = reduce(lambda kind, each: kind.weighed(each, family), signed, pair_kind(key))
    moved = reference.model != now.model
    since = exposed(engine.space, reference, now.weighed(weighed, family), cohorts) if moved else []
    bound = house.settings.matcher_exposure_shift
    compared = compare(
        judging,
        prior,
        learnt,
        Shift(shown, bound),
        len(fitting),
        SEED,
        since=Shift(since, bound),
        signed=signature is not None,
        named=partial(told, engine.catalogue),
    )
    coverage = _coverage(engine, now, cohorts, shown)
    before = {name: weight for name, weight in _named(now, prior).items() if name not in _OF_THE_PLACE}
    report = Report(
        key,
        version,
        _named(now, learnt),
        compared,
        tuple(reported(shown)),
        None,
        coverage,
        tuple(reported(since)),
        signature,
        before,
    )
    if keep:
        _keep(house, weighed, report, adopted=compared.adopted)
    return report


def _keep(house: House, weighed: Weighing, report: Report, *, adopted: bool) -> None:
    """With whose signature they stand, if there is one, and that in the audit."""
    signature, at = report.signature if adopted else None, house.clock.now()
    with house.database.write() as session:
        weighings.keep(
            session,
            weighed,
            report.document(),
            at,
            adopted=adopted,
            signed=(signature.by, signature.reason) if signature else None,
        )
        if signature is not None:
            house.audit.append(session, signing("sign-weights", weighed, signature, at))


def signing(action: str, weighed: Weighing, signature: Signature, at: datetime) -> AuditEntry:
    """What the audit keeps of somebody's answering for weights."""
    return AuditEntry(
        at=at,
        actor=signature.by,
        roles=(),
        action=action,
        resource=f"weighings/{weighed.version}",
        purpose="",
        outcome="done",
        request_id="",
        detail={"kind": weighed.kind},
    )


def _decided(kind: PairKind, rows: Sequence[Any], family: str) -> Sequence[Any]:
    """Those that somebody decided on; a pair whose features are not all known, or were read with an encoder of
    another family, is left out.
    """
    names = {use.name for use in kind.features}
    return [
        row
        for row in rows
        if row.outcome in _DECIDED and family_of(row.model) == family and names <= row.features.keys()
    ]


def _outcomes(kind: PairKind, decided: Sequence[Any]) -> Outcomes:
    """As arrays. Where it is not known which list somebody saw, it was the one by score."""
    names = tuple(use.name for use in kind.features)
    return Outcomes(
        names,
        np.array([[row.features[name] for name in names] for row in decided], np.float64).reshape(
            -1, len(names)
        ),
        np.array([row.outcome in _ACCEPTED for row in decided], np.float64),
        np.array([row.shown_rank or max(1, row.rank) for row in decided], np.float64),
        np.array([row.shown_page or 1 for row in decided], np.float64),
        {name: tuple(getattr(row, name) for row in decided) for name in RECORDED},
    )


def _coverage(
    engine: Engine, kind: PairKind, cohorts: Mapping[str, str], shown: Sequence[Exposure]
) -> dict[str, float | None]:
    people = engine.space.population(kind.candidate).items
    known = {
        name: sum(bool(group_of(item, name, cohorts)) for item in people) / max(1, len(people))
        for name in REPORTED
    }
    few = dict.fromkeys(each.attribute for each in shown if each.small and each.group == UNKNOWN)
    return {**known, **few, **dict.fromkeys(NOT_HELD, 0.0)}


def _named(kind: PairKind, weights: Weights) -> dict[str, float]:
    factors = {use.name: factor for use, factor in zip(kind.features, weights.factors, strict=True)}
    return {"constant": weights.constant, **factors, "place": weights.place, "page": weights.page}
