"""`bole proposal …`: pairs put forward, and what becomes of them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bole.matcher.v1 import proposal_pb2, proposal_service_pb2_grpc
from bole.matcher.v1 import proposal_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.columns import Column, likely, tick
from services.cli.matcher.matching import amount_given
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording import codes

_Wire = proposal_pb2.Proposal
_SECONDS = 30
_COLUMNS = (
    Column("kind", Text("类型", "kind"), show=lambda value, language: codes.KINDS[value].to(language)),
    Column("anchor", Text("对象", "anchor"), whole=True),
    Column("candidate", Text("候选", "candidate"), whole=True),
    Column(
        "state", Text("状态", "state"), show=lambda value, language: codes.PROPOSAL_STATES[value].to(language)
    ),
    Column(
        "reason",
        Text("原因", "reason"),
        show=lambda value, language: codes.PROPOSAL_REASONS[value].to(language),
    ),
    Column("probability", Text("当时概率", "prob. then"), right=True, show=likely),
    Column("calibrated", Text("已校准", "calibrated"), show=tick),
    Column("rank", Text("当时名次", "rank then"), right=True),
    Column("proposer", Text("推荐人", "proposer")),
    Column("create_time", Text("时间", "time")),
    Column("name", Text("编号", "resource"), whole=True),
)
_STEPS = (
    Column(
        "state", Text("状态", "state"), show=lambda value, language: codes.PROPOSAL_STATES[value].to(language)
    ),
    Column("actor", Text("经办", "by")),
    Column("time", Text("时间", "time")),
    Column(
        "reason",
        Text("原因", "reason"),
        show=lambda value, language: codes.PROPOSAL_REASONS[value].to(language),
    ),
    Column("note", Text("说明", "note"), wraps=True),
)


def stub(session: Session) -> proposal_service_pb2_grpc.ProposalServiceStub:
    """The proposal service."""
    return proposal_service_pb2_grpc.ProposalServiceStub(session.channel("matcher"))


def create(
    session: Session,
    kind: str,
    anchor: str,
    candidate: str,
    note: str,
    amounts: tuple[str, str] = ("", ""),
    shown: tuple[int, int] = (0, 0),
) -> None:
    """Put a pair forward and show it; `amounts` are a firm's ask and valuation, `shown` the place and page where it
    was seen. Raises InvalidArgument.
    """
    request = service.CreateProposalRequest(
        proposal=_Wire(
            kind=kind, anchor=anchor, candidate=candidate, shown_rank=shown[0], shown_page=shown[1]
        ),
        note=note,
        request_id=str(uuid4()),
        ask=amount_given(amounts[0], "--ask"),
        valuation=amount_given(amounts[1], "--valuation"),
    )
    show(session, stub(session).CreateProposal(request, timeout=_SECONDS))


def get(session: Session, name: str) -> proposal_pb2.Proposal:
    """One proposal."""
    return stub(session).GetProposal(service.GetProposalRequest(name=name), timeout=_SECONDS)


def advance(session: Session, name: str, state: str, reason: str, note: str) -> None:
    """Take the next step from what stands now, and show it. Raises InvalidArgument for unknown words."""
    request = service.AdvanceProposalRequest(
        name=name,
        state=_chosen(state, codes.PROPOSAL_STATES, "STATE"),
        reason=_chosen(reason, codes.PROPOSAL_REASONS, "REASON") if reason else None,
        note=note,
        etag=get(session, name).etag,
        request_id=str(uuid4()),
    )
    show(session, stub(session).AdvanceProposal(request, timeout=_SECONDS))


def show_list(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Proposals by filter."""
    request = service.ListProposalsRequest(filter=filter_, order_by=order_by, page_size=limit)
    answer = stub(session).ListProposals(request, timeout=_SECONDS)
    rows = [_row(each) for each in answer.proposals]
    title = Text(f"推荐（共 {answer.total_size}）", f"proposals ({answer.total_size} in all)")
    session.output.rows(title, _COLUMNS, rows)


def show(session: Session, proposal: proposal_pb2.Proposal) -> None:
    """One proposal; for people with its steps."""
    session.output.rows(Text("推荐", "proposal"), _COLUMNS, [_row(proposal)])
    if session.output.for_people:
        session.output.rows(Text("经过", "steps"), _STEPS, [_step(each) for each in proposal.steps])


def _row(proposal: proposal_pb2.Proposal) -> dict[str, Any]:
    return {
        "name": proposal.name,
        "kind": proposal.kind,
        "anchor": proposal.anchor,
        "candidate": proposal.candidate,
        "state": _code(_Wire.State.Name(proposal.state)),
        "reason": _code(_Wire.Reason.Name(proposal.reason)),
        "probability": proposal.probability,
        "calibrated": proposal.calibrated if proposal.HasField("calibrated") else None,
        "log_odds": proposal.log_odds,
        "rank": proposal.rank,
        "proposer": proposal.proposer,
        "create_time": wording.minute(proposal.create_time),
        "origin": wording.origin(proposal.origin),
    }


def _step(step: proposal_pb2.Proposal.Step) -> dict[str, Any]:
    return {
        "state": _code(_Wire.State.Name(step.state)),
        "actor": step.actor,
        "time": wording.minute(step.step_time),
        "reason": _code(_Wire.Reason.Name(step.reason)),
        "note": step.note,
    }


def _code(name: str) -> str:
    """The code without its prefix; empty for none."""
    code = name.partition("_")[2]
    return "" if code == "UNSPECIFIED" else code


def _chosen(word: str, words: Mapping[str, Text], prefix: str) -> Any:
    """An enum value by its code or by its word in either language. Raises InvalidArgument."""
    wanted = word.strip().upper()
    for code, text in words.items():
        if wanted in (code, text.zh.upper(), text.en.upper()):
            return f"{prefix}_{code}"
    known = ", ".join(words)
    raise InvalidArgument.field(
        prefix.lower(),
        "UNKNOWN_WORD",
        f"没有“{word[:40]}”，可用：{known}",
        f"there is no {word[:40]!r}; use one of {known}",
    )
