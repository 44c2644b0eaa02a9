"""The first day of an installation: nothing is in it yet, and every page says so and what to do."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import WIDTHS, Console
from tests.browser.serving import served
from tests.browser.test_every_page import PAGES
from tests.contract.installation import installation
from tests.servers import nursery

LISTS = (
    *("people", "teams", "positions", "nominations", "evidence", "import", "duplicates", "approvals"),
    *(
        "deals-list",
        "firms",
        "funds",
        "releases",
        "reports",
        "map-watches",
        "committees",
        "match-runs",
        "proposals",
    ),
)
"""Pages that are a list, which is empty."""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Console]:
    """In place of the package's: in front of services without a record."""
    made = installation(tmp_path_factory.mktemp("empty"), nursery.spawn)
    made.start()
    with served(made, pytestconfig.getoption("screenshots", default=None)) as shown:
        yield shown
    assert set(made.stop().values()) == {0}


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_every_page_says_that_there_is_nothing_yet(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.look_at_all(page)
    console.sign_in(page)
    for name, path in PAGES.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (400 if name == "refused" else 200), name
        if name in LISTS:
            expect(page.locator("main .empty").filter(visible=True).first).to_be_visible()
        console.look(page, f"empty-{name}-{language}-{width}")
        console.reflows(page, name)
