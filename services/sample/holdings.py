"""What the sample knows of firms that are held: reports, a valuation, rights, a pledge and a loan. All of it SYNTHETIC.

Every holding draws from a generator of its own, so that one more changes none of the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.sample.draws import generator

SEED = 20260630
MARKED = "（演示）"
_WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class SampleReport:
    """One month or quarter: values by indicator, fen for amounts."""

    period: str
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class SampleRight:
    """One right; `pledged`: whether a loan stands on it."""

    number: str
    title: str
    granted: date
    expires: date
    pledged: bool


@dataclass(frozen=True, slots=True)
class SampleHolding:
    """What is known of one holding. `value_permille`: its valuation by its cost; `checked`: a credit check is known."""

    reports: tuple[SampleReport, ...]
    value_permille: int
    rights: tuple[SampleRight, ...]
    loan_fen: int
    checked: bool


def holding(index: int, today: date, *, quarterly: bool) -> SampleHolding:
    """Holding `index`. One in five has not reported its last period, one in four has a loan on a pledged right."""
    random = generator(SEED, "holding", index)
    borrows = index % 4 == 0
    rights = tuple(
        SampleRight(
            number=f"DEMO{index:04d}{place}",
            title=f"演示技术{index:03d}-{place + 1}{MARKED}",
            granted=today - timedelta(days=random.randrange(200, 1500)),
            expires=today + timedelta(days=random.randrange(3000, 6500)),
            pledged=borrows and place == 0,
        )
        for place in range(random.randrange(1, 4))
    )
    reports = list(_reports(random.randrange(40, 400), random.randrange(8, 60), index, today, quarterly))
    return SampleHolding(
        reports=tuple(reports[: -1 if index % 5 == 4 else None]),
        value_permille=random.choice((600, 900, 1000, 1000, 1300, 1800)),
        rights=rights,
        loan_fen=random.randrange(100, 800, 50) * _WAN if borrows else 0,
        checked=index % 4 == 1,
    )


def _reports(revenue: int, staff: int, index: int, today: date, quarterly: bool) -> Iterator[SampleReport]:
    """Three periods that have ended, oldest first; every sixth firm runs short of cash and loses staff."""
    failing = index % 6 == 5
    for number, (name, months) in enumerate(_periods(today, quarterly)):
        fall = 100 - 25 * number if failing else 100 + 4 * number
        outflow = 60 * months * _WAN
        values = {
            "REVENUE": revenue * months * fall * _WAN // 100,
            "OUTFLOW": outflow,
            "CASH": max(1, (8 if failing else 30) - number) * 50 * _WAN,
            "STAFF": max(1, staff * fall // 100),
            "RD_STAFF": max(1, staff * fall // 250),
        }
        yield SampleReport(name, values)


def _periods(today: date, quarterly: bool) -> list[tuple[str, int]]:
    """The last three months or quarters that have ended, oldest first."""
    months = 3 if quarterly else 1
    at = (today.year * 12 + today.month - 1) // months
    found = []
    for back in (3, 2, 1):
        year, month = divmod((at - back) * months, 12)
        name = f"{year}Q{month // 3 + 1}" if quarterly else f"{year}-{month + 1:02d}"
        found.append((name, months))
    return found
