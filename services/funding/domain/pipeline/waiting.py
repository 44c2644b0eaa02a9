"""Whom a deal waits for in its stage, and since when it stands there. Time on hold is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import DealState
from services.kernel.text import Text

_FIRM = Text("企业补充材料", "the firm")
_ANALYST = Text("基金投资经理", "the fund's analyst")
_EXPERT = Text("尽调团队与外部专家", "the team of due diligence and outside experts")
_COMMITTEE = Text("投资决策委员会", "the committee")
_MANAGER = Text("基金管理人与法务财务", "the fund's manager, legal and finance")
WAITS_FOR = MappingProxyType(
    {
        DealState.SUBMITTED: _ANALYST,
        DealState.SCREENING: _ANALYST,
        DealState.INITIATED: _ANALYST,
        DealState.DUE_DILIGENCE: _EXPERT,
        DealState.IC_INTERNAL: _COMMITTEE,
        DealState.IC_EXTERNAL: _COMMITTEE,
        DealState.APPROVED: _MANAGER,
        DealState.SIGNED: _MANAGER,
        DealState.INFO_REQUESTED: _FIRM,
    }
)


@dataclass(frozen=True)
class _Held:
    state: DealState
    since: datetime
    at: datetime


def stands_since(created: datetime, transitions: Sequence[Transition]) -> datetime:
    """Since when a deal stands in its state, moved on by the time that it was on hold or waited for the firm."""
    since, parked = created, list[_Held]()
    for step in transitions:
        if step.action in (Action.HOLD, Action.REQUEST_INFORMATION):
            parked.append(_Held(step.source, since, step.at))
            since = step.at
        elif step.action in (Action.RESUME, Action.ANSWER_INFORMATION) and parked:
            held = parked.pop()
            since = held.since + (step.at - held.at)
        elif step.source is not step.target:
            since = step.at
    return since
