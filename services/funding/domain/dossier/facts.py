"""What a dossier is derived from, and what it says. Nothing here judges anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.committee.committee import Tier
from services.funding.domain.committee.decision import Decision
from services.funding.domain.committee.vote import Ballot, Vote
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Document
from services.funding.domain.deal.erasure import Erasure, is_kept
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.interest import Declaration, Standing
from services.funding.domain.findings import Findings
from services.kernel.clock import civil_date
from services.kernel.text import Text


class StatutoryTest(StrEnum):
    """The three statutory tests (三要件)."""

    DUE_DILIGENCE = "DUE_DILIGENCE"
    PROCEDURE = "PROCEDURE"
    NO_PRIVATE_GAIN = "NO_PRIVATE_GAIN"


class Finding(StrEnum):
    """What the record says of one item."""

    SATISFIED = "SATISFIED"
    MISSING = "MISSING"
    LATE = "LATE"
    CONTRADICTED = "CONTRADICTED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a test asks for. `evidence_at` when it came, `decided_at` when it was needed."""

    test: StatutoryTest
    code: str
    title: Text
    finding: Finding
    text: Text
    evidence_at: datetime | None = None
    decided_at: datetime | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One document, from the register or handed in with a step. `source` names it."""

    kind: EvidenceKind
    sha256: str
    received_at: datetime
    source: str
    erased_at: datetime | None = None

    @property
    def described(self) -> str:
        """Its name and digest, and whether its content was erased."""
        gone = f" 内容已删除 content erased {civil_date(self.erased_at)}" if self.erased_at else ""
        return f"{self.source} sha256:{self.sha256}{gone}"


@dataclass(frozen=True)
class Said:
    """A declaration and what it means now."""

    declaration: Declaration
    standing: Standing


@dataclass(frozen=True)
class Poll:
    """A closed vote with its ballots."""

    vote: Vote
    ballots: tuple[Ballot, ...]


@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """A run of the checks by which a step was taken. `same`: it is made again from what it kept, bit for bit."""

    name: str
    occasion: str
    standing: str
    digest: str
    at: datetime
    same: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything on record of one deal, as of `as_of`."""

    deal: Deal
    documents: Sequence[Document]
    decisions: Sequence[Decision]
    polls: Sequence[Poll]
    interests: Sequence[Said]
    team: Sequence[str]
    as_of: datetime
    runs: Sequence[KeptRun] = ()
    erasures: Mapping[int, Erasure] = field(default_factory=dict)

    @property
    def papers(self) -> list[Paper]:
        """All documents, those of steps and those of the register, in the order in which they came."""
        deal = self.deal
        stepwise = [
            Paper(each.kind, each.sha256, each.received_at, f"deals/{deal.id}/transitions/{step.sequence}")
            for step in deal.transitions
            for each in step.evidence
        ]
        registered = [
            Paper(
                each.kind,
                each.sha256,
                each.received_at,
                f"deals/{deal.id}/documents/{each.number}",
                self._erased_at(each.number),
            )
            for each in self.documents
        ]
        return sorted([*stepwise, *registered], key=lambda paper: (paper.received_at, paper.source))

    def is_kept(self, document: Document) -> bool:
        """Whether the content of a document is kept."""
        return document.stored and is_kept(self.erasures.get(document.number))

    def approved(self, tier: Tier) -> Decision | None:
        """The first approval of a tier: what was known then is what counts."""
        approvals = (each for each in self.decisions if each.tier is tier and each.outcome == "APPROVED")
        return next(approvals, None)

    def poll_of(self, decision: Decision | None) -> Poll | None:
        """The vote that a decision rests on."""
        if decision is None:
            return None
        return next((poll for poll in self.polls if poll.vote.sitting_id == decision.sitting), None)

    def _erased_at(self, number: int) -> datetime | None:
        erasure = self.erasures.get(number)
        return erasure.erased_at if erasure else None


class Verdict(StrEnum):
    """What the competent authority found."""

    EXEMPT = "EXEMPT"
    MITIGATED = "MITIGATED"
    NOT_EXEMPT = "NOT_EXEMPT"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _VERDICTS[self]


_VERDICTS = {
    Verdict.EXEMPT: Text("免责", "exempt"),
    Verdict.MITIGATED: Text("减轻", "mitigated"),
    Verdict.NOT_EXEMPT: Text("不予免责", "not exempt"),
}


@dataclass(frozen=True, kw_only=True)
class Determination:
    """What the authority determined, with the head of the trail that it had before it."""

    deal_id: str
    number: int
    verdict: Verdict
    organ: str
    document_number: str
    document_date: date
    text: str
    actor: str
    at: datetime
    trail_head: str


def examine_determination(organ: str, number: str, day: date, text: str, today: date) -> tuple[str, str, str]:
    """The texts normalised. Raises InvalidArgument, all at once."""
    findings = Findings()
    organ = findings.text("determination.organ", organ, most=100, required=True)
    number = findings.text("determination.document_number", number, most=100, required=True)
    text = findings.text("determination.text", text, most=2000)
    findings.not_after("determination.document_date", day, today)
    findings.finish()
    return organ, number, text
