"""A journal: one business act of one fund as lines that add up to zero. Never changed once posted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.funding.domain.ledger.accounts import Account, Book
from services.kernel.text import Text


class Act(StrEnum):
    """What happened."""

    OPEN = "OPEN"
    SUBSCRIBE = "SUBSCRIBE"
    RECEIVE = "RECEIVE"
    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    SIGN = "SIGN"
    CANCEL = "CANCEL"
    PAY = "PAY"
    SPEND = "SPEND"
    EXIT = "EXIT"
    WRITE_OFF = "WRITE_OFF"
    DISTRIBUTE = "DISTRIBUTE"
    RETURN_CAPITAL = "RETURN_CAPITAL"
    IMPORT = "IMPORT"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    Act.OPEN: Text("期初", "opening balance"),
    Act.SUBSCRIBE: Text("认缴", "subscription"),
    Act.RECEIVE: Text("实缴到账", "capital received"),
    Act.RESERVE: Text("额度预留", "reservation"),
    Act.RELEASE: Text("释放预留", "release"),
    Act.SIGN: Text("签约", "signing"),
    Act.CANCEL: Text("解约", "cancellation"),
    Act.PAY: Text("付款", "payment"),
    Act.SPEND: Text("费用支出", "fee"),
    Act.EXIT: Text("退出回款", "exit proceeds"),
    Act.WRITE_OFF: Text("核销", "write-off"),
    Act.DISTRIBUTE: Text("收益分配", "distribution"),
    Act.RETURN_CAPITAL: Text("返还本金", "return of capital"),
    Act.IMPORT: Text("历史导入", "history brought in"),
}


@dataclass(frozen=True)
class Journal:
    """`lines`: fen by account, without zeros. `reference`: the resource it is about, e.g. `deals/…`.

    Raises ValueError when fewer than two lines are given, or a book's lines do not add up to zero: that
    is a fault of the program, never of a caller.
    """

    fund_id: str
    act: Act
    lines: Mapping[Account, int]
    actor: str
    at: datetime
    reference: str = ""
    document: str = field(default="")

    def __post_init__(self) -> None:
        by_book = Counter[Book]()
        for account, fen in self.lines.items():
            if not isinstance(fen, int) or isinstance(fen, bool) or fen == 0:
                raise ValueError(f"the line of {account} must be whole fen other than 0, not {fen!r}")
            by_book[account.book] += fen
        if len(self.lines) < 2 or any(by_book.values()):
            raise ValueError(f"the lines of a journal must add up to zero: {dict(self.lines)}")


def total(journals: Iterable[Journal]) -> dict[Account, int]:
    """The balances that journals add up to, by account, zeros left out."""
    balances = Counter[Account]()
    for journal in journals:
        balances.update(journal.lines)
    return {account: fen for account, fen in balances.items() if fen}
