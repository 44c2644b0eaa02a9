"""PartnerTopicService through an installation: opened by the administrator, seen by its partner, told by itself."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bole.matcher.v1 import match_event_pb2, partner_pb2, partner_service_pb2
from bole.matcher.v1 import partner_topic_service_pb2 as wire
from bole.matcher.v1.partner_service_pb2_grpc import PartnerServiceStub
from bole.matcher.v1.partner_topic_service_pb2_grpc import PartnerTopicServiceStub
from services.chassis.comments import load_comments
from services.chassis.identity.identity import Grant
from services.chassis.log.log import open_log
from services.cli.answers.output import Format, Output
from services.cli.matcher import partner_topics
from services.cli.session import Session
from services.console.gateway.asyncapi import described_topics
from tests.contract.installation import OFFICER, Installation, refused, staff_token

ADMIN = Grant("admin")


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        yield PartnerTopicServiceStub(channel)


@pytest.fixture
def partner(whole: Installation) -> tuple[str, str]:
    """A partner of this test's own, and a key that it has."""
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        to = PartnerServiceStub(channel)
        stated = partner_pb2.Partner(title=f"合作方 {uuid4()}")
        name = to.CreatePartner(partner_service_pb2.CreatePartnerRequest(partner=stated)).name
        made = to.CreatePartnerKey(partner_service_pb2.CreatePartnerKeyRequest(parent=name))
    return name, made.secret


def test_what_is_opened_is_told_at_once_and_its_partner_sees_how_far(
    whole: Installation, stub: Any, partner: tuple[str, str]
) -> None:
    name, key = partner
    attempt = wire.CreatePartnerTopicRequest(parent=name, from_start=True, request_id=str(uuid4()))
    made = stub.CreatePartnerTopic(attempt)
    assert stub.CreatePartnerTopic(attempt) == made
    assert made.topic == f"bole.partner.{name.removeprefix('partners/')}.matches.v1"
    with whole.channel("matcher", key=key) as channel:
        own = PartnerTopicServiceStub(channel)
        asked = wire.GetPartnerTopicRequest(name="partners/me/topic")
        assert whole.until(lambda: own.GetPartnerTopic(asked).position)
        seen = own.GetPartnerTopic(asked)
    assert (seen.name, seen.topic) == (f"{name}/topic", made.topic)
    log = open_log(whole.settings.log_url)
    records = log.read(made.topic, 0, 10)
    log.close()
    message = described_topics(load_comments())["components"]["messages"]["MatchEvent"]["name"]
    assert {each.headers["ce_dataschema"] for each in records} == {message}
    first = match_event_pb2.MatchEvent.FromString(records[0].value or b"")
    assert (first.sequence, first.previous_sequence) == (1, 0)


def test_a_topic_is_opened_once_and_closed_once(stub: Any, partner: tuple[str, str]) -> None:
    name, _ = partner
    opening = wire.CreatePartnerTopicRequest(parent=name)
    stub.CreatePartnerTopic(opening)
    assert refused(stub.CreatePartnerTopic, opening).reason == "TOPIC_OPEN"
    closing = wire.DeletePartnerTopicRequest(name=f"{name}/topic")
    stub.DeletePartnerTopic(closing)
    assert refused(stub.DeletePartnerTopic, closing).code == "NOT_FOUND"
    gone = wire.GetPartnerTopicRequest(name=f"{name}/topic")
    assert refused(stub.GetPartnerTopic, gone).code == "NOT_FOUND"


def test_names_of_another_form_and_of_nobody_are_refused(stub: Any) -> None:
    for wrong in ("partners", "partners/a/topics", "persons/a/topic", "topic", "partners//topic"):
        assert (
            refused(stub.GetPartnerTopic, wire.GetPartnerTopicRequest(name=wrong)).code == "INVALID_ARGUMENT"
        )
    nobody = f"partners/{uuid4()}"
    assert refused(stub.CreatePartnerTopic, wire.CreatePartnerTopicRequest(parent=nobody)).code == "NOT_FOUND"
    closing = wire.DeletePartnerTopicRequest(name=f"{nobody}/topic")
    assert refused(stub.DeletePartnerTopic, closing).code == "NOT_FOUND"


def test_a_partner_opens_none_and_sees_nobody_elses(
    whole: Installation, stub: Any, partner: tuple[str, str]
) -> None:
    name, key = partner
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        stated = partner_pb2.Partner(title=f"合作方 {uuid4()}")
        other = PartnerServiceStub(channel).CreatePartner(
            partner_service_pb2.CreatePartnerRequest(partner=stated)
        )
    stub.CreatePartnerTopic(wire.CreatePartnerTopicRequest(parent=other.name))
    with whole.channel("matcher", key=key) as channel:
        own = PartnerTopicServiceStub(channel)
        opening = wire.CreatePartnerTopicRequest(parent=name)
        assert refused(own.CreatePartnerTopic, opening).code == "PERMISSION_DENIED"
        strange = wire.GetPartnerTopicRequest(name=f"{other.name}/topic")
        assert refused(own.GetPartnerTopic, strange).code == "NOT_FOUND"
    with whole.channel("matcher", OFFICER) as channel:
        staff = PartnerTopicServiceStub(channel)
        assert refused(staff.GetPartnerTopic, strange).code == "PERMISSION_DENIED"


def test_the_command_line_opens_shows_and_closes(
    whole: Installation, partner: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    name, _ = partner
    token = staff_token(whole, ADMIN, subject="admin")
    session = Session(whole.settings, Output(Format.TABLE, "zh"), token=token)
    partner_topics.show(session, partner_topics.open_(session, name, from_start=False))
    partner_topics.show(session, partner_topics.get(session, name))
    partner_topics.close(session, name)
    session.close()
    assert f"bole.partner.{name.removeprefix('partners/')}.matches.v1" in capsys.readouterr().out
