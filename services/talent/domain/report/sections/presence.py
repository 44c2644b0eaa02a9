"""各产业的人才、载体与成效: people, teams, carriers, scenarios, matches, hires and money of each industry."""

from services.kernel.text import Text
from services.paper.document import Column, Table, Value
from services.talent.domain.report.printed import count_of
from services.talent.domain.report.registered import Presence
from services.talent.domain.report.returns import Reported, Source
from services.talent.domain.report.sections.cells import INDUSTRY
from services.talent.domain.report.sections.reported import from_method
from services.talent.domain.report.view import View

BY_INDUSTRY = 3
"""The version of the matcher's return that first told of industries."""
DEALS_BY_INDUSTRY = 4
"""The version of the funding service's return that first told of deals by industry, beside holdings."""
_PEOPLE = Column(Text("人才", "people"), 0)
_MONEY = (
    Column(Text("新增投资", "holdings begun"), 0),
    Column(Text("金额（万元）", "amount, CNY 10,000"), 0),
)
_INNER = (
    Column(Text("团队", "teams"), 0),
    Column(Text("平台载体", "carriers"), 0),
    Column(Text("应用场景", "scenarios"), 0),
    Column(Text("研发项目", "R&D projects"), 0),
    Column(Text("推荐", "proposed"), 0),
    Column(Text("达成", "done"), 0),
    Column(Text("到岗（人）", "heads started"), 0),
)
_DEALS = (
    Column(Text("申报项目", "deals submitted"), 0),
    Column(Text("批准项目", "deals approved"), 0),
)
_NONE = Text("发布中没有产业。", "The release has no industries.")


def presence(view: View) -> Table:
    """The table: of a public edition people and money alone, the rest of which is not told by industry."""
    inner = view.facts.inner.registered if view.facts.inner else None
    known = {each.industry: each for each in inner.presence} if inner else {}
    rows = tuple(_row(view, code, known.get(code)) for code in view.axes.industries)
    columns = (INDUSTRY, _PEOPLE, *(() if view.public else _INNER + _DEALS), *_MONEY)
    title = Text("各产业的人才、载体、对接与投资", "people, carriers, matches and money by industry")
    if view.public:
        title = Text("各产业的人才与投资", "people and money by industry")
    return Table("industry-activity", title, columns, rows, _NONE, _note(view))


def _row(view: View, code: str, known: Presence | None) -> tuple[Value, ...]:
    inner: tuple[Value, ...] = ()
    if not view.public:
        of = (known.teams, known.platforms, known.scenarios, known.projects) if known else (None,) * 4
        inner = (*of, *_matched(view, code), known.hired if known else None, *_deals(view, code))
    return view.facts.name(code), count_of(view.now.at(code), "persons"), *inner, *_invested(view, code)


def _matched(view: View, code: str) -> tuple[Value, Value]:
    said = _of(view, Source.MATCHER)
    if said is None or not from_method(said, BY_INDUSTRY):
        return None, None
    return said.value("industry_proposed", code), said.value("industry_done", code)


def _deals(view: View, code: str) -> tuple[Value, Value]:
    said = _of(view, Source.FUNDING)
    if said is None or not from_method(said, DEALS_BY_INDUSTRY):
        return None, None
    return said.value("industry_submitted", code), said.value("industry_approved", code)


def _invested(view: View, code: str) -> tuple[Value, Value]:
    said = _of(view, Source.FUNDING)
    return (None, None) if said is None else (said.value("industry", code), said.wan("industry", code))


def _of(view: View, source: Source) -> Reported | None:
    """What a service reported; None of nothing."""
    said = view.facts.returns.of(source) if view.facts.returns else None
    return said if said is not None and said.told else None


def _note(view: View) -> Text:
    if view.public:
        return Text(
            "人才数取自图谱发布，新增投资为投资服务报送（见“基金”）；团队、载体、场景、研发项目、推荐、到岗与申报、批准的项目按产业的数字属"
            "内部资料，不在公开版中；— 为未报送。",
            "People are those of the release, holdings what the funding service reported (section “funds”). Teams, "
            "carriers, scenarios, projects, proposals, hires and deals by industry are internal and not part of the "
            "public edition; — where nothing was reported.",
        )
    return Text(
        "人才数取自图谱发布；团队为编制时的在册数；载体、场景与研发项目为期末在佐证台账中已确认、已批准、已启用且未关闭并写明"
        "产业的；推荐、达成为对接服务、申报与批准的项目和新增投资为投资服务报送；到岗为本期登记的到岗人数。涉及多个产业的在各产业各计一次；"
        "— 为未报送，或报送的方法尚未按产业计。",
        "People are those of the release; teams as on record when drafted; carriers, scenarios and projects are "
        "those of the register that name an industry and were confirmed, approved, opened and not closed on the last "
        "day; proposals as the matching service, deals and holdings as the funding service reported; heads started are "
        "those entered for days of the period. What has several industries counts in each; — where nothing was "
        "reported, or by a method that did not yet count by industry.",
    )
