"""`bole match …`: the best candidates of an anchor, one pair explained, the stream of changes."""

from collections.abc import Sequence
from typing import Any

from bole.matcher.v1 import anchor_pb2, match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.cli import wording
from services.cli.output import Column
from services.cli.session import Session
from services.kernel.text import Language, Text

_COLUMNS = (
    Column("rank", Text("名次", "rank"), right=True),
    Column("candidate", Text("候选", "candidate")),
    Column("city", Text("城市", "city")),
    Column("probability", Text("概率*", "probability*"), right=True),
    Column("log_odds", Text("对数几率", "log-odds"), right=True),
    Column("contributions", Text("贡献（合计等于对数几率）", "contributions (they add up)")),
    Column("reasons", Text("理由", "reasons")),
)
UNCALIBRATED = Text("* 未经真实结果校准的概率", "* not yet calibrated on real outcomes")
_REASONS_SHOWN = 3


def stub(session: Session) -> service_grpc.MatchingServiceStub:
    """The matching service."""
    return service_grpc.MatchingServiceStub(session.channel("matcher"))


def index_status(session: Session) -> service.IndexStatus:
    """How level the index is."""
    return stub(session).GetIndexStatus(service.GetIndexStatusRequest(), timeout=30)


def find(
    session: Session, kind: str, anchor: str, limit: int = 5, filter_: str = ""
) -> service.FindMatchesResponse:
    """The best candidates of a stored entity."""
    request = service.FindMatchesRequest(
        kind=kind, anchor=anchor_pb2.Anchor(name=anchor), limit=limit, filter=filter_
    )
    return stub(session).FindMatches(request, timeout=30)


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


def show(session: Session, candidates: Sequence[match_pb2.Candidate], title: Text) -> None:
    """Candidates with what their scores are made of."""
    session.output.rows(title, _COLUMNS, [_row(each, session.language) for each in candidates])


def label(candidate: match_pb2.Candidate, language: Language) -> str:
    """What people call a candidate: its title, a masked name, or else its resource name."""
    title = candidate.title.zh if language == "zh" else candidate.title.en
    return candidate.person_name or title or candidate.name


def _row(candidate: match_pb2.Candidate, language: Language) -> dict[str, Any]:
    parts = " ".join(f"{each.name}{each.value:+.2f}" for each in candidate.contributions)
    shown = sorted(candidate.contributions, key=lambda each: -abs(each.value))
    reasons = [
        each.reason.zh if language == "zh" else each.reason.en for each in shown if each.name != "constant"
    ]
    return {
        "rank": candidate.rank,
        "candidate": label(candidate, language),
        "city": wording.city(candidate.city_code, language) if candidate.city_code else "",
        "probability": f"{candidate.probability:.2f}",
        "log_odds": f"{candidate.log_odds:+.2f}",
        "contributions": parts,
        "reasons": "\n".join(reasons[:_REASONS_SHOWN]),
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


def show_explanation(session: Session, found: match_pb2.MatchExplanation) -> None:
    """One pair: score, contributions, terms, gates, and why it is or is not in the list."""
    language, console = session.language, session.output.console
    show(session, [found.candidate], Text("得分", "score"))
    for part in found.candidate.contributions:
        console.print(
            f"  {part.name} {part.value:+.3f} {part.reason.zh if language == 'zh' else part.reason.en}"
        )
    for title, terms in (
        (Text("匹配的词", "matched terms"), found.matched_terms),
        (Text("缺少的词", "missing terms"), found.missing_terms),
    ):
        if terms:
            console.print(f"{title.to(language)}: " + "、".join(each.text for each in terms))
    for gate in found.gates:
        mark = "✓" if gate.passed else "✗"
        console.print(f"  {mark} {gate.code} {gate.reason.zh if language == 'zh' else gate.reason.en}")
    console.print(found.standing.zh if language == "zh" else found.standing.en)
