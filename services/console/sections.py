"""What the console holds, section by section, and which of it is open to a visitor: nobody is led to a closed door.

A page is offered to whoever may ask the question that it begins with; what else stands on it says itself why it is
not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from google.protobuf.descriptor import MethodDescriptor

from bole.funding.v1 import (
    committee_service_pb2,
    deal_note_service_pb2,
    firm_service_pb2,
    fund_service_pb2,
    investment_service_pb2,
    screening_service_pb2,
)
from bole.funding.v1 import import_service_pb2 as funding_import_service_pb2
from bole.matcher.v1 import matching_service_pb2
from bole.talent.v1 import (
    act_approval_service_pb2,
    duplicate_service_pb2,
    evidence_service_pb2,
    import_service_pb2,
    library_service_pb2,
    move_service_pb2,
    nomination_service_pb2,
    position_service_pb2,
    shortage_analysis_service_pb2,
    shortage_watch_service_pb2,
    training_service_pb2,
)
from services.chassis.identity.identity import Principal
from services.chassis.policy import may_call, require_call
from services.kernel.text import Text

_LIBRARY = library_service_pb2.DESCRIPTOR.services_by_name["LibraryService"].methods_by_name
_POSITIONS = position_service_pb2.DESCRIPTOR.services_by_name["PositionService"].methods_by_name
_TRAINING = training_service_pb2.DESCRIPTOR.services_by_name["TrainingService"].methods_by_name
_MOVES = move_service_pb2.DESCRIPTOR.services_by_name["MoveService"].methods_by_name
_NOMINATIONS = nomination_service_pb2.DESCRIPTOR.services_by_name["NominationService"].methods_by_name
_EVIDENCE = evidence_service_pb2.DESCRIPTOR.services_by_name["EvidenceService"].methods_by_name
_IMPORTS = import_service_pb2.DESCRIPTOR.services_by_name["TalentImportService"].methods_by_name
_DUPLICATES = duplicate_service_pb2.DESCRIPTOR.services_by_name["DuplicateService"].methods_by_name
_APPROVALS = act_approval_service_pb2.DESCRIPTOR.services_by_name["ActApprovalService"].methods_by_name
_ANALYSIS = shortage_analysis_service_pb2.DESCRIPTOR.services_by_name[
    "ShortageAnalysisService"
].methods_by_name
_WATCHES = shortage_watch_service_pb2.DESCRIPTOR.services_by_name["ShortageWatchService"].methods_by_name
_SCREENING = screening_service_pb2.DESCRIPTOR.services_by_name["ScreeningService"].methods_by_name
_FIRMS = firm_service_pb2.DESCRIPTOR.services_by_name["FirmService"].methods_by_name
_FUNDS = fund_service_pb2.DESCRIPTOR.services_by_name["FundService"].methods_by_name
_HOLDINGS = investment_service_pb2.DESCRIPTOR.services_by_name["InvestmentService"].methods_by_name
_COMMITTEES = committee_service_pb2.DESCRIPTOR.services_by_name["CommitteeService"].methods_by_name
_NOTES = deal_note_service_pb2.DESCRIPTOR.services_by_name["DealNoteService"].methods_by_name
_FUNDING_IMPORTS = funding_import_service_pb2.DESCRIPTOR.services_by_name[
    "FundingImportService"
].methods_by_name
_MATCHING = matching_service_pb2.DESCRIPTOR.services_by_name["MatchingService"].methods_by_name


@dataclass(frozen=True, slots=True)
class Page:
    """A page with a tab of its own. `asks`: the method that it begins with; None where everybody may. `why`: what it is
    for, of one that may be all of its section that is open to somebody.
    """

    key: str
    path: str
    title: Text
    asks: MethodDescriptor | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the console: its pages, the first one before the others, and what it is for."""

    key: str
    title: Text
    why: Text
    pages: Sequence[Page]


@dataclass(frozen=True, slots=True)
class Ways:
    """What is open to one visitor."""

    sections: Sequence[Section]

    def tabs(self, key: str) -> Sequence[Page]:
        """The pages of a section."""
        return next((each.pages for each in self.sections if each.key == key), ())


def ways(principal: Principal | None, now: datetime) -> Ways:
    """The sections with the pages that the visitor may open; none for who is not signed in."""
    if principal is None:
        return Ways(())
    found = []
    for section in SECTIONS:
        pages = [page for page in section.pages if page.asks is None or may_call(principal, page.asks, now)]
        if pages:
            found.append(_open(section, pages))
    return Ways(found)


def _open(section: Section, pages: Sequence[Page]) -> Section:
    """The section with the pages that are open; called as its only page where that is not the one it begins with."""
    [*others, last] = pages
    if others or last == section.pages[0]:
        return Section(section.key, section.title, section.why, pages)
    return Section(section.key, last.title, last.why or section.why, pages)


_MAP = (
    Page("map", "/map", Text("图谱", "Map")),
    Page("compare", "/map/compare", Text("城市比较", "Compare cities")),
    Page("weights", "/map/weights", Text("权重与稳健性", "Weights"), _ANALYSIS["ReweighShortage"]),
    Page("watches", "/map/watches", Text("我的关注", "My watches"), _WATCHES["ListShortageWatches"]),
    Page("releases", "/releases", Text("发布", "Releases")),
    Page("reports", "/reports", Text("运行情况报告", "Reports")),
)
_PEOPLE = (
    Page("people", "/people", Text("人才", "People"), _LIBRARY["SearchPersons"]),
    Page("teams", "/teams", Text("团队", "Teams"), _LIBRARY["ListTeams"]),
    Page(
        "positions",
        "/positions",
        Text("岗位", "Positions"),
        _POSITIONS["SearchPositions"],
        Text("各单位在招什么人，缺口多大。", "Whom employers look for, and how many are still wanted."),
    ),
    Page("training", "/training", Text("培养", "Training"), _TRAINING["SearchTrainingPlaces"]),
    Page("moves", "/moves", Text("流动", "Moves"), _MOVES["SearchMoves"]),
    Page("nominations", "/nominations", Text("申报", "Nominations"), _NOMINATIONS["ListNominations"]),
    Page("targets", "/targets", Text("目标", "Goals"), _EVIDENCE["ListTargetProgress"]),
    Page("evidence", "/evidence", Text("佐证", "Evidence"), _EVIDENCE["ListEvidenceRecords"]),
    Page("import", "/import", Text("导入", "Import"), _IMPORTS["ListImports"]),
    Page("duplicates", "/duplicates", Text("查重", "Duplicates"), _DUPLICATES["ListDuplicateSuggestions"]),
    Page("approvals", "/approvals", Text("复核", "Approvals"), _APPROVALS["ListActApprovals"]),
)
_DEALS = (
    Page("flow", "/deals", Text("项目流", "Deal flow"), _SCREENING["ScreenDeals"]),
    Page(
        "reminders",
        "/deals/reminders",
        Text("提醒", "Reminders"),
        _NOTES["ListDealReminders"],
        Text("项目备注上提醒您的事，哪天到期。", "What notes on deals remind you of, and when."),
    ),
    Page(
        "committees",
        "/deals/committees",
        Text("投委会", "Committees"),
        _COMMITTEES["ListSittings"],
        Text("哪些项目等待上会，还缺什么。", "Which deals wait for a committee, and what they lack."),
    ),
    Page(
        "holdings",
        "/investments",
        Text("投后", "Holdings"),
        _HOLDINGS["ListInvestments"],
        Text(
            "基金持有什么，值多少，哪家企业该报未报。",
            "What funds hold, what it is worth, and which firm owes a report.",
        ),
    ),
    Page(
        "firms",
        "/firms",
        Text("企业", "Firms"),
        _FIRMS["ListFirms"],
        Text(
            "早期企业做什么、与谁相似、适合哪些人才。",
            "What early-stage firms do, which are alike, and who would suit them.",
        ),
    ),
    Page("import", "/deals/import", Text("导入", "Import"), _FUNDING_IMPORTS["ListImports"]),
)
SECTIONS = (
    Section(
        "map",
        Text("紧缺人才图谱", "Shortage map"),
        Text(
            "哪个市、哪个产业最缺人，为什么，谁能填补。",
            "Which city and industry is short of people, why, and who could fill it.",
        ),
        _MAP,
    ),
    Section(
        "people",
        Text("核心人才库", "Talent library"),
        Text(
            "查人才与岗位，导入名单，处理疑似重复，看申报与目标进度。",
            "People and positions, imports, possible duplicates, nominations and goals.",
        ),
        _PEOPLE,
    ),
    Section(
        "deals",
        Text("项目流", "Deal flow"),
        Text(
            "项目走到哪一步、能不能推进、为什么，下一步需要什么。",
            "Where each deal stands, whether it may go on and why, and what the next step needs.",
        ),
        _DEALS,
    ),
    Section(
        "funds",
        Text("基金", "Funds"),
        Text(
            "各基金还能投多少，离每条限额多远，带动了多少社会资本。",
            "What each fund can still take, how far every limit is, and what it brought along.",
        ),
        (Page("funds", "/funds", Text("基金", "Funds"), _FUNDS["ListFunds"]),),
    ),
    Section(
        "matches",
        Text("匹配", "Matches"),
        Text(
            "为岗位、企业和基金找人找项目，每个名次都说清理由。",
            "People and firms for positions, firms and funds, with the reasons of every rank.",
        ),
        (Page("matches", "/matches", Text("匹配", "Matches"), _MATCHING["FindMatches"]),),
    ),
    Section(
        "events",
        Text("事件与集成", "Events"),
        Text(
            "实时事件、断点续传、接口说明，各服务是否跟上。",
            "The live stream, replay from any point, every method over HTTP, and how far each service has read.",
        ),
        (Page("events", "/events", Text("事件与集成", "Events")),),
    ),
)
_ASKS = {page.path: page.asks for section in SECTIONS for page in section.pages if page.asks is not None}


def require_open(principal: Principal | None, path: str, now: datetime) -> None:
    """Raise PermissionDenied (ROLE_MISSING) for a page with a tab that is not open to the visitor, before any of it is
    asked for: it is refused as a whole. Who is not signed in is told so by the page itself.
    """
    if principal is not None and path in _ASKS:
        require_call(principal, _ASKS[path], now)
