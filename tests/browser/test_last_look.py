"""What changed since somebody last looked stands on their start page, each line a way to it."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from services.catalogue import load
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import SystemClock, civil_date
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.employers import Concentration
from services.talent.domain.shortage.counts.tally import MEASURES, counts_shape
from services.talent.store.counts import cells, snapshots, state
from tests.browser.looking import Console
from tests.storm.house import until


def test_a_cell_that_reached_its_stars_and_a_pair_that_was_accepted_are_lines_that_lead_to_them(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, subject="returns")
    page.goto("/")
    page.reload()  # the first visit goes on
    expect(page.locator(".news h2")).to_have_text("最近一周")
    expect(page.locator(".news")).to_contain_text("视为首次来访")
    page.goto("/map?industry=hydrogen&city=suzhou")
    page.locator("form.watch select[name=stars]").select_option("1")
    page.locator("form.watch input[name=percent]").fill("50")
    page.get_by_role("button", name="关注", exact=True).click()
    watched = page.locator("table.rows tbody tr")
    expect(watched).to_have_count(1)
    cell = watched.locator("th").inner_text()

    def reached() -> bool:
        page.reload()
        return watched.get_by_text("已达到").count() == 1

    assert until(reached, 60)
    page.goto("/matches?kind=person-position&side=position")
    page.goto(str(page.locator("main .stack li a").nth(3).get_attribute("href")))
    page.goto(str(page.locator("ol.ranking li").first.locator("a[href*=candidate]").get_attribute("href")))
    page.locator("#at-once summary").click()
    page.locator("#at-once button[value=ACCEPTED]").click()
    expect(page.locator("#before .badge")).to_have_text("已接受")
    page.goto("/")
    news = page.locator(".news")
    expect(news).to_contain_text("达到所关注星级的单元")
    expect(news).to_contain_text("被接受的推荐")
    console.look(page, "start-news")
    news.get_by_role("link", name=re.compile(" ← ")).first.click()
    expect(page.locator("#pair")).to_be_visible()
    expect(page.locator("#before .badge")).to_have_text("已接受")
    page.goto("/")
    news.get_by_role("link", name=cell, exact=True).click()
    expect(page.locator("form.watch")).to_be_visible()
    page.goto("/map/watches")
    page.get_by_role("button", name=f"取消关注 {cell}").click()
    expect(page.get_by_text("还没有关注")).to_be_visible()
    page.goto("/")
    expect(news).not_to_contain_text("达到所关注星级的单元")


@pytest.fixture
def more_positions_before(console: Console) -> Iterator[None]:
    """The map of ten days ago, as if it had been kept then: today's, with six times the demand."""
    axes, now = Axes.of_catalogue(load()), SystemClock().now()
    counts = np.zeros(counts_shape(axes), np.int64)
    spread = Concentration(*(np.zeros(axes.shape, np.int64) for _ in Concentration._fields))
    day = civil_date(now) - timedelta(days=10)
    with closing(Database(open_engine(console.house.settings.database_url("talent")))) as database:
        with database.write() as session:
            known = state.required(session)._replace(day=day)
            cells.read_counts(session, axes, counts, -1)
            cells.read_concentration(session, axes, spread, -1)
            counts[MEASURES.index("demand")] *= 6
            values = {"counts": counts, **spread._asdict()}
            snapshots.put(session, snapshots.Kept(known, now, axes, values))
        yield
        with database.write() as session:
            snapshots.forget(session, [day])


@pytest.mark.usefixtures("more_positions_before")
def test_cells_that_crossed_a_star_are_lines_that_lead_to_them(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, subject="stars")
    page.goto("/")
    crossed = page.locator(".news h3#cells + ul li")
    expect(crossed).not_to_have_count(0)
    expect(page.locator("#cells")).to_contain_text("日终相比")
    for line in crossed.all_inner_texts():
        before, now = re.findall(r"[★☆]+", line)
        assert len(before.strip("☆")) > len(now.strip("☆"))
    console.look(page, "start-crossed")
    cell = crossed.first.locator("a")
    said = cell.inner_text()
    cell.click()
    expect(page.locator("form.watch")).to_be_visible()
    expect(page.locator("main")).to_contain_text(said)
    english = open_page(language="en")
    console.sign_in(english, subject="stars")
    english.goto("/")
    expect(english.locator("#cells")).to_contain_text("Cells that crossed a star")
