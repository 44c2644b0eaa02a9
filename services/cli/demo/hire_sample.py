"""The starts of a year ago in the sample, by which the year-on part of a report has something to tell."""

from datetime import date

from bole.talent.v1 import position_pb2
from bole.talent.v1 import position_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire
from services.cli.answers import wording
from services.cli.demo import sample_people
from services.cli.session import Session
from services.cli.talent.positions import stub
from services.kernel.text import Text, counted
from services.sample.hires import SampleHire, hires

_ORIGIN = "DATA_ORIGIN_SYNTHETIC"


def send(session: Session, profile: str, today: date) -> Text:
    """Publish the positions, record who started in them, and say how many did."""
    planned = hires(sample_people.rows(profile), today)
    people, made = sample_people.names_of(session, [each.person for each in planned]), 0
    for each in planned:
        if each.person in people:
            _start(session, each, people[each.person])
            made += 1
    return Text(
        f"一年前到岗的演示数据：{made} 人",
        f"sample of starts a year ago: {counted(made, 'person', 'people')}",
    )


def _start(session: Session, hire: SampleHire, person: str) -> None:
    known = wording.catalogue()
    position = position_pb2.Position(
        source_ref=hire.ref,
        title=hire.title,
        employer=hire.employer,
        city_code=known.resolve_city(hire.city),
        direction_code=known.resolve_direction(hire.direction),
        category_code=known.resolve_category(hire.category),
        headcount=1,
        opened_date=date_to_wire(hire.opened),
        origin=_ORIGIN,
    )
    made = stub(session).CreatePosition(service.CreatePositionRequest(position=position))
    outcome = position_pb2.PositionOutcome(
        kind=position_pb2.PositionOutcome.KIND_FILLED_FROM_LIBRARY,
        headcount=1,
        person=person,
        outcome_date=date_to_wire(hire.day),
    )
    request = service.CreatePositionOutcomeRequest(parent=made.name, outcome=outcome, etag=made.etag)
    stub(session).CreatePositionOutcome(request)
