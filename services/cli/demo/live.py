"""The live part: a partner subscribes, a person and a firm are registered, their matches arrive, and leave."""

import time
from datetime import date
from uuid import uuid4

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.funding.v1 import firm_pb2, firm_service_pb2, firm_service_pb2_grpc
from bole.matcher.v1 import match_event_pb2
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2, position_pb2
from services.chassis.rpc.wire import date_to_wire
from services.cli import wording
from services.cli.demo.answers import open_position
from services.cli.demo.facts import Facts
from services.cli.output import Column
from services.cli.session import Session
from services.cli.stream import Arrival, Subscriber
from services.kernel.text import Text
from services.kernel.uscc import check_character

Type = match_event_pb2.MatchEvent.Type
WAIT_SECONDS = 20.0
_QUIET_SECONDS = 1.0
_SHOWN = 8
_COLUMNS = (
    Column("sequence", Text("序号", "sequence"), right=True),
    Column("previous", Text("上一序号", "previous"), right=True),
    Column("type", Text("变化", "change")),
    Column("kind", Text("类型", "kind")),
    Column("candidate", Text("候选（化名）", "candidate (pseudonym)")),
    Column("probability", Text("概率*", "probability*"), right=True),
    Column("latency", Text("延迟", "latency"), right=True),
)


class NotSeen(Exception):
    """Something that should have arrived did not."""


def run(facts: Facts, officer: Session, manager: Session, partner: Session) -> str:
    """Register, watch, withdraw. Raises NotSeen when an event does not arrive in time."""
    subscriber = Subscriber(partner)
    subscriber.connect()
    position = open_position(officer)
    if position is None:
        return "no open position: nothing to watch"
    try:
        person = _register_person(officer, position)
        joined = _await(subscriber, Type.TYPE_CREATED, "person-position", 0)
        _settle(subscriber)
        subscriber.cut()
        _register_firm(manager, position)
        subscriber.connect()
        _await(subscriber, Type.TYPE_CREATED, "firm-", 0)
        _settle(subscriber)
        before = len(subscriber.arrivals)
        _withdraw(officer, person)
        _await(subscriber, Type.TYPE_WITHDRAWN, "person-", before)
        _settle(subscriber)
        left = _still_listed(subscriber.arrivals, joined.event.candidate)
    finally:
        subscriber.cut()
    _show(partner, subscriber.arrivals)
    _record(facts, subscriber)
    if subscriber.gaps() or subscriber.duplicates():
        raise NotSeen(f"{subscriber.gaps()} gaps and {subscriber.duplicates()} duplicates in the stream")
    if left:
        raise NotSeen(f"{left} matches of the withdrawn person are still listed")
    return f"{len(subscriber.arrivals)} events"


def _await(subscriber: Subscriber, type_: int, kind: str, start: int) -> Arrival:
    def found() -> Arrival | None:
        late = subscriber.arrivals[start:]
        return next((a for a in late if a.event.type == type_ and a.event.kind.startswith(kind)), None)

    subscriber.wait(lambda: found() is not None, WAIT_SECONDS)
    arrival = found()
    if arrival is None:
        raise NotSeen(f"no {Type.Name(type_)} event of {kind}* within {WAIT_SECONDS:.0f} s")
    return arrival


def _settle(subscriber: Subscriber) -> None:
    """Wait until nothing has come for a second: the events of one change come in one burst."""
    seen = -1
    while seen != len(subscriber.arrivals):
        seen = len(subscriber.arrivals)
        subscriber.wait_for_more(seen, _QUIET_SECONDS)


def _still_listed(arrivals: list[Arrival], candidate: str) -> int:
    listed: set[tuple[str, str]] = set()
    for arrival in arrivals:
        event = arrival.event
        if candidate in (event.candidate, event.anchor):
            pair = (event.kind, event.anchor + event.candidate)
            if event.type == Type.TYPE_WITHDRAWN:
                listed.discard(pair)
            else:
                listed.add(pair)
    return len(listed)


def _register_person(officer: Session, position: position_pb2.Position) -> person_pb2.Person:
    stub = library_service_pb2_grpc.LibraryServiceStub(officer.channel("talent"))
    person = person_pb2.Person(
        source_ref=f"DEMO-{uuid4()}",
        display_name="演示人",
        category_code=position.category_code,
        city_code=position.city_code,
        availability=person_pb2.AVAILABILITY_NOW,
        direction_shares=[direction_share_pb2.DirectionShare(code=position.direction_code, permille=1000)],
        job_title=position.title,
        profile=f"演示数据。{position.requirement}",
        observed_date=date_to_wire(date.today()),  # noqa: DTZ011 (the reader's own civil date)
        purposes=[
            person_pb2.CONSENT_PURPOSE_MATCH_POSITION,
            person_pb2.CONSENT_PURPOSE_MATCH_FIRM,
            person_pb2.CONSENT_PURPOSE_STATISTICS,
        ],
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
    )
    return stub.CreatePerson(
        library_service_pb2.CreatePersonRequest(person=person, request_id=str(uuid4())), timeout=15
    )


def _withdraw(officer: Session, person: person_pb2.Person) -> None:
    stub = library_service_pb2_grpc.LibraryServiceStub(officer.channel("talent"))
    stub.WithdrawPerson(
        library_service_pb2.WithdrawPersonRequest(
            name=person.name, etag=person.etag, reason="演示：本人撤回同意", request_id=str(uuid4())
        ),
        timeout=15,
    )


def _register_firm(manager: Session, position: position_pb2.Position) -> firm_pb2.Firm:
    stub = firm_service_pb2_grpc.FirmServiceStub(manager.channel("funding"))
    today = date.today()  # noqa: DTZ011 (the reader's own civil date)
    first = f"91320000DEM0{time.time_ns() % 100_000:05d}"
    firm = firm_pb2.Firm(
        uscc=first + check_character(first),
        display_name="演示新注册企业（演示）",
        city_code=position.city_code,
        direction_shares=[direction_share_pb2.DirectionShare(code=position.direction_code, permille=1000)],
        founded_date=date_to_wire(today.replace(year=today.year - 1, day=1)),
        stage=firm_pb2.FIRM_STAGE_SEED,
        technology=f"演示数据。{position.requirement}",
        product=wording.direction(position.direction_code, "zh"),
        snapshot=firm_pb2.FirmSnapshot(as_of_date=date_to_wire(today)),
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
    )
    return stub.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=firm, request_id=str(uuid4())), timeout=15)


def _show(partner: Session, arrivals: list[Arrival]) -> None:
    shown = arrivals if len(arrivals) <= 2 * _SHOWN else [*arrivals[:_SHOWN], *arrivals[-_SHOWN:]]
    rows = [
        {
            "sequence": arrival.event.sequence,
            "previous": arrival.event.previous_sequence,
            "type": wording.EVENT_TYPES[Type.Name(arrival.event.type)].to(partner.language),
            "kind": wording.KINDS[arrival.event.kind].to(partner.language),
            "candidate": arrival.event.candidate[:28],
            "probability": f"{arrival.event.probability:.2f}",
            "latency": f"{arrival.latency_ms:.0f} ms",
        }
        for arrival in shown
    ]
    partner.output.rows(
        Text(
            f"匹配事件流（共 {len(arrivals)} 条，显示首尾）",
            f"the match stream ({len(arrivals)} events, first and last)",
        ),
        _COLUMNS,
        rows,
    )


def _record(facts: Facts, subscriber: Subscriber) -> None:
    facts.stream = {
        "events": [
            {
                "sequence": arrival.event.sequence,
                "previous_sequence": arrival.event.previous_sequence,
                "type": Type.Name(arrival.event.type).removeprefix("TYPE_"),
                "kind": arrival.event.kind,
                "latency_ms": round(arrival.latency_ms, 1),
            }
            for arrival in subscriber.arrivals
        ],
        "gaps": subscriber.gaps(),
        "duplicates": subscriber.duplicates(),
    }
