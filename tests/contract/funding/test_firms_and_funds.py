"""FirmService, FundService and ScreeningService: good requests and bad ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from pypinyin import Style, lazy_pinyin

from bole.common.v1 import direction_share_pb2
from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_date
from services.kernel.uscc import check_character
from tests.contract.installation import MANAGER, Installation, fields, refused


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


def credit_code(number: int) -> str:
    first = f"91320000DEM1{number:05d}"
    return first + check_character(first)


def firm(number: int, **changes: Any) -> firm_pb2.Firm:
    given: dict[str, Any] = {
        "uscc": credit_code(number),
        "display_name": "演示氢能科技有限公司",
        "city_code": "suzhou",
        "direction_shares": [direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
        "founded_date": Date(year=2024, month=3, day=1),
        "stage": firm_pb2.FIRM_STAGE_SEED,
        "technology": "海水直接电解制氢",
        "snapshot": firm_pb2.FirmSnapshot(as_of_date=Date(year=2026, month=6, day=30), staff_count=12),
    }
    return firm_pb2.Firm(**{**given, **changes})


def test_a_firm_lives(channel: grpc.Channel) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    request = firm_service_pb2.CreateFirmRequest(firm=firm(1), request_id=str(uuid4()))
    made = stub.CreateFirm(request)
    assert stub.CreateFirm(request) == made
    assert stub.GetFirm(firm_service_pb2.GetFirmRequest(name=made.name)).snapshot.staff_count == 12
    taken = refused(stub.CreateFirm, firm_service_pb2.CreateFirmRequest(firm=firm(1)))
    assert (taken.code, taken.reason) == ("ALREADY_EXISTS", "USCC_TAKEN")
    made.city_code = "wuxi"
    update = firm_service_pb2.UpdateFirmRequest(firm=made, update_mask=FieldMask(paths=["city_code"]))
    changed = stub.UpdateFirm(update)
    assert changed.city_code == "wuxi"
    assert refused(stub.UpdateFirm, update).reason == "STALE_ETAG"
    gone = stub.WithdrawFirm(
        firm_service_pb2.WithdrawFirmRequest(name=made.name, etag=changed.etag, reason="停止经营")
    )
    assert gone.state == firm_pb2.Firm.STATE_WITHDRAWN


def test_a_firm_is_found_by_name_pinyin_initials_place_and_code(
    whole: Installation, channel: grpc.Channel
) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    given = firm(4, display_name="桩号氢晶科技有限公司")
    made = stub.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=given))

    def found(query: str, asked: Any = stub) -> bool:
        answer = asked.ListFirms(firm_service_pb2.ListFirmsRequest(query=query, page_size=500))
        return made.name in [each.name for each in answer.firms]

    for words in ("桩", "氢晶科技", "zhuanghao", "qingjing", "qjkj", "suzhou 氢晶", "海水制氢 zhqj"):
        assert found(words), words
    assert not found("氢桩")
    assert not found("ingjing")
    assert found(credit_code(4).lower())
    with whole.channel("funding", Grant("talent_officer")) as opened:
        cards = firm_service_pb2_grpc.FirmServiceStub(opened)
        assert found("qjkj", cards)
        assert not found(credit_code(4), cards)
    made.display_name = "改名晶氢科技有限公司"
    stub.UpdateFirm(
        firm_service_pb2.UpdateFirmRequest(firm=made, update_mask=FieldMask(paths=["display_name"]))
    )
    assert found("jqkj")
    assert not found("qjkj")


def test_a_deal_is_found_as_its_firm_is_on_every_day_and_in_every_list(channel: grpc.Channel) -> None:
    screening = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    firms = firm_service_pb2_grpc.FirmServiceStub(channel)
    some = deals.ListDeals(deal_service_pb2.ListDealsRequest(page_size=1)).deals[0]
    its = firms.GetFirm(firm_service_pb2.GetFirmRequest(name=some.firm))
    initials = "".join(lazy_pinyin(its.display_name, style=Style.FIRST_LETTER))

    def screened(filter_: str, day: Date | None = None) -> set[str]:
        request = screening_service_pb2.ScreenDealsRequest(
            fund=some.fund, filter=filter_, as_of_date=day, page_size=200
        )
        return {each.deal.name for each in screening.ScreenDeals(request).deals}

    today = date_to_wire(civil_date(datetime.now(UTC)))
    for words in (its.display_name[2:7], initials, f"{its.city_code} {initials[-6:]}", its.uscc.lower()):
        filter_ = f'firm_words:"{words}"'
        listed = deal_service_pb2.ListDealsRequest(filter=f"{filter_} AND fund = {some.fund}", page_size=200)
        found = screened(filter_)
        assert some.name in found, words
        assert found == screened(filter_, today) == {each.name for each in deals.ListDeals(listed).deals}
        assert some.name not in screened(f"NOT {filter_}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": "91320000DEM100001X"}, "firm.uscc"),
        ({"city_code": "suzou"}, "firm.city_code"),
        (
            {"direction_shares": [direction_share_pb2.DirectionShare(code="sic", permille=1)]},
            "firm.direction_shares",
        ),
        ({"founded_date": Date(year=2026, month=2, day=30)}, "firm.founded_date"),
        ({"founded_date": Date(year=2150, month=1, day=1)}, "firm.founded_date"),
        ({"stage": 99}, "firm.stage"),
        (
            {
                "snapshot": firm_pb2.FirmSnapshot(
                    as_of_date=Date(year=2026, month=6, day=30), assets=Money(currency_code="USD", units=1)
                )
            },
            "firm.snapshot.assets",
        ),
        (
            {
                "snapshot": firm_pb2.FirmSnapshot(
                    as_of_date=Date(year=2026, month=6, day=30), assets=Money(currency_code="CNY", nanos=1)
                )
            },
            "firm.snapshot.assets",
        ),
    ],
)
def test_a_wrong_field_is_named(channel: grpc.Channel, changes: dict[str, Any], field: str) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    failure = refused(stub.CreateFirm, firm_service_pb2.CreateFirmRequest(firm=firm(2, **changes)))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_empty_requests_name_what_is_missing(channel: grpc.Channel) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    failure = refused(stub.CreateFirm, firm_service_pb2.CreateFirmRequest())
    assert "firm" in fields(failure)
    assert refused(stub.GetFirm, firm_service_pb2.GetFirmRequest()).code == "INVALID_ARGUMENT"
    assert refused(stub.GetFirm, firm_service_pb2.GetFirmRequest(name="firms/none")).code == "NOT_FOUND"


def test_lists_and_their_refusals(whole: Installation, channel: grpc.Channel) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    page = stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=7, filter="stage = FIRM_STAGE_SEED"))
    assert len(page.firms) == 7
    assert page.total_size > 7
    for bad in ("stgae = SEED", "stage = seed AND", "founded_date > tomorrow"):
        assert (
            refused(stub.ListFirms, firm_service_pb2.ListFirmsRequest(filter=bad)).reason == "INVALID_FILTER"
        )
    with whole.channel("funding", Grant("partner")) as foreign:
        foreign_stub = firm_service_pb2_grpc.FirmServiceStub(foreign)
        denied = refused(foreign_stub.ListFirms, firm_service_pb2.ListFirmsRequest())
    assert denied.code == "PERMISSION_DENIED"


def test_funds_show_their_rules_and_headroom(channel: grpc.Channel) -> None:
    stub = fund_service_pb2_grpc.FundServiceStub(channel)
    funds = stub.ListFunds(fund_service_pb2.ListFundsRequest()).funds
    assert funds
    one = stub.GetFund(fund_service_pb2.GetFundRequest(name=funds[0].name))
    assert one.mandate.ruleset
    assert one.size.units >= one.headroom.units
    assert refused(stub.GetFund, fund_service_pb2.GetFundRequest(name="funds/none")).code == "NOT_FOUND"
    assert (
        refused(stub.ListFunds, fund_service_pb2.ListFundsRequest(page_token="x")).code == "INVALID_ARGUMENT"
    )


def test_screening_pages_counts_and_filters_agree(channel: grpc.Channel) -> None:
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    funds = (
        fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest()).funds
    )
    fund = max(
        funds,
        key=lambda each: (
            stub.ScreenDeals(screening_service_pb2.ScreenDealsRequest(fund=each.name)).total_size
        ),
    )
    seen, token = [], ""
    while True:
        request = screening_service_pb2.ScreenDealsRequest(
            fund=fund.name, page_size=3, page_token=token, facets=["eligible", "industry_code"]
        )
        page = stub.ScreenDeals(request)
        seen.extend(page.deals)
        token = page.next_page_token
        if not token:
            break
    assert len({each.deal.name for each in seen}) == len(seen) == page.total_size
    assert sum(each.deal.ticket.units for each in seen) == page.total_ticket.units
    eligible = {value.value: value.count for value in page.facets[0].values}
    assert eligible.get("true", 0) == sum(each.eligible for each in seen)
    assert all(each.checks and len(each.scores) == 4 for each in seen)
    only = stub.ScreenDeals(
        screening_service_pb2.ScreenDealsRequest(fund=fund.name, filter="eligible = true AND hard >= 10")
    )
    assert all(each.eligible for each in only.deals)
    one = stub.ScreenDeal(screening_service_pb2.ScreenDealRequest(name=seen[0].deal.name))
    assert [check.code for check in one.checks] == [check.code for check in seen[0].checks]
    for bad in (
        {"filter": "hard >= 101"},
        {"filter": "eligible = perhaps"},
        {"facets": ["mood"]},
        {"order_by": "luck"},
    ):
        request = screening_service_pb2.ScreenDealsRequest(fund=fund.name, **bad)
        assert refused(stub.ScreenDeals, request).code == "INVALID_ARGUMENT"
    unknown = screening_service_pb2.ScreenDealsRequest(fund="funds/none")
    assert refused(stub.ScreenDeals, unknown).code == "NOT_FOUND"


def test_the_talent_office_sees_cards_alone(whole: Installation, channel: grpc.Channel) -> None:
    made = firm_service_pb2_grpc.FirmServiceStub(channel).CreateFirm(
        firm_service_pb2.CreateFirmRequest(firm=firm(4871))
    )
    for grant in (Grant("talent_officer"), Grant("talent_officer", city="wuxi")):
        with whole.channel("funding", grant) as opened:
            stub = firm_service_pb2_grpc.FirmServiceStub(opened)
            request = firm_service_pb2.GetFirmRequest(name=made.name)
            listed = stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=500)).firms
            for card in (stub.GetFirm(request), next(each for each in listed if each.name == made.name)):
                assert card.display_name == made.display_name
                assert card.uscc == ""
                assert not any(card.HasField(name) for name in ("snapshot", "create_time"))
            asked = firm_service_pb2.ListFirmsRequest(filter=f'uscc = "{made.uscc}"')
            assert refused(stub.ListFirms, asked).violations[0].reason == "INVALID_FILTER"
            nobody = firm_service_pb2.GetFirmRequest(name="firms/nobody")
            assert refused(stub.GetFirm, nobody).code == "NOT_FOUND"
