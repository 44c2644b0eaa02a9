"""A talent officer looks for what is tightest in one industry, reads why, and takes the numbers along."""

import csv
import math
import re
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from services.kernel.periods import quarter_code
from tests.browser.looking import Console

Row = dict[str, str]
_MOST_RANKED = 6
_INKS = "all => all.map(each => getComputedStyle(each).color + getComputedStyle(each).backgroundColor)"
_SHADES = "all => all.map(each => getComputedStyle(each).backgroundColor)"


def test_the_tightest_cells_of_hydrogen_are_found_explained_and_taken_along(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map")
    first = page.locator("table.matrix td a").first
    first.press("Enter")
    expect(page.locator("#celltitle")).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.locator("select[name=industry]").select_option("hydrogen")
    page.wait_for_url("**industry=hydrogen**")
    expect(page.get_by_role("heading", name="方向 × 设区市")).to_be_visible()
    by_csv = _csv(_download(page, "CSV", tmp_path / "shortage.csv"))
    by_xlsx = _xlsx(_download(page, "XLSX", tmp_path / "shortage.xlsx"))
    in_csv, in_xlsx = ([float(row["指数"]) for row in rows if row["指数"]] for rows in (by_csv, by_xlsx))
    assert in_csv == in_xlsx
    assert "氢能" in _download(page, "SVG", tmp_path / "shortage.svg").read_text(encoding="utf-8")
    assert _download(page, "PNG", tmp_path / "shortage.png").read_bytes().startswith(b"\x89PNG")
    assert {row["数据来源"] for row in by_csv} == {"演示数据 SYNTHETIC"}
    tightest = max((row for row in by_csv if row["指数"]), key=lambda row: float(row["指数"]))
    shown = f"{float(tightest['指数']):.0f}"
    cell = page.get_by_role("link", name=f"{tightest['产业/方向']} {tightest['设区市']}：")
    expect(cell).to_have_text(shown)
    cell.click()
    expect(page.get_by_role("heading", name=tightest["产业/方向"]).first).to_be_visible()
    assert tightest["设区市"] in page.locator("main").inner_text()
    assert shown in page.locator("main").inner_text()
    page.get_by_role("link", name="关闭").click()
    expect(page.locator("#celltitle")).to_have_text("全省 · 氢能")
    page.get_by_role("link", name="关闭").click()
    expect(page.get_by_role("heading", name="产业 × 设区市")).to_be_visible()


def test_the_cells_of_what_is_chosen_are_ranked_as_far_as_they_can_be(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    ranked = page.locator("ol.ranked a")
    for chosen in ("industry=hydrogen", "category=highly-skilled", ""):
        page.goto(f"/map?{chosen}")
        rows = _csv(_download(page, "CSV", tmp_path / "shortage.csv"))
        rankable = {
            f"{each['设区市']} · {each['产业/方向']}"
            for each in rows
            if each["指数"] and each["证据"] != "D" and each["在招（人）"] != "0"
        }
        shown = set(ranked.all_inner_texts())
        assert shown <= rankable
        assert len(shown) == min(len(rankable), _MOST_RANKED)
        assert page.get_by_text("没有可排名的单元格").is_visible() is not bool(rankable)
    assert shown
    first = ranked.first.inner_text()
    ranked.first.click()
    expect(page.locator("#celltitle")).to_contain_text(first)
    expect(ranked).to_have_count(0)
    positions = page.get_by_title("这些岗位")
    heads = int(positions.inner_text())
    with page.expect_navigation():
        positions.click()
    open_of_wanted = page.locator("#results tbody td.n").all_inner_texts()
    assert sum(int(each.partition("/")[0]) for each in open_of_wanted) >= heads > 0


def test_cells_are_filtered_by_why_they_are_short(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map")
    every = _csv(_download(page, "CSV", tmp_path / "all.csv"))
    marked = page.locator("table.matrix td a[aria-label*='成因：']")
    assert marked.count() == sum(bool(row["成因"]) for row in every)
    expect(marked.first.locator("svg.cause")).not_to_have_count(0)
    cause = next(row["成因"] for row in every if row["成因"]).split("、")[0]
    page.get_by_role("combobox", name="成因").select_option(label=cause)
    page.wait_for_url("**driver=**")
    wanted = sorted((row["产业/方向"], row["设区市"]) for row in every if cause in row["成因"].split("、"))
    kept = _csv(_download(page, "CSV", tmp_path / "some.csv"))
    assert sorted((row["产业/方向"], row["设区市"]) for row in kept) == wanted
    assert page.locator("table.matrix td svg.cause").count() >= len(wanted)
    expect(page.locator("table.matrix td a:not([aria-label*='成因不含'])")).to_have_count(len(wanted))
    assert cause in _download(page, "SVG", tmp_path / "some.svg").read_text(encoding="utf-8")
    for view in ("格网", "表格"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "true")
        assert "driver=" in page.url
        expect(page.locator(".whys a[aria-current]")).to_contain_text(cause)
        console.look(page, f"map-cause-{view}")
    page.get_by_role("link", name="不限成因").click()
    page.wait_for_url(lambda address: "driver=" not in address)
    expect(page.locator("table.matrix td a[aria-label*='成因不含']")).to_have_count(0)


def test_cities_are_compared_by_direction(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map/compare?a=suzhou&b=nanjing")
    form = page.locator("main form.filters")
    form.get_by_label("方向").select_option(label="固态储氢材料及关键技术")
    form.get_by_role("button").click()
    expect(page.locator("#standings")).to_have_text("氢能 · 固态储氢材料及关键技术")
    expect(page.locator("section[aria-labelledby=standings]")).to_contain_text("需求区位商")
    console.look(page, "map-compare-direction")
    form.get_by_label("产业").select_option(label="量子科技")
    expect(form.get_by_label("方向")).to_have_value("")
    form.get_by_role("button").click()
    expect(page.locator("#standings")).to_have_text("量子科技")


def test_four_cities_stand_side_by_side_as_the_map_has_them(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map?view=table")
    cities = page.locator("table.rows").first.locator("tbody tr").filter(has=page.locator("td.n + td.nw"))
    chosen = cities.locator("th").all_inner_texts()[:4]
    on_map = [float(each.split()[-1]) for each in cities.locator("td.n:nth-of-type(1)").all_inner_texts()[:4]]
    page.goto("/map/compare")
    expect(page.get_by_text("请选择两到四个城市")).to_be_visible()
    for at, city in enumerate(chosen, 1):
        page.get_by_label(f"城市 {at}").select_option(label=city)
    page.get_by_role("button", name="比较").click()
    rows = page.locator("section[aria-labelledby=standings] tbody tr")
    expect(rows.locator("th")).to_have_text(chosen)
    compared = [float(each) for each in rows.locator("[data-label=指数]").all_inner_texts()]
    assert compared == pytest.approx(on_map, abs=0.56), (
        "whole numbers of what the table has one digit more of"
    )
    for interval in rows.locator("svg.scale").all():
        low, high = map(int, str(interval.get_attribute("aria-label")).split("–"))
        assert low <= high
    pairs = page.locator("section[aria-labelledby=odds] li")
    expect(pairs).to_have_count(6)
    odds = [float(each.strip("<>%")) for each in pairs.locator("strong").all_inner_texts()]
    assert all(each >= 50 for each in odds), "the tighter city of two comes first"
    _check_cities_in_files(page, chosen, compared, tmp_path)
    console.look(page, "map-compare-four")
    page.get_by_label("城市 4").select_option(label="—")
    page.get_by_role("button", name="比较").click()
    expect(rows).to_have_count(3)
    expect(pairs).to_have_count(3)
    page.goto("/map/compare?a=suzhou&b=suzhou")
    expect(page.get_by_text("请选择两到四个城市")).to_be_visible()


def _check_cities_in_files(page: Page, cities: list[str], compared: list[float], folder: Path) -> None:
    """The comparison leaves as it stands on the page, with each city's odds against each other one."""
    by_csv = _csv(_download(page, "CSV", folder / "cities.csv"))
    by_xlsx = _xlsx(_download(page, "XLSX", folder / "cities.xlsx"))
    assert [row["设区市"] for row in by_csv] == [row["设区市"] for row in by_xlsx] == cities
    for rows in (by_csv, by_xlsx):
        assert [float(row["指数"]) for row in rows] == pytest.approx(compared, abs=0.56)
        assert {row["数据来源"] for row in rows} == {"演示数据 SYNTHETIC"}
        assert all(float(row["名次最高"]) <= float(row["名次最低"]) for row in rows)
        assert len({row["截至"] for row in rows}) == 1
        assert all(row["季度"] == quarter_code(date.fromisoformat(row["截至"])) for row in rows)
        for one, other in combinations(rows, 2):
            odds = [float(row[f"比{than['设区市']}更紧的概率"]) for row, than in ((one, other), (other, one))]
            assert sum(odds) == pytest.approx(1, abs=0.002)
        assert all(row[f"比{row['设区市']}更紧的概率"] == "" for row in rows)


def test_a_cell_adds_up_from_the_parts_that_its_card_shows(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map")
    page.locator("table.matrix td a[aria-label*='成因：']").first.click()
    card = page.locator("#cell")
    expect(card.locator("table.parts td.n").nth(1)).to_be_visible()
    parts = [float(each) for each in card.locator("table.parts td.n").all_inner_texts()]
    index = float(card.locator(".index strong").first.inner_text())
    assert index == pytest.approx(100 / (1 + math.exp(-sum(parts))), abs=1)
    low, high = map(int, re.findall(r"(\d+)–(\d+)", card.locator(".index ~ p").first.inner_text())[0])
    assert low <= index <= high
    expect(card.locator(".drivers li").first).to_contain_text(" → ")
    console.look(page, "map-cell-why")


def test_what_if_is_tried_by_sliders_and_the_address_keeps_it(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map?industry=hydrogen&city=suzhou")
    page.get_by_text("如果多做一点").click()
    slider = page.get_by_role("slider", name="引进（人）")
    for _ in range(3):
        slider.press("ArrowRight")
    expect(page.locator(".whatif label[for=if-recruits] output")).to_have_text("3")
    page.get_by_role("button", name="推算").click()
    page.wait_for_url("**recruits=3**")
    expect(page.locator(".whatif")).to_have_attribute("open", "")
    expect(slider).to_have_value("3")
    expect(page.locator(".whatif .index, .whatif .empty").first).to_be_visible()
    console.look(page, "map-what-if")


def test_other_weights_are_tried_and_what_they_change_is_said(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map/weights")
    first = page.get_by_role("slider").first
    name, before = first.get_attribute("name"), first.input_value()
    first.press("ArrowRight")
    expect(page.locator(f"label[for=w-{name}] output")).not_to_have_text(before)
    page.get_by_role("button", name="重新计算").click()
    page.wait_for_url(f"**{name}=**")
    expect(first).not_to_have_value(before)
    said = page.locator("section[aria-labelledby=cells] p").first
    expect(said).to_contain_text("星级与方法的权重一致")
    page.get_by_role("link", name="方法的权重").click()
    page.wait_for_url("**tightness=35**")
    assert [each.input_value() for each in page.get_by_role("slider").all()] == ["35", "25", "20", "10", "10"]
    expect(said).to_contain_text("100% 星级与方法的权重一致")


def test_what_is_looked_at_goes_along_to_other_weights_and_to_the_comparison(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map?industry=hydrogen&city=suzhou&category=outstanding-engineer")
    tabs = page.locator("nav.sections")
    tabs.get_by_role("link", name="权重与稳健性").click()
    page.wait_for_url("**/map/weights?industry=hydrogen&category=outstanding-engineer")
    page.get_by_label("人才类别").select_option("")
    page.get_by_role("button", name="重新计算").click()
    page.wait_for_url("**/map/weights?industry=hydrogen&tightness=**")
    for cell in page.locator("section[aria-labelledby=cells] tbody a").all():
        assert "industry=hydrogen&direction=" in str(cell.get_attribute("href"))
    page.get_by_role("link", name="均等").click()
    page.wait_for_url("**/map/weights?industry=hydrogen")
    page.goto("/map?industry=hydrogen&city=suzhou")
    tabs.get_by_role("link", name="城市比较").click()
    page.wait_for_url("**/map/compare?a=suzhou&industry=hydrogen")
    expect(page.get_by_label("城市 1")).to_have_value("suzhou")
    expect(page.get_by_label("产业")).to_have_value("hydrogen")


def test_where_one_is_and_how_tight_a_cell_is_shows_in_the_colours_of_a_contrast_theme(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.emulate_media(forced_colors="active")
    page.goto("/map")
    for places in (".sections a", ".tabs a", ".top nav a"):
        shades = page.locator(f"{places}[aria-current]").evaluate_all(_SHADES)
        others = page.locator(f"{places}:not([aria-current])").evaluate_all(_SHADES)
        assert shades
        assert not set(shades) & set(others)
    marked = page.locator("[aria-current]").evaluate_all(_INKS)
    assert len(set(marked)) == 1, "one ink on one ground, whatever a link has elsewhere"
    assert len(set(page.locator("table.matrix td").evaluate_all(_SHADES))) > 1


def _download(page: Page, name: str, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    download.value.save_as(path)
    return path


def _csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _xlsx(path: Path) -> list[Row]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    header, *rows = [["" if value is None else str(value) for value in row] for row in sheet.values]
    return [dict(zip(header, row, strict=True)) for row in rows]
