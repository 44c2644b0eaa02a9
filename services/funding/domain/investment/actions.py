"""What may be done to a holding: from where to where, by whom, and on which documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.funding.domain.deal.actions import Role
from services.funding.domain.deal.evidence import EvidenceKind as E
from services.funding.domain.deal.evidence import Requirement
from services.funding.domain.investment.states import InvestmentState as S
from services.kernel.text import Text


class InvestmentAction(StrEnum):
    """A step of a holding. PREPARE_… is the first of two persons' hands."""

    OPEN = "OPEN"
    PREPARE_TRANCHE = "PREPARE_TRANCHE"
    PAY_TRANCHE = "PAY_TRANCHE"
    AMEND_TRANCHE = "AMEND_TRANCHE"
    CANCEL_TRANCHE = "CANCEL_TRANCHE"
    MARK = "MARK"
    FLAG = "FLAG"
    IMPAIR = "IMPAIR"
    RESTORE = "RESTORE"
    START_EXIT = "START_EXIT"
    STOP_EXIT = "STOP_EXIT"
    RECORD_EXIT = "RECORD_EXIT"
    PREPARE_WRITE_OFF = "PREPARE_WRITE_OFF"
    WRITE_OFF = "WRITE_OFF"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    InvestmentAction.OPEN: Text("首期出资", "first payment"),
    InvestmentAction.PREPARE_TRANCHE: Text("付款经办", "prepare a tranche"),
    InvestmentAction.PAY_TRANCHE: Text("付款复核", "pay a tranche"),
    InvestmentAction.AMEND_TRANCHE: Text("调整分期", "amend a tranche"),
    InvestmentAction.CANCEL_TRANCHE: Text("取消分期", "cancel a tranche"),
    InvestmentAction.MARK: Text("估值", "record a valuation"),
    InvestmentAction.FLAG: Text("列入关注", "put on watch"),
    InvestmentAction.IMPAIR: Text("认定减值", "call impaired"),
    InvestmentAction.RESTORE: Text("恢复正常", "call sound again"),
    InvestmentAction.START_EXIT: Text("启动退出", "begin the exit"),
    InvestmentAction.STOP_EXIT: Text("中止退出", "give up the exit"),
    InvestmentAction.RECORD_EXIT: Text("退出回款", "record exit proceeds"),
    InvestmentAction.PREPARE_WRITE_OFF: Text("核销经办", "prepare a write-off"),
    InvestmentAction.WRITE_OFF: Text("核销复核", "write off"),
}
FIRST_HAND = {
    InvestmentAction.PAY_TRANCHE: InvestmentAction.PREPARE_TRANCHE,
    InvestmentAction.WRITE_OFF: InvestmentAction.PREPARE_WRITE_OFF,
}


@dataclass(frozen=True)
class InvestmentEdge:
    """One arrow. `target` None: back to where the holding came from."""

    action: InvestmentAction
    source: S
    target: S | None
    roles: frozenset[Role]
    requires: tuple[Requirement, ...] = ()
    reasoned: bool = False


def _edges(
    action: InvestmentAction,
    arrows: Iterable[tuple[S, S | None]],
    roles: Iterable[Role],
    *kinds: E,
    reasoned: bool = False,
) -> list[InvestmentEdge]:
    requires = tuple(Requirement(kind) for kind in kinds)
    return [InvestmentEdge(action, a, b, frozenset(roles), requires, reasoned) for a, b in arrows]


def _staying(*states: S) -> list[tuple[S, S | None]]:
    return [(state, state) for state in states]


_MANAGER, _FINANCE = (Role.FUND_MANAGER,), (Role.FINANCE,)
_KEEPERS = (Role.FUND_MANAGER, Role.INVESTMENT_MANAGER, Role.ANALYST)
_LIVE = (S.ACTIVE, S.WATCH, S.IMPAIRED, S.EXITING)
_A = InvestmentAction
_TABLE = (
    *_edges(_A.PREPARE_TRANCHE, _staying(S.ACTIVE, S.WATCH), _FINANCE, E.MILESTONE_PROOF),
    *_edges(_A.PAY_TRANCHE, _staying(S.ACTIVE, S.WATCH), _MANAGER, E.PAYMENT_PROOF),
    *_edges(_A.AMEND_TRANCHE, _staying(*_LIVE), _MANAGER, E.PURCHASE_AGREEMENT, reasoned=True),
    *_edges(_A.CANCEL_TRANCHE, _staying(*_LIVE), _MANAGER, reasoned=True),
    *_edges(_A.MARK, _staying(*_LIVE), (*_KEEPERS, *_FINANCE), E.VALUATION_BASIS),
    *_edges(_A.FLAG, [(S.ACTIVE, S.WATCH)], _KEEPERS, reasoned=True),
    *_edges(_A.IMPAIR, [(S.WATCH, S.IMPAIRED)], _MANAGER, E.VALUATION_BASIS, reasoned=True),
    *_edges(_A.RESTORE, [(S.WATCH, S.ACTIVE)], _MANAGER, reasoned=True),
    *_edges(_A.RESTORE, [(S.IMPAIRED, S.ACTIVE)], _MANAGER, E.VALUATION_BASIS, reasoned=True),
    *_edges(_A.START_EXIT, [(S.ACTIVE, S.EXITING), (S.WATCH, S.EXITING)], _MANAGER, E.EXIT_DECISION),
    *_edges(_A.STOP_EXIT, [(S.EXITING, None)], _MANAGER, reasoned=True),
    *_edges(_A.RECORD_EXIT, _staying(*_LIVE, S.WRITTEN_OFF), _FINANCE, E.EXIT_AGREEMENT, E.BANK_RECEIPT),
    *_edges(_A.PREPARE_WRITE_OFF, _staying(S.IMPAIRED), _FINANCE, E.WRITE_OFF_DETERMINATION),
    *_edges(_A.WRITE_OFF, _staying(S.IMPAIRED), _MANAGER, E.WRITE_OFF_DETERMINATION),
)
EDGES = {(edge.action, edge.source): edge for edge in _TABLE}


def edges_at(state: S) -> dict[InvestmentAction, InvestmentEdge]:
    """The arrows out of a state, in the order of InvestmentAction."""
    return {action: EDGES[action, state] for action in InvestmentAction if (action, state) in EDGES}
