"""What checks that can be waived are called away from the service that runs them: the same as its own names."""

from collections.abc import Mapping
from typing import Final

from services.kernel.text import Text

WAIVABLE: Final[Mapping[str, Text]] = {
    "DIRECTION_OUT_OF_SCOPE": Text("产业方向", "direction"),
    "CITY_OUT_OF_SCOPE": Text("地域", "city"),
    "STAGE_NOT_ELIGIBLE": Text("企业阶段", "stage"),
    "NOT_EARLY": Text("投早", "early"),
    "NOT_SMALL": Text("投小", "small"),
    "NOT_HARD_TECH": Text("投硬科技", "hard tech"),
    "FIRM_ABNORMAL": Text("信用状况", "good standing"),
    "EVIDENCE_STALE": Text("数据时效", "age of the data"),
    "VALUATION_TOO_HIGH": Text("估值上限", "valuation"),
    "TICKET_TOO_LARGE": Text("单笔上限", "ticket"),
    "OWNERSHIP_CAP": Text("持股上限", "ownership"),
    "REDEMPTION_TOO_EARLY": Text("回购触发", "redemption"),
    "DUPLICATE_PUBLIC_FUNDING": Text("重复出资", "other public money"),
    "SINGLE_PROJECT_CONCENTRATION": Text("集中度", "concentration"),
    "FUND_TERM_TOO_SHORT": Text("存续期", "life of the fund"),
    "INVESTMENT_PERIOD_CLOSED": Text("投资期", "investment period"),
    "EARLY_SHARE_BELOW_FLOOR": Text("早期占比", "early share"),
    "JIANGSU_DIRECT_SHARE": Text("省内占比", "provincial share"),
    "LOCAL_REINVESTMENT": Text("返投", "local reinvestment"),
    "GOVERNMENT_SHARE": Text("财政占比", "government share"),
    "SOCIAL_LEVERAGE_LOW": Text("放大倍数", "leverage"),
    "MIN_PORTFOLIO_COUNT": Text("项目数", "number of firms"),
    "PROVINCE_SHARE": Text("省级出资占比", "the province's share"),
    "SINGLE_SUBFUND_SHARE": Text("单只子基金占比", "share of one sub-fund"),
    "DIRECT_SHARE": Text("直投占比", "direct investments"),
    "CITY_QUOTA": Text("城市占比", "share of the city"),
    "LOSS_TOLERANCE_TRACK": Text("容错跟踪", "losses so far"),
    "RELATED_PARTY": Text("关联交易", "related parties"),
    "IP_OWNERSHIP_UNCLEAR": Text("知识产权权属", "ownership of rights"),
    "IP_PLEDGED": Text("知识产权质押", "pledged rights"),
}
"""Names by code."""
