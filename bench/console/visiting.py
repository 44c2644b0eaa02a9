"""Cold visits to a page: what comes over the wire, the first content, and when its data is seen."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

_STATIC = Path("services/console/static")
_DRAW = Path(__file__).with_name("draw.js")
_SEEN = """
const look = () => {
  if (window.drawn || document.querySelectorAll(%r).length >= %d) window.seen = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


class Visit(NamedTuple):
    """One cold visit: bytes over the wire, milliseconds to the first content and until the data is seen."""

    size: float
    first: float
    seen: float


def visit(browser: Browser, address: str, cookies: Any, marks: str, whole: int) -> Visit:
    """A visit with nothing cached; the data is seen when the `whole` of its marks stands there, or a library drew it,
    and the page was painted.
    """
    # What waits for the page is a script of the test's own, which the page's policy would not let in.
    context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.add_cookies(cookies)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda each: sizes.append(each["encodedDataLength"]))
    page.add_init_script(_SEEN % (marks, whole))
    page.goto(address, wait_until="load")
    page.wait_for_function("window.seen && performance.getEntriesByName('first-contentful-paint').length")
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    seen = page.evaluate("window.seen")
    context.close()
    return Visit(sum(sizes), first, max(first, seen))


@contextmanager
def served(html: str, library: bytes) -> Iterator[str]:
    """The address of a page that the library draws."""
    packed = gzip.compress(library, 9)

    async def page(_: Request) -> Response:
        return HTMLResponse(html)

    async def echarts(_: Request) -> Response:
        return Response(packed, media_type="text/javascript", headers={"Content-Encoding": "gzip"})

    async def draw(_: Request) -> Response:
        return Response(_DRAW.read_bytes(), media_type="text/javascript")

    routes = [Route("/", page), Route("/echarts.js", echarts), Route("/draw.js", draw)]
    app = Starlette(routes=[*routes, Mount("/static", StaticFiles(directory=_STATIC))])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    # open before the server runs: who comes meanwhile waits in the queue
    with socket.create_server(("127.0.0.1", 0)) as opened:
        running = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
        running.start()
        yield f"http://127.0.0.1:{opened.getsockname()[1]}/"
        server.should_exit = True
        running.join()
