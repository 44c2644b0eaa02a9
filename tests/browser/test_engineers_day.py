"""A partner's engineer gets a key, reads the stream through the gateway, is cut off, and resumes without a gap."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import pairwise
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from services.cli import processes
from tests.browser.looking import Console
from tests.contract.installation import staff_token

_SECONDS = 120


def test_a_partner_reads_is_cut_off_and_resumes_without_a_gap(console: Console) -> None:
    key = partner_key(console)
    head, last = _read(console, key, 3, "?from_start=true")
    rest, _ = _read(console, key, 3, "?from_start=true", last)
    events = [*head, *rest]
    for before, after in pairwise(events):
        assert after["previous_sequence"] == before["sequence"]
    names = {each["candidate"] for each in events} | {each["anchor"] for each in events}
    assert not any(name.startswith("persons/") for name in names)


def test_the_page_shows_events_as_they_are_kept_and_stops_when_told(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/events?from=start")
    events = page.locator("ol.live li")
    expect(events.first).to_be_visible()
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="继续")).to_have_attribute("aria-pressed", "true")
    events.first.locator("summary").click()
    expect(events.first.locator("pre")).to_contain_text('"previous_sequence"')
    expect(page.locator("#curl")).to_contain_text(f"{console.url}/v1/matches:watch?from_start=true")


def test_the_stream_of_the_page_is_for_our_pages_and_for_whom_it_is_granted(console: Console) -> None:
    token = staff_token(console.house)
    cookie = {"Cookie": f"bole_session={token}"}
    assert _status(console, "/live/matches", {}) == 401
    assert _status(console, "/live/matches", cookie | {"Sec-Fetch-Site": "cross-site"}) == 403
    assert _status(console, "/live/matches?kinds=no-such-kind", cookie) == 400


def partner_key(console: Console) -> str:
    """A fresh key, as `bole partner add` makes it."""
    done = processes.run_tool("matcher", ["add-partner", "测试合作方"], console.house.settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _status(console: Console, path: str, headers: dict[str, str]) -> int:
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=_SECONDS)
    connection.request("GET", path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _read(
    console: Console, key: str, most: int, query: str, last: str = ""
) -> tuple[list[dict[str, str]], str]:
    """So many events of the stream, and the id of the last one; then the connection is cut."""
    headers = {"X-Bole-Key": key} | ({"Last-Event-ID": last} if last else {})
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=_SECONDS)
    connection.request("GET", f"/v1/matches:watch{query}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    found = []
    for name, token, data in _events(iter(answer.readline, b"")):
        last = token
        if name == "event":
            found.append(json.loads(data))
        if len(found) == most:
            break
    connection.close()
    return found, last


def _events(lines: Iterator[bytes]) -> Iterator[tuple[str, str, str]]:
    """Name, id and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "event" in fields:
            yield fields["event"], fields["id"], fields["data"]
            fields = {}
