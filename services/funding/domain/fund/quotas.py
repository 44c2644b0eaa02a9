"""Quotas of a fund as a whole, as they stand and as deals that are only thought of would leave them.

They are the limits that the live checks watch over, read without a deal: part over whole, exact, in fen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.funding.domain.checks.capital_checks import province_share
from services.funding.domain.checks.check import Check
from services.funding.domain.checks.fund_checks import last_third_begins
from services.funding.domain.checks.run import CHECKS
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.fund.portfolio import Portfolio
from services.funding.domain.outcomes import Outcome, outcome_of
from services.funding.domain.ratio import Ratio
from services.funding.domain.screening.surroundings import CapitalView
from services.kernel.text import Text

_BY_CODE = {check.code: check for check in CHECKS}


@dataclass(frozen=True)
class Share:
    """Part over whole in fen; `whole_fen` None or 0: there is nothing to measure it by yet."""

    part_fen: int
    whole_fen: int | None

    @property
    def exact(self) -> str:
        """As a fraction; empty without a whole."""
        return f"{self.part_fen}/{self.whole_fen}" if self.whole_fen else ""


@dataclass(frozen=True)
class Quota:
    """One limit with the share before and after.

    `bites`: from when falling short of a floor stops deals; `firm`: of the concentration, the id of the firm that has
    the most money after the deals.
    """

    check: Check
    name: Text
    citation: Text
    before: Share
    after: Share
    limit: Ratio
    floor: bool
    bites: date | None = None
    firm: str = ""

    @property
    def headroom_before_fen(self) -> int | None:
        """What is left before the limit as things are; negative beyond it; None without a whole."""
        return _left(self.before, self.limit, floor=self.floor)

    @property
    def headroom_after_fen(self) -> int | None:
        """The same after the deals."""
        return _left(self.after, self.limit, floor=self.floor)

    @property
    def outcome(self) -> Outcome:
        """Whether it holds after the deals."""
        left = self.headroom_after_fen
        return Outcome.NOT_APPLICABLE if left is None else outcome_of(left >= 0)


def quotas(
    fund: Fund,
    mandate: Mandate,
    before: Portfolio,
    after: Portfolio,
    capital: CapitalView,
    places: Mapping[str, Text],
) -> list[Quota]:
    """Every quota that the mandate sets, in the order of the checks. `places`: what cities are called, by code."""
    found = [
        _quota(mandate, code, limit, shares, floor=floor, fund=fund, after=after)
        for code, limit, floor, shares in _measured(fund, mandate, before, after, capital)
        if limit is not None
    ]
    for city, limit in mandate.city_quotas:
        shares = [Share(each.in_city_fen(city), each.total_fen) for each in (before, after)]
        quota = _quota(mandate, "CITY_QUOTA", limit, shares, floor=False, fund=fund, after=after)
        here = places.get(city, Text(city, city))
        named = Text(f"{quota.name.zh}（{here.zh}）", f"{quota.name.en} ({here.en})")
        found.append(replace(quota, name=named))
    return found


def _measured(
    fund: Fund, mandate: Mandate, before: Portfolio, after: Portfolio, capital: CapitalView
) -> Iterator[tuple[str, Ratio | None, bool, list[Share]]]:
    """Code, limit, whether it is a floor, and the shares before and after."""
    both = (before, after)
    local = [Share(each, fund.government_fen) for each in _reinvested(fund, before, after, capital)]
    lost = Share(fund.written_off_fen, fund.ever_invested_fen)
    yield "SINGLE_PROJECT_CONCENTRATION", mandate.concentration_max, False, _largest(fund, before, after)
    yield "EARLY_SHARE_BELOW_FLOOR", mandate.early_floor, True, [_early(each) for each in both]
    yield "JIANGSU_DIRECT_SHARE", mandate.jiangsu_floor, True, [_inside(each) for each in both]
    yield "LOCAL_REINVESTMENT", mandate.reinvestment_min, True, local
    yield "GOVERNMENT_SHARE", mandate.government_share_max, False, [_public(fund)] * 2
    yield "PROVINCE_SHARE", mandate.province_share_max, False, [_of_province(fund, mandate, capital)] * 2
    yield "DIRECT_SHARE", mandate.direct_share_max, False, [_direct(each, capital) for each in both]
    yield "LOSS_TOLERANCE_TRACK", mandate.loss_tolerance, False, [lost, lost]


def _public(fund: Fund) -> Share:
    """What governments have of the fund."""
    known = fund.government_fen is not None
    return Share(fund.government_fen or 0, fund.size_fen if known else None)


def _of_province(fund: Fund, mandate: Mandate, capital: CapitalView) -> Share:
    """What the province has of the fund; unknown while what nobody has explained could take it over the limit."""
    known = province_share(mandate, fund, capital).outcome is not Outcome.UNKNOWN
    return Share(capital.province_fen, fund.size_fen if known else None)


def _reinvested(fund: Fund, before: Portfolio, after: Portfolio, capital: CapitalView) -> tuple[int, int]:
    """What counts as reinvested in the fund's city: what was credited, and what the deals add there."""
    held = before.in_city_fen(fund.city)
    credited = held if capital.credited_fen is None else capital.credited_fen
    return credited, credited + after.in_city_fen(fund.city) - held


def _quota(
    mandate: Mandate,
    code: str,
    limit: Ratio,
    shares: list[Share],
    *,
    floor: bool,
    fund: Fund,
    after: Portfolio,
) -> Quota:
    check = _BY_CODE[code]
    bites = last_third_begins(fund) if code == "EARLY_SHARE_BELOW_FLOOR" else None
    citation = mandate.citation(check.parameter) or check.citation
    firm = _heaviest(after) if code == "SINGLE_PROJECT_CONCENTRATION" else ""
    return Quota(check, check.name, citation, shares[0], shares[1], limit, floor, bites, firm)


def _heaviest(held: Portfolio) -> str:
    """The firm with the most money, the first by id where several have it; empty where nothing is held."""
    return max(sorted(held.firms), key=held.in_firm_fen, default="")


def _largest(fund: Fund, before: Portfolio, after: Portfolio) -> list[Share]:
    """What the firm with the most money of the fund has of what was paid in."""
    return [
        Share(max((each.in_firm_fen(firm) for firm in each.firms), default=0), fund.paid_in_fen)
        for each in (before, after)
    ]


def _early(held: Portfolio) -> Share:
    return Share(held.early_fen(Outcome.PASS), held.total_fen)


def _inside(held: Portfolio) -> Share:
    return Share(held.in_province_fen(), held.total_fen)


def _direct(held: Portfolio, capital: CapitalView) -> Share:
    through = sum(each.subscribed_fen for each in capital.sub_funds)
    return Share(held.total_fen, held.total_fen + through)


def _left(share: Share, limit: Ratio, *, floor: bool) -> int | None:
    if not share.whole_fen:
        return None
    if floor:
        return share.part_fen - -(-limit.num * share.whole_fen // limit.den)
    return limit.num * share.whole_fen // limit.den - share.part_fen
