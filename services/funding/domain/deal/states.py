"""States of a deal (项目状态)."""

from enum import StrEnum

from services.kernel.text import Text


class DealState(StrEnum):
    """Where a deal stands. INFO_REQUESTED and ON_HOLD return to the state they came from."""

    LEAD = "LEAD"
    SUBMITTED = "SUBMITTED"
    SCREENING = "SCREENING"
    INITIATED = "INITIATED"
    DUE_DILIGENCE = "DUE_DILIGENCE"
    IC_INTERNAL = "IC_INTERNAL"
    IC_EXTERNAL = "IC_EXTERNAL"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    INVESTED = "INVESTED"
    INFO_REQUESTED = "INFO_REQUESTED"
    ON_HOLD = "ON_HOLD"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    DealState.LEAD: Text("线索", "lead"),
    DealState.SUBMITTED: Text("已申报", "submitted"),
    DealState.SCREENING: Text("初审", "screening"),
    DealState.INITIATED: Text("立项", "initiated"),
    DealState.DUE_DILIGENCE: Text("尽调", "due diligence"),
    DealState.IC_INTERNAL: Text("内投", "internal committee"),
    DealState.IC_EXTERNAL: Text("外投", "external committee"),
    DealState.APPROVED: Text("已批准", "approved"),
    DealState.SIGNED: Text("已签约", "signed"),
    DealState.INVESTED: Text("已出资", "invested"),
    DealState.INFO_REQUESTED: Text("待补充材料", "information requested"),
    DealState.ON_HOLD: Text("暂缓", "on hold"),
    DealState.DECLINED: Text("已否决", "declined"),
    DealState.WITHDRAWN: Text("已撤回", "withdrawn"),
    DealState.LAPSED: Text("已失效", "lapsed"),
}

PIPELINE = tuple(DealState)[: tuple(DealState).index(DealState.INVESTED)]
PARKED = frozenset({DealState.INFO_REQUESTED, DealState.ON_HOLD})
TERMINAL = frozenset({DealState.INVESTED, DealState.DECLINED, DealState.WITHDRAWN, DealState.LAPSED})
ACTIVE = frozenset(DealState) - TERMINAL
