"""The balances of a fund, and what may be posted to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.funding.domain.ledger.accounts import SOURCES, Account
from services.funding.domain.ledger.acts import Lines
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.money import Money
from services.kernel.text import Text


@dataclass(frozen=True)
class Balances:
    """Fen by account of one fund; an account that is not named has 0."""

    fund_id: str
    fen: Mapping[Account, int]

    def __getitem__(self, account: Account) -> int:
        return self.fen.get(account, 0)

    def after(self, lines: Lines) -> "Balances":
        """The balances with `lines` posted.

        Raises FailedPrecondition for an account that would fall below zero: INSUFFICIENT_FUND_CAPITAL for
        what is free to reserve, INSUFFICIENT_CASH for the bank, AMOUNT_EXCEEDS_BALANCE for any other.
        """
        for account, fen in lines.items():
            if fen < 0 and account not in SOURCES and self[account] + fen < 0:
                raise shortfall(self.fund_id, account, -fen, self[account])
        accounts = {*self.fen, *lines}
        return Balances(self.fund_id, {each: self[each] + lines.get(each, 0) for each in accounts})


def shortfall(fund_id: str, account: Account, asked_fen: int, available_fen: int) -> FailedPrecondition:
    """The error for an amount over what an account has; tells what is available now."""
    reason, zh, en = _WORDS.get(account, _OTHER)
    asked, available = Money(asked_fen), Money(available_fen)
    text = Text(
        f"“{account.label.zh}”不足：需要{asked.display_zh()}，现有{available.display_zh()}；{zh}",
        f"{account.label.en}: {available.display_en()} on the account and {asked.display_en()} needed; {en}",
    )
    return FailedPrecondition(
        text,
        reason=reason,
        violations=(Violation("amount_fen", reason, text),),
        metadata={
            "fund": fund_id,
            "account": account.name,
            "askedFen": str(asked_fen),
            "availableFen": str(available_fen),
        },
    )


_OTHER = ("AMOUNT_EXCEEDS_BALANCE", "请核对金额", "check the amount")
_WORDS = {
    Account.FREE: ("INSUFFICIENT_FUND_CAPITAL", "请减少金额或分期", "lower the amount or pay in parts"),
    Account.CASH: ("INSUFFICIENT_CASH", "请先登记出资人实缴到账", "record the capital received first"),
    Account.UNCALLED: (
        "AMOUNT_EXCEEDS_UNCALLED",
        "请核对认缴与已到账金额",
        "check what is subscribed and received",
    ),
}
