"""Which records count for a goal on a day, and why the others do not. The rules that the document leaves open are
printed with every answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.catalogue.model import Target
from services.kernel.text import Text
from services.talent.domain.evidence.kinds import OF_METRIC, EvidenceKind
from services.talent.domain.evidence.record import Evidence, EvidenceState

BUILT = (EvidenceKind.PLATFORM, EvidenceKind.PILOT_ZONE, EvidenceKind.SCENARIO)


@dataclass(frozen=True, slots=True)
class CountingRules:
    """Configuration. `members_count`: whether the members of a counted team count beside it."""

    members_count: bool = False

    def text(self, target: Target) -> Text:
        """The rule of a target in words."""
        kind = OF_METRIC[target.metric]
        base = _TEXTS.get(kind, _BUILT_TEXT)
        return Text(f"{base.zh}{self._team.zh}", f"{base.en} {self._team.en}") if kind.is_talent else base

    @property
    def _team(self) -> Text:
        if self.members_count:
            return Text("团队计一个，成员另计。", "A team counts one, its members beside it.")
        return Text("团队计一个，成员不重复计算。", "A team counts one, its members do not.")

    @property
    def note(self) -> Text:
        """What the document leaves open, in words: how a team counts, which an installation sets, 引育 and 建设."""
        return Text(
            f"计数口径（文件未明确，由本系统规定）：{self._team.zh}此项可由安装单位设定；“引育”以计数日在省内岗并有合同文件为准；"
            "“建设”以已批准且已启用为准；均须经另一人确认。",
            f"How things count where the document leaves it open: {self._team.en} An installation sets which. Talents "
            "brought in or trained are those in post in the province on the day with a contract document, what is "
            "built is approved and opened; all of it confirmed by a second person.",
        )


_BUILT_TEXT = Text(
    "已批准且已启用、未关闭，并经确认的计一个。",
    "Counts when approved and opened, not closed, and confirmed.",
)
_TEXTS: Mapping[EvidenceKind, Text] = {
    EvidenceKind.RD_PROJECT: Text(
        "已批准并于当年启动、经确认的项目计一个，每年 1 月 1 日重新计数。",
        "Counts in the year in which it starts, when approved and confirmed; begins anew on 1 January.",
    ),
    EvidenceKind.LEADING_TALENT: Text(
        "计数日在省内岗、有合同文件、经确认的计一个。",
        "Counts when in post in the province on the day, with a contract document, confirmed.",
    ),
    EvidenceKind.INNOVATIVE_TALENT: Text(
        "计数日在省内岗、有合同文件、经确认的计一个。",
        "Counts when in post in the province on the day, with a contract document, confirmed.",
    ),
    EvidenceKind.GROWTH_INDUSTRY: Text(
        "有经确认、已启动、未终止的培育佐证的产业计一个，同一产业只计一次。",
        "An industry counts once, when evidence of its cultivation is confirmed, begun and not ended.",
    ),
    EvidenceKind.CCUS_CAPACITY: Text(
        "取经确认、已启用、未关闭的最大一项能力。",
        "The largest capability that is confirmed, opened and not closed.",
    ),
}


@dataclass(frozen=True)
class Library:
    """What the register needs to know of talents. `in_province`: persons and teams (as `persons/…`, `teams/…`) who
    are in the library and in the province; `members`: of each team, its lead among them; `same`: names that have led to
    another one since a merge.
    """

    in_province: frozenset[str] = frozenset()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    def name(self, subject: str) -> str:
        """The name that a person or team has today."""
        return self.same.get(subject, subject)


class Counted(NamedTuple):
    """`amount` counts; `records` stand behind it; the others do not count, each with the reason."""

    amount: int
    records: list[Evidence]
    others: list[tuple[Evidence, Text]]


def count(
    target: Target, records: Sequence[Evidence], day: date, library: Library, rules: CountingRules
) -> Counted:
    """What counts for a target on a day, by its rule. `records`: those of the target's kind, of any state."""
    others = [(each, why) for each in records if (why := _why_not(target, each, day, library)) is not None]
    out = {each.id for each, _ in others}
    kept: list[Evidence] = []
    seen: set[str] = set()
    fit = sorted((each for each in records if each.id not in out), key=_order)
    members = frozenset[str]() if rules.members_count else _members(fit, library)
    for each in fit:
        why = _repeats(each, seen, members, library)
        if why is None:
            kept.append(each)
            seen.add(_once(each, library))
        else:
            others.append((each, why))
    if OF_METRIC[target.metric] is EvidenceKind.CCUS_CAPACITY:
        return Counted(max((each.quantity for each in kept), default=0), kept, others)
    return Counted(len(kept), kept, others)


def standing(record: Evidence, day: date) -> bool:
    """Whether something is confirmed, approved and begun, and not ended, on a day."""
    if record.state is not EvidenceState.CONFIRMED or record.approved is None or record.opened is None:
        return False
    return record.approved <= day and record.opened <= day and not (record.closed and record.closed <= day)


def _order(record: Evidence) -> tuple[date, str]:
    return record.opened or date.max, record.id


def _why_not(target: Target, record: Evidence, day: date, library: Library) -> Text | None:
    """Why a record does not count by itself."""
    if record.state is EvidenceState.VOIDED:
        return Text("已作废", "taken back")
    if record.state is not EvidenceState.CONFIRMED:
        return Text("尚未确认", "not confirmed")
    if target.scope and record.kind is EvidenceKind.PLATFORM and record.type_code not in target.scope:
        return Text("类型不在该目标范围内", "its type is not among those of the goal")
    if record.kind in (*BUILT, EvidenceKind.RD_PROJECT) and (
        record.approved is None or record.approved > day
    ):
        return Text("计数日尚未批准", "not approved by the day")
    if record.opened is None or record.opened > day:
        return Text("计数日尚未启用或到岗", "not opened, begun or in post by the day")
    if target.period == "yearly":
        return None if record.opened.year == day.year else Text("不在当年启动", "did not begin in the year")
    if record.closed is not None and record.closed <= day:
        return Text("计数日已关闭或离岗", "closed or left by the day")
    if record.kind.is_talent and library.name(record.subject) not in library.in_province:
        return Text("人才库中无此人或不在省内", "not in the library, or not in the province")
    return None


def _members(fit: Sequence[Evidence], library: Library) -> frozenset[str]:
    """Who belongs to a team among these."""
    return frozenset().union(*(library.members.get(library.name(each.subject), frozenset()) for each in fit))


def _once(record: Evidence, library: Library) -> str:
    """What may count once only."""
    if record.kind is EvidenceKind.GROWTH_INDUSTRY:
        return record.industry
    return library.name(record.subject) if record.kind.is_talent else record.id


def _repeats(record: Evidence, seen: set[str], members: frozenset[str], library: Library) -> Text | None:
    """Why a record that would count by itself does not count beside others."""
    if record.kind.is_talent and library.name(record.subject) in members:
        return Text("为已计团队的成员，不重复计算", "a member of a counted team")
    if _once(record, library) not in seen:
        return None
    if record.kind is EvidenceKind.GROWTH_INDUSTRY:
        return Text("该产业已计一次", "the industry is counted already")
    return Text("同一人才或团队已计一次", "the talent or team is counted already")
