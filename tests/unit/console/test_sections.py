"""Sections and pages are offered to whoever may ask what they begin with, acts to whom the contract opens them."""

import re

import pytest

from services.chassis.identity.identity import ROLES, Grant, Principal
from services.console import acts
from services.console.sections import SECTIONS, ways
from services.console.web.rendering import TEMPLATES
from services.kernel.text import Text
from services.wording import codes
from tests.unit.console.pages.visiting import NOW

EVERYWHERE = ["map", "events"]
_OFFERED = r"(?:\.may\(|\b(?:act|undo)=|\": (?=\"see ))[\"']([a-z ]+)[\"']"
"""Where a page, or what a page is made for, names an act."""


def opened(*roles: str) -> dict[str, str]:
    """Where the navigation leads, by section."""
    principal = Principal("ann", "staff", tuple(Grant(role) for role in roles))
    return {each.key: each.pages[0].path for each in ways(principal, NOW).sections}


def test_who_may_everything_sees_all_and_who_may_nothing_what_is_for_everybody() -> None:
    assert list(opened("talent_officer", "fund_manager")) == [each.key for each in SECTIONS]
    assert list(opened("admin")) == EVERYWHERE
    assert ways(None, NOW).sections == ()


@pytest.mark.parametrize(
    ("role", "path"),
    [("talent_viewer", "/people"), ("fund_analyst", "/positions"), ("supervisor", "/targets")],
)
def test_a_section_begins_with_the_first_page_that_is_open(role: str, path: str) -> None:
    assert opened(role)["people"] == path


@pytest.mark.parametrize(
    ("role", "section", "title"),
    [
        ("talent_officer", "deals", "Firms"),
        ("fund_manager", "people", "Positions"),
        ("finance", "deals", "Deal flow"),
        ("fund_manager", "funds", "Funds"),
        ("fund_manager", "deals", "Deal flow"),
        ("supervisor", "people", "Talent library"),
    ],
)
def test_a_section_of_which_one_page_is_open_is_called_as_that_page(
    role: str, section: str, title: str
) -> None:
    principal = Principal("ann", "staff", (Grant(role),))
    [found] = [each for each in ways(principal, NOW).sections if each.key == section]
    assert found.title.en == title
    [of] = [each for each in SECTIONS if each.key == section]
    assert (found.why == of.why) is (found.title == of.title)


def test_a_closed_page_has_no_tab() -> None:
    viewer = Principal("ann", "staff", (Grant("talent_viewer"),))
    tabs = [each.key for each in ways(viewer, NOW).tabs("people")]
    assert "teams" in tabs
    assert "import" not in tabs
    assert ways(viewer, NOW).tabs("deals") == ()


def test_an_act_is_offered_to_whom_it_is_open() -> None:
    auditor = Principal("ann", "staff", (Grant("auditor"),))
    assert [act for act in acts.ACTS if acts.may(auditor, act, NOW)] == [
        "see approvals",
        "watch",
        "verify release",
        "see people",
        "see positions",
        "see teams",
        "see firms",
        "see funds",
        "see holdings",
        "match",
        "move deal",
        "register document",
        "verify document",
        "see dossier",
        "determine",
        "export deals",
    ]
    assert not any(acts.may(None, act, NOW) for act in acts.ACTS)
    assert acts.doers("import") == Text("人才专员", "talent officer")


def test_pages_offer_every_act_that_is_known_and_no_other() -> None:
    pages = [*TEMPLATES.rglob("*.html"), *TEMPLATES.parent.joinpath("pages").rglob("*.py")]
    asked = {act for page in pages for act in re.findall(_OFFERED, page.read_text())}
    assert asked == set(acts.ACTS)


def test_every_role_has_a_name() -> None:
    assert set(codes.ROLES) == ROLES
