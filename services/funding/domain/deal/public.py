"""What the firm is told of where its deal stands (对外状态): less than the house knows."""

from services.funding.domain.deal.states import DealState
from services.kernel.text import Text

_REVIEW = Text("审核中", "under review")
_STATUS = {
    DealState.LEAD: Text("已登记，待申报", "registered, to be submitted"),
    DealState.SUBMITTED: Text("已受理", "received"),
    DealState.INFO_REQUESTED: Text("待企业补充材料", "waiting for the firm's answers"),
    DealState.APPROVED: Text("已通过，待签约", "approved, to be signed"),
    DealState.SIGNED: Text("已签约，待出资", "signed, to be paid"),
    DealState.INVESTED: Text("已出资", "paid"),
    DealState.DECLINED: Text("未通过", "not taken on"),
    DealState.WITHDRAWN: Text("已撤回", "withdrawn"),
    DealState.LAPSED: Text("已失效", "lapsed"),
}


def public_status(state: DealState) -> Text:
    """The words for the firm; what happens inside the house is one review to it."""
    return _STATUS.get(state, _REVIEW)
