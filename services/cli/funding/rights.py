"""`bole ip list|add|pledges|pledge|move`: rights of firms and pledges of them."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from bole.funding.v1 import intellectual_property_pb2 as records
from bole.funding.v1 import intellectual_property_service_pb2 as service
from bole.funding.v1 import intellectual_property_service_pb2_grpc
from services.chassis.rpc.wire import date_from_wire, money_from_wire, money_to_wire
from services.cli.answers.columns import Column
from services.cli.answers.dates import wire_day
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.text import Language, Text
from services.wording.rights import KINDS, OWNERSHIPS

TIMEOUT_SECONDS = 30.0
_STATES = {
    "STATE_DRAFT": Text("拟质押", "draft"),
    "STATE_REGISTERED": Text("已登记", "registered"),
    "STATE_RELEASED": Text("已解除", "released"),
    "STATE_ENFORCED": Text("已实现质权", "enforced"),
    "STATE_EXPIRED": Text("已到期", "expired"),
}
RIGHTS = (
    Column("title", Text("名称", "title"), wraps=True),
    Column("kind", Text("类型", "kind")),
    Column("number", Text("编号", "number")),
    Column("expires", Text("到期", "ends")),
    Column("standing", Text("状态", "standing")),
    Column("ownership", Text("权属", "whose it is")),
    Column("id", Text("资源", "resource"), whole=True),
)
_PLEDGES = (
    Column("pledgee", Text("质权人", "pledgee"), wraps=True),
    Column("state", Text("状态", "state")),
    Column("rank", Text("顺位", "rank"), right=True),
    Column("secured", Text("担保金额", "secured"), right=True, show=Money.rounded),
    Column("valuation", Text("评估价值", "valuation"), right=True, show=Money.rounded),
    Column("basis", Text("评估依据", "valued by"), wraps=True),
    Column("ends", Text("到期", "ends")),
    Column("rights", Text("权利数", "rights"), right=True),
    Column("id", Text("资源", "resource"), whole=True),
)


def show_rights(session: Session, firm: str) -> None:
    """Rights of a firm."""
    found = stub(session).ListIpRights(service.ListIpRightsRequest(parent=firm), timeout=TIMEOUT_SECONDS)
    rows = [right_row(each, session.language) for each in found.ip_rights]
    session.output.rows(Text("知识产权", "rights"), RIGHTS, rows)


def right_row(right: records.IpRight, language: Language) -> dict[str, Any]:
    """One right as a row of `RIGHTS`."""
    if right.state == records.IpRight.STATE_LAPSED:
        standing = Text("已失效", "lapsed")
    elif right.pledged_ranks:
        ranks = ", ".join(str(rank) for rank in right.pledged_ranks)
        standing = Text(f"已质押（第{ranks}顺位）", f"pledged (rank {ranks})")
    else:
        standing = Text("未质押", "free")
    return {
        "title": right.title,
        "kind": KINDS[records.IpRight.Kind.Name(right.kind)].to(language),
        "number": right.number,
        "expires": date_from_wire(right.expire_date).isoformat(),
        "standing": standing.to(language),
        "ownership": OWNERSHIPS[records.IpRight.Ownership.Name(right.ownership)].to(language),
        "id": right.name,
    }


def add(
    session: Session, firm: str, kind: str, number: str, title: str, granted: str, expires: str, document: str
) -> None:
    """Record a right."""
    request = service.CreateIpRightRequest(
        parent=firm,
        ip_right=records.IpRight(
            kind=_code(kind),
            number=number,
            title=title,
            grant_date=wire_day(granted, "--granted"),
            expire_date=wire_day(expires, "--expires"),
            document=document,
        ),
        request_id=str(uuid4()),
    )
    made = stub(session).CreateIpRight(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记 {made.name}", f"recorded {made.name}"))


def state_ownership(session: Session, name: str, ownership: str, document: str) -> None:
    """Put down whose a right is. Raises InvalidArgument for an unknown word."""
    code = f"OWNERSHIP_{ownership.strip().upper()}"
    if code not in OWNERSHIPS or code == "OWNERSHIP_UNSPECIFIED":
        known = "、".join(each.removeprefix("OWNERSHIP_") for each in list(OWNERSHIPS)[1:])
        raise InvalidArgument.field("ownership", "UNKNOWN_OWNERSHIP", f"可用：{known}", f"use one of {known}")
    get = service.GetIpRightRequest(name=name)
    request = service.StateIpOwnershipRequest(
        name=name,
        etag=stub(session).GetIpRight(get, timeout=TIMEOUT_SECONDS).etag,
        ownership=code,
        document=document,
        request_id=str(uuid4()),
    )
    made = stub(session).StateIpOwnership(request, timeout=TIMEOUT_SECONDS)
    session.output.rows(Text("知识产权", "rights"), RIGHTS, [right_row(made, session.language)])


def show_pledges(session: Session, firm: str) -> None:
    """Pledges of a firm."""
    found = stub(session).ListPledges(service.ListPledgesRequest(parent=firm), timeout=TIMEOUT_SECONDS)
    rows = [_pledge_row(each, session.language) for each in found.pledges]
    session.output.rows(Text("质押", "pledges"), _PLEDGES, rows)


def draft(
    session: Session,
    rights: Sequence[str],
    pledgee: str,
    secured: str,
    starts: str,
    ends: str,
    document: str,
    rank: int,
    valuation: str,
    basis: str,
) -> None:
    """Draft a pledge of rights of one firm."""
    request = service.CreatePledgeRequest(
        parent=rights[0].rpartition("/ipRights/")[0],
        pledge=records.Pledge(
            ip_rights=rights,
            rank=rank,
            pledgee=pledgee,
            secured=money_to_wire(parse_amount(secured, field="--secured")),
            valuation=money_to_wire(parse_amount(valuation, field="--valuation")) if valuation else None,
            valuation_basis=basis,
            start_date=wire_day(starts, "--starts"),
            end_date=wire_day(ends, "--ends"),
        ),
        document=document,
        request_id=str(uuid4()),
    )
    made = stub(session).CreatePledge(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已拟定 {made.name}", f"drafted {made.name}"))


def move(session: Session, name: str, step: str, on: str, document: str, number: str) -> None:
    """Take a step of a pledge."""
    verbs = ("REGISTER", "RELEASE", "ENFORCE", "EXPIRE")
    if step.upper() not in verbs:
        listed = ", ".join(verbs)
        raise InvalidArgument.field(
            "STEP", "UNKNOWN_ACTION", f"没有操作 {step}，可用：{listed}", f"no step {step}; use {listed}"
        )
    now = stub(session).GetPledge(service.GetPledgeRequest(name=name), timeout=TIMEOUT_SECONDS)
    rpc = f"{step.title()}Pledge"
    request = getattr(service, f"{rpc}Request")(
        name=name,
        etag=now.etag,
        effective_date=wire_day(on, "--on"),
        document=document,
        request_id=str(uuid4()),
    )
    if rpc == "RegisterPledge":
        request.registration_number = number
    moved = getattr(stub(session), rpc)(request, timeout=TIMEOUT_SECONDS)
    state = _STATES[records.Pledge.State.Name(moved.state)]
    session.output.say(Text(f"{name}：{state.zh}", f"{name}: {state.en}"))


def stub(session: Session) -> intellectual_property_service_pb2_grpc.IntellectualPropertyServiceStub:
    """The service of rights and pledges."""
    channel = session.channel("funding")
    return intellectual_property_service_pb2_grpc.IntellectualPropertyServiceStub(channel)


def _pledge_row(pledge: records.Pledge, language: Language) -> dict[str, Any]:
    return {
        "pledgee": pledge.pledgee,
        "state": _STATES[records.Pledge.State.Name(pledge.state)].to(language),
        "rank": pledge.rank,
        "secured": money_from_wire(pledge.secured),
        "valuation": money_from_wire(pledge.valuation) if pledge.HasField("valuation") else None,
        "basis": pledge.valuation_basis,
        "ends": date_from_wire(pledge.end_date).isoformat(),
        "rights": len(pledge.ip_rights),
        "id": pledge.name,
    }


def _code(kind: str) -> str:
    code = f"KIND_{kind.upper()}"
    if code not in KINDS:
        listed = ", ".join(each.removeprefix("KIND_") for each in KINDS)
        raise InvalidArgument.field(
            "KIND", "UNKNOWN_CODE", f"没有类型 {kind}，可用：{listed}", f"no kind {kind}; use {listed}"
        )
    return code
