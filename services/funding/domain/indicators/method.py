"""When reports are due and what raises an alert: proposals, and so configuration."""

from dataclasses import dataclass

from services.funding.domain.indicators.periods import MONTHLY
from services.funding.domain.ratio import Ratio, percent
from services.kernel.text import Text

_REVENUE_FALL, _STAFF_FALL = percent(30), percent(20)


@dataclass(frozen=True)
class IndicatorMethod:
    """Days after the end of a period; falls against the period before; months of cash; periods of the mean."""

    monthly_days: int = 15
    quarterly_days: int = 30
    runway_months: int = 6
    revenue_fall: Ratio = _REVENUE_FALL
    staff_fall: Ratio = _STAFF_FALL
    runway_periods: int = 3

    def days(self, months: int) -> int:
        """Days that a report of a period of so many months may take."""
        return self.monthly_days if months == MONTHLY else self.quarterly_days

    def note(self) -> list[Text]:
        """All of it in words."""
        return [
            Text(
                "种子期、初创期企业按月报告，其余按季", "monthly while seed or start-up, quarterly after that"
            ),
            Text(
                f"月报于期末后{self.monthly_days}天内、季报于{self.quarterly_days}天内提交，逾期仍受理并标注",
                f"months are due within {self.monthly_days} days, quarters within {self.quarterly_days}; "
                "what comes later is taken and marked",
            ),
            Text(
                f"现金可用月数＝期末货币资金÷最近{self.runway_periods}期月均净流出，低于{self.runway_months}个月预警",
                f"runway is cash by the mean monthly net outflow of the last {self.runway_periods} periods; "
                f"an alert below {self.runway_months} months",
            ),
            Text(
                f"营业收入较上期下降{self.revenue_fall.percent()}及以上、"
                f"员工或研发人数下降{self.staff_fall.percent()}及以上预警",
                f"an alert when revenue falls by {self.revenue_fall.percent()} or more against the period before, "
                f"or staff or R&D staff by {self.staff_fall.percent()}",
            ),
        ]
