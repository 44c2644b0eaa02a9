"""Words for where holdings and tranches stand, how holdings are valued and sold, and the method of each step."""

from collections.abc import Mapping

from services.kernel.text import Language, Text

STATES = {
    "STATE_ACTIVE": Text("在投", "held"),
    "STATE_WATCH": Text("关注", "watched"),
    "STATE_IMPAIRED": Text("减值", "impaired"),
    "STATE_EXITING": Text("退出中", "exiting"),
    "STATE_EXITED": Text("已退出", "exited"),
    "STATE_WRITTEN_OFF": Text("已核销", "written off"),
}
TRANCHES = {
    "STATE_PENDING": Text("未付", "pending"),
    "STATE_PREPARED": Text("已经办", "prepared"),
    "STATE_PAID": Text("已付", "paid"),
    "STATE_CANCELLED": Text("已取消", "cancelled"),
}
METHODS = {
    "MARK_METHOD_COST": Text("成本法", "cost"),
    "MARK_METHOD_LAST_ROUND": Text("最近融资价格", "latest round"),
    "MARK_METHOD_MULTIPLES": Text("可比公司乘数", "multiples"),
    "MARK_METHOD_DISCOUNTED_CASH_FLOW": Text("现金流折现", "discounted cash flow"),
    "MARK_METHOD_NET_ASSETS": Text("净资产法", "net assets"),
    "MARK_METHOD_QUOTED_PRICE": Text("市场报价", "quoted price"),
}
EXITS = {
    "EXIT_KIND_IPO": Text("上市", "listing"),
    "EXIT_KIND_MERGER": Text("并购", "merger"),
    "EXIT_KIND_TRANSFER": Text("股权转让", "transfer"),
    "EXIT_KIND_S_FUND": Text("S基金受让", "secondary fund"),
    "EXIT_KIND_BUY_BACK": Text("回购", "buy-back"),
    "EXIT_KIND_LIQUIDATION": Text("清算", "liquidation"),
    "EXIT_KIND_DIVIDEND": Text("分红", "dividend"),
}
REPORTS = {
    "STATE_LATE": Text("逾期未报", "late"),
    "STATE_DUE": Text("待报", "due"),
    "STATE_RECEIVED_LATE": Text("逾期已报", "received late"),
    "STATE_RECEIVED": Text("已报", "received"),
}
STEPS = {
    "PREPARE_TRANCHE": "PayTranche",
    "PAY_TRANCHE": "PayTranche",
    "AMEND_TRANCHE": "AmendTranche",
    "CANCEL_TRANCHE": "CancelTranche",
    "MARK": "MarkInvestment",
    "FLAG": "FlagInvestment",
    "IMPAIR": "ImpairInvestment",
    "RESTORE": "RestoreInvestment",
    "START_EXIT": "StartExit",
    "STOP_EXIT": "StopExit",
    "RECORD_EXIT": "RecordExit",
    "PREPARE_WRITE_OFF": "WriteOffInvestment",
    "WRITE_OFF": "WriteOffInvestment",
}
"""The method of the contract that takes a step, by the code of its action; one takes both hands of two."""


def word(words: Mapping[str, Text], code: str, language: Language) -> str:
    """The word for a code; the code if it has none."""
    return words[code].to(language) if code in words else code
