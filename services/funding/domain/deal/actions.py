"""What may be done to a deal, in which role, and why a deal is declined."""

from enum import StrEnum

from services.kernel.text import Text


class Action(StrEnum):
    """A step of a deal. PREPARE_SIGNING and PREPARE_CLOSING are the first of two persons' hands."""

    SUBMIT = "SUBMIT"
    START_SCREENING = "START_SCREENING"
    REQUEST_INFORMATION = "REQUEST_INFORMATION"
    ANSWER_INFORMATION = "ANSWER_INFORMATION"
    INITIATE = "INITIATE"
    START_DUE_DILIGENCE = "START_DUE_DILIGENCE"
    SUBMIT_TO_COMMITTEE = "SUBMIT_TO_COMMITTEE"
    PASS_INTERNAL = "PASS_INTERNAL"  # noqa: S105 - a committee passes a deal
    RETURN_TO_DUE_DILIGENCE = "RETURN_TO_DUE_DILIGENCE"
    APPROVE = "APPROVE"
    RETURN_TO_INTERNAL = "RETURN_TO_INTERNAL"
    PREPARE_SIGNING = "PREPARE_SIGNING"
    SIGN = "SIGN"
    PREPARE_CLOSING = "PREPARE_CLOSING"
    CLOSE = "CLOSE"
    DECLINE = "DECLINE"
    WITHDRAW = "WITHDRAW"
    HOLD = "HOLD"
    RESUME = "RESUME"
    LAPSE = "LAPSE"
    IMPORT = "IMPORT"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _ACTIONS[self]


_ACTIONS = {
    Action.SUBMIT: Text("申报", "submit"),
    Action.START_SCREENING: Text("开始初审", "start screening"),
    Action.REQUEST_INFORMATION: Text("要求补充材料", "request information"),
    Action.ANSWER_INFORMATION: Text("提交补充材料", "answer the request"),
    Action.INITIATE: Text("立项", "initiate"),
    Action.START_DUE_DILIGENCE: Text("启动尽调", "start due diligence"),
    Action.SUBMIT_TO_COMMITTEE: Text("提交内部投决", "submit to committee"),
    Action.PASS_INTERNAL: Text("内部投决通过", "pass the internal committee"),
    Action.RETURN_TO_DUE_DILIGENCE: Text("退回补充尽调", "return to due diligence"),
    Action.APPROVE: Text("外部投决通过", "approve"),
    Action.RETURN_TO_INTERNAL: Text("退回内部投决", "return to the internal committee"),
    Action.PREPARE_SIGNING: Text("签约初签", "sign first"),
    Action.SIGN: Text("签约复签", "sign second"),
    Action.PREPARE_CLOSING: Text("出资经办", "prepare the payment"),
    Action.CLOSE: Text("出资复核", "release the payment"),
    Action.DECLINE: Text("否决", "decline"),
    Action.WITHDRAW: Text("撤回", "withdraw"),
    Action.HOLD: Text("暂缓", "put on hold"),
    Action.RESUME: Text("恢复", "resume"),
    Action.LAPSE: Text("批准失效", "lapse"),
    Action.IMPORT: Text("历史项目导入", "import"),
}


class Role(StrEnum):
    """In which capacity somebody acts on a deal."""

    FIRM = "FIRM"
    SCOUT = "SCOUT"
    ANALYST = "ANALYST"
    INVESTMENT_MANAGER = "INVESTMENT_MANAGER"
    COMMITTEE_SECRETARY = "COMMITTEE_SECRETARY"
    EXTERNAL_COMMITTEE = "EXTERNAL_COMMITTEE"
    FUND_MANAGER = "FUND_MANAGER"
    LEGAL = "LEGAL"
    FINANCE = "FINANCE"
    SYSTEM = "SYSTEM"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _ROLES[self]


_ROLES = {
    Role.FIRM: Text("企业代表", "the firm"),
    Role.SCOUT: Text("推荐机构", "scout or partner system"),
    Role.ANALYST: Text("分析师", "analyst"),
    Role.INVESTMENT_MANAGER: Text("投资经理", "investment manager"),
    Role.COMMITTEE_SECRETARY: Text("投委会秘书", "committee secretary"),
    Role.EXTERNAL_COMMITTEE: Text("外部投委会", "external committee"),
    Role.FUND_MANAGER: Text("基金管理人", "fund manager"),
    Role.LEGAL: Text("法务", "legal"),
    Role.FINANCE: Text("财务", "finance"),
    Role.SYSTEM: Text("系统", "the system"),
}


class DeclineCode(StrEnum):
    """Why a deal was declined (否决原因)."""

    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    VALUATION = "VALUATION"
    TECHNOLOGY = "TECHNOLOGY"
    TEAM = "TEAM"
    MARKET = "MARKET"
    COMPLIANCE = "COMPLIANCE"
    CAPITAL = "CAPITAL"
    CONDITIONS_NOT_MET = "CONDITIONS_NOT_MET"
    OTHER = "OTHER"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _CODES[self]


_CODES = {
    DeclineCode.OUT_OF_SCOPE: Text("不在投资方向内", "out of scope"),
    DeclineCode.NOT_ELIGIBLE: Text("不符合投早投小等条件", "not eligible"),
    DeclineCode.VALUATION: Text("估值过高", "valuation"),
    DeclineCode.TECHNOLOGY: Text("技术不成熟或不领先", "technology"),
    DeclineCode.TEAM: Text("团队不足", "team"),
    DeclineCode.MARKET: Text("市场前景不明", "market"),
    DeclineCode.COMPLIANCE: Text("合规问题", "compliance"),
    DeclineCode.CAPITAL: Text("基金额度不足", "no capital left"),
    DeclineCode.CONDITIONS_NOT_MET: Text("先决条件未满足", "conditions not met"),
    DeclineCode.OTHER: Text("其他", "other"),
}
