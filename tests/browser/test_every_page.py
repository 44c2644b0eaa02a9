"""Every page in both languages, at a desk and on a phone, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bole.talent.v1 import move_service_pb2, training_service_pb2
from bole.talent.v1.move_service_pb2_grpc import MoveServiceStub
from bole.talent.v1.training_service_pb2_grpc import TrainingServiceStub
from services.chassis.identity.identity import Grant
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import OFFICER
from tests.contract.talent.test_flows import move, place

PAGES = {
    "start": "/",
    "map": "/map",
    "map-tiles": "/map?view=tiles&industry=hydrogen",
    "map-table": "/map?view=table",
    "map-cell": "/map?industry=hydrogen&city=suzhou&recruits=2",
    "map-compare": "/map/compare?a=suzhou&b=nanjing&c=wuxi",
    "map-weights": "/map/weights",
    "map-watches": "/map/watches",
    "releases": "/releases",
    "reports": "/reports",
    "people": "/people?city=suzhou&industry=hydrogen",
    "teams": "/teams",
    "positions": "/positions",
    "training": "/training",
    "moves": "/moves",
    "nominations": "/nominations",
    "quotas": "/nominations/quotas",
    "targets": "/targets",
    "evidence": "/evidence",
    "import": "/import",
    "duplicates": "/duplicates",
    "decisions": "/duplicates/decisions",
    "approvals": "/approvals",
    "deals-board": "/deals",
    "deals-list": "/deals?view=list",
    "deals-timeline": "/deals?view=timeline",
    "deals-outlook": "/deals?view=outlook",
    "reminders": "/deals/reminders",
    "committees": "/deals/committees",
    "committee-seats": "/deals/committees/seats",
    "import-deals": "/deals/import",
    "holdings": "/investments",
    "firms": "/firms?city=suzhou",
    "funds": "/funds",
    "matches": "/matches",
    "match-runs": "/matches/runs",
    "proposals": "/proposals",
    "events": "/events",
    "methods": "/events/methods",
    "method": "/events/methods/DealService_HoldDeal",
    "method-of-stream": "/events/methods/MatchingService_WatchMatches",
    "topics": "/events/topics",
    "refused": "/map?industry=no-such-industry",
}
FIRST_OF = {
    "person": "/people",
    "team": "/teams",
    "position": "/positions",
    "imported": "/import",
    "firm": "/firms",
    "holding": "/investments",
    "release": "/releases",
    "report": "/reports",
}
"""Pages of one record: the first that a list links to."""
LOOKS = [("zh", "desk", False), ("en", "phone", True)]
KEPT = [*LOOKS, ("en", "desk", True), ("zh", "phone", False)]
"""For pictures every language at every width; else each page once in either."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    looks = KEPT if metafunc.config.getoption("screenshots") else LOOKS
    metafunc.parametrize(("language", "width", "dark"), looks)


def test_pages_are_accessible_and_fit(
    open_page: Callable[..., Page], console: Console, released: None, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.look_at_all(page)
    page.goto("/sign-in")
    console.look(page, f"sign-in-{language}-{width}")
    console.sign_in(page)
    for name, path in {**PAGES, **_found(page), **_recorded(console)}.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (400 if name == "refused" else 200), name
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        console.look(page, f"{name}-{language}-{width}")
        console.reflows(page, name)
    page.goto("/people")
    page.locator(".purpose button").click()
    for name, path in FIRST_OF.items():
        page.goto(path)
        with page.expect_navigation():
            page.locator("main .rows tbody a, main .plainrows a").first.click()
        console.look(page, f"{name}-{language}-{width}")
        console.reflows(page, name)
    page.goto(f"{page.url}/view")
    console.look(page, f"report-view-{language}-{width}")


def test_pages_that_say_why_there_is_no_other_are_accessible_and_fit(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    page.goto("/deals?view=list&state=DUE_DILIGENCE")
    deal = str(page.locator("table.rows tbody th a").first.get_attribute("href"))
    for name, path, grant, status in (
        ("deal-undeclared", deal, Grant("committee_member"), 200),
        ("deals-none", "/deals", Grant("fund_manager", "lianyungang"), 200),
        ("not-allowed", "/people", Grant("finance"), 403),
    ):
        console.sign_in(page, grant, subject="ic-beside")
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, name
        console.look(page, f"{name}-{language}-{width}")
        console.reflows(page, name)
    with page.expect_navigation():
        page.get_by_role("link", name={"zh": "回到首页", "en": "To the start page"}[language]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        {"zh": "今天从哪里开始", "en": "Where to begin today"}[language]
    )


def _found(page: Page) -> dict[str, str]:
    """Pages of records that the lists show: a deal and its steps, fund and dossier, a comparison, a match."""
    page.goto("/deals?view=list")
    firms = page.locator("table.rows tbody th a")
    deals = [str(firms.nth(at).get_attribute("href")) for at in range(2)]
    fund = str(page.locator("select[name=fund]").input_value())
    page.goto("/matches?kind=person-position")
    anchor = str(page.locator("main li a").first.get_attribute("href"))
    compared = "&".join(f"deal={each.removeprefix('/deals/')}" for each in deals)
    return {
        "deal": deals[0],
        "deal-move": f"{deals[0]}/move",
        "deal-step": f"{deals[0]}/move?action=WITHDRAW",
        "deal-what-if": f"{deals[0]}/what-if?ticket=100000000",
        "dossier": f"{deals[0]}/dossier",
        "deals-compared": f"/deals/compare?{compared}",
        "fund": f"/{fund}",
        "match": anchor,
    }


def _recorded(console: Console) -> dict[str, str]:
    """Pages of what comes and goes, of which the sample has nothing: training places, a move, one taken back."""
    with console.house.channel("talent", OFFICER, purpose="talent-service") as channel:
        places, moves = TrainingServiceStub(channel), MoveServiceStub(channel)
        training = places.CreateTrainingPlace(
            training_service_pb2.CreateTrainingPlaceRequest(training_place=place())
        )
        stands, gone = (moves.CreateMove(move_service_pb2.CreateMoveRequest(move=move())) for _ in range(2))
        moves.VoidMove(
            move_service_pb2.VoidMoveRequest(name=gone.name, etag=gone.etag, reason="重复登记 entered twice")
        )
    return {
        "training-one": f"/training/{training.name.partition('/')[2]}",
        "move-one": f"/{stands.name}",
        "move-voided": f"/{gone.name}",
    }
