"""What somebody asks of a holding."""

from dataclasses import dataclass
from datetime import datetime

from services.funding.domain.deal.evidence import Evidence
from services.funding.domain.deal.step import Actor
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.marks import Mark
from services.funding.domain.investment.states import ExitKind
from services.funding.domain.investment.tranches import TrancheTerms


@dataclass(frozen=True, kw_only=True)
class InvestmentOrder:
    """One request to act.

    `tranche` for the steps of a tranche; `fen` for RECORD_EXIT (proceeds) and a write-off (None: all that is
    held); `cost_fen` and `exit_kind` for RECORD_EXIT; `mark` for MARK and IMPAIR; `terms` for
    AMEND_TRANCHE.
    """

    action: InvestmentAction
    actor: Actor
    at: datetime
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    tranche: int | None = None
    fen: int | None = None
    cost_fen: int = 0
    exit_kind: ExitKind | None = None
    mark: Mark | None = None
    terms: TrancheTerms | None = None
