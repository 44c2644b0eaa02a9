"""PartnerErasureService through an installation: an erasure is told, shown as open, and acknowledged by the partner."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from bole.matcher.v1 import partner_erasure_pb2, partner_pb2, partner_service_pb2
from bole.matcher.v1 import partner_erasure_service_pb2 as wire
from bole.matcher.v1.partner_erasure_service_pb2_grpc import PartnerErasureServiceStub
from bole.matcher.v1.partner_service_pb2_grpc import PartnerServiceStub
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.identity.identity import Grant
from services.chassis.storage.db import Database, open_engine
from services.cli.answers.output import Format, Output
from services.cli.conformance.checks import Pair, fold, read
from services.cli.conformance.run import Watched, run
from services.cli.matcher import partner_erasures, partners
from services.cli.session import Session
from services.matcher.store.schema import shared
from tests.contract.installation import OFFICER, Installation, fields, refused, staff_token
from tests.contract.talent.approving import let_erase
from tests.contract.talent.people import create

ADMIN = Grant("admin")
State = partner_erasure_pb2.PartnerErasure.State


@pytest.fixture
def admin(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        yield channel


@pytest.fixture
def partner(admin: Any) -> tuple[str, str]:
    """A partner of this test's own, and a key for events that it has."""
    return registered(admin)


def registered(admin: Any) -> tuple[str, str]:
    to = PartnerServiceStub(admin)
    stated = partner_pb2.Partner(title=f"合作方 {uuid4()}")
    name = to.CreatePartner(partner_service_pb2.CreatePartnerRequest(partner=stated)).name
    key = partner_pb2.PartnerKey(scope="SCOPE_EVENTS")
    made = to.CreatePartnerKey(partner_service_pb2.CreatePartnerKeyRequest(parent=name, key=key))
    return name, made.secret


def erase_somebody(whole: Installation, of: Any, name: str) -> partner_erasure_pb2.PartnerErasure:
    """Somebody comes into the library and is erased; what the partner is told of it."""
    known = listed(of, name).total_size
    with whole.channel("talent", OFFICER, purpose="talent-service") as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        person = create(library)
        let_erase(whole, person.name)
        library.ErasePerson(library_service_pb2.ErasePersonRequest(name=person.name, reason="档案重复"))
    whole.until(lambda: listed(of, name).total_size > known)
    return listed(of, name).erasures[-1]


def listed(of: Any, name: str, **given: Any) -> wire.ListPartnerErasuresResponse:
    return PartnerErasureServiceStub(of).ListPartnerErasures(
        wire.ListPartnerErasuresRequest(parent=name, **given)
    )


def asked(*sequences: int, parent: str = "partners/me") -> wire.AcknowledgeErasuresRequest:
    return wire.AcknowledgeErasuresRequest(parent=parent, sequences=sequences, request_id=str(uuid4()))


def audited(whole: Installation, name: str) -> list[Any]:
    """What the audit says of this partner's acknowledgements."""
    table = shared.audit.entries
    query = select(table.c.detail).where(
        table.c.action == "acknowledge-erasures", table.c.resource == name, table.c.outcome == "done"
    )
    with (
        closing(Database(open_engine(whole.settings.database_url("matcher")))) as database,
        database.read() as session,
    ):
        return list(session.scalars(query))


def of_partner(admin: Any, name: str) -> partner_pb2.Partner:
    return PartnerServiceStub(admin).GetPartner(partner_service_pb2.GetPartnerRequest(name=name))


def test_staff_see_who_has_not_acknowledged_since_when_until_the_partner_does(
    whole: Installation, admin: Any, partner: tuple[str, str]
) -> None:
    name, key = partner
    told = erase_somebody(whole, admin, name)
    assert (told.state, told.subject.partition("/")[0]) == (State.STATE_OPEN, "subjects")
    assert told.due_time.seconds - told.event_time.seconds == 15 * 86_400
    late = of_partner(admin, name)
    assert late.open_erasure_count == 1
    assert (late.open_erasure_time, late.erasure_due_time) == (told.event_time, told.due_time)
    with whole.channel("matcher", key=key) as channel:
        own = PartnerErasureServiceStub(channel)
        assert listed(channel, "partners/me", open_only=True).erasures == [told]
        request = asked(told.sequence)
        rehearsed = asked(told.sequence)
        rehearsed.validate_only = True
        assert own.AcknowledgeErasures(rehearsed).open_count == 0
        assert of_partner(admin, name).open_erasure_count == 1
        assert own.AcknowledgeErasures(request).open_count == 0
        assert own.AcknowledgeErasures(request).open_count == 0
        named = asked(told.sequence)
        named.subjects.append(told.subject)
        assert own.AcknowledgeErasures(named).open_count == 0
        assert listed(channel, "partners/me", open_only=True).total_size == 0
        (done,) = listed(channel, "partners/me").erasures
    assert (done.state, done.HasField("acknowledge_time")) == (State.STATE_ACKNOWLEDGED, True)
    assert audited(whole, name) == [{"sequences": [told.sequence]}] * 2
    after = of_partner(admin, name)
    assert (after.open_erasure_count, after.HasField("open_erasure_time")) == (0, False)
    assert not after.HasField("erasure_due_time")


def test_what_was_never_told_of_another_partner_and_by_staff_is_refused(
    whole: Installation, admin: Any, partner: tuple[str, str]
) -> None:
    name, key = partner
    other, _ = registered(admin)
    told = erase_somebody(whole, admin, name)
    with whole.channel("matcher", key=key) as channel:
        own = PartnerErasureServiceStub(channel)
        failure = refused(own.AcknowledgeErasures, asked(told.sequence, 1))
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "ERASURE_NEVER_TOLD")
        assert failure.metadata["sequences"] == "1"
        another = asked(told.sequence)
        another.subjects.append("subjects/0123456789abcdef")
        failure = refused(own.AcknowledgeErasures, another)
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "ERASURE_OF_ANOTHER")
        unpaired = wire.AcknowledgeErasuresRequest(
            parent="partners/me", sequences=[told.sequence], subjects=[told.subject, told.subject]
        )
        for wrong, field in (
            (unpaired, "subjects"),
            (asked(), "sequences"),
            (asked(0), "sequences[0]"),
            (asked(-3), "sequences[0]"),
            (asked(told.sequence, told.sequence), "sequences[1]"),
            (asked(*range(1, 502)), "sequences"),
            (asked(told.sequence, parent="persons/x"), "parent"),
        ):
            failure = refused(own.AcknowledgeErasures, wrong)
            assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", [field])
        foreign = asked(told.sequence, parent=other)
        assert refused(own.AcknowledgeErasures, foreign).code == "NOT_FOUND"
        strange = wire.ListPartnerErasuresRequest(parent=other)
        assert refused(own.ListPartnerErasures, strange).code == "NOT_FOUND"
        broken = wire.ListPartnerErasuresRequest(parent="partners/me", page_token="x")
        assert refused(own.ListPartnerErasures, broken).code == "INVALID_ARGUMENT"
    staff = PartnerErasureServiceStub(admin)
    by_staff = asked(told.sequence, parent=name)
    assert refused(staff.AcknowledgeErasures, by_staff).code == "PERMISSION_DENIED"
    nobody = wire.ListPartnerErasuresRequest(parent=f"partners/{uuid4()}")
    assert refused(staff.ListPartnerErasures, nobody).code == "NOT_FOUND"
    with whole.channel("matcher", OFFICER) as channel:
        officer = PartnerErasureServiceStub(channel)
        mine = wire.ListPartnerErasuresRequest(parent=name)
        assert refused(officer.ListPartnerErasures, mine).code == "PERMISSION_DENIED"
    assert of_partner(admin, name).open_erasure_count == 1


def test_the_kit_acknowledges_once_the_partners_own_store_is_without_them(
    whole: Installation,
    admin: Any,
    partner: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, key = partner
    told = erase_somebody(whole, admin, name)
    last = whole.wait_level()
    session = Session(whole.settings, Output(Format.TABLE, "zh"), partner_key=key)
    city = ["zhenjiang"]
    watched = Watched(session)
    watched.restrictions.city_codes.extend(city)
    standing, _ = fold(read(watched, last, 1_000_000).events)
    kept = tmp_path / "kept.jsonl"

    def keep(*further: Pair) -> Path:
        rows = [
            dict(zip(("kind", "anchor", "candidate"), each, strict=True)) for each in (*standing, *further)
        ]
        kept.write_text("\n".join(json.dumps(each) for each in rows), "utf-8")
        return kept

    still = keep(("person-position", "positions/none", told.subject))
    assert not run(session, [], city, 1_000_000, still, acknowledge=True)
    assert of_partner(admin, name).open_erasure_count == 1
    capsys.readouterr()
    assert run(session, [], city, 1_000_000, keep())
    assert "有 1 人的删除待确认" in "".join(capsys.readouterr())
    assert of_partner(admin, name).open_erasure_count == 1
    assert run(session, [], city, 1_000_000, keep(), acknowledge=True)
    assert "已确认删除 1 人" in "".join(capsys.readouterr())
    assert of_partner(admin, name).open_erasure_count == 0
    session.close()


def test_the_command_line_lists_and_acknowledges(
    whole: Installation, admin: Any, partner: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    name, key = partner
    told = erase_somebody(whole, admin, name)
    token = staff_token(whole, ADMIN, subject="admin")
    with Session(whole.settings, Output(Format.TABLE, "zh"), token=token) as staff:
        partners.show(staff, [partners.get(staff, name)])
        partner_erasures.show(staff, partner_erasures.listed(staff, name, 10, open_only=True))
    printed = capsys.readouterr().out
    assert told.subject in printed
    assert "待确认" in printed
    with Session(whole.settings, Output(Format.TABLE, "en"), partner_key=key) as own:
        assert [each.sequence for each in partner_erasures.open_ones(own)] == [told.sequence]
        partner_erasures.acknowledge(own, [told.sequence], [told.subject])
        assert list(partner_erasures.open_ones(own)) == []
        partner_erasures.show(own, partner_erasures.listed(own, "partners/me", 10, open_only=False))
    printed = "".join(capsys.readouterr())
    assert "1 erasures acknowledged, 0 not yet" in printed
    assert "acknowledged" in printed
