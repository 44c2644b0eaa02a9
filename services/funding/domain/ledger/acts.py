"""The acts of a fund as lines, after the table of acts of the funding rules. Amounts are positive fen."""

from collections import Counter
from collections.abc import Mapping

from services.funding.domain.ledger.accounts import Account
from services.kernel.errors import InvalidArgument

Lines = Mapping[Account, int]


def moved(fen: int, source: Account, target: Account) -> Lines:
    """An amount from one account to another of the same book. Raises InvalidArgument unless it is above 0."""
    _require_positive(fen)
    return {source: -fen, target: fen}


def subscribe(fen: int, *, fee_reserve_fen: int = 0) -> Lines:
    """Capital is subscribed; all but the reserve for fees can be invested."""
    _require_positive(fen)
    investable = fen - fee_reserve_fen
    return joined(
        {Account.SUBSCRIBED: -fen, Account.UNCALLED: fen},
        {Account.INVESTABLE: -investable, Account.FREE: investable},
    )


def subscribe_to(fen: int) -> Lines:
    """The fund subscribes to another one: the agreement is signed, and the amount is no longer free."""
    return moved(fen, Account.FREE, Account.COMMITTED_UNPAID)


def receive(fen: int) -> Lines:
    """Subscribed capital is paid in."""
    return moved(fen, Account.UNCALLED, Account.CASH)


def reserve(fen: int) -> Lines:
    """A deal is approved."""
    return moved(fen, Account.FREE, Account.RESERVED)


def release(fen: int) -> Lines:
    """An approval lapses, is refused or withdrawn."""
    return moved(fen, Account.RESERVED, Account.FREE)


def sign(approved_fen: int, signed_fen: int) -> Lines:
    """A contract is signed for no more than was approved; the excess is free again."""
    _require_positive(signed_fen)
    return without_zeros(
        {
            Account.RESERVED: -approved_fen,
            Account.COMMITTED_UNPAID: signed_fen,
            Account.FREE: approved_fen - signed_fen,
        }
    )


def pay(fen: int) -> Lines:
    """A signed amount is paid: it leaves the bank and is held at cost."""
    return joined(
        moved(fen, Account.CASH, Account.COST), moved(fen, Account.COMMITTED_UNPAID, Account.DEPLOYED)
    )


def cancel(fen: int) -> Lines:
    """A signed amount will not be paid; it is free again."""
    return moved(fen, Account.COMMITTED_UNPAID, Account.FREE)


def spend(fen: int) -> Lines:
    """Fees are paid."""
    return moved(fen, Account.CASH, Account.FEES)


def leave(proceeds_fen: int, cost_fen: int, *, recycled_fen: int = 0) -> Lines:
    """A holding, or a part of it that cost `cost_fen`, brings `proceeds_fen`; `recycled_fen` of it may be invested
    again. Raises ValueError for more than came back of what was invested: a gain is never recycled.
    """
    _require_positive(cost_fen)
    if proceeds_fen < 0:
        _require_positive(proceeds_fen)
    if not 0 <= recycled_fen <= min(proceeds_fen, cost_fen):
        raise ValueError(f"{recycled_fen} fen cannot be recycled of {proceeds_fen} for a cost of {cost_fen}")
    money = {Account.CASH: proceeds_fen, Account.COST: -cost_fen, Account.GAIN: cost_fen - proceeds_fen}
    return joined(money, recycle(recycled_fen) if recycled_fen else {})


def recycle(fen: int) -> Lines:
    """What was invested has come back and may be invested again: the investable capital grows by it."""
    return joined(
        moved(fen, Account.DEPLOYED, Account.RECYCLED), moved(fen, Account.INVESTABLE, Account.FREE)
    )


def earn(fen: int) -> Lines:
    """A holding brings money and stays as it was: a dividend, or what comes in for cost written off before."""
    return moved(fen, Account.GAIN, Account.CASH)


def write_off(fen: int) -> Lines:
    """Cost is given up."""
    return moved(fen, Account.COST, Account.WRITTEN_OFF)


def distribute(fen: int) -> Lines:
    """Gains go to the investors."""
    return moved(fen, Account.CASH, Account.DISTRIBUTED)


def return_capital(fen: int, *, recycled_fen: int = 0) -> Lines:
    """Capital goes back to the investors; `recycled_fen` of it was to be invested again and no longer is."""
    money = moved(fen, Account.CASH, Account.RETURNED_TO_LP)
    if not recycled_fen:
        return money
    return joined(money, {account: -moved_fen for account, moved_fen in recycle(recycled_fen).items()})


def joined(*parts: Lines) -> Lines:
    """Several sets of lines as one."""
    found = Counter[Account]()
    for lines in parts:
        found.update(lines)
    return without_zeros(found)


def without_zeros(lines: Lines) -> Lines:
    """The lines that move something."""
    return {account: fen for account, fen in lines.items() if fen}


def _require_positive(fen: int) -> None:
    if not isinstance(fen, int) or isinstance(fen, bool) or fen <= 0:
        raise InvalidArgument.field(
            "amount_fen",
            "AMOUNT_TOO_SMALL",
            "金额必须是大于0的整数分",
            "the amount must be whole fen above 0",
        )
