"""The heaviest pages of the console, beside the same pages drawn in the browser by a full chart library.

The peer is our own page with every drawing taken out and drawn by ECharts (complete build, SVG renderer) from the same
numbers: the rest of the page, styles and scripts stay. It is served as a ready file and its library is compressed, both
of which is better for it than what our page gets. A page that has nothing to chart has no peer. Every visit is a
browser context of its own, nothing cached; visits to both alternate. Seen is when the data stands on the page and it
was painted.
"""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.console.pages import HEAVY, Heavy
from bench.console.visiting import Visit, served, visit
from bench.harness import Row, Run
from services.cli.demo import history_sample, quarter_sample
from services.cli.running import console_process
from tests.contract.installation import MANAGER, OFFICER, Installation, installation, load_sample, staff_token
from tests.servers import chromium

NAMES = ("console.page",)
_LIBRARY, _VERSION = "echarts", "6.1.0"
_BOUNDARIES = Path("services/paper/data/jiangsu.geojson")
_PEER = Path(__file__).with_name("peer.js")
_SCRIPTS = '<script src="/echarts.js"></script><script src="/draw.js"></script></body>'
_VISITS = 9
_READY_SECONDS = 600.0
_FIGURES = (("weight", "bytes"), ("first_paint", "ms"), ("seen", "ms"))


def measure(run: Run) -> Iterator[Row]:
    """Bytes, first contentful paint, and when the data is seen; nothing without npm, which fetches the library."""
    npm = shutil.which("npm")
    asked = [each for each in HEAVY if any(run.wants(each.row(figure)) for figure, _ in _FIGURES)]
    if npm is None or not asked:
        return
    visits = run.size(_VISITS)
    with run.folder() as folder:
        library = _library(npm, folder)
        with _console(folder / "house") as (house, browser):
            for each in asked:
                yield from _rows(run, each, *_compared(house, browser, each, library, visits))


def _rows(run: Run, page: Heavy, ours: list[Visit], peer: list[Visit]) -> Iterator[Row]:
    for at, (figure, unit) in enumerate(_FIGURES):
        yield run.row(
            page.row(figure),
            median(each[at] for each in ours),
            unit,
            n=len(ours),
            peer=f"the same page by {_LIBRARY} {_VERSION}" if peer else "",
            peer_value=median(each[at] for each in peer) if peer else None,
            note=f"{page.said}; small sample, Chinese, 1366 px wide; cold cache; median of "
            + ("alternating visits" if peer else "visits"),
        )


@contextmanager
def _console(folder: Path) -> Iterator[tuple[Installation, Browser]]:
    """A console with the small sample, its closed quarters and past deals behind it, and a browser."""
    house = installation(folder)
    house.start()
    process = console_process.start(house.settings)
    try:
        load_sample(house)
        quarter_sample.lay(house.settings)
        history_sample.lay(house.settings)
        house.wait_level()
        console_process.wait_ready(house.settings, process, _READY_SECONDS)
        with sync_playwright() as playwright:
            program, flags = chromium.executable(), list(chromium.FLAGS)
            yield house, playwright.chromium.launch(executable_path=program, args=flags)
    finally:
        process.terminate()
        process.wait()
        house.stop()


def _compared(
    house: Installation, browser: Browser, heavy: Heavy, library: bytes, visits: int
) -> tuple[list[Visit], list[Visit]]:
    """Visits to ours and to the peer, of which there are none where nothing could be charted."""
    context = browser.new_context(locale="zh-CN", base_url=house.settings.console_url)
    page = context.new_page()
    page.goto(console_process.sign_in_link(house.settings, staff_token(house, OFFICER, MANAGER)))
    page.goto(heavy.address(page))
    address, cookies, whole = page.url, context.cookies(), page.locator(heavy.marks).count()
    assert whole > 0, heavy.name
    html = _peer(page) if heavy.drawn else None
    context.close()
    if html is None:
        return [visit(browser, address, cookies, heavy.marks, whole) for _ in range(visits)], []
    ours: list[Visit] = []
    peer: list[Visit] = []
    with served(html, library) as theirs:
        for _ in range(visits):
            ours.append(visit(browser, address, cookies, heavy.marks, whole))
            peer.append(visit(browser, theirs, [], heavy.marks, whole))
    return ours, peer


def _peer(page: Any) -> str:
    """Our page with places to draw in instead of its drawings, and the numbers that stood there."""
    numbers = page.evaluate(_PEER.read_text(encoding="utf-8"), _named(json.loads(_BOUNDARIES.read_text())))
    assert numbers["charts"]
    data = json.dumps(numbers, ensure_ascii=False).replace("<", "\\u003c")
    html: str = page.content()
    return html.replace("</body>", f'<script type="application/json" id="data">{data}</script>{_SCRIPTS}')


def _named(boundaries: Any) -> Any:
    """The cities by the names that the page has for them."""
    for each in boundaries["features"]:
        each["properties"]["name"] = each["properties"]["name"].removesuffix("市")
    return boundaries


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
