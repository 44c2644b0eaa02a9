"""One Chromium, one console and one installation for all tests of this folder, and gone after them.

Playwright keeps an event loop running in its thread: whatever runs one of its own must find it closed.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import reporting
from tests.browser.looking import Console
from tests.browser.serving import served
from tests.contract.installation import Installation, installation, start_with_sample
from tests.servers import chromium, nursery

_PATIENCE_MS = 60_000
_REFUSED = r"status of (4\d\d|503)"
_CUT = r"status of 5\d\d|net::ERR_|htmx:(afterRequest|sendError|timeout|responseError)|Response Status Error"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--screenshots FOLDER` keeps what the pages looked like."""
    parser.addoption("--screenshots", type=Path, default=None)


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All services with the small sample in them."""
    made = installation(tmp_path_factory.mktemp("house"), nursery.spawn, webhook_networks="127.0.0.0/8")
    start_with_sample(made)
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture(scope="package")
def console(house: Installation, pytestconfig: pytest.Config) -> Iterator[Console]:
    """The console as a process of its own."""
    with served(house, pytestconfig.getoption("screenshots", default=None)) as shown:
        yield shown


@pytest.fixture(scope="package")
def released(house: Installation) -> None:
    """A signed release, and the draft of a report of it."""
    reporting.release(house)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium. What a test expects of a page may take as long as the page itself."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.executable(), args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, console: Console) -> Iterator[Callable[..., Page]]:
    """Opens pages of their own session; each may only speak to the console and must stay free of errors. `cut`: what
    browsers and htmx note of requests that a test cuts off is none.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def make(
        width: int = 1366, language: str = "zh", dark: bool = False, scripts: bool = True, cut: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 768},
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            color_scheme="dark" if dark else "light",
            base_url=console.url,
            accept_downloads=True,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda said: _note(wrong, said, _CUT if cut else _REFUSED))
        page.on("request", lambda asked: _at_home(wrong, asked.url, console.url))
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


def _note(wrong: list[str], said: Any, meant: str) -> None:
    # A refused page is an error of the browser's own console, and meant.
    if said.type == "error" and not re.search(meant, said.text):
        wrong.append(f"console: {said.text}")


def _at_home(wrong: list[str], url: str, home: str) -> None:
    if not url.startswith((home, "data:", "blob:")):
        wrong.append(f"request to {url}")
