"""What people have stored is shown in a real browser as they wrote it, and none of it is run."""

from collections.abc import Callable

import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from playwright.sync_api import Dialog, Page, expect

from bole.funding.v1 import (
    deal_note_pb2,
    deal_note_service_pb2,
    deal_note_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from bole.matcher.v1 import partner_pb2, partner_service_pb2, partner_service_pb2_grpc
from bole.talent.v1 import library_service_pb2_grpc, position_service_pb2_grpc
from services.chassis.identity.identity import Grant
from tests.browser.looking import Console
from tests.contract.funding.test_bad_calls import new
from tests.contract.installation import MANAGER, OFFICER, Installation
from tests.contract.talent.people import create
from tests.contract.talent.test_positions import publish

SAID = '<img src=x onerror=alert(1)>"&amp;'
_WATCHED = """
window.broken = [];
addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""


@pytest.fixture(scope="module")
def stored(house: Installation) -> list[str]:
    """Where it is stored that something would run if it were not shown as it was written."""
    with house.channel("talent", OFFICER, purpose="talent-service") as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        person = create(library, display_name=SAID, employer=SAID, profile=SAID, works=[SAID])
        positions = position_service_pb2_grpc.PositionServiceStub(channel)
        position = publish(positions, title=SAID, employer=SAID, requirement=SAID)
    with house.channel("funding", MANAGER) as channel:
        firms = firm_service_pb2_grpc.FirmServiceStub(channel)
        firm = firms.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=new(display_name=SAID)))
        funds = fund_service_pb2_grpc.FundServiceStub(channel)
        fund = funds.ListFunds(fund_service_pb2.ListFundsRequest(page_size=1)).funds[0]
        given = deal_pb2.Deal(
            fund=fund.name,
            firm=firm.name,
            round=SAID,
            ticket=Money(currency_code="CNY", units=3_000_000),
            submitted_date=Date(year=2026, month=6, day=1),
        )
        deals = deal_service_pb2_grpc.DealServiceStub(channel)
        deal = deals.CreateDeal(deal_service_pb2.CreateDealRequest(deal=given))
        note = deal_note_pb2.DealNote(text=SAID)
        deal_note_service_pb2_grpc.DealNoteServiceStub(channel).CreateDealNote(
            deal_note_service_pb2.CreateDealNoteRequest(parent=deal.name, note=note)
        )
    with house.channel("matcher", Grant("admin")) as channel:
        partner = partner_service_pb2_grpc.PartnerServiceStub(channel).CreatePartner(
            partner_service_pb2.CreatePartnerRequest(partner=partner_pb2.Partner(title=SAID))
        )
    house.wait_level()
    return [
        person.name.replace("persons", "/people"),
        f"/{position.name}",
        f"/{firm.name}",
        f"/{deal.name}",
        f"/{deal.name}/move",
        f"/matches?kind=person-position&anchor={position.name}&candidate={person.name}",
        "/events/partners",
        f"/events/{partner.name}",
    ]


def test_what_was_stored_is_words_on_every_page(
    open_page: Callable[..., Page], console: Console, stored: list[str]
) -> None:
    page = open_page()
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.add_init_script(_WATCHED)
    console.sign_in(page, OFFICER, MANAGER, Grant("admin"))
    page.goto("/people")
    page.locator(".purpose button").click()
    for path in stored:
        page.goto(path)
        expect(page.locator("main").get_by_text(SAID).first).to_be_visible()
        assert page.locator("img, [onerror]").count() == 0, path
        assert page.evaluate("window.broken") == [], path
    assert asked == []
