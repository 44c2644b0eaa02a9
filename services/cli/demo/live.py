"""The live part: a partner subscribes, a person and a firm are registered, their matches arrive, and leave."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.funding.v1 import firm_pb2, firm_service_pb2, firm_service_pb2_grpc
from bole.matcher.v1 import match_event_pb2
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2, position_pb2
from services.chassis.rpc.wire import date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, number, probability
from services.cli.demo import judging
from services.cli.demo.answers import open_position
from services.cli.demo.facts import Facts
from services.cli.matcher.stream import Arrival, Subscriber
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.text import Text
from services.kernel.uscc import check_character
from services.wording import codes

Type = match_event_pb2.MatchEvent.Type
WAIT_SECONDS = 60.0
_QUIET_SECONDS = 1.0
_SHOWN = 4
_TAIL, _LEAST_ID = 6, 20
"""Characters of an id: its first ones are the time, and the same for all that came together."""
_COLUMNS = (
    Column("cause", Text("起因", "cause")),
    Column("sequence", Text("序号", "no."), right=True),
    Column("previous", Text("上一序号", "after"), right=True),
    Column("type", Text("变化", "change")),
    Column("kind", Text("类型", "kind")),
    Column("anchor", Text("对象", "anchor")),
    Column("candidate", Text("候选（人为化名）", "candidate")),
)
_LATENCY = Column("latency", Text("毫秒", "ms"), right=True, show=number(0))


def run(facts: Facts, officer: Session, manager: Session, partner: Session) -> Text:
    """Register, watch, be cut off, withdraw. Raises NotAsItShouldBe when an event does not arrive in time."""
    position = open_position(officer)
    if position is None:
        return Text("数据中没有在招岗位，跳过", "the data hold no open position: skipped")
    subscriber = Subscriber(partner)
    phases: list[Phase] = []
    try:
        subscriber.connect()
        person = _register_person(officer, position)
        joined = _await(subscriber, Type.TYPE_CREATED, "person-position", 0)
        _settle(subscriber)
        phases.append(Phase(Text("登记人才", "person joins"), 0, len(subscriber.arrivals)))
        subscriber.cut()
        _register_firm(manager, position)
        subscriber.connect()
        start = phases[-1].end
        _await(subscriber, Type.TYPE_CREATED, "firm-", start)
        _settle(subscriber)
        phases.append(
            Phase(Text("断线后登记企业", "firm joins after a cut"), start, len(subscriber.arrivals))
        )
        start = len(subscriber.arrivals)
        _withdraw(officer, person)
        _await(subscriber, Type.TYPE_WITHDRAWN, "person-", start)
        _settle(subscriber)
        phases.append(Phase(Text("撤回人才", "person leaves"), start, len(subscriber.arrivals)))
    finally:
        subscriber.cut()
    subject = joined.event.candidate
    _show(partner, subscriber.arrivals, phases, subject)
    _record(facts, subscriber)
    judging.stream(facts.stream)
    left = still_listed(subscriber.arrivals, subject)
    judging.demand(
        not left,
        f"撤回后仍有 {left} 条匹配未撤下",
        f"{left} matches of the withdrawn person are still listed",
    )
    return _note(subscriber.arrivals)


@dataclass(frozen=True, slots=True)
class Phase:
    """What caused the arrivals from `start` to before `end`."""

    cause: Text
    start: int
    end: int


def _note(arrivals: list[Arrival]) -> Text:
    middle = median(each.latency_ms for each in arrivals)
    return Text(
        f"{len(arrivals)} 条事件，无缺口无重复，延迟中位数 {middle:.0f} 毫秒",
        f"{len(arrivals)} events, no gap, no duplicate, median latency {middle:.0f} ms",
    )


def _await(subscriber: Subscriber, type_: int, kind: str, start: int) -> Arrival:
    def found() -> Arrival | None:
        late = subscriber.arrivals[start:]
        return next((a for a in late if a.event.type == type_ and a.event.kind.startswith(kind)), None)

    subscriber.wait(lambda: found() is not None, WAIT_SECONDS)
    arrival = found()
    if arrival is None:
        named = Type.Name(type_)
        raise judging.NotAsItShouldBe(
            f"{WAIT_SECONDS:.0f} 秒内没有收到 {kind}* 的 {named} 事件",
            f"no {named} event of {kind}* within {WAIT_SECONDS:.0f} s",
        )
    return arrival


def _settle(subscriber: Subscriber) -> None:
    """Wait until nothing has come for a second: the events of one change come in one burst."""
    seen = -1
    while seen != len(subscriber.arrivals):
        seen = len(subscriber.arrivals)
        subscriber.wait_for_more(seen, _QUIET_SECONDS)


def still_listed(arrivals: Sequence[Arrival], candidate: str) -> int:
    """Lists that hold the candidate after all arrivals, on either side of a pair."""
    listed: set[tuple[str, str]] = set()
    for arrival in arrivals:
        event = arrival.event
        if candidate in (event.candidate, event.anchor):
            pair = (f"{event.kind} {event.anchor}", event.candidate)
            if event.type == Type.TYPE_ERASED:
                listed.clear()
            elif event.type == Type.TYPE_WITHDRAWN:
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
        observed_date=date_to_wire(civil_date(datetime.now(UTC))),
        purposes=[
            person_pb2.CONSENT_PURPOSE_MATCH_POSITION,
            person_pb2.CONSENT_PURPOSE_MATCH_FIRM,
            person_pb2.CONSENT_PURPOSE_STATISTICS,
        ],
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
    )
    return stub.CreatePerson(
        library_service_pb2.CreatePersonRequest(person=person, request_id=str(uuid4())), timeout=30
    )


def _withdraw(officer: Session, person: person_pb2.Person) -> None:
    stub = library_service_pb2_grpc.LibraryServiceStub(officer.channel("talent"))
    stub.WithdrawPerson(
        library_service_pb2.WithdrawPersonRequest(
            name=person.name, etag=person.etag, reason="演示：本人撤回同意", request_id=str(uuid4())
        ),
        timeout=30,
    )


def _register_firm(manager: Session, position: position_pb2.Position) -> firm_pb2.Firm:
    stub = firm_service_pb2_grpc.FirmServiceStub(manager.channel("funding"))
    today = civil_date(datetime.now(UTC))
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
    return stub.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=firm, request_id=str(uuid4())), timeout=30)


def _show(partner: Session, arrivals: list[Arrival], phases: list[Phase], subject: str) -> None:
    rows = [
        {"cause": phase.cause.to(partner.language), **_row(arrival, partner), "origin": "SYNTHETIC"}
        for phase in phases
        for arrival in _telling(arrivals[phase.start : phase.end], subject)
    ]
    chances = probability(calibrated=all(each.event.calibrated for each in arrivals))
    partner.output.rows(
        Text(
            f"匹配事件流（共 {len(arrivals)} 条，每次变化显示前 {_SHOWN} 条）",
            f"the match stream ({len(arrivals)} events, the first {_SHOWN} of each change)",
        ),
        (*_COLUMNS, chances, _LATENCY),
        rows,
    )


def _telling(arrivals: list[Arrival], subject: str) -> list[Arrival]:
    """The first few; those of the person in question or of a firm before those that they pushed aside."""
    direct = [each for each in arrivals if each.event.candidate == subject or "firm-" in each.event.kind]
    chosen = (direct or arrivals)[:_SHOWN]
    return sorted(chosen, key=lambda each: each.event.sequence)


def _row(arrival: Arrival, partner: Session) -> dict[str, object]:
    event = arrival.event
    return {
        "sequence": event.sequence,
        "previous": event.previous_sequence,
        "type": codes.EVENT_TYPES[Type.Name(event.type)].to(partner.language),
        "kind": codes.KINDS[event.kind].to(partner.language) if event.kind else "",
        "anchor": shortened(event.anchor),
        "candidate": shortened(event.candidate),
        "probability": event.probability,
        "latency": arrival.latency_ms,
    }


def shortened(name: str) -> str:
    """A resource name by the end of its id; with a code of the catalogue, which is shorter or in words, as it is."""
    collection, _, id_ = name.partition("/")
    return f"{collection}/…{id_[-_TAIL:]}" if len(id_) >= _LEAST_ID and "-" not in id_ else name


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
