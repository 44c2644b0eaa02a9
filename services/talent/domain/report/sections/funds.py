"""基金: how the funds invested, by 投早, 投小, 投长 and 投硬科技, each with its written rule."""

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.report.returns import Reported
from services.talent.domain.report.sections.cells import INDUSTRY
from services.talent.domain.report.sections.reported import COUNT, NONE, WAN, reported_section
from services.talent.domain.report.view import View

_TITLE = Text("基金", "Funds")
_MILLI = 1000
_RULES = {
    "early": (
        Text("投早", "early"),
        Text("规则集的投早条件（企业年龄、轮次或阶段）", "the rule set's early gate: age, rounds or stage"),
    ),
    "small": (
        Text("投小", "small"),
        Text(
            "规则集的投小条件（人数、资产、估值、金额）",
            "the rule set's small gate: staff, accounts, valuation, ticket",
        ),
    ),
    "long": (
        Text("投长", "long"),
        Text(
            "无回购条款，或最早回购触发不早于授权规定的月数",
            "no redemption right, or none before the months of the mandate",
        ),
    ),
    "hard": (
        Text("投硬科技", "hard technology"),
        Text(
            "规则集的硬科技条件（研发、专利、人员、专家评分）",
            "the rule set's hard-technology gate: R&D, patents, staff, experts",
        ),
    ),
}
_OUTCOMES = ("PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE", "WAIVED", "NO_RUN")


def funds(view: View, said: Reported) -> Section:
    """The section."""
    return reported_section(
        "funds", _TITLE, said, (_flow(said), _policy(view, said), _industries(view, said))
    )


def _flow(said: Reported) -> Table:
    plan, earlier = (said.value("hires_milli", basis, _MILLI) for basis in ("PLAN", "EARLIER_DEALS"))
    rows: tuple[tuple[Value, ...], ...] = (
        (Text("申报项目", "deals submitted"), said.value("submitted"), None),
        (Text("批准项目", "deals approved"), said.value("approved"), None),
        (Text("新增投资", "holdings begun"), said.value("invested"), said.wan("invested")),
        (
            Text("其中后续轮次跟投", "of these follow-on investments"),
            said.value("follow_on"),
            said.wan("follow_on"),
        ),
        (Text("带动用人（用人计划，人）", "hires expected by plan, heads"), plan, None),
        (
            Text("带动用人（按往期项目估计，人）", "hires expected by earlier deals, heads"),
            earlier,
            None,
        ),
    )
    note = Text(
        "申报、批准按当季发生计；新增投资按交割日，金额为签约金额；企业此前已有任一基金持股的计为后续轮次跟投。"
        "带动用人是预计数，不是已到岗人数。",
        "Submitted and approved within the quarter; holdings by the day of closing, with what was signed; follow-on "
        "where any fund held the firm before. Hires are expected, not people in post.",
    )
    columns = (Column(Text("项目", "item")), COUNT, WAN)
    return Table("fund-flow", Text("投资流程", "deal flow"), columns, rows, NONE, note)


def _judged(view: View, said: Reported, code: str) -> bool:
    """Whether the checks of any holding tell of this direction, or one may not know: else shares are of nothing."""
    return view.fourth or any(said.value(code, outcome) != 0 for outcome in _OUTCOMES[:-1])


def _policy(view: View, said: Reported) -> Table:
    share = () if said.early else (Column(Text("占项目数", "share of holdings"), 0, percent=True),)
    columns = (
        Column(Text("方向", "direction of policy")),
        Column(Text("符合", "met"), 0),
        *share,
        Column(Text("符合的金额（万元）", "met, CNY 10,000"), 0),
        Column(Text("占投资额", "share of the amount"), 0, percent=True),
        Column(Text("不符合", "not met"), 0),
        Column(Text("无法判断", "unknown"), 0),
        Column(Text("不适用", "no rule"), 0),
        Column(Text("已豁免", "waived"), 0),
        Column(Text("未留存检查", "no kept run"), 0),
        Column(Text("规则", "rule")),
    )
    judged = {code: _judged(view, said, code) for code in _RULES}
    rows = tuple(
        (
            name,
            said.value(code, "PASS"),
            *(said.share(code, "PASS", "invested", "") if judged[code] else None for _ in share),
            said.wan(code, "PASS"),
            said.share(f"{code}_fen", "PASS", "invested_fen", "") if judged[code] else None,
            *(said.value(code, outcome) for outcome in _OUTCOMES[1:]),
            rule,
        )
        for code, (name, rule) in _RULES.items()
    )
    note = Text(
        "按交割日当日或之前最后一次留存的合规检查，不事后重判；没有留存检查的单列，不算符合。",
        "By the newest kept run of the checks on or before the day of closing, never judged anew; holdings without one "
        "stand apart and do not count as met.",
    )
    title = Text("投早、投小、投长、投硬科技", "early, small, long, hard technology")
    return Table("fund-policy", title, columns, rows, NONE, note)


def _industries(view: View, said: Reported) -> Table:
    known = set(said.kinds("industry"))
    rows = tuple(
        (view.facts.name(code), said.value("industry", code), said.wan("industry", code))
        for code in view.axes.industries
        if code in known
    )
    note = Text(
        "企业涉及多个产业的，在各产业各计一次。", "A firm of several industries counts under each of them."
    )
    title = Text("新增投资按产业", "holdings begun, by industry")
    return Table("fund-industries", title, (INDUSTRY, COUNT, WAN), rows, NONE, note)
