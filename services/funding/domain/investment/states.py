"""States of a holding, and what it is turned into money by."""

from enum import StrEnum

from services.kernel.text import Text


class InvestmentState(StrEnum):
    """Where a holding stands."""

    ACTIVE = "ACTIVE"
    WATCH = "WATCH"
    IMPAIRED = "IMPAIRED"
    EXITING = "EXITING"
    EXITED = "EXITED"
    WRITTEN_OFF = "WRITTEN_OFF"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _STATES[self]


_STATES = {
    InvestmentState.ACTIVE: Text("在投", "held"),
    InvestmentState.WATCH: Text("关注", "watched"),
    InvestmentState.IMPAIRED: Text("减值", "impaired"),
    InvestmentState.EXITING: Text("退出中", "exiting"),
    InvestmentState.EXITED: Text("已退出", "exited"),
    InvestmentState.WRITTEN_OFF: Text("已核销", "written off"),
}
ENDED = frozenset({InvestmentState.EXITED, InvestmentState.WRITTEN_OFF})


class ExitKind(StrEnum):
    """How a holding, or a part of it, is turned into money (退出方式)."""

    IPO = "IPO"
    MERGER = "MERGER"
    TRANSFER = "TRANSFER"
    S_FUND = "S_FUND"
    BUY_BACK = "BUY_BACK"
    LIQUIDATION = "LIQUIDATION"
    DIVIDEND = "DIVIDEND"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _EXITS[self]


_EXITS = {
    ExitKind.IPO: Text("上市", "listing"),
    ExitKind.MERGER: Text("并购", "merger or acquisition"),
    ExitKind.TRANSFER: Text("股权转让", "transfer"),
    ExitKind.S_FUND: Text("S基金受让", "sale to a secondary fund"),
    ExitKind.BUY_BACK: Text("回购", "buy-back"),
    ExitKind.LIQUIDATION: Text("清算", "liquidation"),
    ExitKind.DIVIDEND: Text("分红", "dividend"),
}
