"""The table of the state machine: which action leads from where to where, by whom, and on which documents.

LEAD → SUBMITTED → SCREENING → INITIATED → DUE_DILIGENCE → IC_INTERNAL → IC_EXTERNAL → APPROVED → SIGNED →
INVESTED
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.evidence import EvidenceKind as E
from services.funding.domain.deal.evidence import Requirement
from services.funding.domain.deal.states import PARKED, PIPELINE
from services.funding.domain.deal.states import DealState as S


@dataclass(frozen=True)
class Edge:
    """One arrow. `target` None: back to where the deal came from, or, for IMPORT, to the state stated."""

    action: Action
    source: S
    target: S | None
    roles: frozenset[Role]
    requires: tuple[Requirement, ...] = ()


def _edge(action: Action, source: S, target: S | None, roles: Iterable[Role], *kinds: E) -> Edge:
    return Edge(action, source, target, frozenset(roles), tuple(Requirement(kind) for kind in kinds))


_MANAGER = (Role.INVESTMENT_MANAGER, Role.FUND_MANAGER)
_INTERNAL = (Role.COMMITTEE_SECRETARY,)
_EXTERNAL = (Role.EXTERNAL_COMMITTEE,)
_ANALYSTS = (Role.ANALYST, Role.INVESTMENT_MANAGER)
_APPLICANTS = (Role.FIRM, Role.SCOUT, Role.INVESTMENT_MANAGER)
_IN_COMMITTEE = {
    S.IC_INTERNAL: (_INTERNAL, (E.INTERNAL_MINUTES,)),
    S.IC_EXTERNAL: (_EXTERNAL, (E.EXTERNAL_MINUTES,)),
}
_BEFORE_INITIATION = (S.LEAD, S.SUBMITTED, S.SCREENING)
_DUE_DILIGENCE = (
    E.DD_BUSINESS,
    E.DD_LEGAL,
    E.DD_FINANCIAL,
    E.SITE_VISIT,
    E.VALUATION_BASIS,
    E.RISK_LIST,
)

_FORWARD = (
    _edge(Action.SUBMIT, S.LEAD, S.SUBMITTED, _APPLICANTS, E.BUSINESS_LICENCE, E.BUSINESS_PLAN),
    _edge(Action.START_SCREENING, S.SUBMITTED, S.SCREENING, _ANALYSTS, E.ASSIGNMENT),
    _edge(Action.INITIATE, S.SCREENING, S.INITIATED, _MANAGER, E.SCREENING_MEMO),
    _edge(Action.START_DUE_DILIGENCE, S.INITIATED, S.DUE_DILIGENCE, _MANAGER),
    _edge(Action.SUBMIT_TO_COMMITTEE, S.DUE_DILIGENCE, S.IC_INTERNAL, _MANAGER, *_DUE_DILIGENCE),
    _edge(Action.PASS_INTERNAL, S.IC_INTERNAL, S.IC_EXTERNAL, _INTERNAL, E.INTERNAL_MINUTES),
    _edge(Action.RETURN_TO_DUE_DILIGENCE, S.IC_INTERNAL, S.DUE_DILIGENCE, _INTERNAL, E.INTERNAL_MINUTES),
    _edge(
        Action.APPROVE,
        S.IC_EXTERNAL,
        S.APPROVED,
        _EXTERNAL,
        E.EXTERNAL_MINUTES,
        E.PUBLIC_INTEREST,
    ),
    _edge(Action.RETURN_TO_INTERNAL, S.IC_EXTERNAL, S.IC_INTERNAL, _EXTERNAL, E.EXTERNAL_MINUTES),
    _edge(Action.PREPARE_SIGNING, S.APPROVED, S.APPROVED, (Role.FUND_MANAGER,), E.TERM_SHEET),
    _edge(Action.SIGN, S.APPROVED, S.SIGNED, (Role.LEGAL,), E.PURCHASE_AGREEMENT),
    _edge(Action.PREPARE_CLOSING, S.SIGNED, S.SIGNED, (Role.FINANCE,), E.PAYMENT_PROOF),
    _edge(Action.CLOSE, S.SIGNED, S.INVESTED, (Role.FUND_MANAGER,), E.SHAREHOLDER_REGISTER),
    _edge(Action.LAPSE, S.APPROVED, S.LAPSED, (Role.SYSTEM,)),
    _edge(Action.IMPORT, S.LEAD, None, (*_MANAGER, Role.SYSTEM), E.SOURCE_DOCUMENT),
)

_QUESTIONS = (
    _edge(Action.REQUEST_INFORMATION, S.SCREENING, S.INFO_REQUESTED, _ANALYSTS, E.QUESTION_LIST),
    _edge(Action.REQUEST_INFORMATION, S.DUE_DILIGENCE, S.INFO_REQUESTED, _ANALYSTS, E.QUESTION_LIST),
    _edge(Action.ANSWER_INFORMATION, S.INFO_REQUESTED, None, (Role.FIRM, *_ANALYSTS), E.ANSWERS),
)


def _decline(source: S) -> Edge:
    if source in _IN_COMMITTEE:
        roles, kinds = _IN_COMMITTEE[source]
        return _edge(Action.DECLINE, source, S.DECLINED, roles, *kinds)
    if source in _BEFORE_INITIATION:
        return _edge(Action.DECLINE, source, S.DECLINED, _MANAGER)
    return _edge(Action.DECLINE, source, S.DECLINED, (*_INTERNAL, *_EXTERNAL))


_SIDEWAYS = (
    *(_decline(source) for source in PIPELINE),
    *(
        _edge(Action.WITHDRAW, source, S.WITHDRAWN, (Role.FIRM, *_MANAGER))
        for source in PIPELINE
        if source is not S.SIGNED
    ),
    *(_edge(Action.HOLD, source, S.ON_HOLD, _MANAGER) for source in (*PIPELINE, S.INFO_REQUESTED)),
    _edge(Action.RESUME, S.ON_HOLD, None, _MANAGER),
)

EDGES = {(edge.action, edge.source): edge for edge in (*_FORWARD, *_QUESTIONS, *_SIDEWAYS)}


# What ends a parked deal goes by the rules of the state it was parked in, so that nobody ends a deal of the
# committee, or a signed one, by putting it on hold first.
_ENDS = frozenset({Action.DECLINE, Action.WITHDRAW, Action.LAPSE})


def edges_at(state: S, origins: Sequence[S]) -> dict[Action, Edge]:
    """The arrows out of a state, in the order of Action; `origins` are where a parked deal returns to."""
    found = {}
    for action in Action:
        parked = state in PARKED and origins
        edge = EDGES.get((action, origins[0] if parked and action in _ENDS else state))
        if edge is not None:
            target = origins[-1] if parked and edge.target is None else edge.target
            found[action] = replace(edge, source=state, target=target)
    return found
