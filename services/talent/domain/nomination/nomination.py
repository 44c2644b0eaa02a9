"""One nomination of a person or a team for one programme in one year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.money import MAX_FEN
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.nomination.payments import require_new_payment
from services.talent.domain.nomination.steps import FROM, Detail, FollowUp, NominationState, Step, StepKind
from services.talent.domain.validation import Findings, check_code, check_line, check_past, check_prose, clean

MAX_CLAUSES = 30
_JUDGING = frozenset({StepKind.CHECK, StepKind.REVIEW, StepKind.DECIDE})


@dataclass(frozen=True, kw_only=True)
class NominationFacts:
    """What is stated when somebody is nominated: either `person_id` or `team_id`; `subject` is the person whose
    data it is about (of a team, its lead). `unit` is the unit that nominates.
    """

    programme: str
    year: int
    subject: str
    person_id: str | None = None
    team_id: str | None = None
    city: str
    industry: str
    unit: str
    reason: str = ""


@dataclass(eq=False)
class Nomination:
    """The aggregate. `version` is counted by the store; `steps` is how many were taken."""

    id: str
    programme: str
    year: int
    subject: str | None
    person_id: str | None
    team_id: str | None
    city: str
    industry: str
    unit: str
    state: NominationState
    nominated_by: str
    steps: int
    funded_fen: int
    decided: date | None
    origin: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(
        cls, facts: NominationFacts, *, id_: str, actor: str, origin: str, now: datetime
    ) -> "tuple[Nomination, Step]":
        """A new nomination of facts that `check_nomination` has passed, and its first step."""
        made = cls(
            id=id_,
            programme=facts.programme,
            year=facts.year,
            subject=facts.subject,
            person_id=facts.person_id,
            team_id=facts.team_id,
            city=facts.city,
            industry=facts.industry,
            unit=facts.unit,
            state=NominationState.NOMINATED,
            nominated_by=actor,
            steps=0,
            funded_fen=0,
            decided=None,
            origin=origin,
            version=0,
            created_at=now,
            updated_at=now,
        )
        detail = Detail(note=facts.reason, unit=facts.unit)
        return made, made._take(StepKind.NOMINATE, made.state, detail, actor, now)

    def take(
        self,
        kind: StepKind,
        detail: Detail,
        *,
        taken: Sequence[Step],
        employer: str,
        actor: str,
        now: datetime,
    ) -> Step:
        """The next step. `taken`: those before it; `employer`: where the nominee works.

        Raises FailedPrecondition (STEP_NOT_OPEN) in a state that does not allow it, PermissionDenied
        (CONFLICT_OF_INTEREST) for somebody who must not judge, InvalidArgument with every broken rule, AlreadyExists
        (PAYMENT_RECORDED).
        """
        said = _cleaned(detail)
        self.require_open(kind, unit=said.unit, taken=taken, employer=employer, actor=actor)
        _check_detail(kind, said, civil_date(now))
        if kind is StepKind.FUND:
            require_new_payment(said, taken)
        before, after = self.state, _after(kind, said, self.state)
        if kind is StepKind.DECIDE:
            self.decided = civil_date(now)
        self.funded_fen += said.amount_fen if kind is StepKind.FUND else 0
        self.state = after
        return self._take(kind, before, said, actor, now)

    def require_open(
        self, kind: StepKind, *, unit: str = "", taken: Sequence[Step], employer: str, actor: str
    ) -> None:
        """Whether somebody of `unit` may take a step now. Raises FailedPrecondition (STEP_NOT_OPEN),
        PermissionDenied (CONFLICT_OF_INTEREST).
        """
        if self.state not in FROM[kind]:
            raise _not_open(kind, self.state)
        if kind in _JUDGING:
            self._require_impartial(actor, unit, taken, employer)

    def forget_nominee(self) -> None:
        """Name nobody any more: the person is erased, and the nomination stays as a count."""
        self.subject = self.person_id = None

    def _take(
        self, kind: StepKind, before: NominationState | None, detail: Detail, actor: str, now: datetime
    ) -> Step:
        self.steps += 1
        self.updated_at = now
        return Step(
            number=self.steps,
            kind=kind,
            before=None if kind is StepKind.NOMINATE else before,
            after=self.state,
            actor=actor,
            at=now,
            detail=detail,
        )

    def _require_impartial(self, actor: str, unit: str, taken: Sequence[Step], employer: str) -> None:
        """Nobody judges whom they nominated, declared a conflict about, or whose unit or employer is theirs."""
        declared = {step.actor for step in taken if step.kind is StepKind.DECLARE_CONFLICT}
        why = None
        if actor == self.nominated_by:
            why = Text("申报人本人不能审查、评审或审定", "whoever nominated must not judge")
        elif actor in declared:
            why = Text("已申报利益冲突，应当回避", "a conflict of interest was declared")
        elif unit and unit in (self.unit, employer):
            why = Text("评审人与申报单位或被申报人同单位，应当回避", "the unit is the nominee's own")
        elif any(step.kind is StepKind.REVIEW and step.actor == actor for step in taken):
            why = Text("同一人不能重复评审，也不能审定自己的评审", "nobody judges twice")
        if why is not None:
            raise PermissionDenied(why, reason="CONFLICT_OF_INTEREST")


def check_nomination(facts: NominationFacts, axes: Axes, programmes: Sequence[str], today: date) -> None:
    """Raise InvalidArgument with every broken rule."""
    findings = Findings()
    check_code(findings, "programme", facts.programme, programmes, Text("人才工程", "talent programme"))
    check_code(findings, "city", facts.city, axes.cities[:-1], Text("设区市", "city"))
    check_code(findings, "industry", facts.industry, axes.industries, Text("产业", "industry"))
    findings.require(
        (facts.person_id is None) != (facts.team_id is None),
        "person",
        "ONE_NOMINEE",
        "请填写人才或团队，二者选一",
        "name either a person or a team",
    )
    findings.require(
        2023 <= facts.year <= today.year + 1,
        "year",
        "YEAR_OUT_OF_RANGE",
        f"申报年度应在 2023 至 {today.year + 1} 之间",
        f"the year lies between 2023 and {today.year + 1}",
    )
    check_line(findings, "unit", clean(facts.unit), required=True)
    check_prose(findings, "reason", clean(facts.reason))
    findings.conclude()


def _cleaned(detail: Detail) -> Detail:
    clauses = tuple(
        replace(each, clause=clean(each.clause), note=clean(each.note)) for each in detail.clauses
    )
    return replace(
        detail,
        note=clean(detail.note),
        document=clean(detail.document),
        unit=clean(detail.unit),
        clauses=clauses,
    )


def _after(kind: StepKind, detail: Detail, state: NominationState) -> NominationState:
    states = NominationState
    if kind is StepKind.CHECK:
        return states.ELIGIBLE if all(each.met for each in detail.clauses) else states.INELIGIBLE
    if kind is StepKind.DECIDE:
        return states.AWARDED if detail.approves else states.DECLINED
    reached = {
        StepKind.REVIEW: states.REVIEWED,
        StepKind.FUND: states.FUNDED,
        StepKind.FOLLOW_UP: states.FOLLOWED_UP,
        StepKind.WITHDRAW: states.WITHDRAWN,
    }
    return reached.get(kind, state)


def _check_detail(kind: StepKind, detail: Detail, today: date) -> None:
    findings = Findings()
    check_prose(findings, "note", detail.note)
    check_line(findings, "document", detail.document, limit=200)
    check_line(findings, "unit", detail.unit, required=kind is StepKind.REVIEW)
    _CHECKS.get(kind, _nothing)(findings, detail, today)
    findings.conclude()


def _nothing(_findings: Findings, _detail: Detail, _today: date) -> None:
    """No further rule."""


def _check_clauses(findings: Findings, detail: Detail, _today: date) -> None:
    findings.require(
        0 < len(detail.clauses) <= MAX_CLAUSES,
        "clauses",
        "CLAUSES_NEEDED",
        f"请逐条引用资格条款（1 至 {MAX_CLAUSES} 条）",
        f"cite the clauses of eligibility one by one (1 to {MAX_CLAUSES})",
    )
    for each in detail.clauses:
        check_line(findings, "clauses", each.clause, required=True)
        check_line(findings, "clauses", each.note, limit=500)


def _check_vote(findings: Findings, detail: Detail, _today: date) -> None:
    findings.require(
        detail.approves is not None,
        "approves",
        "REQUIRED",
        "请说明是否同意",
        "say whether it is approved",
    )
    _require_text(findings, "note", detail.note)


def _check_funding(findings: Findings, detail: Detail, today: date) -> None:
    findings.require(
        0 < detail.amount_fen <= MAX_FEN,
        "amount",
        "AMOUNT_NOT_POSITIVE",
        "拨付金额须大于 0",
        "the amount must be over 0",
    )
    _check_day(findings, detail, today)
    _require_text(findings, "document", detail.document)


def _check_follow_up(findings: Findings, detail: Detail, today: date) -> None:
    _check_day(findings, detail, today)
    findings.require(
        detail.follow_up in tuple(FollowUp),
        "follow_up",
        "REQUIRED",
        "请填写跟踪结果",
        "say what became of the nominee",
    )


def _check_reason(findings: Findings, detail: Detail, _today: date) -> None:
    _require_text(findings, "note", detail.note)


def _check_day(findings: Findings, detail: Detail, today: date) -> None:
    if detail.day is None:
        findings.add("day", "REQUIRED", "日期必填", "a date is required")
    else:
        check_past(findings, "day", detail.day, today)


def _require_text(findings: Findings, field: str, text: str) -> None:
    findings.require(
        bool(text), field, "REQUIRED", f"{field} 必填，请填写", f"{field} is required; fill it in"
    )


_CHECKS: Any = {
    StepKind.CHECK: _check_clauses,
    StepKind.REVIEW: _check_vote,
    StepKind.DECIDE: _check_vote,
    StepKind.FUND: _check_funding,
    StepKind.FOLLOW_UP: _check_follow_up,
    StepKind.WITHDRAW: _check_reason,
    StepKind.DECLARE_CONFLICT: _check_reason,
}


def _not_open(kind: StepKind, state: NominationState) -> FailedPrecondition:
    allowed = FROM[kind]
    zh, en = "”或“".join(each.label.zh for each in allowed), " or ".join(each.label.en for each in allowed)
    return FailedPrecondition(
        Text(
            f"申报现为“{state.label.zh}”，须为“{zh}”才能{kind.label.zh}",
            f"the nomination is {state.label.en}; this takes one that is {en}",
        ),
        reason="STEP_NOT_OPEN",
        metadata={"state": state.name, "step": kind.name},
    )
