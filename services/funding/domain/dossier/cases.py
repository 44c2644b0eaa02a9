"""Cases of 容错: from the day on which a loss came on record to the day on which what was determined was entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.funding.domain.dossier.facts import Item, Verdict
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.investment import Investment
from services.funding.domain.investment.states import InvestmentState
from services.kernel.clock import civil_date

LOST = (InvestmentState.IMPAIRED, InvestmentState.WRITTEN_OFF)


@dataclass(frozen=True, kw_only=True)
class Case:
    """That of one deal as it stood on a day. `ended` and `verdict`: None while nothing is determined; `items`: of the
    three statutory tests, as they stand when counted.
    """

    deal: str
    begun: date
    ended: date | None
    verdict: Verdict | None
    items: Sequence[Item] = ()


def lost_on(holding: Investment) -> date | None:
    """The day on which a loss came on record that still stands: called impaired, or sold out below cost; None without.

    The steps of the holding have to be loaded.
    """
    if holding.state in LOST:
        days = [each.at for each in holding.steps if each.action is InvestmentAction.IMPAIR]
        return civil_date(days[-1]) if days else None
    if holding.state is InvestmentState.EXITED and holding.gain_fen < 0:
        return civil_date(holding.steps[-1].at)
    return None


def span(
    lost: date | None, determined: Sequence[tuple[date, Verdict]], last: date
) -> tuple[date, date | None, Verdict | None] | None:
    """The first day, the last one and the newest verdict of a case by what was known on `last`; None of no case.

    `determined`: days of entry with verdicts, in order. The first of them ends the case, a later one changes the
    verdict alone. Without a loss before it a case begins with what was determined.
    """
    entered = [each for each in determined if each[0] <= last]
    begun = [day for day in (lost, entered[0][0] if entered else None) if day is not None and day <= last]
    if not begun:
        return None
    return min(begun), *((entered[0][0], entered[-1][1]) if entered else (None, None))
