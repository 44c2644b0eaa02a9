"""Recycling (循环投资): how much of what an exit brings back may be invested again.

Only what was invested, never a gain; only within the investment period; over the fund's life no more at a time than
the mandate's share of the subscribed capital. Without that share in the mandate nothing is recycled.
"""

from datetime import date

from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.balances import Balances


def recycling_cap(fund: Fund, mandate: Mandate | None) -> int | None:
    """The most that may stand recycled, in fen, rounded down; None if the mandate allows none."""
    share = mandate.recycling_max if mandate is not None else None
    return None if share is None else share.num * fund.size_fen // share.den


def recyclable(fund: Fund, mandate: Mandate | None, proceeds_fen: int, cost_fen: int, on: date) -> int:
    """Fen of an exit of `on` that may be invested again; `mandate` is the revision in force on that day."""
    cap = recycling_cap(fund, mandate)
    if cap is None or on >= fund.investment_ends:
        return 0
    return max(0, min(proceeds_fen, cost_fen, cap - fund.recycled_fen))


def recalled(balances: Balances, fen: int) -> int:
    """Fen of a return of capital that was to be invested again: what is over the money that came back from
    holdings and was neither recycled, lost nor returned before.
    """
    sold = balances[Account.DEPLOYED] - balances[Account.COST] - balances[Account.WRITTEN_OFF]
    idle = sold - max(0, balances[Account.GAIN]) - balances[Account.RETURNED_TO_LP]
    return min(balances[Account.RECYCLED], max(0, fen - max(0, idle)))
