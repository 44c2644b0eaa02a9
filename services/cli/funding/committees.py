"""`bole committee …`: committees, sittings with their agenda, blind votes and decisions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as service
from services.chassis.rpc.wire import instant_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text, counted
from services.wording import deals as said
from services.wording.rounds import round_name

_COMMITTEES = (
    Column("tier", Text("层级", "tier")),
    Column("fund", Text("基金", "fund"), wraps=True),
    Column("members", Text("委员", "members"), wraps=True),
    Column("observers", Text("观察员", "observers"), wraps=True),
    Column("rule", Text("表决规则", "rule")),
    Column("name", Text("编号", "resource"), whole=True),
)
_SITTINGS = (
    Column("time", Text("时间", "meets")),
    Column("tier", Text("层级", "tier")),
    Column("fund", Text("基金", "fund"), wraps=True),
    Column("deals", Text("项目", "deals"), right=True),
    Column("name", Text("编号", "resource"), whole=True),
)
_AGENDA = (
    Column("firm", Text("企业", "firm"), wraps=True),
    Column("round", Text("轮次", "round"), show=round_name),
    Column("ready", Text("可上会", "ready"), show=tick),
    Column("problems", Text("待解决", "what stands in the way"), wraps=True),
    Column("missing", Text("决策时须有", "needed to decide"), wraps=True),
    Column("votes", Text("可表决/法定/通过", "eligible/quorum/majority")),
    Column("blocking", Text("未过的否决项", "blocking checks"), wraps=True),
    Column("deal", Text("项目", "deal"), whole=True),
)
_VOTE = (
    Column("result", Text("结果", "result")),
    Column("yes", Text("同意", "yes"), right=True),
    Column("no", Text("反对", "no"), right=True),
    Column("abstain", Text("弃权", "abstain"), right=True),
    Column("cast", Text("已投", "cast"), right=True),
    Column("eligible", Text("可表决", "eligible"), right=True),
    Column("quorum", Text("法定人数", "quorum"), right=True),
    Column("recused", Text("回避", "recused"), wraps=True),
    Column("vetoes", Text("否决", "vetoes"), wraps=True),
    Column("name", Text("编号", "resource"), wraps=True),
)
_BALLOTS = (
    Column("member", Text("委员", "member")),
    Column("choice", Text("表决", "ballot")),
    Column("text", Text("理由", "why"), wraps=True),
    Column("time", Text("时间", "time")),
)
_DECISIONS = (
    Column("number", Text("序号", "no."), right=True),
    Column("tier", Text("层级", "tier")),
    Column("outcome", Text("决定", "decision")),
    Column("standing", Text("有效", "stands"), show=tick),
    Column("conditions", Text("条件", "conditions"), wraps=True),
    Column("reason", Text("理由", "why"), wraps=True),
    Column("actor", Text("记录人", "by")),
    Column("time", Text("时间", "time")),
    Column("supersedes", Text("取代", "supersedes"), right=True),
)


def stub(session: Session) -> committee_service_pb2_grpc.CommitteeServiceStub:
    """The committee service."""
    return committee_service_pb2_grpc.CommitteeServiceStub(session.channel("funding"))


def set_up(session: Session, fund: str, tier: str, members: list[str], observers: list[str]) -> None:
    """A committee; a member is written `account` or `account=name`."""
    committee = committee_pb2.Committee(fund=fund, tier=_tier(tier), seats=_seats(members, observers))
    request = service.CreateCommitteeRequest(committee=committee, request_id=str(uuid4()))
    _show_committees(session, [stub(session).CreateCommittee(request)])


def show(session: Session, fund: str) -> None:
    """Committees of one fund or all."""
    answer = stub(session).ListCommittees(service.ListCommitteesRequest(fund=fund, page_size=500))
    _show_committees(session, answer.committees)


def reseat(session: Session, name: str, members: list[str], observers: list[str]) -> None:
    """Other seats."""
    found = stub(session).GetCommittee(service.GetCommitteeRequest(name=name))
    del found.seats[:]
    found.seats.extend(_seats(members, observers))
    request = service.UpdateCommitteeRequest(committee=found, request_id=str(uuid4()))
    request.update_mask.paths.append("seats")
    _show_committees(session, [stub(session).UpdateCommittee(request)])


def call(
    session: Session, committee: str, at: datetime, deals: list[str], members: list[str], observers: list[str]
) -> None:
    """A sitting; `at` in civil time; seats of its own if members are named."""
    sits = instant_to_wire(at.replace(tzinfo=CIVIL_ZONE))
    sitting = committee_pb2.Sitting(
        committee=committee, sit_time=sits, deals=deals, seats=_seats(members, observers)
    )
    made = stub(session).CreateSitting(service.CreateSittingRequest(sitting=sitting, request_id=str(uuid4())))
    agenda(session, made.name)


def replan(
    session: Session,
    name: str,
    at: datetime | None,
    deals: list[str],
    members: list[str],
    observers: list[str],
) -> None:
    """Another time, agenda or seats of a sitting; what is not stated stays. Raises InvalidArgument (NOTHING_STATED)."""
    found = stub(session).GetSitting(service.GetSittingRequest(name=name))
    changed = committee_pb2.Sitting(name=name, etag=found.etag, deals=deals, seats=_seats(members, observers))
    if at is not None:
        changed.sit_time.CopyFrom(instant_to_wire(at.replace(tzinfo=CIVIL_ZONE)))
    stated = {"sit_time": at is not None, "deals": bool(deals), "seats": bool(changed.seats)}
    paths = [path for path, there in stated.items() if there]
    if not paths:
        raise InvalidArgument.field(
            "--at",
            "NOTHING_STATED",
            "请注明要改什么：--at、--deal、--member",
            "say what is to change: --at, --deal, --member",
        )
    request = service.UpdateSittingRequest(sitting=changed, request_id=str(uuid4()))
    request.update_mask.paths.extend(paths)
    stub(session).UpdateSitting(request)
    agenda(session, name)


def agenda(session: Session, name: str) -> None:
    """Each deal with what stands in its way."""
    answer = stub(session).GetSittingAgenda(service.GetSittingAgendaRequest(name=name))
    rows = [
        {
            "firm": each.firm_title,
            "round": each.round,
            "ready": each.ready,
            "problems": [wording.say(problem, session.language) for problem in each.problems],
            "missing": _called(session, each.missing_evidence, each.missing_evidence_titles),
            "votes": f"{each.eligible_count}/{each.quorum_needed}/{each.majority_needed}",
            "blocking": _called(session, each.blocking_checks, each.blocking_check_titles),
            "deal": each.deal,
        }
        for each in answer.items
    ]
    when = wording.minute(answer.sitting.sit_time)
    session.output.rows(Text(f"{name} 上会清单 {when}", f"agenda of {name}, {when}"), _AGENDA, rows)
    for item in answer.items if session.output.for_people else ():
        session.output.note(wording.say(item.brief, session.language))


def sittings(session: Session, committee: str, deals: list[str], limit: int) -> None:
    """Sittings of one committee or all, the latest first."""
    request = service.ListSittingsRequest(committee=committee, deals=deals, page_size=limit)
    found = stub(session).ListSittings(request)
    funds = {each.name: each.display_name for each in list_funds(session)} if found.sittings else {}
    rows = [
        {
            "time": wording.minute(each.sit_time),
            "tier": word(said.TIERS, committee_pb2.Committee.Tier.Name(each.tier), session.language),
            "fund": funds.get(each.fund, each.fund),
            "deals": len(each.deals),
            "name": each.name,
        }
        for each in found.sittings
    ]
    title = Text(f"投委会会议 {found.total_size}", counted(found.total_size, "sitting"))
    session.output.rows(title, _SITTINGS, rows)


def open_vote(session: Session, sitting: str, deal: str, *, correction: bool) -> None:
    """Begin to take ballots."""
    purposes = committee_pb2.Vote.Purpose
    purpose = purposes.PURPOSE_CORRECTION if correction else purposes.PURPOSE_DECISION
    request = service.OpenVoteRequest(parent=sitting, deal=deal, purpose=purpose, request_id=str(uuid4()))
    _show_vote(session, stub(session).OpenVote(request))


def show_vote(session: Session, name: str) -> None:
    """One vote and the ballots that may be seen."""
    found = stub(session).GetVote(service.GetVoteRequest(name=name))
    ballots = stub(session).ListBallots(service.ListBallotsRequest(parent=name))
    if session.output.for_people:
        _show_vote(session, found)
    rows = [
        {
            "member": each.member,
            "choice": word(said.CHOICES, committee_pb2.Ballot.Choice.Name(each.choice), session.language),
            "text": each.text,
            "time": wording.minute(each.cast_time),
        }
        for each in ballots.ballots
    ]
    title = Text("表决票（计票前只显示本人）", "ballots (until closed, your own)") if ballots.hidden else None
    session.output.rows(title or Text("表决票", "ballots"), _BALLOTS, rows)


def cast(session: Session, vote: str, choice: str, text: str) -> None:
    """Vote: yes, no or abstain."""
    known = committee_pb2.Ballot.Choice
    chosen = f"CHOICE_{choice.upper()}"
    if chosen not in known.keys()[1:]:
        raise InvalidArgument.field(
            "CHOICE", "UNKNOWN_CHOICE", "应为 yes、no 或 abstain", "write yes, no or abstain"
        )
    request = service.CastBallotRequest(parent=vote, choice=chosen, text=text, request_id=str(uuid4()))
    made = stub(session).CastBallot(request)
    session.output.say(Text(f"已投票 {made.name}", f"cast {made.name}"))


def veto(session: Session, vote: str, check: str, text: str) -> None:
    """Veto on grounds of compliance."""
    request = service.CastVetoRequest(parent=vote, check_code=check, text=text, request_id=str(uuid4()))
    stub(session).CastVeto(request)
    session.output.say(Text(f"已就 {check} 行使否决", f"vetoed on {check}"))


def close(session: Session, name: str) -> None:
    """Count."""
    found = stub(session).GetVote(service.GetVoteRequest(name=name))
    request = service.CloseVoteRequest(name=name, etag=found.etag, request_id=str(uuid4()))
    _show_vote(session, stub(session).CloseVote(request))


def decisions(session: Session, deal: str) -> None:
    """All decisions on a deal."""
    answer = stub(session).ListDecisions(service.ListDecisionsRequest(parent=deal))
    _show_decisions(session, deal, answer.decisions)


def correct(session: Session, deal: str, vote: str, conditions: str, reason: str) -> None:
    """A decision that takes the place of the standing one."""
    request = service.CorrectDecisionRequest(
        parent=deal, vote=vote, conditions=conditions, reason=reason, request_id=str(uuid4())
    )
    _show_decisions(session, deal, [stub(session).CorrectDecision(request)])


def _show_committees(session: Session, found: Any) -> None:
    kinds = committee_pb2.CommitteeSeat.Kind
    funds = {each.name: each.display_name for each in list_funds(session)} if found else {}
    rows = [
        {
            "tier": word(said.TIERS, committee_pb2.Committee.Tier.Name(each.tier), session.language),
            "fund": funds.get(each.fund, each.fund),
            "members": [_seat(seat) for seat in each.seats if seat.kind == kinds.KIND_MEMBER],
            "observers": [_seat(seat) for seat in each.seats if seat.kind == kinds.KIND_OBSERVER],
            "rule": f"{each.rule.quorum} · {each.rule.majority} · ≥{each.rule.least_ballots}",
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text("投资决策委员会", "investment committees"), _COMMITTEES, rows)


def _show_vote(session: Session, vote: committee_pb2.Vote) -> None:
    closed = vote.state == committee_pb2.Vote.STATE_CLOSED
    row = {
        "result": word(said.VOTE_RESULTS, committee_pb2.Vote.Result.Name(vote.result), session.language),
        "yes": vote.yes_count if closed else None,
        "no": vote.no_count if closed else None,
        "abstain": vote.abstain_count if closed else None,
        "cast": vote.cast_count,
        "eligible": vote.eligible_count,
        "quorum": vote.quorum_needed,
        "recused": list(vote.recused_members),
        "vetoes": [f"{each.member} {each.check_code} {each.text}" for each in vote.vetoes],
        "name": vote.name,
    }
    session.output.rows(Text(f"{vote.deal} 表决", f"vote on {vote.deal}"), _VOTE, [row])


def _show_decisions(session: Session, deal: str, found: Any) -> None:
    language = session.language
    rows = [
        {
            "number": each.number,
            "tier": word(said.TIERS, committee_pb2.Committee.Tier.Name(each.tier), language),
            "outcome": word(said.DECISIONS, committee_pb2.Decision.Outcome.Name(each.outcome), language),
            "standing": each.standing,
            "conditions": each.conditions,
            "reason": each.reason,
            "actor": each.actor,
            "time": wording.minute(each.decide_time),
            "supersedes": each.supersedes or None,
        }
        for each in found
    ]
    session.output.rows(Text(f"{deal} 投决", f"decisions on {deal}"), _DECISIONS, rows)


def _tier(word: str) -> Any:
    known = committee_pb2.Committee.Tier
    name = f"TIER_{word.upper()}"
    if name not in known.keys()[1:]:
        raise InvalidArgument.field(
            "TIER", "UNKNOWN_TIER", "应为 internal 或 external", "write internal or external"
        )
    return known.Value(name)


def _seats(members: list[str], observers: list[str]) -> list[committee_pb2.CommitteeSeat]:
    kinds = committee_pb2.CommitteeSeat.Kind
    found = []
    for kind, words in ((kinds.KIND_MEMBER, members), (kinds.KIND_OBSERVER, observers)):
        for word in words:
            account, _, name = word.partition("=")
            found.append(committee_pb2.CommitteeSeat(member=account, display_name=name, kind=kind))
    return found


def _seat(seat: committee_pb2.CommitteeSeat) -> str:
    return f"{seat.member} {seat.display_name}".strip()


def word(words: dict[str, Text], name: str, language: Language) -> str:
    """What a code is called; the code itself if it is unknown."""
    return words[name].to(language) if name in words else name


def _called(session: Session, codes: Iterable[str], titles: Iterable[Any]) -> list[str]:
    """Codes for machines, what they are called for people."""
    if not session.output.for_people:
        return list(codes)
    return [wording.say(title, session.language) for title in titles]
