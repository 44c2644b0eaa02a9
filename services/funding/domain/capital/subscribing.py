"""What a fund's subscriptions to other funds take of what it may still invest."""

from collections.abc import Iterable

from services.funding.domain.capital.commitment import Commitment
from services.funding.domain.fund.fund import Fund
from services.kernel.errors import FailedPrecondition
from services.kernel.money import Money
from services.kernel.text import Text


def taken_fen(held: Iterable[Commitment], brought_fen: int) -> int:
    """What the subscriptions of one fund take of its free capital.

    `brought_fen`: what it was entered with as committed or invested. A subscription that explains a size that is
    there already is part of that as far as it goes; one of new capital never is.
    """
    new, earlier = 0, 0
    for each in held:
        if each.new_capital:
            new += each.fen
        else:
            earlier += each.fen
    return new + max(0, earlier - brought_fen)


def require_within_size(investor: Fund, subscribed_fen: int, fen: int) -> None:
    """Raise FailedPrecondition (SUBSCRIPTIONS_EXCEED_SIZE) for more in all than the investor's own money: looking
    through never finds less than the largest fund.
    """
    left = investor.size_fen - subscribed_fen
    if fen > left:
        said, free = Money(fen), Money(max(0, left))
        raise FailedPrecondition(
            Text(
                f"出资基金认缴其他基金的合计将超过其自身规模：本笔{said.display_zh()}，尚可认缴{free.display_zh()}；"
                "请减少金额，或先登记该基金的新增出资",
                f"the investing fund would subscribe more than its own size: {said.display_en()}, and "
                f"{free.display_en()} is left; subscribe less, or record new capital of that fund first",
            ),
            reason="SUBSCRIPTIONS_EXCEED_SIZE",
            metadata={"fund": investor.id, "leftFen": str(left)},
        )


def require_headroom(investor: Fund, fen: int) -> None:
    """Raise FailedPrecondition (SUBSCRIPTIONS_EXCEED_HEADROOM) for more than the investor may still invest."""
    if fen > investor.headroom_fen:
        asked, free = Money(fen), Money(investor.headroom_fen)
        raise FailedPrecondition(
            Text(
                f"出资基金“{investor.name}”的可用额度不足：本笔认缴占用{asked.display_zh()}，"
                f"可用额度{free.display_zh()}；请减少金额，或先登记该基金的新增出资，或释放其不再需要的额度预留",
                f"the investing fund, {investor.name}, has less that it may still invest: the commitment takes "
                f"{asked.display_en()}, and {free.display_en()} is free; subscribe less, record new capital of that "
                "fund first, or release what it reserved and no longer needs",
            ),
            reason="SUBSCRIPTIONS_EXCEED_HEADROOM",
            metadata={"fund": investor.id, "askedFen": str(fen), "availableFen": str(investor.headroom_fen)},
        )
