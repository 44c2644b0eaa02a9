"""Products that fit a firm (融资产品建议): a proposal, and so configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.funding.domain.civil import completed_months
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.property.right import IpRight, RightKind
from services.kernel.text import Text, counted


@dataclass(frozen=True)
class ProductMethod:
    """Months that a right must still run to be worth pledging."""

    least_months: int = 24


def suggestions(free: Sequence[IpRight], first: FirstLoan, today: date, method: ProductMethod) -> list[Text]:
    """What would fit, each with the reason; none for a firm that has nothing of it."""
    fit = [
        each
        for each in free
        if each.kind is RightKind.INVENTION and completed_months(today, each.expires) >= method.least_months
    ]
    found = []
    if fit:
        found.append(
            Text(
                f"知识产权质押贷款：{len(fit)}件发明专利未质押，且剩余期限不少于{method.least_months}个月",
                f"a loan on pledged rights: {counted(len(fit), 'free invention')} with {method.least_months} months or "
                "more to run",
            )
        )
    if first is FirstLoan.CANDIDATE:
        found.append(
            Text(
                "首贷：征信记录无银行贷款，可申请首贷支持",
                "a first loan: the credit record shows no bank loan",
            )
        )
    if first is FirstLoan.UNKNOWN:
        found.append(
            Text(
                "先取得企业授权查询征信，再判断是否首贷",
                "obtain the firm's consent to a credit check to tell whether a loan would be its first",
            )
        )
    return found
