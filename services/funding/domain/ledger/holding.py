"""What a deal holds of its fund's capital, and the lines that lead from one holding to another."""

from typing import NamedTuple

from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.acts import Lines, joined, receive, without_zeros
from services.funding.domain.ledger.balances import Balances
from services.funding.domain.ledger.journal import Act


class Holding(NamedTuple):
    """Fen approved and unsigned, signed and unpaid, and paid."""

    reserved: int = 0
    committed: int = 0
    paid: int = 0


def lines_between(before: Holding, after: Holding) -> Lines:
    """The lines that turn `before` into `after`; none if they are equal. What is paid leaves the bank."""
    reserved, committed, paid = (new - old for old, new in zip(before, after, strict=True))
    allocation = {
        Account.FREE: -(reserved + committed + paid),
        Account.RESERVED: reserved,
        Account.COMMITTED_UNPAID: committed,
        Account.DEPLOYED: paid,
    }
    return joined(without_zeros(allocation), without_zeros({Account.CASH: -paid, Account.COST: paid}))


def arriving(balances: Balances, holding: Holding) -> Lines:
    """The lines of a deal that is brought in with its history.

    A payment that was made proves that the capital for it was paid in, even where the fund's own figures
    name less: what the bank lacks counts as received.
    """
    lines = lines_between(Holding(), holding)
    lacking = holding.paid - balances[Account.CASH]
    return joined(receive(lacking), lines) if lacking > 0 else lines


def act_between(before: Holding, after: Holding) -> Act:
    """What such a change is called."""
    if after.paid > before.paid:
        return Act.PAY
    if after.committed > before.committed:
        return Act.SIGN
    if after.reserved > before.reserved:
        return Act.RESERVE
    return Act.CANCEL if after.committed < before.committed else Act.RELEASE
