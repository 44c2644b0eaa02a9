"""The heaviest page, the shortage map, beside the same page drawn in the browser by a full chart library.

The peer is our own page with the map and the matrix taken out and drawn by ECharts (complete build, SVG renderer) from
the same numbers: the rest of the page, styles and scripts stay. It is served as a ready file and its library is
compressed, both of which is better for it than what our page gets. Every visit is a browser context of its own, nothing
cached; visits to both alternate. Seen is when the map and the matrix stand on the page and it was painted.
"""

import gzip
import json
import re
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bench.harness import Row, Run
from services.cli.running import console_process
from tests.contract.installation import MANAGER, OFFICER, installation, load_sample, staff_token
from tests.servers import chromium
from tests.servers.ports import free_port

NAMES = ("console.page",)
_LIBRARY, _VERSION = "echarts", "6.1.0"
_STATIC = Path("services/console/static")
_BOUNDARIES = Path("services/paper/data/jiangsu.geojson")
_VISITS = 9
_READY_SECONDS = 600.0
_SEEN = """
const look = () => {
  if (window.drawn || (document.querySelectorAll('svg.map .area').length >= 13 &&
      document.querySelectorAll('table.matrix td a').length >= 100)) window.seen = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
_DRAW = """
const data = JSON.parse(document.getElementById('data').textContent);
let left = 2;
const done = () => { left -= 1; if (!left) window.drawn = true; };
echarts.registerMap('jiangsu', data.boundaries);
const scale = {min: 0, max: 100, calculable: true};
const map = echarts.init(document.getElementById('map'), null, {renderer: 'svg'});
map.on('finished', done);
map.setOption({animation: false, visualMap: scale,
  series: [{type: 'map', map: 'jiangsu', data: data.cities, label: {show: true}}]});
const matrix = echarts.init(document.getElementById('matrix-drawn'), null, {renderer: 'svg'});
matrix.on('finished', done);
matrix.setOption({animation: false, visualMap: scale, xAxis: {type: 'category', data: data.columns},
  yAxis: {type: 'category', data: data.rows},
  series: [{type: 'heatmap', data: data.cells, label: {show: true}}]});
"""


class Visit(NamedTuple):
    """One cold visit: bytes over the wire, milliseconds to the first content and until the data is seen."""

    size: float
    first: float
    seen: float


def measure(run: Run) -> Iterator[Row]:
    """Bytes, first contentful paint, and when the data is seen; nothing without npm, which fetches the library."""
    npm = shutil.which("npm")
    if npm is None:
        return
    visits = run.size(_VISITS)
    with run.folder() as folder:
        library = _library(npm, folder)
        ours, peer = _measured(folder / "house", library, visits)
    said = ("bytes", "ms", "ms")
    for at, name in enumerate(("weight", "first_paint", "seen")):
        yield run.row(
            f"console.page.{name}",
            median(each[at] for each in ours),
            said[at],
            n=visits,
            peer=f"the same page by {_LIBRARY} {_VERSION}",
            peer_value=median(each[at] for each in peer),
            note="map of the small sample, Chinese, 1366 px wide; cold cache; median of alternating visits",
        )


def _measured(folder: Path, library: bytes, visits: int) -> tuple[list[Visit], list[Visit]]:
    house = installation(folder)
    house.start()
    process = console_process.start(house.settings)
    try:
        load_sample(house)
        house.wait_level()
        console_process.wait_ready(house.settings, process, _READY_SECONDS)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.executable(), args=list(chromium.FLAGS)
            )
            link = console_process.sign_in_link(house.settings, staff_token(house, OFFICER, MANAGER))
            return _compared(browser, f"{house.settings.console_url}/map", link, library, visits)
    finally:
        process.terminate()
        process.wait()
        house.stop()


def _compared(
    browser: Browser, address: str, link: str, library: bytes, visits: int
) -> tuple[list[Visit], list[Visit]]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(link)
    page.goto(address)
    cookies, html = context.cookies(), page.content()
    context.close()
    ours: list[Visit] = []
    peer: list[Visit] = []
    with _served(_peer(html), library) as theirs:
        for _ in range(visits):
            ours.append(_visit(browser, address, cookies))
            peer.append(_visit(browser, theirs, []))
    return ours, peer


def _visit(browser: Browser, address: str, cookies: Any) -> Visit:
    # What waits for the page is a script of the test's own, which the page's policy would not let in.
    context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.add_cookies(cookies)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda each: sizes.append(each["encodedDataLength"]))
    page.add_init_script(_SEEN)
    page.goto(address, wait_until="load")
    page.wait_for_function("window.seen && performance.getEntriesByName('first-contentful-paint').length")
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    seen = page.evaluate("window.seen")
    context.close()
    return Visit(sum(sizes), first, max(first, seen))


def _peer(html: str) -> str:
    """Our page with places to draw in instead of the map and the matrix, and the numbers that stood there."""
    drawn, without = re.subn(r'<svg class="map".*?</svg>', _place("map"), html, count=1, flags=re.DOTALL)
    matrix = re.search(r'<table class="matrix">.*?</table>', drawn, re.DOTALL)
    assert without == 1
    assert matrix is not None
    scripts = (
        f'<script type="application/json" id="data">{json.dumps(_numbers(matrix[0]), ensure_ascii=False)}</script>'
        '<script src="/echarts.js"></script><script src="/draw.js"></script></body>'
    )
    return drawn.replace(matrix[0], _place("matrix-drawn")).replace("</body>", scripts)


def _place(id_: str) -> str:
    return f'<div id="{id_}" style="width:100%;height:520px"></div>'


def _numbers(matrix: str) -> dict[str, Any]:
    """What the matrix says, as the library wants it; a cell without an index stays empty."""
    columns = re.findall(r'<th scope="col">(.*?)</th>', matrix)
    rows: list[str] = []
    cells: list[tuple[int, int, float | str]] = []
    for at, line in enumerate(re.findall(r'<tr><th scope="row">.*?</tr>', matrix, re.DOTALL)):
        rows.append(re.sub("<.*?>", "", line.split("</th>")[0]))
        for column, said in enumerate(re.findall(r"<td.*?<a.*?>(.*?)</a></td>", line, re.DOTALL)):
            number = re.search(r"[0-9]+", said)
            cells.append((column, at, float(number[0]) if number else "-"))
    assert len(cells) == len(rows) * len(columns) > 100
    first = {columns[column]: value for column, at, value in cells if at == 0}
    boundaries = json.loads(_BOUNDARIES.read_text())
    for each in boundaries["features"]:
        each["properties"]["name"] = each["properties"]["name"].removesuffix("市")
    cities = [{"name": name, "value": value} for name, value in first.items()]
    return {"boundaries": boundaries, "cities": cities, "columns": columns, "rows": rows, "cells": cells}


@contextmanager
def _served(html: str, library: bytes) -> Iterator[str]:
    """The address of the peer's page."""
    packed, port = gzip.compress(library, 9), free_port()

    async def page(_: Request) -> Response:
        return HTMLResponse(html)

    async def echarts(_: Request) -> Response:
        return Response(packed, media_type="text/javascript", headers={"Content-Encoding": "gzip"})

    async def draw(_: Request) -> Response:
        return Response(_DRAW, media_type="text/javascript")

    routes = [Route("/", page), Route("/echarts.js", echarts), Route("/draw.js", draw)]
    app = Starlette(routes=[*routes, Mount("/static", StaticFiles(directory=_STATIC))])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started:
        time.sleep(0.01)  # nothing tells when the port is open
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    running.join()


def _library(npm: str, folder: Path) -> bytes:
    """The complete build, from the registry by its own client."""
    package = f"{_LIBRARY}@{_VERSION}"
    done = subprocess.run(
        [npm, "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        member = archive.extractfile("package/dist/echarts.min.js")
        assert member is not None
        return member.read()
