"""`bole deal declare|interests|resolve|team`, `bole firm interests|link`: who is tied to a firm."""

from typing import Any
from uuid import uuid4

from bole.funding.v1 import deal_pb2, interest_pb2, interest_service_pb2_grpc
from bole.funding.v1 import deal_service_pb2 as deal_service
from bole.funding.v1 import interest_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.funding import deals
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text
from services.wording import deals as said

_DECLARATIONS = (
    Column("member", Text("人员", "account")),
    Column("kinds", Text("声明", "declared"), wraps=True),
    Column("state", Text("结论", "meaning")),
    Column("text", Text("说明", "words"), wraps=True),
    Column("against", Text("已知事实", "known facts"), wraps=True),
    Column("resolution", Text("处理", "resolution"), wraps=True),
    Column("time", Text("时间", "time")),
    Column("name", Text("编号", "resource"), wraps=True),
)
_FIRM = (
    Column("member", Text("人员", "account")),
    Column("kind", Text("关系", "tie")),
    Column("declared", Text("本人声明", "declared"), show=tick),
    Column("source", Text("依据", "source"), wraps=True),
    Column("effects", Text("对法定人数的影响", "effect on quorums"), wraps=True),
)


def stub(session: Session) -> interest_service_pb2_grpc.InterestServiceStub:
    """The interest service."""
    return interest_service_pb2_grpc.InterestServiceStub(session.channel("funding"))


def declare(session: Session, deal: str, kinds: list[str], text: str) -> None:
    """The caller's word on a deal."""
    request = service.DeclareInterestRequest(
        parent=deal, kinds=[_kind(each) for each in kinds or ["none"]], text=text, request_id=str(uuid4())
    )
    _show(session, deal, [stub(session).DeclareInterest(request)], [])


def show(session: Session, deal: str) -> None:
    """The declarations on a deal, and who has yet to declare."""
    answer = stub(session).ListInterests(service.ListInterestsRequest(parent=deal))
    _show(session, deal, answer.interests, answer.undeclared_members)


def resolve(session: Session, name: str, reason: str, *, recused: bool) -> None:
    """Decide on a contradicted declaration."""
    request = service.ResolveInterestRequest(
        name=name, recused=recused, reason=reason, request_id=str(uuid4())
    )
    _show(session, name.partition("/interests")[0], [stub(session).ResolveInterest(request)], [])


def link(session: Session, firm: str, member: str, kind: str, source: str) -> None:
    """Record what is known of a person and a firm."""
    tie = interest_pb2.KnownLink(firm=firm, member=member, kind=_kind(kind), source=source)
    made = stub(session).CreateKnownLink(
        service.CreateKnownLinkRequest(known_link=tie, request_id=str(uuid4()))
    )
    session.output.say(Text(f"已记录 {made.name}", f"recorded {made.name}"))


def show_firm(session: Session, firm: str) -> None:
    """Who has an interest in a firm."""
    answer = stub(session).ListFirmInterests(service.ListFirmInterestsRequest(parent=firm))
    rows = [
        {
            "member": each.member,
            "kind": _kind_word(each.kind, session.language),
            "declared": each.declared,
            "source": each.source,
            "effects": [_effect(effect, session.language) for effect in each.effects],
        }
        for each in answer.interests
    ]
    session.output.rows(Text(f"{firm} 利益关系", f"interests in {firm}"), _FIRM, rows)


def set_team(
    session: Session, name: str, team: list[str], representatives: list[str], scouts: list[str]
) -> None:
    """Say who works on a deal and who speaks for the firm."""
    request = deal_service.SetDealPartiesRequest(
        name=name,
        etag=deals.get(session, name).etag,
        parties=deal_pb2.DealParties(team=team, representatives=representatives, scouts=scouts),
        request_id=str(uuid4()),
    )
    found = deals.stub(session).SetDealParties(request).parties
    words = ", ".join(found.team) or "—"
    session.output.say(Text(f"{name} 项目组：{words}", f"team of {name}: {words}"))


def _show(session: Session, deal: str, found: Any, missing: Any) -> None:
    language = session.language
    rows = [
        {
            "member": each.member,
            "kinds": [_kind_word(kind, language) for kind in each.kinds],
            "state": said.INTEREST_STATES[interest_pb2.InterestDeclaration.State.Name(each.state)].to(
                language
            ),
            "text": each.text,
            "against": [f"{_kind_word(tie.kind, language)} {tie.source}" for tie in each.contradictions],
            "resolution": each.resolution,
            "time": wording.minute(each.declare_time),
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text(f"{deal} 利益冲突声明", f"declarations on {deal}"), _DECLARATIONS, rows)
    if missing:
        names = ", ".join(missing)
        session.output.note(Text(f"尚未声明：{names}", f"yet to declare: {names}").to(language))


def _effect(effect: interest_pb2.QuorumEffect, language: Language) -> str:
    short = Text("", "") if effect.quorum_possible else Text("，不足", ", too few")
    zh = f"{effect.deal}：{effect.member_count}人中{effect.eligible_count}人可表决，法定{effect.quorum_needed}人"
    en = f"{effect.deal}: {effect.eligible_count} of {effect.member_count} may vote, quorum {effect.quorum_needed}"
    return Text(zh + short.zh, en + short.en).to(language)


def _kind_word(kind: Any, language: Language) -> str:
    return said.INTEREST_KINDS[interest_pb2.InterestKind.Name(kind).removeprefix("INTEREST_KIND_")].to(
        language
    )


def _kind(word: str) -> Any:
    if word.upper() not in said.INTEREST_KINDS:
        listed = ", ".join(said.INTEREST_KINDS).lower()
        raise InvalidArgument.field(
            "KIND", "UNKNOWN_KIND", f"没有类型 {word}，可用：{listed}", f"no kind {word}; use {listed}"
        )
    return interest_pb2.InterestKind.Value(f"INTEREST_KIND_{word.upper()}")
