"""A partner's engineer runs the lines that the page offers for copying, as they stand there, and loses nothing."""

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import IO, Any

from playwright.sync_api import Page

from tests.browser.looking import Console
from tests.browser.test_engineers_day import partner_key

_EVENTS = 5
Event = dict[str, Any]


def test_the_lines_of_the_page_read_a_stream_that_is_cut_and_resumed_without_a_gap(
    open_page: Callable[..., Page], console: Console
) -> None:
    key, page = partner_key(console), open_page(scripts=False)
    console.sign_in(page)
    page.goto("/events?from=start")
    begin, resume = (_copied(page, line).replace("YOUR_KEY", key) for line in ("curl", "curl-resume"))
    with _running(begin) as said:
        whole, _ = _read(said, 2 * _EVENTS)
    with _running(begin) as said:
        head, last = _read(said, _EVENTS)
    with _running(resume.replace("LAST_ID", last)) as said:
        rest, _ = _read(said, _EVENTS)
    assert head + rest == whole
    assert _unbroken(whole)


def test_the_line_that_reads_page_by_page_goes_on_where_the_page_before_ended(
    open_page: Callable[..., Page], console: Console
) -> None:
    key, page = partner_key(console), open_page(scripts=False)
    console.sign_in(page)
    page.goto("/events")
    line = _copied(page, "curl-page").replace("YOUR_KEY", key)
    first = _answer(line.replace("?after=NEXT_AFTER", ""))
    second = _answer(line.replace("NEXT_AFTER", first["next_after"]))
    assert second["events"], "the sample has more events than one page"
    assert _unbroken([*first["events"], *second["events"]])


def _unbroken(events: Sequence[Event]) -> bool:
    """Whether they are from the first on, none missing and none twice."""
    links = pairwise([{"sequence": "0"}, *events])
    return all(after["previous_sequence"] == before["sequence"] for before, after in links)


def _copied(page: Page, line: str) -> str:
    """What a visitor takes along of a line; that its button takes the same is tried elsewhere."""
    return page.locator(f"#{line}").inner_text()


@contextmanager
def _running(line: str) -> Iterator[IO[str]]:
    """What the line says, run by a shell. At the end the connection is cut, in the midst of whatever was coming."""
    with subprocess.Popen(["bash", "-c", f"exec {line}"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.kill()


def _read(said: IO[str], most: int) -> tuple[list[Event], str]:
    """So many events, and the id of the last."""
    events: list[Event] = []
    fields: dict[str, str] = {}
    for line in said:
        name, _, value = line.rstrip("\n").partition(": ")
        if name:
            fields[name] = value
            continue
        if fields.get("event") == "event":
            events.append(json.loads(fields["data"]))
            if len(events) == most:
                return events, fields["id"]
        fields = {}
    raise AssertionError(f"the stream ended after {len(events)} events")


def _answer(line: str) -> Any:
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=True)
    return json.loads(done.stdout)
