"""A team (团队): a lead, members and what they work on. Never counts as supply: its members already do."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.catalogue import staffing
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.validation import Findings, check_code, check_line, check_prose, clean

MAX_MEMBERS = 500
WHOLE = 1000


class TeamStatus(StrEnum):
    """Whether the team still works together."""

    ACTIVE = "ACTIVE"
    DISSOLVED = "DISSOLVED"


@dataclass(frozen=True, slots=True)
class Member:
    """A person's part in a team; `role` is free text such as 工艺工程师.

    `share`: thousandths of working time, None if it is not known. From the first day to the last, both included.
    """

    person_id: str
    role: str = ""
    share: int | None = None
    since: date | None = None
    until: date | None = None

    def serves(self, day: date) -> bool:
        """Whether the person is in the team on `day`."""
        return staffing.serves(self.since, self.until, day)


@dataclass(frozen=True, kw_only=True)
class TeamFacts:
    """What a source states about a team. `lead` is a person's id and is not repeated among the members.

    `needs`: pairs of leaf code and heads that the team wants to have in it, all told.
    """

    ref: str
    name: str
    lead: str
    members: tuple[Member, ...]
    directions: tuple[str, ...]
    city: str
    profile: str = ""
    needs: tuple[tuple[str, int], ...] = ()

    def cleaned(self) -> "TeamFacts":
        """The same facts with every text in NFC and trimmed."""
        return replace(
            self,
            ref=clean(self.ref),
            name=clean(self.name),
            profile=clean(self.profile),
            members=tuple(replace(member, role=clean(member.role)) for member in self.members),
            directions=tuple(dict.fromkeys(self.directions)),
        )


@dataclass(eq=False)
class Team:
    """The aggregate. `version` is counted by the store."""

    id: str
    ref: str
    name: str
    lead: str
    members: tuple[Member, ...]
    directions: tuple[str, ...]
    city: str
    profile: str
    needs: tuple[tuple[str, int], ...]
    status: TeamStatus
    origin: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(cls, facts: TeamFacts, *, id_: str, origin: str, axes: Axes, now: datetime) -> "Team":
        """A new team. Raises InvalidArgument that lists every broken rule of `facts` at once."""
        return cls(
            id=id_,
            **_attributes(_checked(facts, axes)),
            status=TeamStatus.ACTIVE,
            origin=origin,
            version=0,
            created_at=now,
            updated_at=now,
        )

    @property
    def facts(self) -> TeamFacts:
        """The stated facts as they stand."""
        return TeamFacts(**{name: getattr(self, name) for name in _FACT_NAMES})

    @property
    def size(self) -> int:
        """People in the team, the lead included."""
        return 1 + len(self.members)

    def people(self, shown_as: Mapping[str, str]) -> tuple[str, tuple[Member, ...]]:
        """Lead and members as people, each once, where `shown_as` names the person of a merged record."""
        lead = shown_as.get(self.lead, self.lead)
        members = {lead: Member(lead)}
        for member in self.members:
            id_ = shown_as.get(member.person_id, member.person_id)
            members.setdefault(id_, replace(member, person_id=id_))
        del members[lead]
        return lead, tuple(members.values())

    def revise(self, facts: TeamFacts, *, axes: Axes, now: datetime) -> bool:
        """Replace the facts; tells whether anything changed. Raises FailedPrecondition, InvalidArgument."""
        if self.status is TeamStatus.DISSOLVED:
            raise FailedPrecondition(
                Text("该团队已解散，不能修改", "the team is dissolved and cannot be changed"),
                reason="TEAM_DISSOLVED",
            )
        checked = _checked(facts, axes)
        if checked == self.facts:
            return False
        for name, value in _attributes(checked).items():
            setattr(self, name, value)
        self.updated_at = now
        return True

    def members_on(self, day: date, shown_as: Mapping[str, str]) -> list[Member]:
        """The lead, and whoever is in the team on `day`, as people."""
        lead, members = self.people(shown_as)
        return [Member(lead), *(member for member in members if member.serves(day))]

    def remove_person(self, person_id: str, now: datetime) -> bool:
        """Drop a member who withdrew; a team whose lead withdrew is dissolved. Tells whether anything changed."""
        dissolved = person_id == self.lead and self.dissolve(now)
        kept = tuple(member for member in self.members if member.person_id != person_id)
        if kept == self.members:
            return dissolved
        self.members = kept
        self.updated_at = now
        return True

    def dissolve(self, now: datetime) -> bool:
        """End the team; tells whether it was not ended before."""
        if self.status is TeamStatus.DISSOLVED:
            return False
        self.status = TeamStatus.DISSOLVED
        self.updated_at = now
        return True


_FACT_NAMES = tuple(field.name for field in fields(TeamFacts))


def _attributes(facts: TeamFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in _FACT_NAMES}


def _checked(facts: TeamFacts, axes: Axes) -> TeamFacts:
    cleaned = facts.cleaned()
    findings = Findings()
    check_line(findings, "ref", cleaned.ref, required=True)
    check_line(findings, "name", cleaned.name, required=True)
    check_line(findings, "lead", cleaned.lead, required=True)
    check_prose(findings, "profile", cleaned.profile)
    check_code(findings, "city", cleaned.city, (*axes.cities[:-1], OUTSIDE), Text("设区市", "city"))
    findings.require(
        bool(cleaned.directions),
        "directions",
        "REQUIRED",
        "请至少填写一个方向",
        "name at least one direction",
    )
    known = set(axes.leaves)
    for leaf in cleaned.directions:
        check_code(findings, "direction", leaf, known, Text("方向", "direction"))
    _check_members(findings, cleaned)
    _check_needs(findings, cleaned.needs, known)
    findings.conclude()
    return cleaned


def _check_members(findings: Findings, facts: TeamFacts) -> None:
    people = [facts.lead, *(member.person_id for member in facts.members)]
    findings.require(
        len(set(people)) == len(people),
        "members",
        "MEMBER_REPEATED",
        "同一人在团队中出现多次（带头人不需要再列为成员），请删除重复项",
        "a person appears more than once (the lead is not listed again as a member); delete the repetition",
    )
    findings.require(
        len(people) <= MAX_MEMBERS,
        "members",
        "TOO_MANY_MEMBERS",
        f"团队最多 {MAX_MEMBERS} 人",
        f"a team has at most {MAX_MEMBERS} people",
    )
    for member in facts.members:
        check_line(findings, "members", member.person_id, required=True)
        check_line(findings, "members", member.role)
        _check_part(findings, member)


def _check_part(findings: Findings, member: Member) -> None:
    findings.require(
        member.share is None or 0 < member.share <= WHOLE,
        "members",
        "SHARE_OUT_OF_RANGE",
        "投入占比应在 1 至 1000 千分点之间",
        "a share of working time lies between 1 and 1000 thousandths",
    )
    findings.require(
        member.since is None or member.until is None or member.since <= member.until,
        "members",
        "DATES_REVERSED",
        f"成员的结束日期 {member.until} 早于开始日期 {member.since}",
        f"a member leaves on {member.until}, before joining on {member.since}",
    )


def _check_needs(findings: Findings, needs: tuple[tuple[str, int], ...], known: set[str]) -> None:
    for leaf, heads in needs:
        check_code(findings, "needs", leaf, known, Text("方向", "direction"))
        findings.require(
            0 < heads <= MAX_MEMBERS,
            "needs",
            "HEADS_OUT_OF_RANGE",
            f"方向 {leaf} 的需求人数应在 1 至 {MAX_MEMBERS} 之间",
            f"the heads wanted in {leaf} lie between 1 and {MAX_MEMBERS}",
        )
    findings.require(
        len({leaf for leaf, _ in needs}) == len(needs),
        "needs",
        "DIRECTION_REPEATED",
        "同一方向出现多次，请合并为一项",
        "a direction appears more than once; merge the entries",
    )
