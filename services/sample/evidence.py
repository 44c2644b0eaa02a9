"""What the sample has on the evidence register: carriers, scenarios, projects, talents and governance cases. All of it
SYNTHETIC.

Days count back from the end of the quarter that ended last, so that it has beginnings and ends in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.sample.holdings import MARKED

_APPROVED_BEFORE = 40
"""Days between approval and opening, at least."""
_CITIES = {
    "nanjing": "南京",
    "suzhou": "苏州",
    "wuxi": "无锡",
    "changzhou": "常州",
    "nantong": "南通",
    "xuzhou": "徐州",
}
_INDUSTRIES = {
    "third-gen-semiconductor": "第三代半导体",
    "future-network": "未来网络",
    "hydrogen": "氢能",
    "energy-storage": "新型储能",
    "cell-gene": "细胞和基因技术",
    "synthetic-biology": "合成生物",
    "general-intelligence": "通用智能",
    "virtual-reality": "虚拟现实",
}


@dataclass(frozen=True, slots=True)
class SampleEvidence:
    """One record. `talent`: which team of the library it is of, by its place in a list; None for what is no talent.
    `confirmed`: whether a second person has looked at it.
    """

    ref: str
    kind: str
    title: str
    type_code: str
    city: str
    industry: str
    approved: date
    opened: date
    closed: date | None
    document: str
    department: str
    quantity: int = 0
    talent: int | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class _Plan:
    """So many records of a kind, begun evenly between `first` and `last` days before the quarter's end; the first ones
    of them `ended`, that many.
    """

    kind: str
    noun: str
    department: str
    number: int
    first: int
    last: int
    type_code: str = ""
    quantity: int = 0
    ended: int = 0


_PLANS = (
    _Plan("PLATFORM", "未来产业技术研究院", "kejiting", 5, 1350, 15, "fi-institute"),
    _Plan("PLATFORM", "未来技术学院", "jiaoyuting", 4, 1250, 360, "fi-college"),
    _Plan("PLATFORM", "未来产业科技园", "kejiting", 4, 1150, 30, "fi-park"),
    _Plan("PILOT_ZONE", "省级未来产业先导区", "gongxinting", 7, 950, 20),
    _Plan("SCENARIO", "开放验证场景", "gongxinting", 9, 850, 10, "verification"),
    _Plan("SCENARIO", "融合应用场景", "fagaiwei", 7, 650, 25, "integration"),
    _Plan("RD_PROJECT", "前瞻技术研发项目", "kejiting", 30, 650, 5),
    _Plan("LEADING_TALENT", "", "rencaiban", 8, 1050, 40),
    _Plan("INNOVATIVE_TALENT", "", "rencaiban", 6, 750, 8),
    _Plan("GROWTH_INDUSTRY", "产业培育方案", "gongxinting", 8, 1050, 240),
    _Plan("CCUS_CAPACITY", "碳捕集利用及封存示范装置", "fagaiwei", 2, 850, 140, "", 300_000),
    _Plan("GOVERNANCE_CASE", "观察期案例", "shichangjianguanju", 6, 440, 12, "observation-period", ended=3),
    _Plan("GOVERNANCE_CASE", "包容期案例", "shichangjianguanju", 4, 380, 35, "tolerance-period", ended=2),
    _Plan("GOVERNANCE_CASE", "沙盒监管试点", "shichangjianguanju", 3, 400, 50, "sandbox", ended=1),
    _Plan("MILESTONE", "先导区建设进展", "gongxinting", 2, 540, 140, "M2025-pilot-cities"),
)


def evidence(today: date) -> Iterator[SampleEvidence]:
    """The register of the sample; the last scenarios and the last project wait for their confirmation."""
    until = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
    records = ((plan, place) for plan in _PLANS for place in range(plan.number))
    for number, (plan, place) in enumerate(records):
        yield _record(plan, place, number, until)


def _record(plan: _Plan, place: int, number: int, until: date) -> SampleEvidence:
    cities, industries = list(_CITIES), list(_INDUSTRIES)
    city, industry = cities[place % len(cities)], industries[place % len(industries)]
    back = plan.first - (plan.first - plan.last) * place // (plan.number - 1)
    opened = until - timedelta(days=back)
    talent = place if not plan.noun else None
    return SampleEvidence(
        ref=f"DEMO-E{number:04d}",
        kind=plan.kind,
        title="" if talent is not None else f"{_CITIES[city]}{_INDUSTRIES[industry]}{plan.noun}{MARKED}",
        type_code=plan.type_code,
        city=city,
        industry=industry,
        approved=opened - timedelta(days=_APPROVED_BEFORE + number % 30),
        opened=opened,
        closed=until - timedelta(days=10 + 35 * place) if place < plan.ended else None,
        document=f"批复文件 DEMO-{number:04d}{MARKED}",
        department=plan.department,
        quantity=plan.quantity * (place + 1),
        talent=talent,
        confirmed=plan.kind not in ("SCENARIO", "RD_PROJECT") or place < plan.number - 1,
    )
