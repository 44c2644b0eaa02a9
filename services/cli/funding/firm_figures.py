"""`bole firm show|figures|record|withdraw`: a firm as it was known, its figures, more of them, and its end."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp

from bole.funding.v1 import firm_pb2, firm_service_pb2_grpc
from bole.funding.v1 import firm_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.text import Text, in_per_cent

TIMEOUT_SECONDS = 30.0
AMOUNTS = {
    "assets": Text("总资产", "assets"),
    "net_assets": Text("净资产", "net assets"),
    "revenue": Text("营业收入", "revenue"),
    "cost": Text("成本费用", "cost"),
    "rd_cost": Text("研发费用", "R&D cost"),
}
COUNTS = {
    "staff_count": Text("员工人数", "staff"),
    "rd_staff_count": Text("研发人员", "R&D staff"),
    "bachelor_staff_count": Text("本科及以上", "bachelor staff"),
    "invention_count": Text("发明专利", "inventions"),
    "pct_count": Text("PCT申请", "PCT"),
    "utility_model_count": Text("实用新型", "utility models"),
    "software_count": Text("软件著作权", "software"),
    "external_round_count": Text("外部融资轮次", "rounds"),
    "technology_readiness_level": Text("技术成熟度", "TRL"),
}
_FIGURES = (
    Column("as_of", Text("数据日期", "as of")),
    Column("verified", Text("已核验", "verified"), show=tick),
    *(Column(key, header, right=True) for key, header in {**COUNTS, **AMOUNTS}.items()),
    Column("source", Text("来源", "source"), wraps=True),
    Column("recorded", Text("登记时间", "recorded")),
    Column("recorder", Text("登记人", "by")),
    Column("name", Text("编号", "resource"), whole=True),
)
_FACTS = (
    Column("fact", Text("事项", "fact")),
    Column("value", Text("内容", "value"), wraps=True),
)


def stub(session: Session) -> firm_service_pb2_grpc.FirmServiceStub:
    """The firm service."""
    return firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))


def withdraw(session: Session, name: str, reason: str) -> None:
    """Take a firm out of matching and the deal flow."""
    firm = stub(session).GetFirm(service.GetFirmRequest(name=name), timeout=TIMEOUT_SECONDS)
    request = service.WithdrawFirmRequest(name=name, etag=firm.etag, reason=reason, request_id=str(uuid4()))
    stub(session).WithdrawFirm(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已停用", f"{name} is withdrawn"))


def show(session: Session, name: str, known: datetime | None, as_of: date | None) -> None:
    """One firm; `known`: as that instant knew it (naive ones are civil time), with the figures of `as_of`."""
    if known is None and as_of is None:
        firm = stub(session).GetFirm(service.GetFirmRequest(name=name), timeout=TIMEOUT_SECONDS)
    else:
        instant = _instant(known or datetime.now(CIVIL_ZONE))
        request = service.GetFirmAsKnownRequest(name=name, known_time=instant)
        if as_of is not None:
            request.as_of_date.CopyFrom(date_to_wire(as_of))
        answer = stub(session).GetFirmAsKnown(request, timeout=TIMEOUT_SECONDS)
        session.output.say(Text(answer.note.zh, answer.note.en))
        if not answer.HasField("firm"):
            return
        firm = answer.firm
    rows = [{"fact": fact.to(session.language), "value": value} for fact, value in _facts(firm, session)]
    session.output.rows(Text(firm.display_name, firm.display_name), _FACTS, rows)


def figures(session: Session, name: str, filter_: str, limit: int) -> None:
    """Figures on record, the latest day first."""
    request = service.ListFirmSnapshotsRequest(parent=name, filter=filter_, page_size=limit)
    found = stub(session).ListFirmSnapshots(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"{name} 数据快照 {found.total_size}", f"{found.total_size} sets of figures of {name}")
    session.output.rows(title, _FIGURES, [_row(each) for each in found.snapshots])


def record(
    session: Session,
    name: str,
    as_of: date,
    values: Sequence[str],
    *,
    source: str,
    verified: bool,
    check_only: bool,
) -> None:
    """Record figures written as `key=value`; amounts may be written with their unit and are echoed back."""
    snapshot = snapshot_of(session, as_of, values, source=source, verified=verified)
    request = service.AddFirmSnapshotRequest(
        parent=name, snapshot=snapshot, validate_only=check_only, request_id=str(uuid4())
    )
    made = stub(session).AddFirmSnapshot(request, timeout=TIMEOUT_SECONDS)
    session.output.say(
        Text("检查通过，未写入", "nothing is wrong with it; nothing was written")
        if check_only
        else Text(f"已登记 {made.name}", f"recorded as {made.name}")
    )


def snapshot_of(
    session: Session, as_of: date, values: Sequence[str], *, source: str, verified: bool = False
) -> firm_pb2.FirmSnapshot:
    """Figures written as `key=value`; amounts may be written with their unit and are echoed back."""
    snapshot = firm_pb2.FirmSnapshot(as_of_date=date_to_wire(as_of), source=source, verified=verified)
    for key, value in _pairs(values).items():
        if key in AMOUNTS:
            money = parse_amount(value, field=key)
            getattr(snapshot, key).CopyFrom(money_to_wire(money))
            session.output.say(
                Text(
                    f"{AMOUNTS[key].zh}：{value} 读作 {money.display_zh()}（{money.fen} 分）",
                    f"{AMOUNTS[key].en}: {value} is read as {money.display_en()} ({money.fen} fen)",
                )
            )
        else:
            setattr(snapshot, key, _whole(key, value))
    return snapshot


def _pairs(values: Sequence[str]) -> Mapping[str, str]:
    known = {**COUNTS, **AMOUNTS}
    found = {}
    for each in values:
        key, equals, value = each.partition("=")
        if not equals or key not in known:
            listed = "、".join(f"{name}（{text.zh}）" for name, text in known.items())
            raise InvalidArgument.field(
                "figures",
                "UNKNOWN_FIGURE",
                f"“{each}”应写成 指标=数值，指标可选：{listed}",
                f"{each!r} should read figure=value with one of {', '.join(known)}",
            )
        found[key] = value
    return found


def _whole(key: str, value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise InvalidArgument.field(
            key, "BAD_INTEGER", f"“{value}”不是整数", f"{value!r} is not a whole number"
        )
    return int(value)


def _instant(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime((at if at.tzinfo else at.replace(tzinfo=CIVIL_ZONE)).astimezone(UTC))
    return stamp


def moment(text: str, *, field: str) -> datetime:
    """An instant written 2026-06-30 (the end of that day) or 2026-06-30T15:00. Raises InvalidArgument (BAD_DATE)."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise InvalidArgument.field(
                field,
                "BAD_DATE",
                f"“{text[:40]}”应写成 2026-06-30 或 2026-06-30T15:00",
                f"{text[:40]!r} should read 2026-06-30 or 2026-06-30T15:00",
            ) from error
    return datetime.combine(day, time.max)


def _facts(firm: firm_pb2.Firm, session: Session) -> list[tuple[Text, Any]]:
    language = session.language
    shown: list[tuple[Text, Any]] = [
        (Text("统一社会信用代码", "credit code"), firm.uscc),
        (Text("城市", "city"), wording.city(firm.city_code, language)),
        (Text("阶段", "stage"), wording.stage(firm_pb2.FirmStage.Name(firm.stage), language)),
        (
            Text("方向", "directions"),
            [
                f"{wording.direction(s.code, language)} {in_per_cent(s.permille)}"
                for s in firm.direction_shares
            ],
        ),
        (Text("核心技术", "technology"), firm.technology),
        (Text("产品与应用", "product"), firm.product),
    ]
    if firm.HasField("sought_amount"):
        shown.append((Text("融资需求", "amount sought"), money_from_wire(firm.sought_amount).display_zh()))
    if firm.HasField("snapshot"):
        row = _row(firm.snapshot)
        columns = {"as_of": _FIGURES[0].header, **COUNTS, **AMOUNTS}
        shown += [(header, row[key]) for key, header in columns.items() if row[key] is not None]
    return [*shown, (Text("数据来源", "origin"), wording.origin(firm.origin))]


def _row(figures: firm_pb2.FirmSnapshot) -> dict[str, Any]:
    stamp = figures.record_time
    return {
        "as_of": date_from_wire(figures.as_of_date).isoformat(),
        "verified": figures.verified,
        **{key: getattr(figures, key) if figures.HasField(key) else None for key in COUNTS},
        **{
            key: money_from_wire(getattr(figures, key)).display_zh() if figures.HasField(key) else None
            for key in AMOUNTS
        },
        "source": figures.source,
        "recorded": wording.minute(stamp) if figures.HasField("record_time") else "",
        "recorder": figures.recorder,
        "name": figures.name,
    }
