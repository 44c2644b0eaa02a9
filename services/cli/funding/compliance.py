"""`bole compliance …`: checks, waivers and kept runs of a deal."""

from datetime import date
from typing import Any
from uuid import uuid4

from bole.funding.v1 import compliance_pb2, compliance_service_pb2_grpc, screening_pb2
from bole.funding.v1 import compliance_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.kernel.text import Language, Text
from services.wording import deals as said

TIMEOUT_SECONDS = 30.0
_STANDINGS = {
    "ELIGIBLE": Text("可推进", "eligible"),
    "UNDETERMINED": Text("待补充", "not yet judged"),
    "INELIGIBLE": Text("不合规", "not eligible"),
}
CHECKS = (
    Column("title", Text("检查项", "check")),
    Column("severity", Text("级别", "severity")),
    Column("outcome", Text("结果", "outcome")),
    Column("observed", Text("实际", "observed"), wraps=True),
    Column("limit", Text("限额", "limit"), wraps=True),
    Column("headroom", Text("余量", "headroom"), wraps=True),
    Column("reason", Text("说明", "reason"), wraps=True, least=32),
    Column("citation", Text("依据", "citation"), wraps=True),
    Column("code", Text("代码", "code"), whole=True),
)
_WAIVERS = (
    Column("code", Text("检查项", "check"), whole=True),
    Column("until", Text("有效至", "until")),
    Column("in_force", Text("有效", "in force"), show=tick),
    Column("document", Text("文件", "document"), wraps=True),
    Column("reason", Text("理由", "why"), wraps=True),
    Column("grantor", Text("登记", "by")),
)
_REPORTS = (
    Column("time", Text("时间", "time")),
    Column("occasion", Text("环节", "occasion")),
    Column("standing", Text("结论", "standing")),
    Column("rules", Text("规则修订", "rules"), whole=True),
    Column("version", Text("规则版本", "checks"), right=True),
    Column("actor", Text("经办", "by")),
    Column("sha256", Text("校验值", "SHA-256"), whole=True),
    Column("id", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> compliance_service_pb2_grpc.ComplianceServiceStub:
    """Compliance."""
    return compliance_service_pb2_grpc.ComplianceServiceStub(session.channel("funding"))


def check(session: Session, deal: str) -> None:
    """Run all checks of a deal now, keep the run and show it."""
    request = service.CreateComplianceReportRequest(parent=deal, request_id=str(uuid4()))
    _show(session, stub(session).CreateComplianceReport(request, timeout=TIMEOUT_SECONDS))


def report(session: Session, name: str) -> None:
    """One kept run."""
    request = service.GetComplianceReportRequest(name=name)
    _show(session, stub(session).GetComplianceReport(request, timeout=TIMEOUT_SECONDS))


def reports(session: Session, deal: str, limit: int) -> None:
    """The kept runs of a deal, newest first."""
    rows: list[dict[str, Any]] = []
    token = ""
    while len(rows) < limit:
        request = service.ListComplianceReportsRequest(
            parent=deal, page_size=min(100, limit - len(rows)), page_token=token
        )
        found = stub(session).ListComplianceReports(request, timeout=TIMEOUT_SECONDS)
        rows += [_report(each, session.language) for each in found.compliance_reports]
        token = found.next_page_token
        if not token:
            break
    session.output.rows(Text("合规检查记录", "runs of the checks"), _REPORTS, rows)


def recompute(session: Session, name: str) -> None:
    """Make a run again and say whether it came out the same."""
    request = service.RecomputeComplianceReportRequest(name=name)
    found = stub(session).RecomputeComplianceReport(request, timeout=TIMEOUT_SECONDS)
    for line in _verdict(found):
        session.output.note(line.to(session.language))


def _verdict(found: service.RecomputeComplianceReportResponse) -> list[Text]:
    """Whether it is the same, by which version of the checks, and what today's version would say otherwise."""
    made, today = found.rules_version, found.current_rules_version
    codes, changed = ", ".join(found.differing_codes), ", ".join(found.changed_codes)
    lines = [
        Text(
            f"按第{made}版规则重算，结果逐位一致（{found.sha256}）",
            f"the same, bit for bit, by version {made} of the checks ({found.sha256})",
        )
        if found.same
        else Text(
            f"按第{made}版规则重算，结果与留存不同：{codes}",
            f"made again by version {made} of the checks, it is not what was kept: {codes}",
        )
    ]
    if found.same and made != today:
        lines.append(
            Text(
                f"现行第{today}版规则对同一事实的判断{f'不同：{changed}' if changed else '相同'}（仅供对照）",
                f"for comparison, version {today} of today "
                + (f"judges otherwise: {changed}" if changed else "judges the same facts the same"),
            )
        )
    return lines


def waive(
    session: Session, deal: str, code: str, document: str, until: date, reason: str, *, check_only: bool
) -> None:
    """Record that the committee accepts a breach."""
    waiver = compliance_pb2.Waiver(
        code=code.strip().upper(), document=document, reason=reason, until_date=date_to_wire(until)
    )
    request = service.GrantWaiverRequest(
        parent=deal, waiver=waiver, request_id=str(uuid4()), validate_only=check_only
    )
    made = stub(session).GrantWaiver(request, timeout=TIMEOUT_SECONDS)
    session.output.rows(Text("豁免", "waiver"), _WAIVERS, [_waiver(made)])


def waivers(session: Session, deal: str) -> None:
    """The waivers of a deal."""
    found = stub(session).ListWaivers(service.ListWaiversRequest(parent=deal), timeout=TIMEOUT_SECONDS)
    session.output.rows(Text("豁免", "waivers"), _WAIVERS, [_waiver(each) for each in found.waivers])


def check_rows(checks: Any, language: Language) -> list[dict[str, Any]]:
    """Results of checks, those that stop or warn first."""
    kinds = screening_pb2.CheckResult
    ranked = sorted(checks, key=lambda each: (each.outcome not in (2, 3, 5), -each.severity))
    return [
        {
            "code": each.code,
            "title": wording.say(each.title, language),
            "severity": _word(said.SEVERITIES, kinds.Severity.Name(each.severity), "SEVERITY_", language),
            "outcome": _word(said.CHECK_OUTCOMES, kinds.Outcome.Name(each.outcome), "OUTCOME_", language),
            "observed": wording.say(each.observed, language),
            "limit": wording.say(each.limit, language),
            "headroom": wording.say(each.headroom, language),
            "reason": wording.say(each.reason, language),
            "citation": wording.say(each.citation, language),
        }
        for each in ranked
    ]


def _show(session: Session, made: compliance_pb2.ComplianceReport) -> None:
    row = _report(made, session.language)
    title = Text(
        f"合规检查：{row['standing']}（{row['rules']}）", f"compliance: {row['standing']} ({row['rules']})"
    )
    session.output.rows(title, CHECKS, check_rows(made.checks, session.language))
    session.output.note(f"{made.name} · SHA-256 {made.sha256}")


def _report(made: compliance_pb2.ComplianceReport, language: Language) -> dict[str, Any]:
    return {
        "time": wording.minute(made.create_time),
        "occasion": made.occasion,
        "standing": _word(_STANDINGS, type(made).Standing.Name(made.standing), "STANDING_", language),
        "rules": made.mandate_revision,
        "version": made.rules_version or "",
        "actor": made.actor,
        "sha256": made.sha256[:12],
        "id": made.name,
    }


def _waiver(waiver: compliance_pb2.Waiver) -> dict[str, Any]:
    return {
        "code": waiver.code,
        "until": date_from_wire(waiver.until_date).isoformat(),
        "in_force": waiver.in_force,
        "document": waiver.document,
        "reason": waiver.reason,
        "grantor": waiver.grantor,
    }


def _word(words: dict[str, Text], name: str, prefix: str, language: Language) -> str:
    bare = name.removeprefix(prefix)
    return words[bare].to(language) if bare in words else bare
