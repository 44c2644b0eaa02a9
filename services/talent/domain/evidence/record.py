"""One item of the evidence register: entered by one person, confirmed by another."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.catalogue.catalogue import Catalogue
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.text import Text
from services.talent.domain.evidence.kinds import EvidenceKind, types_of
from services.talent.domain.validation import Findings, check_code, check_line, check_past, check_prose, clean

MOST_QUANTITY = 1_000_000_000_000


class EvidenceState(StrEnum):
    """Whether a record counts."""

    ENTERED = "ENTERED"
    CONFIRMED = "CONFIRMED"
    VOIDED = "VOIDED"


@dataclass(frozen=True, kw_only=True)
class EvidenceFacts:
    """What is stated. `subject`: `persons/{id}` or `teams/{id}` of a talent; `opened`: of a project the day it began,
    of a talent the day from which they are in post. Codes are the catalogue's; empty texts are not stated.
    """

    ref: str
    kind: EvidenceKind
    city: str
    title: str = ""
    type_code: str = ""
    industry: str = ""
    approved: date | None = None
    opened: date | None = None
    closed: date | None = None
    document: str = ""
    department: str = ""
    subject: str = ""
    quantity: int = 0
    remark: str = ""

    def cleaned(self) -> "EvidenceFacts":
        """The same facts with every text in NFC and trimmed."""
        names = ("ref", "title", "document", "remark", "subject")
        texts: dict[str, Any] = {name: clean(getattr(self, name)) for name in names}
        return replace(self, **texts)


@dataclass(eq=False)
class Evidence:
    """The aggregate. `version` is counted by the store; `person_id` is None again once the person is erased."""

    id: str
    ref: str
    kind: EvidenceKind
    title: str
    type_code: str
    city: str
    industry: str
    approved: date | None
    opened: date | None
    closed: date | None
    document: str
    department: str
    person_id: str | None
    team_id: str | None
    quantity: int
    remark: str
    state: EvidenceState
    entered_by: str
    confirmed_by: str
    confirmed_at: datetime | None
    void_reason: str
    origin: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def enter(
        cls, facts: EvidenceFacts, *, id_: str, origin: str, actor: str, catalogue: Catalogue, now: datetime
    ) -> "Evidence":
        """A new record. Raises InvalidArgument that lists every broken rule of `facts` at once."""
        return cls(
            id=id_,
            **_attributes(_checked(facts, catalogue, civil_date(now))),
            state=EvidenceState.ENTERED,
            entered_by=actor,
            confirmed_by="",
            confirmed_at=None,
            void_reason="",
            origin=origin,
            version=0,
            created_at=now,
            updated_at=now,
        )

    @property
    def subject(self) -> str:
        """`persons/{id}`, `teams/{id}`, or nothing."""
        if self.person_id is not None:
            return f"persons/{self.person_id}"
        return "" if self.team_id is None else f"teams/{self.team_id}"

    @property
    def facts(self) -> EvidenceFacts:
        """The stated facts as they stand."""
        return EvidenceFacts(**{name: getattr(self, name) for name in _FACT_NAMES})

    def revise(self, facts: EvidenceFacts, *, actor: str, catalogue: Catalogue, now: datetime) -> bool:
        """Replace the facts; tells whether anything changed. What was confirmed has to be confirmed anew.

        Raises FailedPrecondition for a record taken back, InvalidArgument with every broken rule.
        """
        self._require(EvidenceState.ENTERED, EvidenceState.CONFIRMED)
        stated = _checked(facts, catalogue, civil_date(now))
        if stated == self.facts:
            return False
        for name, value in _attributes(stated).items():
            setattr(self, name, value)
        self.state, self.entered_by, self.updated_at = EvidenceState.ENTERED, actor, now
        self.confirmed_by, self.confirmed_at = "", None
        return True

    def confirm(self, actor: str, now: datetime) -> None:
        """Let it count.

        Raises FailedPrecondition, InvalidArgument for what is missing, PermissionDenied (SAME_HAND).
        """
        self._require(EvidenceState.ENTERED)
        if actor == self.entered_by:
            raise PermissionDenied(
                Text(
                    "录入与确认须由不同人员办理，请由他人确认", "let somebody else confirm what you entered"
                ),
                reason="SAME_HAND",
            )
        findings = Findings()
        for name, value in (("document", self.document), ("department", self.department)):
            noun = {"document": Text("证明文件", "document"), "department": Text("确认部门", "department")}[
                name
            ]
            findings.require(
                bool(value),
                name,
                "REQUIRED",
                f"确认前须填写{noun.zh}",
                f"a record is confirmed with its {noun.en}",
            )
        findings.conclude()
        self.state, self.confirmed_by, self.confirmed_at = EvidenceState.CONFIRMED, actor, now
        self.updated_at = now

    def void(self, reason: str, now: datetime) -> None:
        """Take it back. Raises FailedPrecondition, InvalidArgument without a reason."""
        self._require(EvidenceState.ENTERED, EvidenceState.CONFIRMED)
        findings, text = Findings(), clean(reason)
        check_line(findings, "reason", text, limit=500, required=True)
        findings.conclude()
        self.state, self.void_reason, self.updated_at = EvidenceState.VOIDED, text, now

    def require_deletable(self) -> None:
        """Raise FailedPrecondition for a record that was confirmed or taken back: those stay on the register."""
        self._require(EvidenceState.ENTERED)

    def _require(self, *states: EvidenceState) -> None:
        if self.state not in states:
            now = _STATES[self.state]
            raise FailedPrecondition(
                Text(f"该记录{now.zh}，不能这样处理", f"the record is {now.en}: this cannot be done to it"),
                reason="EVIDENCE_STATE",
                metadata={"state": self.state.value},
            )


_STATES = {
    EvidenceState.ENTERED: Text("尚未确认", "not confirmed"),
    EvidenceState.CONFIRMED: Text("已确认", "confirmed"),
    EvidenceState.VOIDED: Text("已作废", "taken back"),
}
_FACT_NAMES = tuple(field.name for field in fields(EvidenceFacts))


def _attributes(facts: EvidenceFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in _FACT_NAMES if name != "subject"}
    collection, _, id_ = facts.subject.partition("/")
    return {
        **values,
        "person_id": id_ if collection == "persons" else None,
        "team_id": id_ if collection == "teams" else None,
    }


def _checked(facts: EvidenceFacts, catalogue: Catalogue, today: date) -> EvidenceFacts:
    cleaned, findings = facts.cleaned(), Findings()
    check_line(findings, "ref", cleaned.ref, limit=64, required=True)
    check_line(findings, "title", cleaned.title, limit=200, required=not cleaned.kind.is_talent)
    check_line(findings, "document", cleaned.document, limit=200)
    check_prose(findings, "remark", cleaned.remark, limit=1000)
    _check_codes(findings, cleaned, catalogue)
    _check_talent(findings, cleaned)
    _check_days(findings, cleaned, today)
    _check_quantity(findings, cleaned)
    findings.conclude()
    return cleaned


def _check_codes(findings: Findings, facts: EvidenceFacts, catalogue: Catalogue) -> None:
    check_code(findings, "city", facts.city, [each.id for each in catalogue.cities], Text("设区市", "city"))
    if facts.industry or facts.kind is EvidenceKind.GROWTH_INDUSTRY:
        codes = [each.id for each in catalogue.industries]
        check_code(findings, "industry", facts.industry, codes, Text("产业", "industry"))
    if facts.department:
        codes = [each.id for each in catalogue.departments]
        check_code(findings, "department", facts.department, codes, Text("部门", "department"))
    types = types_of(catalogue, facts.kind)
    if facts.type_code or facts.kind in (EvidenceKind.PLATFORM, EvidenceKind.MILESTONE):
        check_code(findings, "type_code", facts.type_code, types, Text(f"{facts.kind.label.zh}类型", "type"))


def _check_talent(findings: Findings, facts: EvidenceFacts) -> None:
    collection, _, id_ = facts.subject.partition("/")
    named = collection in ("persons", "teams") and bool(id_) and "/" not in id_
    if not facts.kind.is_talent:
        findings.require(
            not facts.subject,
            "subject",
            "SUBJECT_NOT_EXPECTED",
            "只有人才类记录才填写人才或团队",
            "only records of talents name a person or team",
        )
        return
    findings.require(
        named,
        "subject",
        "SUBJECT_NOT_UNDERSTOOD",
        "请填写 persons/编号 或 teams/编号（先登记入库）",
        "write persons/{id} or teams/{id}; register them in the library first",
    )
    findings.require(
        not facts.title,
        "title",
        "NAME_IN_LIBRARY",
        "人才姓名只保存在人才库，此处请留空",
        "talents are named in the library alone; leave this empty",
    )


def _check_days(findings: Findings, facts: EvidenceFacts, today: date) -> None:
    for name in ("approved", "opened", "closed"):
        day = getattr(facts, name)
        if day is not None:
            check_past(findings, name, day, today)
    for first, then in (("approved", "opened"), ("opened", "closed"), ("approved", "closed")):
        before, after = getattr(facts, first), getattr(facts, then)
        if before is not None and after is not None and after < before:
            findings.add(
                then, "DATES_OUT_OF_ORDER", f"{after} 早于 {before}，请更正", f"{after} is before {before}"
            )


def _check_quantity(findings: Findings, facts: EvidenceFacts) -> None:
    measured = facts.kind is EvidenceKind.CCUS_CAPACITY
    findings.require(
        (1 if measured else 0) <= facts.quantity <= (MOST_QUANTITY if measured else 0),
        "quantity",
        "QUANTITY_OUT_OF_RANGE",
        f"能力类记录填写 1 至 {MOST_QUANTITY} 的数量，其他记录不填",
        f"records that measure a capability have an amount from 1 to {MOST_QUANTITY}, others none",
    )
