"""FirmIdentityService: people at the right level, records that may be one firm, merges with an exact way back."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date

from bole.funding.v1 import (
    firm_identity_service_pb2,
    firm_identity_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.kernel.uscc import check_character
from tests.contract.funding.test_firms_and_funds import firm
from tests.contract.installation import MANAGER, Installation, fields, refused

wire = firm_identity_service_pb2
PART = wire.FirmPerson


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


def stub(channel: grpc.Channel) -> Any:
    return firm_identity_service_pb2_grpc.FirmIdentityServiceStub(channel)


def firms(channel: grpc.Channel) -> Any:
    return firm_service_pb2_grpc.FirmServiceStub(channel)


def create(channel: grpc.Channel, number: int, **changes: Any) -> firm_pb2.Firm:
    made = firms(channel).CreateFirm(firm_service_pb2.CreateFirmRequest(firm=firm(number, **changes)))
    assert isinstance(made, firm_pb2.Firm)
    return made


def get(channel: grpc.Channel, name: str) -> firm_pb2.Firm:
    found = firms(channel).GetFirm(firm_service_pb2.GetFirmRequest(name=name))
    assert isinstance(found, firm_pb2.Firm)
    return found


def somebody(name: str = "演示法人甲", **changes: Any) -> wire.FirmPerson:
    return PART(**{"part": PART.PART_LEGAL_REPRESENTATIVE, "display_name": name, **changes})


def test_people_are_masked_without_a_purpose_and_forgotten_when_not_named(
    whole: Installation, channel: grpc.Channel
) -> None:
    made = create(channel, 410)
    request = wire.SetFirmPeopleRequest(
        name=made.name,
        etag=made.etag,
        people=[somebody(), somebody("演示股东乙", part=PART.PART_SHAREHOLDER, share_ppm=400_000)],
        request_id=str(uuid4()),
    )
    answer = stub(channel).SetFirmPeople(request)
    assert stub(channel).SetFirmPeople(request) == answer
    assert answer.people_count == 2
    assert get(channel, made.name).etag == answer.etag
    listed = wire.ListFirmPeopleRequest(parent=made.name)
    masked = stub(channel).ListFirmPeople(listed).people
    assert [each.display_name for each in masked] == ["演**", "演**"]
    with whole.channel("funding", MANAGER, purpose="due-diligence") as cleared:
        shown = stub(cleared).ListFirmPeople(listed).people
    assert [(each.display_name, each.share_ppm) for each in shown] == [
        ("演示法人甲", 0),
        ("演示股东乙", 400_000),
    ]
    stale = refused(stub(channel).SetFirmPeople, wire.SetFirmPeopleRequest(name=made.name, etag=made.etag))
    assert stale.reason == "STALE_ETAG"
    gone = stub(channel).SetFirmPeople(wire.SetFirmPeopleRequest(name=made.name, etag=answer.etag))
    assert gone.people_count == 0
    assert not stub(channel).ListFirmPeople(listed).people


def test_somebody_is_forgotten_wherever_they_are(whole: Installation, channel: grpc.Channel) -> None:
    made = [create(channel, number) for number in (411, 412)]
    for each in made:
        request = wire.SetFirmPeopleRequest(
            name=each.name,
            etag=each.etag,
            people=[somebody("演示待删人"), somebody("演示留人", part=PART.PART_DIRECTOR)],
        )
        stub(channel).SetFirmPeople(request)
    forget = wire.ForgetFirmPersonRequest(display_name="演示待删人", reason="本人要求")
    with whole.channel("funding", Grant("fund_manager", city="wuxi")) as narrow:
        assert stub(narrow).ForgetFirmPerson(forget).firm_count == 0
    assert stub(channel).ForgetFirmPerson(forget).firm_count == 2
    with whole.channel("funding", MANAGER, purpose="due-diligence") as cleared:
        for each in made:
            left = stub(cleared).ListFirmPeople(wire.ListFirmPeopleRequest(parent=each.name)).people
            assert [one.display_name for one in left] == ["演示留人"]
    bare = refused(stub(channel).ForgetFirmPerson, wire.ForgetFirmPersonRequest())
    assert set(fields(bare)) == {"display_name", "reason"}


def test_a_firm_that_moved_is_found_merged_and_parted_exactly(
    whole: Installation, channel: grpc.Channel
) -> None:
    one = create(channel, 420, display_name="苏州矽砺珉演示氢能科技有限公司")
    moved = one.uscc[:2] + "320100" + one.uscc[8:17]
    other = create(
        channel,
        421,
        uscc=moved + check_character(moved),
        display_name="南京矽砺珉演示氢能有限公司",
        city_code="nanjing",
    )
    found = stub(channel).ListFirmDuplicates(wire.ListFirmDuplicatesRequest(parent=one.name))
    [pair] = [each for each in found.duplicates if each.other.name == other.name]
    assert pair.likely
    assert {each.code for each in pair.signs} >= {"SAME_ORGANISATION", "SAME_BRAND"}
    assert all(each.text.zh and each.text.en for each in pair.signs)
    assert not found.people_compared
    everything = stub(channel).ListFirmDuplicates(
        wire.ListFirmDuplicatesRequest(parent="firms/-", page_size=500)
    )
    assert {one.name, other.name} in [{each.one.name, each.other.name} for each in everything.duplicates]
    assert everything.total_size >= 1
    pages, token, a_third = list[Any](), "", -(-everything.total_size // 3)
    while not pages or token:
        page = stub(channel).ListFirmDuplicates(
            wire.ListFirmDuplicatesRequest(parent="firms/-", page_size=a_third, page_token=token)
        )
        pages.extend(page.duplicates)
        token = page.next_page_token
    assert pages == list(everything.duplicates)
    foreign = wire.ListFirmDuplicatesRequest(parent=one.name, page_token="x")
    assert refused(stub(channel).ListFirmDuplicates, foreign).code == "INVALID_ARGUMENT"

    merged = stub(channel).MergeFirms(
        wire.MergeFirmsRequest(
            duplicate=other.name, duplicate_etag=other.etag, survivor=one.name, reason="迁址"
        )
    )
    assert (merged.state, merged.merged_into) == (firm_pb2.Firm.STATE_MERGED, one.name)
    change = firm_service_pb2.UpdateFirmRequest(firm=merged)
    assert refused(firms(channel).UpdateFirm, change).reason == "FIRM_MERGED"
    listed = stub(channel).ListFirmDuplicates(wire.ListFirmDuplicatesRequest(parent=one.name))
    assert other.name not in [each.other.name for each in listed.duplicates]
    again = wire.MergeFirmsRequest(
        duplicate=one.name, duplicate_etag=one.etag, survivor=other.name, reason="反向"
    )
    assert refused(stub(channel).MergeFirms, again).reason == "HAS_MERGED"
    parted = stub(channel).SplitFirm(
        wire.SplitFirmRequest(name=other.name, etag=merged.etag, reason="并非同一企业")
    )
    for each in (parted, other):
        each.ClearField("etag")
        each.ClearField("update_time")
    assert parted == other
    once_more = wire.SplitFirmRequest(name=other.name, etag=get(channel, other.name).etag, reason="再次")
    assert refused(stub(channel).SplitFirm, once_more).reason == "FIRM_NOT_MERGED"


def test_people_in_common_are_a_sign_for_those_who_may_see_them(
    whole: Installation, channel: grpc.Channel
) -> None:
    one, other = (
        create(channel, n, display_name=f"演示{w}装备有限公司") for n, w in ((430, "玥珂"), (431, "璟崧"))
    )
    for each in (one, other):
        request = wire.SetFirmPeopleRequest(name=each.name, etag=each.etag, people=[somebody("演示共同人丙")])
        stub(channel).SetFirmPeople(request)
    asked = wire.ListFirmDuplicatesRequest(parent=one.name)
    assert other.name not in [each.other.name for each in stub(channel).ListFirmDuplicates(asked).duplicates]
    with whole.channel("funding", MANAGER, purpose="due-diligence") as cleared:
        found = stub(cleared).ListFirmDuplicates(asked)
    [pair] = [each for each in found.duplicates if each.other.name == other.name]
    assert [each.code for each in pair.signs] == ["SAME_PEOPLE", "SAME_FOUNDING"]
    assert found.people_compared


@pytest.mark.parametrize(
    ("people", "field"),
    [
        ([PART(display_name="甲")], "people[0].part"),
        ([somebody("")], "people[0].display_name"),
        ([somebody("甲\u202e")], "people[0].display_name"),
        ([somebody("甲"), somebody("乙")], "people"),
        ([somebody("甲", share_ppm=1_000_001)], "people[0].share_ppm"),
        ([somebody("甲", since_date=Date(year=2026, month=2, day=30))], "people[0].since_date"),
        ([somebody("甲", since_date=Date(year=2150, month=1, day=1))], "people[0].since_date"),
    ],
)
def test_people_who_cannot_be_are_named(channel: grpc.Channel, people: list[Any], field: str) -> None:
    made = firms(channel).ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).firms[0]
    request = wire.SetFirmPeopleRequest(name=made.name, etag=made.etag, people=people)
    failure = refused(stub(channel).SetFirmPeople, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_who_may_not_and_what_cannot_be_merged(whole: Installation, channel: grpc.Channel) -> None:
    made = create(channel, 440)
    itself = wire.MergeFirmsRequest(
        duplicate=made.name, duplicate_etag=made.etag, survivor=made.name, reason="x"
    )
    assert refused(stub(channel).MergeFirms, itself).reason == "SAME_FIRM"
    sample = firms(channel).ListFirms(
        firm_service_pb2.ListFirmsRequest(page_size=1, filter="origin = SYNTHETIC")
    )
    mixed = wire.MergeFirmsRequest(
        duplicate=made.name, duplicate_etag=made.etag, survivor=sample.firms[0].name, reason="x"
    )
    assert refused(stub(channel).MergeFirms, mixed).reason == "ORIGINS_DIFFER"
    bare = refused(stub(channel).MergeFirms, wire.MergeFirmsRequest())
    assert set(fields(bare)) >= {"duplicate", "duplicate_etag", "survivor", "reason"}
    for call, request in (
        (stub(channel).ListFirmPeople, wire.ListFirmPeopleRequest(parent="firms/none")),
        (stub(channel).ListFirmDuplicates, wire.ListFirmDuplicatesRequest(parent="firms/none")),
        (stub(channel).SplitFirm, wire.SplitFirmRequest(name="firms/none", etag='"1"', reason="x")),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    with whole.channel("funding", Grant("fund_manager", city="wuxi")) as narrow:
        people = wire.SetFirmPeopleRequest(name=made.name, etag=made.etag, people=[somebody()])
        assert refused(stub(narrow).SetFirmPeople, people).code == "PERMISSION_DENIED"
    with whole.channel("funding", Grant("talent_officer")) as officer:
        asked = wire.ListFirmPeopleRequest(parent=made.name)
        assert refused(stub(officer).ListFirmPeople, asked).code == "PERMISSION_DENIED"
