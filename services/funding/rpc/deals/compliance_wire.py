"""Between the contract of compliance and its domain."""

from bole.funding.v1 import compliance_pb2, screening_pb2
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, text_to_wire
from services.funding.domain.checks.check import CheckResult
from services.funding.domain.deal.waiver import Waiver
from services.funding.store.deals.reports import Report, recompute
from services.kernel.errors import FailedPrecondition, InvalidArgument


def check_to_wire(check: CheckResult) -> screening_pb2.CheckResult:
    """One check with what it saw, in words and exactly."""
    observed, limit, headroom, waiver = check.observed, check.limit, check.headroom, check.waiver
    return screening_pb2.CheckResult(
        code=check.code,
        title=text_to_wire(check.name),
        severity=f"SEVERITY_{check.severity.name}",
        outcome=f"OUTCOME_{check.outcome.name}",
        observed=text_to_wire(observed.text) if observed else None,
        limit=text_to_wire(limit.text) if limit else None,
        headroom=text_to_wire(headroom.text) if headroom else None,
        observed_exact=observed.exact if observed else "",
        limit_exact=limit.exact if limit else "",
        headroom_exact=headroom.exact if headroom else "",
        citation=text_to_wire(check.citation),
        reason=text_to_wire(check.text),
        inputs=check.inputs,
        ruleset=check.ruleset,
        as_of_date=date_to_wire(check.as_of),
        waivable=check.waivable,
        waiver_document=waiver.document if waiver else "",
        waiver_until_date=date_to_wire(waiver.until) if waiver else None,
    )


def waiver_to_wire(deal_id: str, number: int, waiver: Waiver, *, in_force: bool) -> compliance_pb2.Waiver:
    """The whole record."""
    return compliance_pb2.Waiver(
        name=f"deals/{deal_id}/waivers/{number}",
        code=waiver.code,
        document=waiver.document,
        until_date=date_to_wire(waiver.until),
        reason=waiver.reason,
        grantor=waiver.granted_by,
        create_time=instant_to_wire(waiver.at) if waiver.at else None,
        in_force=in_force,
    )


def report_to_wire(report: Report) -> compliance_pb2.ComplianceReport:
    """The run with all its checks."""
    return compliance_pb2.ComplianceReport(
        name=f"deals/{report.deal_id}/complianceReports/{report.number}",
        occasion=report.occasion,
        as_of_date=date_to_wire(report.as_of),
        mandate_revision=f"funds/{report.fund_id}/mandates/{report.mandate_revision}",
        fund_version=report.fund_version,
        firm_version=report.firm_version,
        deal_version=report.deal_version,
        standing=f"STANDING_{report.standing.name}",
        checks=[check_to_wire(each) for each in report.checks],
        sha256=report.digest,
        actor=report.actor,
        create_time=instant_to_wire(report.at),
        rules_version=report.rules_version,
    )


def verdict_to_wire(report: Report) -> compliance_pb2.ComplianceVerdict:
    """Whether a run is made again; one that cannot be says why."""
    verdict = compliance_pb2.ComplianceVerdict(
        compliance_report=f"deals/{report.deal_id}/complianceReports/{report.number}",
        occasion=report.occasion,
        create_time=instant_to_wire(report.at),
        kept_sha256=report.digest,
        rules_version=report.rules_version,
    )
    try:
        again = recompute(report)
    except FailedPrecondition as error:
        verdict.note.CopyFrom(text_to_wire(error.text))
        return verdict
    verdict.rules_version, verdict.same = again.rules_version, again.same
    verdict.differing_codes.extend(again.differing)
    verdict.changed_codes.extend(again.changed)
    return verdict


def numbered(name: str, collection: str) -> tuple[str, int]:
    """Deal and number of `deals/{deal}/{collection}/{number}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    shaped = len(parts) == 4 and parts[0] == "deals" and parts[1] and parts[2] == collection
    if not shaped or not (parts[3].isascii() and parts[3].isdigit() and len(parts[3]) < 10):
        raise InvalidArgument.field(
            "name",
            "INVALID_NAME",
            f"名称应写成 deals/编号/{collection}/序号",
            f"the name must read deals/{{id}}/{collection}/{{number}}",
        )
    return parts[1], int(parts[3])
