"""Evidence (佐证材料): typed documents on which a transition rests."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.errors import Violation
from services.kernel.text import Text

_SHA256 = re.compile(r"[0-9a-f]{64}")


class EvidenceKind(StrEnum):
    """What a document is."""

    BUSINESS_LICENCE = "BUSINESS_LICENCE"
    BUSINESS_PLAN = "BUSINESS_PLAN"
    ASSIGNMENT = "ASSIGNMENT"
    QUESTION_LIST = "QUESTION_LIST"
    ANSWERS = "ANSWERS"
    SCREENING_MEMO = "SCREENING_MEMO"
    COI_DECLARATIONS = "COI_DECLARATIONS"
    DD_BUSINESS = "DD_BUSINESS"
    DD_LEGAL = "DD_LEGAL"
    DD_FINANCIAL = "DD_FINANCIAL"
    SITE_VISIT = "SITE_VISIT"
    VALUATION_BASIS = "VALUATION_BASIS"
    EXPERT_OPINION = "EXPERT_OPINION"
    RISK_LIST = "RISK_LIST"
    INTERNAL_MINUTES = "INTERNAL_MINUTES"
    INTERNAL_BALLOTS = "INTERNAL_BALLOTS"
    EXTERNAL_MINUTES = "EXTERNAL_MINUTES"
    EXTERNAL_BALLOTS = "EXTERNAL_BALLOTS"
    PUBLIC_INTEREST = "PUBLIC_INTEREST"
    TERM_SHEET = "TERM_SHEET"
    PURCHASE_AGREEMENT = "PURCHASE_AGREEMENT"
    PAYMENT_PROOF = "PAYMENT_PROOF"
    SHAREHOLDER_REGISTER = "SHAREHOLDER_REGISTER"
    SOURCE_DOCUMENT = "SOURCE_DOCUMENT"
    POST_INVESTMENT_VISIT = "POST_INVESTMENT_VISIT"
    DISCIPLINE_STATEMENT = "DISCIPLINE_STATEMENT"
    MILESTONE_PROOF = "MILESTONE_PROOF"
    EXIT_DECISION = "EXIT_DECISION"
    EXIT_AGREEMENT = "EXIT_AGREEMENT"
    BANK_RECEIPT = "BANK_RECEIPT"
    WRITE_OFF_DETERMINATION = "WRITE_OFF_DETERMINATION"
    OTHER = "OTHER"

    @property
    def label(self) -> Text:
        """Its name."""
        return _LABELS[self]


_LABELS = {
    EvidenceKind.BUSINESS_LICENCE: Text("营业执照", "business licence"),
    EvidenceKind.BUSINESS_PLAN: Text("商业计划书", "business plan"),
    EvidenceKind.ASSIGNMENT: Text("分派记录", "assignment"),
    EvidenceKind.QUESTION_LIST: Text("问题清单", "question list"),
    EvidenceKind.ANSWERS: Text("补充材料", "answers"),
    EvidenceKind.SCREENING_MEMO: Text("初审意见", "screening memo"),
    EvidenceKind.COI_DECLARATIONS: Text("利益冲突声明", "declarations of interest"),
    EvidenceKind.DD_BUSINESS: Text("业务尽调报告", "business due diligence"),
    EvidenceKind.DD_LEGAL: Text("法律尽调报告", "legal due diligence"),
    EvidenceKind.DD_FINANCIAL: Text("财务尽调报告", "financial due diligence"),
    EvidenceKind.SITE_VISIT: Text("现场走访记录", "site visit"),
    EvidenceKind.VALUATION_BASIS: Text("估值依据", "basis of the valuation"),
    EvidenceKind.EXPERT_OPINION: Text("外部专家意见", "outside expert's opinion"),
    EvidenceKind.RISK_LIST: Text("风险清单", "risk list"),
    EvidenceKind.INTERNAL_MINUTES: Text("内部投决会议纪要", "minutes of the internal committee"),
    EvidenceKind.INTERNAL_BALLOTS: Text("内部投决表决票", "ballots of the internal committee"),
    EvidenceKind.EXTERNAL_MINUTES: Text("外部投决会议纪要", "minutes of the external committee"),
    EvidenceKind.EXTERNAL_BALLOTS: Text("外部投决表决票", "ballots of the external committee"),
    EvidenceKind.PUBLIC_INTEREST: Text("公共利益核对表", "public-interest checklist"),
    EvidenceKind.TERM_SHEET: Text("投资条款清单", "term sheet"),
    EvidenceKind.PURCHASE_AGREEMENT: Text("投资协议", "share purchase agreement"),
    EvidenceKind.PAYMENT_PROOF: Text("付款凭证", "proof of payment"),
    EvidenceKind.SHAREHOLDER_REGISTER: Text("工商变更或股东名册", "register of shareholders"),
    EvidenceKind.SOURCE_DOCUMENT: Text("来源文件", "source document"),
    EvidenceKind.POST_INVESTMENT_VISIT: Text("投后走访记录", "visit after the investment"),
    EvidenceKind.DISCIPLINE_STATEMENT: Text("纪检监察说明", "statement of the discipline inspection"),
    EvidenceKind.MILESTONE_PROOF: Text("里程碑达成证明", "proof of the milestone"),
    EvidenceKind.EXIT_DECISION: Text("退出决议", "decision to exit"),
    EvidenceKind.EXIT_AGREEMENT: Text("退出协议或分配决议", "exit agreement or resolution"),
    EvidenceKind.BANK_RECEIPT: Text("银行回单", "bank receipt"),
    EvidenceKind.WRITE_OFF_DETERMINATION: Text("核销认定文件", "determination of the write-off"),
    EvidenceKind.OTHER: Text("其他附件", "another document"),
}

# A second round of questions or votes needs papers of its own; the papers of the first do not serve twice.
ONCE = frozenset(
    {
        EvidenceKind.QUESTION_LIST,
        EvidenceKind.ANSWERS,
        EvidenceKind.INTERNAL_MINUTES,
        EvidenceKind.INTERNAL_BALLOTS,
        EvidenceKind.EXTERNAL_MINUTES,
        EvidenceKind.EXTERNAL_BALLOTS,
    }
)


# How far clocks may differ: what is received a little later than now is late and no mistake.
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Evidence:
    """One document: its kind, title, SHA-256 in lower-case hexadecimal, and when it was received (UTC)."""

    kind: EvidenceKind
    title: str
    sha256: str
    received_at: datetime

    def is_late(self, decided_at: datetime) -> bool:
        """Whether it came after the decision; then it is kept, and satisfies nothing."""
        return self.received_at > decided_at


@dataclass(frozen=True)
class Requirement:
    """So many different documents of one kind."""

    kind: EvidenceKind
    count: int = 1


def examine_evidence(evidence: Iterable[Evidence], at: datetime, findings: Findings) -> None:
    """Find documents without title, with a digest that is none, or received at a time that at `at` is still to come
    by more than clocks differ.
    """
    for number, item in enumerate(evidence):
        findings.text(f"evidence[{number}].title", item.title, most=200, required=True)
        if _SHA256.fullmatch(item.sha256) is None:
            findings.add(
                f"evidence[{number}].sha256",
                "INVALID_DIGEST",
                "SHA-256 应为64位小写十六进制",
                "a SHA-256 digest is 64 lower-case hexadecimal digits",
            )
        if item.received_at > at + _SKEW:
            findings.add(
                f"evidence[{number}].receive_time",
                "TIME_IN_FUTURE",
                "收到时间晚于现在，请填写实际收到的时间",
                "it is said to come later than now; state when it was received",
            )


def missing_evidence(
    required: Iterable[Requirement], given: Iterable[Evidence], spent: frozenset[str], decided_at: datetime
) -> tuple[Violation, ...]:
    """A violation for each requirement that the documents given do not meet.

    Documents received after `decided_at` do not count, nor those of kinds that serve once whose digest is
    `spent`. The same document given twice counts once.
    """
    given = tuple(given)
    found = (_shortfall(requirement, given, spent, decided_at) for requirement in required)
    return tuple(violation for violation in found if violation is not None)


def _shortfall(
    required: Requirement, given: tuple[Evidence, ...], spent: frozenset[str], decided_at: datetime
) -> Violation | None:
    of_kind = [e for e in given if e.kind is required.kind]
    in_time = [e for e in of_kind if not e.is_late(decided_at)]
    usable = {e.sha256 for e in in_time if e.kind not in ONCE or e.sha256 not in spent}
    if len(usable) >= required.count:
        return None
    name = required.kind.label
    zh, en = f"缺少{name.zh}", f"{name.en} is missing"
    if required.count > 1:
        zh, en = (
            f"{name.zh}须{required.count}份，现有{len(usable)}份",
            f"{required.count} of {name.en} needed",
        )
    if len(in_time) < len(of_kind):
        zh, en = (
            f"{zh}（收到时间晚于决策时间的材料不计）",
            f"{en}; what came after the decision does not count",
        )
    elif len(usable) < len({e.sha256 for e in in_time}):
        zh, en = f"{zh}（上一轮已用过的材料不计）", f"{en}; papers of an earlier round do not count"
    return Violation(f"evidence.{required.kind}", "MISSING_EVIDENCE", Text(zh, en))
