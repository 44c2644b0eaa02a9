"""`bole match explain`: one pair in full."""

from typing import Any

from bole.matcher.v1 import match_pb2
from services.cli.answers import wording
from services.cli.answers.columns import Column, number, probability, tick
from services.cli.matcher.matching import label, note_calibration
from services.cli.session import Session
from services.kernel.sums import that_add_up
from services.kernel.text import Language, Text
from services.wording.chances import chance

_DIGITS = 3
_PART_COLUMNS = (
    Column("name", Text("贡献", "part"), show=wording.contribution),
    Column("value", Text("对数几率", "log-odds"), right=True, show=number(_DIGITS, signed=True)),
    Column("reason", Text("理由", "reason"), wraps=True),
)
_GATE_COLUMNS = (
    Column("passed", Text("通过", "passed"), show=tick),
    Column("code", Text("硬条件", "gate"), show=wording.gate),
    Column("reason", Text("说明", "what was seen"), wraps=True),
)
_CHANGE_COLUMNS = (
    Column("supposition", Text("假如", "supposed"), wraps=True),
    Column("term", Text("词", "term")),
    Column("difference", Text("对数几率变化", "change of log-odds"), right=True, show=number(2, signed=True)),
)
_OF_WORDS = ("TERM_ADDED", "TERM_REMOVED")
_NO_WORDS = Text(
    "词语不显示：请用 --purpose 写明使用目的",
    "words are not shown: state why you look with --purpose",
)
_RANK = Column("rank", Text("名次", "rank"), right=True)
_TERM_COLUMNS = (
    Column("term", Text("词", "term")),
    Column("value", Text("对数几率", "log-odds"), right=True, show=number(2, signed=True)),
    Column("anchor", Text("对象文中", "in the anchor's text"), wraps=True),
    Column("candidate", Text("候选文中", "in the candidate's text"), wraps=True),
)


def show(session: Session, found: match_pb2.MatchExplanation, origin: int) -> None:
    """One pair: score, contributions, gates, terms, and why it is or is not in the list.

    Machine formats hold the contributions alone.
    """
    language, output = session.language, session.output
    candidate, mark = found.candidate, wording.origin(origin)
    values = [each.value for each in candidate.contributions]
    if output.for_people:
        values = that_add_up(values, _DIGITS)
    rows = [
        {"name": each.name, "value": value, "reason": wording.say(each.reason, language), "origin": mark}
        for each, value in zip(candidate.contributions, values, strict=True)
    ]
    said = chance(candidate.probability, calibrated=candidate.calibrated)
    title = Text(
        f"{label(candidate, 'zh')}：对数几率 {candidate.log_odds:+.3f}，概率 {said}",
        f"{label(candidate, 'en')}: log-odds {candidate.log_odds:+.3f}, probability {said}",
    )
    output.rows(title, _PART_COLUMNS, rows)
    if not output.for_people:
        return
    gates = [
        {"code": each.code, "passed": each.passed, "reason": wording.say(each.reason, language)}
        for each in found.gates
    ]
    output.rows(Text("硬条件", "gates"), _GATE_COLUMNS, gates)
    for heading, terms in (
        (Text("匹配的词（没有它会少多少）", "matched terms (what is lost without it)"), found.matched_terms),
        (Text("缺少的词（有了它会多多少）", "missing terms (what is gained with it)"), found.missing_terms),
    ):
        if any(each.text for each in terms):
            output.rows(heading, _TERM_COLUMNS, [_term_row(each) for each in terms])
    hidden = [each for each in found.changes if each.code in _OF_WORDS and not each.term]
    changes = [_change_row(each, language) for each in found.changes if each not in hidden]
    if changes:
        columns = (*_CHANGE_COLUMNS, probability(calibrated=candidate.calibrated), _RANK)
        output.rows(Text("最能改变结果的因素", "what would change it most"), columns, changes)
    if hidden:
        output.note(_NO_WORDS.to(language))
    output.note(wording.say(found.standing, language))
    note_calibration(session, [candidate])


def _term_row(term: match_pb2.MatchExplanation.Term) -> dict[str, Any]:
    return {
        "term": term.text,
        "value": term.value,
        "anchor": [each.excerpt for each in term.anchor_places],
        "candidate": [each.excerpt for each in term.candidate_places],
    }


def _change_row(change: match_pb2.MatchExplanation.Change, language: Language) -> dict[str, Any]:
    return {
        "supposition": wording.say(change.supposition, language),
        "term": change.term,
        "difference": change.difference,
        "probability": change.probability,
        "rank": change.rank or None,
    }
