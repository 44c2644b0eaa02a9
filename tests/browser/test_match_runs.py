"""Officers run over all anchors of a kind: what is wrong is said at its field, and what is found is taken as a file."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pyarrow import csv, parquet

from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import OFFICER


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_a_run_is_started_followed_and_taken(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page, OFFICER, subject=f"runs-{language}")
    page.goto("/matches")
    with page.expect_navigation():
        page.locator(".exports a[href='/matches/runs']").click()
    page.locator("select[name=kind]").select_option("person-position")
    page.locator("input[name=limit]").fill("101")
    page.locator("input[name=same_industry]").check()
    with page.expect_navigation():
        page.locator("#start ~ form button").click()
    limit = page.locator("input[name=limit]")
    expect(limit).to_have_attribute("aria-invalid", "true")
    expect(page.locator("input[name=same_industry]")).to_be_checked()
    console.look(page, f"match-runs-wrong-{language}-{width}")
    limit.fill("2")
    with page.expect_navigation():
        page.locator("#start ~ form button").click()
    done = {"zh": "已完成", "en": "done"}[language]

    def ended() -> bool:
        page.reload()
        return done in page.locator("tbody tr").first.inner_text()

    console.house.until(ended)
    console.look(page, f"match-runs-done-{language}-{width}")
    for form, read in (("parquet", parquet.read_table), ("csv", csv.read_csv)):
        with page.expect_download() as taking:
            page.locator(f"tbody tr a[href$='.{form}']").first.click()
        table = read(taking.value.path())
        assert table.num_rows > 0
        assert set(table.column("rank").to_pylist()) <= {1, 2}
        assert taking.value.suggested_filename.endswith(f".{form}")


def test_a_run_is_stopped_and_goes_on(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page(WIDTHS["desk"], "zh")
    console.sign_in(page, OFFICER, subject="runs-stopped")
    page.goto("/matches/runs")

    def stopped() -> bool:
        page.locator("select[name=kind]").select_option("similar-persons")
        page.locator("input[name=limit]").fill("100")
        with page.expect_navigation():
            page.locator("#start ~ form button").click()
        cancel = page.locator("tbody tr").first.locator("form[action$='/cancel'] button")
        if cancel.count() == 0:  # it was done before
            return False
        with page.expect_navigation():
            cancel.click()
        return "已取消" in page.locator("tbody tr").first.inner_text()

    console.house.until(stopped)
    console.look(page, "match-runs-cancelled-zh-desk")
    with page.expect_navigation():
        page.locator("tbody tr").first.locator("form[action$='/resume'] button").click()
    expect(page.locator("tbody tr").first).not_to_contain_text("已取消")


def test_nobody_sees_the_runs_of_others(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page(WIDTHS["desk"], "zh")
    console.sign_in(page, OFFICER, subject="runs-other")
    answer = page.goto("/matches/runs/none/file.csv")
    assert answer is not None
    assert answer.status == 404
    page.goto("/matches/runs")
    expect(page.locator("tbody tr")).to_have_count(0)
