"""How a search for people ended, head by head (岗位结果)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.validation import Findings, check_line, clean

NOTE_LIMIT = 500
SKILL_LIMIT = 60


class OutcomeKind(StrEnum):
    """FILLED_FROM_LIBRARY names one person and one head; WITHDRAWN and EXPIRED end every head that is left.
    PROPOSAL_REFUSED ends none: somebody was proposed and not taken.
    """

    FILLED_FROM_LIBRARY = "FILLED_FROM_LIBRARY"
    FILLED_ELSEWHERE = "FILLED_ELSEWHERE"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    PROPOSAL_REFUSED = "PROPOSAL_REFUSED"

    @property
    def is_fill(self) -> bool:
        """Whether people have started."""
        return self in (OutcomeKind.FILLED_FROM_LIBRARY, OutcomeKind.FILLED_ELSEWHERE)


@dataclass(frozen=True, kw_only=True)
class OutcomeStated:
    """What is stated of a fill or of a refused proposal. `day` None: the day of the statement; `skill`: for want of
    which somebody was refused, where it was for that.
    """

    kind: OutcomeKind
    heads: int = 1
    day: date | None = None
    person_id: str | None = None
    note: str = ""
    skill: str = ""

    def checked(self) -> "OutcomeStated":
        """The same with a clean note. Raises InvalidArgument with every broken rule."""
        findings = Findings()
        note = clean(self.note)
        skill = clean(self.skill)
        refused = self.kind is OutcomeKind.PROPOSAL_REFUSED
        check_line(findings, "note", note, limit=NOTE_LIMIT)
        check_line(findings, "skill", skill, limit=SKILL_LIMIT)
        findings.require(
            refused or not skill,
            "skill",
            "SKILL_NOT_EXPECTED",
            "缺失技能只在推荐被拒时填写",
            "a missing skill is stated of a refused proposal only",
        )
        findings.require(
            self.kind.is_fill or refused,
            "kind",
            "OUTCOME_NOT_A_FILL",
            "此处只登记到岗与推荐被拒；撤回请用关闭岗位，过期由系统登记",
            "only fills and refused proposals are recorded here; close the position to withdraw it, expiry is "
            "recorded by the system",
        )
        from_library = self.kind is OutcomeKind.FILLED_FROM_LIBRARY
        findings.require(
            refused or from_library == (self.person_id is not None),
            "person",
            "PERSON_REQUIRED" if from_library else "PERSON_NOT_EXPECTED",
            "库内人才到岗须注明是谁；其他人员到岗请勿填写人才",
            "name the person for a fill from the library, and nobody for any other fill",
        )
        findings.require(
            not (from_library or (refused and self.person_id is not None)) or self.heads == 1,
            "heads",
            "ONE_PERSON_ONE_HEAD",
            "一位库内人才只对应 1 人，请逐人登记",
            "one person of the library fills one head; record each of them",
        )
        findings.conclude()
        return OutcomeStated(
            kind=self.kind, heads=self.heads, day=self.day, person_id=self.person_id, note=note, skill=skill
        )


@dataclass(eq=False)
class PositionOutcome:
    """One recorded ending of `heads` heads; `number` counts from 1 within the position.

    A record that was wrong, or whose position was reopened, is voided and stays; `person_id` is forgotten
    when the person withdraws or is erased. `ref`: under which number a source knows it.
    """

    position_id: str
    number: int
    kind: OutcomeKind
    heads: int
    day: date
    person_id: str | None
    note: str
    actor: str
    recorded_at: datetime
    voided_at: datetime | None = None
    void_reason: str = ""
    skill: str = ""
    ref: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the record counts."""
        return self.voided_at is None

    def void(self, reason: str, now: datetime) -> None:
        """Take the record back. Raises FailedPrecondition if it was taken back, InvalidArgument for no reason."""
        if not self.stands:
            raise FailedPrecondition(
                Text("该结果已撤销", "the outcome is voided already"), reason="OUTCOME_VOIDED"
            )
        findings = Findings()
        text = clean(reason)
        check_line(findings, "reason", text, limit=NOTE_LIMIT, required=True)
        findings.conclude()
        self.voided_at, self.void_reason = now, text


def refuse_repeated(person_id: str) -> InvalidArgument:
    """The error for a person who fills the position already."""
    return InvalidArgument.field(
        "person",
        "PERSON_FILLS_ALREADY",
        f"人才 persons/{person_id} 已登记到岗于该岗位",
        f"persons/{person_id} fills this position already",
    )
