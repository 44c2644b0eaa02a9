"""`bole mandate …`: revisions of a fund's rules, and the published rule sets."""

from datetime import date
from typing import Any
from uuid import uuid4

from bole.funding.v1 import deal_pb2, firm_pb2, mandate_pb2, mandate_service_pb2_grpc
from bole.funding.v1 import mandate_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire, money_from_wire, money_to_wire
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.text import Language, Text

TIMEOUT_SECONDS = 30.0
_STATES = {
    "PROPOSED": Text("待审批", "proposed"),
    "APPROVED": Text("已批准", "approved"),
    "REJECTED": Text("未批准", "rejected"),
}
_COLUMNS = (
    Column("revision", Text("修订", "revision"), right=True),
    Column("state", Text("状态", "state")),
    Column("begins", Text("生效", "from")),
    Column("ends", Text("失效", "until")),
    Column("ruleset", Text("规则集", "rule set")),
    Column("proposer", Text("提出", "proposed by")),
    Column("decider", Text("审批", "decided by")),
    Column("why", Text("理由与文件", "why, and by what"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_RULES = (
    Column("parameter", Text("参数", "parameter")),
    Column("value", Text("取值", "value"), wraps=True),
    Column("citation", Text("依据", "where it stands"), wraps=True),
)
_SETS = (
    Column("id", Text("代码", "id")),
    Column("title", Text("名称", "name"), wraps=True),
    Column("citation", Text("依据", "where it stands"), wraps=True),
)
_RATIOS = (
    "concentration_max",
    "early_floor",
    "ownership_below",
    "government_share_max",
    "province_share_max",
    "subfund_share_max",
    "direct_share_max",
    "jiangsu_floor",
    "reinvestment_min",
    "leverage_min",
    "loss_tolerance",
    "recycling_max",
)
_AMOUNTS = ("ticket_max", "valuation_below")
_COUNTS = (
    "project_count_min",
    "scope_permille_min",
    "exit_buffer_month_count",
    "redemption_free_month_count",
    "stale_month_count",
    "approval_day_count",
    "due_day_count",
)
_VOTING = ("quorum", "majority", "ballot_count_min")
_LISTS = {"industry": "industry_codes", "city": "city_codes"}


def stub(session: Session) -> mandate_service_pb2_grpc.MandateServiceStub:
    """The mandates."""
    return mandate_service_pb2_grpc.MandateServiceStub(session.channel("funding"))


def show_list(session: Session, fund: str) -> None:
    """All revisions of a fund, newest first."""
    rows: list[dict[str, Any]] = []
    token = ""
    while True:
        request = service.ListMandateRevisionsRequest(parent=fund, page_size=100, page_token=token)
        found = stub(session).ListMandateRevisions(request, timeout=TIMEOUT_SECONDS)
        rows += [_row(each, session.language) for each in found.mandate_revisions]
        token = found.next_page_token
        if not token:
            break
    number = found.revision_in_force
    title = Text(
        f"投资规则修订（现行第 {number} 号）" if number else "投资规则修订（现无生效修订）",
        f"revisions of the mandate, {number} in force"
        if number
        else "revisions of the mandate, none in force",
    )
    session.output.rows(title, _COLUMNS, rows)


def show(session: Session, name: str) -> None:
    """One revision, rule by rule."""
    request = service.GetMandateRevisionRequest(name=name)
    _show(session, stub(session).GetMandateRevision(request, timeout=TIMEOUT_SECONDS))


def rule_sets(session: Session) -> None:
    """The published rule sets."""
    found = stub(session).ListRuleSets(service.ListRuleSetsRequest(), timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "id": each.ruleset,
            "title": _say(each.title, session.language),
            "citation": _say(each.citation, session.language),
        }
        for each in found.rule_sets
    ]
    session.output.rows(Text("规则集", "rule sets"), _SETS, rows)


def propose(
    session: Session,
    fund: str,
    ruleset: str,
    days: tuple[date, date | None],
    settings: list[str],
    citations: list[str],
    reason: str,
    *,
    check: bool,
) -> None:
    """State a revision. Raises InvalidArgument for a setting that is not `name=value`."""
    stated = mandate_pb2.MandateRevision(ruleset=ruleset, effective_from_date=date_to_wire(days[0]))
    if days[1] is not None:
        stated.effective_to_date.CopyFrom(date_to_wire(days[1]))
    for setting in settings:
        _set(stated, *_pair(setting, "--set"))
    for citation in citations:
        parameter, text = _pair(citation, "--cite")
        stated.citations.add(parameter=parameter, text_zh=text)
    request = service.CreateMandateRevisionRequest(
        parent=fund, mandate_revision=stated, reason=reason, request_id=str(uuid4()), validate_only=check
    )
    _show(session, stub(session).CreateMandateRevision(request, timeout=TIMEOUT_SECONDS))


def approve(session: Session, name: str, document: str) -> None:
    """Approve a revision."""
    request = service.ApproveMandateRevisionRequest(name=name, document=document, request_id=str(uuid4()))
    _show(session, stub(session).ApproveMandateRevision(request, timeout=TIMEOUT_SECONDS))


def reject(session: Session, name: str, reason: str) -> None:
    """Reject a revision."""
    request = service.RejectMandateRevisionRequest(name=name, reason=reason, request_id=str(uuid4()))
    _show(session, stub(session).RejectMandateRevision(request, timeout=TIMEOUT_SECONDS))


def _set(stated: mandate_pb2.MandateRevision, name: str, value: str) -> None:
    kind, _, key = name.partition(".")
    if name in _RATIOS:
        setattr(stated, name, value)
    elif name in _AMOUNTS:
        getattr(stated, name).CopyFrom(money_to_wire(parse_amount(value, field=f"--set {name}")))
    elif name in _COUNTS:
        setattr(stated, name, _whole(name, value))
    elif name in _LISTS:
        getattr(stated, _LISTS[name]).append(value)
    elif name == "stage":
        stated.stages.append(firm_pb2.FirmStage.Value(_stage(value)))  # type: ignore[arg-type]
    elif kind == "weight" and key in ("early", "small", "long", "hard"):
        setattr(stated.weights, key, _whole(name, value))
    elif kind == "voting" and key in _VOTING:
        setattr(stated.voting, key, _whole(name, value) if key == "ballot_count_min" else value)
    elif kind == "days" and key:
        stated.stage_day_limits.add(state=_deal_state(key), day_count=_whole(name, value))
    elif kind == "quota" and key:
        stated.city_quotas.add(city_code=key, share_max=value)
    else:
        names = (*_RATIOS, *_AMOUNTS, *_COUNTS, *_LISTS, "stage", "weight.early", "quota.suzhou")
        names += ("voting.quorum", "days.due_diligence")
        known = ", ".join(names)
        raise InvalidArgument.field(
            "--set",
            "UNKNOWN_PARAMETER",
            f"没有参数“{name[:40]}”，可用：{known}",
            f"no parameter {name[:40]!r}; use {known}",
        )


def _stage(value: str) -> str:
    name = f"FIRM_STAGE_{value.strip().upper()}"
    if name not in firm_pb2.FirmStage.keys():  # noqa: SIM118 - an enum wrapper, no mapping
        raise InvalidArgument.field(
            "--set stage",
            "UNKNOWN_STAGE",
            "阶段可用：seed、startup、early_growth、growth",
            "use seed, startup, early_growth or growth",
        )
    return name


def _deal_state(value: str) -> str:
    name = f"STATE_{value.strip().upper()}"
    if name not in deal_pb2.Deal.State.keys():  # noqa: SIM118 - an enum wrapper, no mapping
        raise InvalidArgument.field(
            "--set days", "UNKNOWN_STATE", f"没有项目状态“{value[:40]}”", f"no state of deals {value[:40]!r}"
        )
    return name


def _whole(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise InvalidArgument.field(
            f"--set {name}", "NOT_WHOLE", f"“{value[:40]}”应为整数", f"{value[:40]!r} must be a whole number"
        )
    return int(value)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not value.strip():
        raise InvalidArgument.field(
            option, "NO_PAIR", f"请写成 名称=取值：{text[:60]}", f"write name=value, not {text[:60]!r}"
        )
    return name.strip(), value.strip()


def _row(revision: mandate_pb2.MandateRevision, language: Language) -> dict[str, Any]:
    ends = revision.effective_to_date if revision.HasField("effective_to_date") else None
    return {
        "revision": revision.revision,
        "state": _state(revision, language),
        "begins": date_from_wire(revision.effective_from_date).isoformat(),
        "ends": date_from_wire(ends).isoformat() if ends else None,
        "ruleset": revision.ruleset,
        "proposer": revision.proposer,
        "decider": revision.decider,
        "why": [each for each in (revision.reason, revision.decision_document) if each],
        "id": revision.name,
    }


def _show(session: Session, revision: mandate_pb2.MandateRevision) -> None:
    cited = {each.parameter: each for each in revision.citations}
    values: list[tuple[str, Any]] = [("ruleset", revision.ruleset)]
    values += [("industry", list(revision.industry_codes)), ("city", list(revision.city_codes))]
    values += [
        (name, amount(getattr(revision, name), session.language))
        for name in _AMOUNTS
        if revision.HasField(name) and money_from_wire(getattr(revision, name)).fen
    ]
    values += [(name, getattr(revision, name)) for name in _RATIOS if getattr(revision, name)]
    values += [(name, getattr(revision, name)) for name in _COUNTS if revision.HasField(name)]
    values += [(f"voting.{key}", getattr(revision.voting, key)) for key in _VOTING]
    values += [
        (f"days.{deal_pb2.Deal.State.Name(each.state).removeprefix('STATE_').lower()}", each.day_count)
        for each in revision.stage_day_limits
    ]
    values += [(f"quota.{each.city_code}", each.share_max) for each in revision.city_quotas]
    rows = [
        {"parameter": name, "value": value, "citation": _cited(cited.get(name), session.language)}
        for name, value in values
        if value
    ]
    row = _row(revision, session.language)
    title = Text(
        f"{revision.name}：{row['state']}，{row['begins']} 起",
        f"{revision.name}: {row['state']}, from {row['begins']}",
    )
    session.output.rows(title, _RULES, rows)


def _cited(citation: mandate_pb2.MandateRevision.Citation | None, language: Language) -> str:
    if citation is None:
        return ""
    return citation.text_en if language == "en" and citation.text_en else citation.text_zh


def _state(revision: mandate_pb2.MandateRevision, language: Language) -> str:
    name = type(revision).State.Name(revision.state).removeprefix("STATE_")
    return _STATES[name].to(language) if name in _STATES else name


def _say(text: Any, language: Language) -> str:
    return str(text.en if language == "en" else text.zh)
