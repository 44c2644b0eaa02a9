"""The accounts of a fund.

Two books. The money book says where the subscribed capital is; the allocation book says what of the
investable capital is promised to whom. Within each book the lines of a journal add up to zero.
"""

from enum import StrEnum

from services.kernel.text import Text


class Book(StrEnum):
    """What an account speaks of."""

    MONEY = "MONEY"
    ALLOCATION = "ALLOCATION"


class Account(StrEnum):
    """An account; a balance is the sum of its lines in fen.

    `SUBSCRIBED`, `INVESTABLE` and `GAIN` are where capital and gains come from: their balances are at most
    zero (a loss on a sale makes GAIN positive). All other balances are never below zero. What was ever invested
    is DEPLOYED and RECYCLED together.
    """

    SUBSCRIBED = "SUBSCRIBED"
    UNCALLED = "UNCALLED"
    CASH = "CASH"
    COST = "COST"
    FEES = "FEES"
    WRITTEN_OFF = "WRITTEN_OFF"
    DISTRIBUTED = "DISTRIBUTED"
    RETURNED_TO_LP = "RETURNED_TO_LP"
    GAIN = "GAIN"
    INVESTABLE = "INVESTABLE"
    FREE = "FREE"
    RESERVED = "RESERVED"
    COMMITTED_UNPAID = "COMMITTED_UNPAID"
    DEPLOYED = "DEPLOYED"
    RECYCLED = "RECYCLED"

    @property
    def book(self) -> Book:
        """The book it belongs to."""
        return Book.ALLOCATION if self in _ALLOCATION else Book.MONEY

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_ALLOCATION = frozenset(
    {
        Account.INVESTABLE,
        Account.FREE,
        Account.RESERVED,
        Account.COMMITTED_UNPAID,
        Account.DEPLOYED,
        Account.RECYCLED,
    }
)
SOURCES = frozenset({Account.SUBSCRIBED, Account.INVESTABLE, Account.GAIN})
_LABELS = {
    Account.SUBSCRIBED: Text("认缴资本", "subscribed capital"),
    Account.UNCALLED: Text("未缴资本", "uncalled capital"),
    Account.CASH: Text("银行存款", "cash"),
    Account.COST: Text("在投成本", "investments at cost"),
    Account.FEES: Text("费用", "fees"),
    Account.WRITTEN_OFF: Text("已核销成本", "cost written off"),
    Account.DISTRIBUTED: Text("已分配收益", "gains distributed"),
    Account.RETURNED_TO_LP: Text("已返还本金", "capital returned to investors"),
    Account.GAIN: Text("已实现收益", "realised gains"),
    Account.INVESTABLE: Text("可投资规模", "investable capital"),
    Account.FREE: Text("可用额度", "free to reserve"),
    Account.RESERVED: Text("已批准未签约", "reserved"),
    Account.COMMITTED_UNPAID: Text("已签约未付款", "signed and unpaid"),
    Account.DEPLOYED: Text("已投且未循环", "invested and not recycled"),
    Account.RECYCLED: Text("循环投资额度", "invested, returned and free to invest again"),
}
