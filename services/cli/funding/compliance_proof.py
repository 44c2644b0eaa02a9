"""`bole compliance verify`: every kept run of a fund made again, by the version of the checks that made it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bole.funding.v1 import compliance_pb2
from bole.funding.v1 import compliance_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.funding.compliance import TIMEOUT_SECONDS, stub
from services.cli.session import Session
from services.kernel.text import Language, Text

_PAGE = 200
_COLUMNS = (
    Column("time", Text("时间", "time")),
    Column("occasion", Text("环节", "occasion")),
    Column("version", Text("规则版本", "checks"), right=True),
    Column("found", Text("重算所见", "found"), wraps=True),
    Column("sha256", Text("留存校验值", "kept SHA-256"), whole=True),
    Column("id", Text("编号", "resource"), whole=True),
)


def verify(session: Session, fund: str) -> int:
    """Show the runs that are not made again, and how many are; the exit status: 1 if there is such a run."""
    seen, differing = Counter[int](), list[compliance_pb2.ComplianceVerdict]()
    changed = today = 0
    for page in _pages(session, fund):
        today = page.current_rules_version
        for verdict in page.verdicts:
            seen[verdict.rules_version] += verdict.same
            changed += verdict.same and bool(verdict.changed_codes)
            if not verdict.same:
                differing.append(verdict)
    rows = [_row(each, session.language) for each in differing]
    if rows or not session.output.for_people:
        session.output.rows(Text("重算不一致的检查", "runs that are not made again"), _COLUMNS, rows)
    for line in _said(seen, len(differing), changed, today):
        session.output.note(line.to(session.language))
    return 1 if differing else 0


def _pages(session: Session, fund: str) -> Iterator[service.VerifyComplianceReportsResponse]:
    token = ""
    while True:
        request = service.VerifyComplianceReportsRequest(parent=fund, page_size=_PAGE, page_token=token)
        page = stub(session).VerifyComplianceReports(request, timeout=TIMEOUT_SECONDS)
        yield page
        token = page.next_page_token
        if not token:
            return


def _said(seen: Counter[int], differing: int, changed: int, today: int) -> list[Text]:
    total, same = seen.total() + differing, seen.total()
    zh = "，".join(f"第{version}版{count}次" for version, count in sorted(seen.items()) if count)
    en = ", ".join(f"{count} of version {version}" for version, count in sorted(seen.items()) if count)
    lines = [
        Text(
            f"共{total}次检查：{same}次按当时规则重算逐位一致（{zh or '无'}），{differing}次不一致",
            f"{total} runs: {same} made again bit for bit by the checks of their time ({en or 'none'}), "
            f"{differing} not",
        )
    ]
    if changed:
        lines.append(
            Text(
                f"其中{changed}次若按现行第{today}版规则判断会有不同（仅供对照）",
                f"for comparison, {changed} of them would read otherwise by version {today} of today",
            )
        )
    return lines


def _row(verdict: compliance_pb2.ComplianceVerdict, language: Language) -> dict[str, Any]:
    note = wording.say(verdict.note, language) if verdict.HasField("note") else ""
    return {
        "time": wording.minute(verdict.create_time),
        "occasion": verdict.occasion,
        "version": verdict.rules_version,
        "found": note or list(verdict.differing_codes),
        "sha256": verdict.kept_sha256,
        "id": verdict.compliance_report,
    }
