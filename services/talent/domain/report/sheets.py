"""What numbers of a return are bound together by, and which of them are small: what its public edition is made from.

A number that can be worked out from printed ones counts as printed: the holdings that are no follow-on, the proposals
that nobody has looked at. So sheets have cells for them too, though no table prints them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.talent.domain.disclosure.rules import Edition, Rules
from services.talent.domain.report.facts import COURSES
from services.talent.domain.report.retention import FATES
from services.talent.domain.report.returns import Figure, Source

Key = tuple[str, str]
Known = Mapping[Key, int]
_OUTCOMES = ("PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE", "WAIVED", "NO_RUN")
_GATES = ("early", "small", "long", "hard")
_STAGES = ("proposed", "viewed", "accepted", "contacted", "done", "rejected", "withdrawn")
_NESTED = {
    "viewed": "proposed",
    "accepted": "viewed",
    "contacted": "accepted",
    "done": "accepted",
    "rejected": "proposed",
    "withdrawn": "proposed",
}
"""Every stage with the one that it is part of."""
_REASONED = {f"reason_{stage}": stage for stage in ("proposed", "viewed", "accepted", "contacted", "done")}
"""What spoke for a proposal, by stage; `viewed` and `contacted` are told since the fourth version of the method."""
_VERDICTS = ("EXEMPT", "MITIGATED", "NOT_EXEMPT")
_TESTS = ("DUE_DILIGENCE", "PROCEDURE", "NO_PRIVATE_GAIN")


@dataclass(frozen=True, slots=True)
class Cell:
    """So many things and what they amount to; `largest`: the amounts of the two largest firms. `printed`: whether a
    table has it.
    """

    count: int
    small: bool
    amount: int = 0
    largest: tuple[int, int] = (0, 0)
    printed: bool = True


@dataclass(frozen=True)
class Line:
    """A total and the cells that make it up."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Sheet:
    """Numbers that are published together. `least`: how many firms or people have to be behind one."""

    least: int
    cells: Mapping[Key, Cell]
    lines: tuple[Line, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether every total is the sum of its parts, and nothing is below nought."""
        counts = {key: cell.count for key, cell in self.cells.items()}
        sums = all(counts[line.total] == sum(counts[part] for part in line.parts) for line in self.lines)
        return sums and min(counts.values(), default=0) >= 0


def sheets(source: Source, figures: Iterable[Figure], rules: Rules) -> Iterator[Sheet]:
    """The sheets of a return. One of a method that did not say who is behind its numbers has nothing but small ones."""
    known = {(code, of): value for code, of, value in figures}
    if source is Source.FUNDING:
        yield _funds(known, rules)
        yield _declared(known, rules)
        yield _determined(known, rules)
    elif source is Source.MATCHER:
        yield _matches(known, rules)
    else:
        yield from (_nominated(known, of, rules) for of in _kinds(known, "nominated"))
        yield from (_retained(known, of, rules) for of in _kinds(known, "due"))


def _funds(known: Known, rules: Rules) -> Sheet:
    """By firms: every holding is follow-on or first, has one outcome of each gate, and is in an industry or not."""
    industries = _kinds(known, "industry")
    keys = [("submitted", ""), ("approved", ""), ("invested", ""), ("follow_on", ""), ("first_time", "")]
    keys += [(gate, outcome) for gate in _GATES for outcome in _OUTCOMES]
    keys += [(code, of) for of in industries for code in ("industry", "industry_other")]
    keys += [("waived", of) for of in _kinds(known, "waived")]
    keys += [("hires_milli", of) for of in _kinds(known, "hires_milli")]
    whole = "invested", ""
    lines = [Line(whole, (("follow_on", ""), ("first_time", "")))]
    lines += [Line(whole, tuple((gate, outcome) for outcome in _OUTCOMES)) for gate in _GATES]
    lines += [Line(whole, (("industry", of), ("industry_other", of))) for of in industries]
    return Sheet(rules.least_employers, {key: _of_firms(known, key, rules) for key in keys}, tuple(lines))


def _of_firms(known: Known, key: Key, rules: Rules) -> Cell:
    code, of = key
    name = code.removesuffix("_milli")
    count = known.get(key, 0)
    amount = known.get((f"{code}_fen", of), count if code != name else 0)
    largest = known.get((f"{name}_first", of), 0), known.get((f"{name}_second", of), 0)
    few = known.get((f"{name}_firms", of), 0) < rules.least_employers
    small = count > 0 and (few or sum(largest) > rules.top_two_share * amount)
    return Cell(count, small, amount, largest, code not in ("first_time", "industry_other"))


def _declared(known: Known, rules: Rules) -> Sheet:
    least, whole = rules.least(Edition.PUBLIC), ("declared", "")
    cells = {
        ("declared", of): Cell(
            count := known.get(("declared", of), 0),
            count > 0 and known.get(("declared_people", of), 0) < least,
            printed=of != "NONE",
        )
        for of in ("", "INTEREST", "NONE")
    }
    return Sheet(least, cells, (Line(whole, (("declared", "INTEREST"), ("declared", "NONE"))),))


def _determined(known: Known, rules: Rules) -> Sheet:
    """By cases: each has a verdict, and of every test all documents, gaps, or nothing to show."""
    keys = [("determined", verdict) for verdict in _VERDICTS]
    keys += [(code, test) for test in _TESTS for code in ("tests_met", "tests_open")]
    counts = {key: known.get(key, 0) for key in keys}
    whole = "determined", ""
    counts[whole] = sum(counts["determined", verdict] for verdict in _VERDICTS)
    lines = [Line(whole, tuple(("determined", verdict) for verdict in _VERDICTS))]
    for test in _TESTS:
        parts = ("tests_met", test), ("tests_open", test)
        counts["tests_none", test] = counts[whole] - sum(counts[part] for part in parts)
        lines.append(Line(whole, (*parts, ("tests_none", test))))
    hidden = frozenset({whole, *(("tests_none", test) for test in _TESTS)})
    return _of_people(counts, hidden, lines, rules)


def _nominated(known: Known, of: str, rules: Rules) -> Sheet:
    """Nominations for one programme and year: undecided, awarded, or turned down and withdrawn."""
    counts = {(code, of): known.get((code, of), 0) for code in COURSES}
    parts = ("undecided", of), ("awarded", of)
    rest = "ended", of
    counts[rest] = counts["nominated", of] - sum(counts[part] for part in parts)
    return _of_people(counts, frozenset({rest}), [Line(("nominated", of), (*parts, rest))], rules)


def _retained(known: Known, of: str, rules: Rules) -> Sheet:
    """Awards of one programme by what became of them."""
    counts = {(code, of): known.get((code, of), 0) for code in ("due", *FATES)}
    line = Line(("due", of), tuple((fate, of) for fate in FATES))
    return _of_people(counts, frozenset(), [line], rules)


def _of_people(
    counts: Mapping[Key, int], unprinted: frozenset[Key], lines: list[Line], rules: Rules
) -> Sheet:
    least = rules.least(Edition.PUBLIC)
    cells = {
        key: Cell(count, 0 < count < least, printed=key not in unprinted) for key, count in counts.items()
    }
    return Sheet(least, cells, tuple(lines))


def _matches(known: Known, rules: Rules) -> Sheet:
    """Kinds add up to all, a stage and what did not come so far to the stage before, reasons to their stage."""
    least, kinds = rules.least(Edition.PUBLIC), _kinds(known, *_STAGES)
    reasons, refusals = _kinds(known, *_REASONED), _kinds(known, "refused")
    counts = {(stage, of): known.get((stage, of), 0) for stage in _STAGES for of in kinds}
    counts |= {(stage, ""): sum(counts[stage, of] for of in kinds) for stage in _STAGES}
    reasoned = {code: stage for code, stage in _REASONED.items() if _is_told(counts, known, code, stage)}
    counts |= {(code, of): known.get((code, of), 0) for code in reasoned for of in reasons}
    counts |= {("refused", of): known.get(("refused", of), 0) for of in refusals}
    lines = [Line((stage, ""), tuple((stage, of) for of in kinds)) for stage in _STAGES if kinds]
    lines += [
        Line((stage, ""), tuple((code, of) for of in reasons)) for code, stage in reasoned.items() if reasons
    ]
    further = [(stage, before, of) for stage, before in _NESTED.items() for of in ("", *kinds)]
    further += [(code, before, of) for code, before in _narrowed(reasoned) for of in reasons]
    rest = {}
    for part, total, of in further:
        rest[f"{part}_not", of] = counts[total, of] - counts[part, of]
        lines.append(Line((total, of), ((part, of), (f"{part}_not", of))))
    rest["refused", ""] = counts["rejected", ""] - sum(counts["refused", of] for of in refusals)
    lines.append(Line(("rejected", ""), (("refused", ""), *(("refused", of) for of in refusals))))
    cells = {key: Cell(count, _few(known, key, count, rules)) for key, count in counts.items()}
    cells |= {key: Cell(count, 0 < count < least, printed=False) for key, count in rest.items()}
    return Sheet(least, cells, tuple(lines))


def _is_told(counts: Mapping[Key, int], known: Known, code: str, stage: str) -> bool:
    """Whether the reasons of a stage were counted: an earlier method left some out, and what is left out adds up to
    nothing.
    """
    return not counts[stage, ""] or any(key[0] == code for key in known)


def _narrowed(reasoned: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The reasons of each stage with those of the nearest stage before it that are told."""
    by_stage = {stage: code for code, stage in reasoned.items()}
    for code, stage in reasoned.items():
        before = _NESTED.get(stage)
        while before is not None and before not in by_stage:
            before = _NESTED.get(before)
        if before is not None:
            yield code, by_stage[before]


def _few(known: Known, key: Key, count: int, rules: Rules) -> bool:
    """Whether too few different people, or too few firms and positions, are behind a number of proposals."""
    code, of = key
    people, bodies = (known.get((f"{code}_{who}", of), 0) for who in ("people", "bodies"))
    least = rules.least(Edition.PUBLIC)
    alone = not people and bodies < rules.least_employers
    return count > 0 and (count < least or 0 < people < least or 0 < bodies < rules.least_employers or alone)


def _kinds(known: Known, *codes: str) -> list[str]:
    return sorted({of for code, of in known if code in codes and of})
