"""`bole match …`: the best candidates of an anchor, and one pair explained."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from google.type import money_pb2

from bole.funding.v1 import firm_pb2
from bole.matcher.v1 import anchor_pb2, match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import money_to_wire
from services.cli import wording
from services.cli.columns import Column, number, tick
from services.cli.session import Session
from services.cli.wrapping import JOINER
from services.kernel.money import parse_amount
from services.kernel.text import Language, Text
from services.workbook.cells import choice
from services.workbook.choices import STAGE

_REASONS_SHOWN = 3


def _parts(parts: Mapping[str, float], language: Language) -> str:
    return "  ".join(
        JOINER.join(f"{wording.contribution(name, language)}\u00a0{value:+.2f}")
        for name, value in parts.items()
    )


_COLUMNS = (
    Column("rank", Text("名次", "rank"), right=True),
    Column("candidate", Text("候选", "candidate"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("probability", Text("概率*", "prob.*"), right=True, show=number(2)),
    Column("log_odds", Text("对数几率", "log-odds"), right=True, show=number(2, signed=True)),
    Column(
        "contributions",
        Text("贡献（合计等于对数几率）", "contributions (they add up)"),
        wraps=True,
        show=_parts,
    ),
    Column("reasons", Text("理由", "reasons"), wraps=True),
)
_PART_COLUMNS = (
    Column("name", Text("贡献", "part"), show=wording.contribution),
    Column("value", Text("对数几率", "log-odds"), right=True, show=number(3, signed=True)),
    Column("reason", Text("理由", "reason"), wraps=True),
)
_GATE_COLUMNS = (
    Column("passed", Text("通过", "passed"), show=tick),
    Column("code", Text("硬条件", "gate")),
    Column("reason", Text("说明", "what was seen"), wraps=True),
)
_CHANGE_COLUMNS = (
    Column("supposition", Text("假如", "supposed"), wraps=True),
    Column("term", Text("词", "term")),
    Column("difference", Text("对数几率变化", "change of log-odds"), right=True, show=number(2, signed=True)),
    Column("probability", Text("概率*", "prob.*"), right=True, show=number(2)),
    Column("rank", Text("名次", "rank"), right=True),
)
_TERM_COLUMNS = (
    Column("term", Text("词", "term")),
    Column("value", Text("对数几率", "log-odds"), right=True, show=number(2, signed=True)),
    Column("anchor", Text("对象文中", "in the anchor's text"), wraps=True),
    Column("candidate", Text("候选文中", "in the candidate's text"), wraps=True),
)
_PLACED_COLUMNS = (
    Column("code", Text("代码", "code"), whole=True),
    Column("title", Text("方向", "direction")),
    Column("share", Text("占比", "share"), right=True, show=number(2)),
    Column("words", Text("文中的词", "words in the text"), wraps=True),
)
_NONE = Text("都不属于", "none of them")
_ANCHOR = Column("anchor", Text("对象", "anchor"), whole=True)
_ID = Column("id", Text("编号", "resource"), whole=True)
UNCALIBRATED = Text(
    "* 概率未经真实结果校准；对数几率等于各项贡献之和",
    "* not yet calibrated on real outcomes; the contributions add up to the log-odds",
)


def stub(session: Session) -> service_grpc.MatchingServiceStub:
    """The matching service."""
    return service_grpc.MatchingServiceStub(session.channel("matcher"))


def index_status(session: Session) -> service.IndexStatus:
    """How level the index is."""
    return stub(session).GetIndexStatus(service.GetIndexStatusRequest(), timeout=30)


def find(
    session: Session,
    kind: str,
    anchor: str,
    limit: int = 5,
    filter_: str = "",
    amounts: tuple[str, str] = ("", ""),
) -> service.FindMatchesResponse:
    """The best candidates of a stored entity; `amounts` are a firm's ask and valuation. Raises InvalidArgument."""
    request = service.FindMatchesRequest(
        kind=kind,
        anchor=anchor_pb2.Anchor(name=anchor),
        limit=limit,
        filter=filter_,
        ask=amount_given(amounts[0], "--ask"),
        valuation=amount_given(amounts[1], "--valuation"),
    )
    return stub(session).FindMatches(request, timeout=30)


def find_all(
    session: Session, kind: str, anchors: Sequence[str], limit: int, filter_: str = ""
) -> Sequence[service.FindMatchesResponse]:
    """The best candidates of several stored entities, in their order."""
    asked = [
        service.FindMatchesRequest(
            kind=kind, anchor=anchor_pb2.Anchor(name=anchor), limit=limit, filter=filter_
        )
        for anchor in anchors
    ]
    request = service.BatchFindMatchesRequest(requests=asked)
    return stub(session).BatchFindMatches(request, timeout=60).responses


def show_batch(
    session: Session, anchors: Sequence[str], answers: Sequence[service.FindMatchesResponse]
) -> None:
    """The candidates of all of them in one table, with whose they are."""
    rows = [
        {"anchor": anchor, **_row(each, session.language), "origin": wording.origin(answer.origin)}
        for anchor, answer in zip(anchors, answers, strict=True)
        for each in answer.candidates
    ]
    session.output.rows(Text("匹配结果", "matches"), (_ANCHOR, *_COLUMNS, _ID), rows)


def stage_named(word: str) -> Any:
    """A stage by its code or name; unspecified for none. Raises InvalidArgument."""
    code = choice(word, field="--stage", choices=STAGE) if word else "UNSPECIFIED"
    return firm_pb2.FirmStage.Value(f"FIRM_STAGE_{code}")


def amount_given(text: str, option: str) -> money_pb2.Money | None:
    """An amount of an option; None where it is not given. Raises InvalidArgument."""
    return money_to_wire(parse_amount(text, field=option)) if text else None


def find_for_text(
    session: Session, kind: str, side: str, text: anchor_pb2.TextAnchor, limit: int = 5
) -> service.FindMatchesResponse:
    """The best candidates of a text that is not stored."""
    request = service.FindMatchesRequest(
        kind=kind, anchor=anchor_pb2.Anchor(text=text), anchor_side=side, limit=limit
    )
    return stub(session).FindMatches(request, timeout=30)


def explain(session: Session, kind: str, anchor: str, candidate: str) -> match_pb2.MatchExplanation:
    """One pair in full."""
    request = service.ExplainMatchRequest(kind=kind, anchor=anchor, candidate=candidate)
    return stub(session).ExplainMatch(request, timeout=30)


def place(session: Session, anchor: anchor_pb2.Anchor) -> service.PlaceAnchorResponse:
    """Which directions a text belongs to."""
    return stub(session).PlaceAnchor(service.PlaceAnchorRequest(anchor=anchor), timeout=30)


def show_placement(session: Session, found: service.PlaceAnchorResponse) -> None:
    """The shares, `none of them` last; they add up to 1."""
    rows: list[dict[str, Any]] = [
        {
            "code": each.code,
            "title": wording.say(each.title, session.language),
            "share": each.share,
            "words": list(each.words),
        }
        for each in found.shares
    ]
    rows.append({"code": "", "title": _NONE.to(session.language), "share": found.none, "words": []})
    session.output.rows(
        Text("方向归类（仅依据文字）", "placement (by the words alone)"), _PLACED_COLUMNS, rows
    )


def show(session: Session, found: service.FindMatchesResponse, title: Text, *, ids: bool = False) -> None:
    """Candidates with what their scores are made of; with `ids`, how the other commands name them."""
    origin = wording.origin(found.origin)
    rows = [{**_row(each, session.language), "origin": origin} for each in found.candidates]
    session.output.rows(title, (*_COLUMNS, _ID) if ids else _COLUMNS, rows)


def show_explanation(session: Session, found: match_pb2.MatchExplanation, origin: int) -> None:
    """One pair: score, contributions, gates, terms, and why it is or is not in the list.

    Machine formats hold the contributions alone.
    """
    language, output = session.language, session.output
    candidate, mark = found.candidate, wording.origin(origin)
    rows = [
        {"name": each.name, "value": each.value, "reason": wording.say(each.reason, language), "origin": mark}
        for each in candidate.contributions
    ]
    title = Text(
        f"{label(candidate, 'zh')}：对数几率 {candidate.log_odds:+.3f}，概率 {candidate.probability:.2f}*",
        f"{label(candidate, 'en')}: log-odds {candidate.log_odds:+.3f}, probability {candidate.probability:.2f}*",
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
        (Text("匹配的词", "matched terms"), found.matched_terms),
        (Text("缺少的词", "missing terms"), found.missing_terms),
    ):
        if any(each.text for each in terms):
            output.rows(heading, _TERM_COLUMNS, [_term_row(each) for each in terms])
    changes = [_change_row(each, language) for each in found.changes]
    if changes:
        output.rows(Text("最能改变结果的因素", "what would change it most"), _CHANGE_COLUMNS, changes)
    output.note(wording.say(found.standing, language))
    note_calibration(session, [candidate])


def note_calibration(session: Session, shown: Iterable[match_pb2.Candidate]) -> None:
    """What the asterisk at probabilities means; nothing where all of them were calibrated."""
    if not all(each.calibrated for each in shown):
        session.output.note(UNCALIBRATED.to(session.language))


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


def label(candidate: match_pb2.Candidate, language: Language) -> str:
    """What people call a candidate: a masked name, its title, or else its resource name."""
    return candidate.person_name or wording.say(candidate.title, language) or candidate.name


def reasons(candidate: match_pb2.Candidate, language: Language) -> list[str]:
    """What tells most of a candidate, strongest first."""
    telling = sorted(candidate.contributions, key=lambda each: -abs(each.value))
    said = [wording.say(each.reason, language) for each in telling if each.name != "constant"]
    return said[:_REASONS_SHOWN]


def _row(candidate: match_pb2.Candidate, language: Language) -> dict[str, Any]:
    return {
        "rank": candidate.rank,
        "id": candidate.name,
        "candidate": label(candidate, language),
        "city": wording.city(candidate.city_code, language) if candidate.city_code else "",
        "probability": candidate.probability,
        "calibrated": candidate.calibrated,
        "log_odds": candidate.log_odds,
        "contributions": {each.name: each.value for each in candidate.contributions},
        "reasons": reasons(candidate, language),
    }


def facts(kind: str, anchor: str, candidates: Sequence[match_pb2.Candidate]) -> dict[str, Any]:
    """A list of matches as the demonstration's JSON has it."""
    return {
        "kind": kind,
        "anchor": anchor,
        "candidates": [
            {
                "id": each.name,
                "score": each.probability,
                "calibrated": each.calibrated,
                "log_odds": each.log_odds,
                "contributions": [{"name": part.name, "value": part.value} for part in each.contributions],
            }
            for each in candidates
        ],
    }
