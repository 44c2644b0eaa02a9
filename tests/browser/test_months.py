"""A talent officer turns the map back to the ends of months that are known."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from services.cli.demo import quarter_sample
from services.cli.running import console_process
from tests.browser.looking import Console
from tests.contract.installation import Installation, installation, start_with_sample
from tests.servers import nursery


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All services with the sample, and the quarters closed that it reaches back over."""
    made = installation(tmp_path_factory.mktemp("months"), nursery.spawn)
    start_with_sample(made)
    quarter_sample.lay(made.settings)
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture(scope="module")
def console(house: Installation, pytestconfig: pytest.Config) -> Iterator[Console]:
    """Its console."""
    process = console_process.start(house.settings, nursery.spawn)
    console_process.wait_ready(house.settings, process, 120)
    yield Console(house, pytestconfig.getoption("screenshots", default=None))
    process.terminate()
    assert process.wait(60) in (0, -15)


def test_the_map_is_turned_back_month_by_month_with_the_keyboard(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map?industry=hydrogen")
    slider, told = page.get_by_role("slider", name="按月回看"), page.locator(".months output")
    now = told.inner_text()
    slider.press("ArrowLeft")
    page.wait_for_url("**as_of=**")
    expect(told).not_to_have_text(now)
    expect(page.locator(".htmx-settling")).to_have_count(0)
    expect(slider).to_be_focused()
    month = told.inner_text()
    assert "industry=hydrogen" in page.url
    assert f"as_of={month}-" in page.url
    expect(slider).to_have_attribute("aria-valuetext", month)
    expect(page.get_by_text(f"截至 {month}-")).to_be_visible()
    console.look(page, "map-month")
    slider.press("ArrowRight")
    page.wait_for_url(lambda address: "as_of=" not in address)
    expect(told).to_have_text(now)


def test_a_month_of_which_nothing_was_kept_says_what_it_is_counted_from(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    told = page.get_by_text("按今天的记录回算")
    seen = set()
    for back in (0, 1, 2, 3):
        page.goto(f"/map?back=-{back}")
        month = int(page.locator(".months output").inner_text()[-2:])
        expect(told).to_have_count(0 if back == 0 or month % 3 == 0 else 1)
        seen.add(told.count())
    assert seen == {0, 1}


def test_comparison_and_weights_say_of_a_past_day_whether_it_was_kept_as_the_map_does(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    told, kept = page.get_by_text("按今天的记录回算"), page.get_by_text("其他日子留存 400 天")
    seen = set()
    for back in (1, 2, 3):  # one of which ends a quarter
        page.goto(f"/map?back=-{back}")
        link = str(page.get_by_role("link", name="固定链接").get_attribute("href"))
        day, counted = link.rpartition("as_of=")[2], told.count()
        for path in ("/map/compare?a=suzhou&b=nanjing", "/map/weights?tightness=60"):
            page.goto(f"{path}&as_of={day}")
            assert (told.count(), kept.count()) == (counted, 1), (path, day)
        seen.add(counted)
    assert seen == {0, 1}
    page.goto("/map/weights")
    assert (told.count(), kept.count()) == (0, 0)


def test_a_link_that_is_taken_of_the_map_names_its_day_and_shows_the_same(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    lasting = page.get_by_role("link", name="固定链接")
    for path, shown in (
        ("/map?industry=hydrogen&city=suzhou&view=table", "table.matrix"),
        ("/map/compare?a=suzhou&b=nanjing&industry=hydrogen", "table.rows"),
        ("/map/weights?tightness=60", "section[aria-labelledby=cells]"),
    ):
        page.goto(path)
        today, figures = page.locator(".head").inner_text(), page.locator(shown).first.inner_text()
        link = str(lasting.get_attribute("href"))
        day = link.rpartition("as_of=")[2]
        assert f"截至 {day}" in today
        assert link == f"{path}&as_of={day}"
        page.goto(link)
        assert page.locator(".head").inner_text() == today
        assert page.locator(shown).first.inner_text() == figures
    page.goto("/map?back=-1")
    page.goto(str(lasting.get_attribute("href")))
    assert f"截至 {page.url.rpartition('as_of=')[2]}" in page.locator(".head").inner_text()
    page.goto("/map/compare?a=suzhou&b=nanjing&as_of=2026-06-30")
    page.get_by_role("button", name="比较").click()
    page.wait_for_url("**as_of=2026-06-30**")
