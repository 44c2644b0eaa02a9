"""`bole firm people|set-people|duplicates|merge|split`: who is behind firms, and records that are one firm."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from bole.funding.v1 import firm_identity_service_pb2 as wire
from bole.funding.v1 import firm_identity_service_pb2_grpc, firm_pb2, firm_service_pb2_grpc
from bole.funding.v1 import firm_service_pb2 as firms
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text, counted

TIMEOUT_SECONDS = 60.0
PARTS = {
    "PART_LEGAL_REPRESENTATIVE": Text("法定代表人", "legal representative"),
    "PART_DIRECTOR": Text("董事", "director"),
    "PART_SUPERVISOR": Text("监事", "supervisor"),
    "PART_MANAGER": Text("高级管理人员", "manager"),
    "PART_SHAREHOLDER": Text("股东", "shareholder"),
    "PART_BENEFICIAL_OWNER": Text("实际控制人", "beneficial owner"),
}
_PEOPLE = (
    Column("part", Text("职务或身份", "part")),
    Column("name", Text("姓名或名称", "name")),
    Column("share", Text("持股", "share"), right=True),
)
_PAIRS = (
    Column("points", Text("分", "points"), right=True),
    Column("likely", Text("很可能", "likely"), show=tick),
    Column("one", Text("企业", "firm"), wraps=True),
    Column("other", Text("可能重复的企业", "may be"), wraps=True),
    Column("signs", Text("依据", "because"), wraps=True),
)


def stub(session: Session) -> firm_identity_service_pb2_grpc.FirmIdentityServiceStub:
    """The service."""
    return firm_identity_service_pb2_grpc.FirmIdentityServiceStub(session.channel("funding"))


def show_people(session: Session, name: str) -> None:
    """Who is behind a firm."""
    request = wire.ListFirmPeopleRequest(parent=name)
    people = stub(session).ListFirmPeople(request, timeout=TIMEOUT_SECONDS).people
    rows = [
        {
            "part": PARTS[wire.FirmPerson.Part.Name(each.part)].to(session.language),
            "name": each.display_name,
            "share": f"{each.share_ppm / 10_000:g}%" if each.HasField("share_ppm") else None,
        }
        for each in people
    ]
    session.output.rows(Text(f"{name} 的人员", f"people behind {name}"), _PEOPLE, rows)


def set_people(session: Session, name: str, people: Sequence[str]) -> None:
    """State them all, written `part=name` or `股东=name=40%`. Raises InvalidArgument (BAD_PERSON)."""
    request = wire.SetFirmPeopleRequest(
        name=name,
        etag=_get(session, name).etag,
        people=[_person(each) for each in people],
        request_id=str(uuid4()),
    )
    count = stub(session).SetFirmPeople(request, timeout=TIMEOUT_SECONDS).people_count
    session.output.say(Text(f"{name}：已登记 {count} 人", f"{name}: {count} people are on record"))


def forget(session: Session, name: str, reason: str) -> None:
    """Take somebody's name off the lists of all firms."""
    request = wire.ForgetFirmPersonRequest(display_name=name, reason=reason, request_id=str(uuid4()))
    count = stub(session).ForgetFirmPerson(request, timeout=TIMEOUT_SECONDS).firm_count
    session.output.say(
        Text(f"已从 {count} 家企业的人员中删除", f"taken off the lists of {counted(count, 'firm')}")
    )


def show_duplicates(session: Session, name: str, limit: int) -> None:
    """Records that may be one firm."""
    request = wire.ListFirmDuplicatesRequest(parent=name, page_size=min(limit, 500))
    found = stub(session).ListFirmDuplicates(request, timeout=TIMEOUT_SECONDS)
    pairs, page = list(found.duplicates), found
    while page.next_page_token and len(pairs) < limit:
        request.page_token = page.next_page_token
        page = stub(session).ListFirmDuplicates(request, timeout=TIMEOUT_SECONDS)
        pairs.extend(page.duplicates)
    rows = [
        {
            "points": each.points,
            "likely": each.likely,
            "one": _label(each.one, session),
            "other": _label(each.other, session),
            "signs": [wording.say(sign.text, session.language) for sign in each.signs],
        }
        for each in pairs[:limit]
    ]
    title = Text(
        f"可能重复的企业 {found.total_size} 对", f"{counted(found.total_size, 'pair')} that may be one firm"
    )
    session.output.rows(title, _PAIRS, rows)
    if not found.people_compared:
        session.output.say(
            Text(
                "未比较人员姓名；需要时请注明 --purpose due-diligence",
                "names of people were not compared; state --purpose due-diligence for that",
            )
        )


def merge(session: Session, duplicate: str, survivor: str, reason: str) -> None:
    """Let one record stand for another firm."""
    request = wire.MergeFirmsRequest(
        duplicate=duplicate,
        duplicate_etag=_get(session, duplicate).etag,
        survivor=survivor,
        reason=reason,
        request_id=str(uuid4()),
    )
    stub(session).MergeFirms(request, timeout=TIMEOUT_SECONDS)
    session.output.say(
        Text(
            f"{duplicate} 已并入 {survivor}；撤销：bole firm split {duplicate}",
            f"{duplicate} is merged into {survivor}; back again: bole firm split {duplicate}",
        )
    )


def split(session: Session, name: str, reason: str) -> None:
    """Take a merge back."""
    request = wire.SplitFirmRequest(
        name=name, etag=_get(session, name).etag, reason=reason, request_id=str(uuid4())
    )
    stub(session).SplitFirm(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已恢复为独立企业", f"{name} stands for itself again"))


def _get(session: Session, name: str) -> firm_pb2.Firm:
    reading = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    return reading.GetFirm(firms.GetFirmRequest(name=name), timeout=TIMEOUT_SECONDS)


def _label(firm: firm_pb2.Firm, session: Session) -> Any:
    return f"{firm.display_name} {firm.uscc} {wording.city(firm.city_code, session.language)} {firm.name}"


def _person(text: str) -> wire.FirmPerson:
    part, _, rest = text.partition("=")
    name, _, share = rest.partition("=")
    codes = {words: code for code, text_ in PARTS.items() for words in (text_.zh, text_.en, code)}
    number = share.removesuffix("%")
    known = part in codes and name and (not share or number.replace(".", "", 1).isdigit())
    if not known:
        listed = "、".join(text_.zh for text_ in PARTS.values())
        raise InvalidArgument.field(
            "PEOPLE",
            "BAD_PERSON",
            f"“{text[:40]}”应写成 身份=姓名 或 股东=名称=40%，身份可选：{listed}",
            f"{text[:40]!r} should read part=name or shareholder=name=40%",
        )
    made = wire.FirmPerson(part=codes[part], display_name=name)
    if share:
        whole, _, digits = number.partition(".")
        made.share_ppm = int(whole) * 10_000 + int((digits + "0000")[:4])
    return made
