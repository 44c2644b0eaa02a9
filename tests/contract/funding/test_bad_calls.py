"""Calls that are wrong by their form: numbers, names, ids, moments, tokens and deadlines of the funding service."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.funding.v1 import (
    committee_pb2,
    committee_service_pb2,
    committee_service_pb2_grpc,
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
    saved_search_pb2,
    saved_search_service_pb2,
    saved_search_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure
from services.kernel.uscc import check_character
from tests.contract.funding.test_firms_and_funds import firm
from tests.contract.installation import MANAGER, Installation, fields, refused
from tests.contract.uploads import parts

wire = firm_service_pb2
SHARE = direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def firms(channel: grpc.Channel) -> Any:
    return firm_service_pb2_grpc.FirmServiceStub(channel)


@pytest.fixture
def fund(channel: grpc.Channel) -> str:
    """A fund with several deals."""
    stub = deal_service_pb2_grpc.DealServiceStub(channel)
    listed = stub.ListDeals(deal_service_pb2.ListDealsRequest(page_size=500)).deals
    found = Counter(each.fund for each in listed)
    return found.most_common(1)[0][0]


def new(**changes: Any) -> firm_pb2.Firm:
    """A firm that nobody has registered."""
    first = f"91320000D{uuid4().int % 10**8:08d}"
    return firm(0, uscc=first + check_character(first), **changes)


def how_many(firms: Any, uscc: str) -> int:
    return int(firms.ListFirms(wire.ListFirmsRequest(filter=f'uscc = "{uscc}"')).total_size)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stage": 999}, "firm.stage"),
        ({"display_name": "名\u2066称"}, "firm.display_name"),
        ({"direction_shares": [SHARE] * 10_000}, "firm.direction_shares"),
        ({"direction_shares": [SHARE, SHARE]}, "firm.direction_shares"),
        ({"direction_shares": [direction_share_pb2.DirectionShare(code="三代半x", permille=1000)]}, "firm."),
        ({"founded_date": Date(year=10_000, month=1, day=1)}, "firm.founded_date"),
        ({"founded_date": Date(year=2026, month=13, day=1)}, "firm.founded_date"),
        ({"founded_date": Date(year=2026)}, "firm.founded_date"),
    ],
)
def test_what_a_firm_cannot_have_is_named_and_leaves_nothing(
    firms: Any, changes: dict[str, Any], field: str
) -> None:
    given = new(**changes)
    failure = refused(firms.CreateFirm, wire.CreateFirmRequest(firm=given))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure
    assert how_many(firms, given.uscc) == 0


def test_too_much_at_once_is_refused_by_its_size(firms: Any) -> None:
    given = new(direction_shares=[SHARE] * 300_001)
    assert refused(firms.CreateFirm, wire.CreateFirmRequest(firm=given)).code == "RESOURCE_EXHAUSTED"


@pytest.mark.parametrize("name", ["演示𠮷㐀材料", "演示O'Neill·Müller科技", "演示🚀科技"])
def test_rare_names_come_back_as_they_were(firms: Any, name: str) -> None:
    made = firms.CreateFirm(wire.CreateFirmRequest(firm=new(display_name=name)))
    assert firms.GetFirm(wire.GetFirmRequest(name=made.name)).display_name == name
    assert firms.ListFirms(wire.ListFirmsRequest(filter=f'uscc = "{made.uscc}"')).firms[0].name == made.name


@pytest.mark.parametrize(
    "moment",
    [
        Timestamp(seconds=1_780_000_000, nanos=-1),
        Timestamp(seconds=1_780_000_000, nanos=10**9),
        Timestamp(seconds=1_780_000_000_000),
        Timestamp(seconds=-(10**11)),
        Timestamp(seconds=4_000_000_000),
    ],
)
def test_moments_that_are_none_or_to_come_are_refused(firms: Any, moment: Timestamp) -> None:
    name = firms.ListFirms(wire.ListFirmsRequest(page_size=1)).firms[0].name
    failure = refused(firms.GetFirmAsKnown, wire.GetFirmAsKnownRequest(name=name, known_time=moment))
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["known_time"])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 100.5, 1e308])
def test_scores_that_are_none_cannot_be_watched_for(channel: grpc.Channel, fund: str, value: float) -> None:
    stub = saved_search_service_pb2_grpc.SavedSearchServiceStub(channel)
    search = saved_search_pb2.SavedSearch(title="x", fund=fund, crossing_score="hard", crossing_value=value)
    request = saved_search_service_pb2.CreateSavedSearchRequest(saved_search=search)
    failure = refused(stub.CreateSavedSearch, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any("crossing_value" in each for each in fields(failure)), failure


def test_the_same_twice_in_one_request_is_named(channel: grpc.Channel, fund: str) -> None:
    deal = deal_of(channel, fund)
    analysis = deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(channel)
    twice = deal_analysis_service_pb2.CompareDealsRequest(names=[deal, deal])
    failure = refused(analysis.CompareDeals, twice)
    assert fields(failure) == ["names"]
    assert all("names[0]" in said and "names[1]" in said for said in _told(failure)), failure
    stub = committee_service_pb2_grpc.CommitteeServiceStub(channel)
    seats = [committee_pb2.CommitteeSeat(member="m", kind=committee_pb2.CommitteeSeat.KIND_MEMBER)] * 2
    committee = committee_pb2.Committee(fund=fund, tier=committee_pb2.Committee.TIER_INTERNAL, seats=seats)
    request = committee_service_pb2.CreateCommitteeRequest(committee=committee)
    listed = stub.ListCommittees(committee_service_pb2.ListCommitteesRequest(fund=fund)).committees
    before = [each.tier for each in listed].count(committee.tier)
    failure = refused(stub.CreateCommittee, request)
    assert fields(failure) == ["committee.seats[1].member"]
    wanted = committee_service_pb2.ListCommitteesRequest(fund=fund)
    assert [each.tier for each in stub.ListCommittees(wanted).committees].count(committee.tier) == before
    zh, en = _told(failure)
    assert zh.startswith("m 已占第1席")
    assert en.startswith("m has seat 1 already")


def _told(failure: Failure) -> tuple[str, str]:
    """What the only violation says, in both languages."""
    (violation,) = failure.violations
    return violation.text.zh, violation.text.en


@pytest.mark.parametrize("text", ["%", "_", "\\", "(a+)+$", "'; drop table firm; --"])
def test_patterns_and_commands_are_texts(firms: Any, text: str) -> None:
    quoted = text.replace("\\", "\\\\")
    for filter_ in (f'display_name = "{quoted}"', f'display_name:"{quoted}"'):
        assert firms.ListFirms(wire.ListFirmsRequest(filter=filter_)).total_size == 0


def test_a_page_token_belongs_to_who_got_it(whole: Installation, channel: grpc.Channel, fund: str) -> None:
    stub = screening_service_pb2_grpc.ScreeningServiceStub
    page = stub(channel).ScreenDeals(screening_service_pb2.ScreenDealsRequest(fund=fund, page_size=1))
    asked = screening_service_pb2.ScreenDealsRequest(fund=fund, page_size=1, page_token=page.next_page_token)
    assert page.next_page_token
    with whole.channel("funding", MANAGER, subject="another") as other:
        assert refused(stub(other).ScreenDeals, asked).code == "INVALID_ARGUMENT"
    assert stub(channel).ScreenDeals(asked).deals


def test_one_id_of_two_callers_is_two_requests(whole: Installation, firms: Any) -> None:
    attempt = str(uuid4())
    mine = firms.CreateFirm(wire.CreateFirmRequest(firm=new(), request_id=attempt))
    with whole.channel("funding", MANAGER, subject="another") as other:
        stub = firm_service_pb2_grpc.FirmServiceStub(other)
        theirs = stub.CreateFirm(wire.CreateFirmRequest(firm=new(), request_id=attempt))
    assert theirs.name != mine.name


def test_one_request_sent_by_many_at_once_takes_effect_once(firms: Any) -> None:
    request = wire.CreateFirmRequest(firm=new(), request_id=str(uuid4()))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: firms.CreateFirm(request), range(16)))
    assert len({each.SerializeToString(deterministic=True) for each in answers}) == 1
    assert how_many(firms, request.firm.uscc) == 1


def test_a_call_that_was_given_up_or_is_too_late_may_be_repeated(firms: Any) -> None:
    for _ in range(5):
        request = wire.CreateFirmRequest(firm=new(), request_id=str(uuid4()))
        firms.CreateFirm.future(request).cancel()
        assert firms.CreateFirm(request).uscc == request.firm.uscc
        assert how_many(firms, request.firm.uscc) == 1
    request = wire.CreateFirmRequest(firm=new(), request_id=str(uuid4()))
    with pytest.raises(grpc.RpcError) as caught:
        firms.CreateFirm(request, timeout=-60.0)  # passed by any clock
    assert caught.value.code().name == "DEADLINE_EXCEEDED"
    assert firms.CreateFirm(request).uscc == request.firm.uscc
    assert how_many(firms, request.firm.uscc) == 1


def test_headers_without_end_are_refused(firms: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        firms.ListFirms(wire.ListFirmsRequest(), metadata=[("x-bole-purpose", "x" * 20_000)])
    assert caught.value.code().name == "RESOURCE_EXHAUSTED"


def test_an_upload_that_is_not_what_it_announces_is_given_up(channel: grpc.Channel, book: Any) -> None:
    stub = import_service_pb2_grpc.FundingImportServiceStub(channel)
    data = book(firms=[{"uscc": "x"}])
    for wrong in ({"size_bytes": len(data) + 1}, {"sha256": "0" * 64}):
        sent = parts(import_service_pb2.ImportWorkbookRequest, data, wrong)
        failure = refused(stub.ImportWorkbook, sent)
        assert (failure.code, failure.reason) == ("ABORTED", "UPLOAD_INCOMPLETE")


def deal_of(channel: grpc.Channel, fund: str) -> str:
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    request = screening_service_pb2.ScreenDealsRequest(fund=fund, page_size=1)
    return str(stub.ScreenDeals(request).deals[0].deal.name)
