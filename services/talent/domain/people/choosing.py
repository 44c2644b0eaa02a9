"""The printed rule by which one of several assertions of a field is the value shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from services.kernel.text import Text
from services.talent.domain.people.statement import OFFICE, Statement, is_empty
from services.wording.persons import SOURCES


class Standing(StrEnum):
    """Why an assertion is the value shown, or is not."""

    CHOSEN = "CHOSEN"
    AGREES = "AGREES"
    RETRACTED = "RETRACTED"
    NOT_IN_FORCE = "NOT_IN_FORCE"
    SUPERSEDED = "SUPERSEDED"
    EMPTY = "EMPTY"
    LESS_SURE = "LESS_SURE"
    OBSERVED_EARLIER = "OBSERVED_EARLIER"
    LOWER_SOURCE = "LOWER_SOURCE"
    RECORDED_EARLIER = "RECORDED_EARLIER"

    @property
    def text(self) -> Text:
        """In words."""
        return _TEXTS[self]

    @property
    def counts(self) -> bool:
        """Whether the assertion stands, as the value shown or against it."""
        return self not in _OUT


_OUT = frozenset({Standing.RETRACTED, Standing.NOT_IN_FORCE, Standing.SUPERSEDED, Standing.EMPTY})
_TEXTS = {
    Standing.CHOSEN: Text("采用", "the value shown"),
    Standing.AGREES: Text("与采用值一致", "says the same as the value shown"),
    Standing.RETRACTED: Text("已撤销", "was retracted"),
    Standing.NOT_IN_FORCE: Text("不在有效期内", "is not within its validity"),
    Standing.SUPERSEDED: Text("同一来源有更新的说法", "the same source said something later"),
    Standing.EMPTY: Text("该来源已不再提供此项", "the source no longer states it"),
    Standing.LESS_SURE: Text("核实程度较低", "is less sure"),
    Standing.OBSERVED_EARLIER: Text("观察日期较早", "was observed earlier"),
    Standing.LOWER_SOURCE: Text("来源次序较后", "comes from a source of lower rank"),
    Standing.RECORDED_EARLIER: Text("登记较早", "was recorded earlier"),
}


class Criterion(StrEnum):
    """What two assertions are compared by."""

    CONFIDENCE = "CONFIDENCE"
    OBSERVED = "OBSERVED"
    SOURCE = "SOURCE"
    RECORDED = "RECORDED"

    @property
    def lost(self) -> Standing:
        """The standing of the one that is behind."""
        return _LOST[self]


_LOST = {
    Criterion.CONFIDENCE: Standing.LESS_SURE,
    Criterion.OBSERVED: Standing.OBSERVED_EARLIER,
    Criterion.SOURCE: Standing.LOWER_SOURCE,
    Criterion.RECORDED: Standing.RECORDED_EARLIER,
}


@dataclass(frozen=True)
class Rule:
    """Criteria in their order, by field where a field has its own, and the ranks of sources, highest first.

    A proposal, and configuration: a source that is not listed comes last. How fresh a record is follows the
    newest statement alone, so that what was confirmed once does not look old for ever.
    """

    criteria: tuple[Criterion, ...] = tuple(Criterion)
    by_field: Mapping[str, tuple[Criterion, ...]] = field(
        default_factory=lambda: {"observed": (Criterion.OBSERVED, Criterion.SOURCE, Criterion.RECORDED)}
    )
    sources: tuple[str, ...] = ("office", "self", "registry", "employer", "import", "web")

    @property
    def text(self) -> Text:
        """The rule as it is printed next to every choice."""
        named = [SOURCES.get(each, Text(each, each)) for each in self.sources]
        zh, en = " > ".join(each.zh for each in named), " > ".join(each.en for each in named)
        return Text(
            "同一来源以最后一次说法为准；不同来源之间依次比较：已核实优先、观察日期较新优先、"
            f"来源次序优先（{zh}，其余在后）、登记较晚优先；记录日期不比较核实程度",
            "a source's last word counts; between sources: the surer, then the later observed, then the source "
            f"({en}, others after them), then the later recorded; the date of the record is not judged by "
            "sureness",
        )

    def of(self, name: str) -> tuple[Criterion, ...]:
        """The criteria of one field."""
        return self.by_field.get(name, self.criteria)

    def measure(self, criterion: Criterion, statement: Statement) -> int:
        """Where a statement stands by one criterion: higher wins."""
        if criterion is Criterion.CONFIDENCE:
            return statement.confidence.rank
        if criterion is Criterion.OBSERVED:
            return statement.observed.toordinal()
        if criterion is Criterion.RECORDED:
            return statement.number
        return (
            -self.sources.index(statement.source) if statement.source in self.sources else -len(self.sources)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """One assertion of one field, and how it stands."""

    statement: Statement
    value: Any
    standing: Standing


def judge(name: str, statements: Iterable[Statement], day: date, rule: Rule) -> list[Verdict]:
    """Every assertion of the field `name` in the order of recording; at most one of them is chosen.

    An empty value of the office says that there is none; that of another source only that it no longer says.
    """
    asserting = sorted((each for each in statements if name in each.facts), key=lambda each: each.number)
    last = {each.voice: each.number for each in asserting if _usable(each, day)}
    standing = [each for each in asserting if _out(each, name, day, last) is None]
    best = max(standing, key=lambda each: _place(each, name, rule), default=None)
    return [
        Verdict(each, each.facts[name], _out(each, name, day, last) or _against(each, best, name, rule))
        for each in asserting
    ]


def choose(statements: Sequence[Statement], names: Iterable[str], day: date, rule: Rule) -> dict[str, Any]:
    """The values shown, by field; a field that nothing speaks for is not there."""
    if len(statements) == 1 and _usable(statements[0], day):
        only = statements[0]
        return {name: only.facts[name] for name in names if name in only.facts and not _silent(only, name)}
    usable = sorted((each for each in statements if _usable(each, day)), key=lambda each: each.number)
    found = {}
    for name in names:
        last = {each.voice: each for each in usable if name in each.facts}
        speaking = [each for each in last.values() if not _silent(each, name)]
        if speaking:
            best = max(speaking, key=lambda each: _place(each, name, rule)) if speaking[1:] else speaking[0]
            found[name] = best.facts[name]
    return found


def _usable(statement: Statement, day: date) -> bool:
    return statement.retraction is None and statement.holds(day)


def _out(
    statement: Statement, name: str, day: date, last: Mapping[tuple[str, str, str], int]
) -> Standing | None:
    """Why the assertion does not take part in the choice; None if it does."""
    if statement.retraction is not None:
        return Standing.RETRACTED
    if not statement.holds(day):
        return Standing.NOT_IN_FORCE
    if last[statement.voice] != statement.number:
        return Standing.SUPERSEDED
    return Standing.EMPTY if _silent(statement, name) else None


def _silent(statement: Statement, name: str) -> bool:
    return is_empty(statement.facts[name]) and statement.source != OFFICE


def _place(statement: Statement, name: str, rule: Rule) -> tuple[int, ...]:
    return (*(rule.measure(criterion, statement) for criterion in rule.of(name)), statement.number)


def _against(statement: Statement, best: Statement | None, name: str, rule: Rule) -> Standing:
    if best is None or best is statement:
        return Standing.CHOSEN
    if statement.facts[name] == best.facts[name]:
        return Standing.AGREES
    for criterion in rule.of(name):
        if rule.measure(criterion, statement) != rule.measure(criterion, best):
            return criterion.lost
    return Standing.RECORDED_EARLIER
