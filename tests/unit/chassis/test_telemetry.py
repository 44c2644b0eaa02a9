import io
import json
import logging
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.configuration import ConfigurationError
from services.chassis.rpc.interceptors.context import Context
from services.chassis.rpc.interceptors.metrics import Measure
from services.chassis.telemetry.logs import JsonFormatter, configure_logs, log, scrub, written_beside
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.metrics_page import exposed
from services.chassis.telemetry.trace import TraceParent, parse, span, start
from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text
from tests.servers.workspace import REPOSITORY

_SHORT_OF_ROOM = """
import logging, os, resource, sys
from contextlib import nullcontext
from services.chassis.telemetry.logs import configure_logs, log, written_beside

def room(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def lines(*numbers):
    with written_beside() if sys.argv[1] == "True" else nullcontext():
        for number in numbers:
            log(logging.INFO, "rpc", number=number)

configure_logs("talent", "info", dict)
lines(0)
room(os.fstat(2).st_size + 20)
lines(1, 2, 3)
room(resource.RLIM_INFINITY)
lines(4, 5)
"""


def formatted(error: BaseException) -> str:
    record = logging.LogRecord("bole", logging.ERROR, "", 1, "failed", (), (type(error), error, None))
    return JsonFormatter("talent", lambda: {"request_id": "r1"}).format(record)


def test_a_line_is_json_with_its_facts() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter("talent", lambda: {"request_id": "r1"}))
    logger = logging.getLogger("bole")
    logger.addHandler(handler)
    try:
        log(logging.WARNING, "slow", milliseconds=12)
    finally:
        logger.removeHandler(handler)
    line = json.loads(stream.getvalue())
    assert (line["message"], line["level"], line["service"]) == ("slow", "warning", "talent")
    assert (line["request_id"], line["milliseconds"]) == ("r1", 12)


def test_what_is_written_beside_is_all_there_in_order_and_says_who_logged() -> None:
    root = logging.getLogger()
    before, level, stream = root.handlers[:], root.level, io.StringIO()
    try:
        configure_logs("talent", "info", lambda: {"thread": threading.current_thread().name}, stream)
        with written_beside():
            for number in range(100):
                log(logging.INFO, "rpc", number=number)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["number"] for line in lines] == list(range(100))
    assert {line["thread"] for line in lines} == {threading.current_thread().name}


@pytest.mark.parametrize("beside", [False, True])
def test_a_line_that_was_cut_for_want_of_room_does_not_join_the_next(tmp_path: Path, *, beside: bool) -> None:
    """A limit on the size of files is a disk that takes a part of a line and then nothing."""
    written = tmp_path / "talent.log"
    with written.open("ab") as out:
        subprocess.run(
            [sys.executable, "-u", "-c", _SHORT_OF_ROOM, str(beside)], stderr=out, check=True, cwd=REPOSITORY
        )
    (first, cut, *after) = written.read_text().splitlines()
    assert json.loads(first)["number"] == 0
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(cut)
    told, *last = [json.loads(line) for line in after]
    assert (told["level"], told["service"], told["lines"]) == ("warning", "talent", 3)
    assert [line["number"] for line in last] == [4, 5]


def test_who_is_turned_away_is_counted_and_told_of_once_a_second(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics("talent")
    noting = Context(), Measure(metrics)
    busy = ResourceExhausted(Text("忙", "busy"), reason="OVERLOADED")
    with caplog.at_level(logging.INFO, "bole"):
        for at in range(9):
            for each in noting:
                each.turned_away("bole.trial.v1.TrialService.GetRecord", f"request-{at}", busy)
    labels = {"method": "bole.trial.v1.TrialService.GetRecord", "code": "RESOURCE_EXHAUSTED"}
    assert metrics.registry.get_sample_value("bole_rpc_handled_total", labels) == 9
    assert caplog.messages[0] == "turned away"
    assert len(caplog.messages) < 9


def test_an_error_keeps_its_type_and_loses_its_values() -> None:
    try:
        raise ValueError("duplicate key (name)=(张三), phone '13800000000', a@b.cn\nsecond line")
    except ValueError as error:
        text = formatted(error)
    assert "\n" not in text
    assert "builtins.ValueError" in text
    assert not any(value in text for value in ("张三", "13800000000", "a@b.cn"))


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_no_chinese_text_survives_scrubbing(name: str) -> None:
    assert name not in scrub(f"value {name} is bad")


def test_the_metrics_page_shows_what_was_counted() -> None:
    metrics = Metrics("talent")
    metrics.rpc_started.labels("GetPerson").inc()
    metrics.outbox_age.set(3)
    with exposed(metrics, "127.0.0.1:0", "BOLE_X") as port:
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60).read().decode()
    assert 'bole_rpc_started_total{method="GetPerson"} 1.0' in page
    assert "bole_outbox_age_seconds 3.0" in page
    assert all(name.startswith("bole_") for name in re.findall(r"^# TYPE (\S+)", page, re.MULTILINE))


def test_the_metrics_page_starts_no_thread_and_waits_for_no_one_reader() -> None:
    with exposed(Metrics("talent"), "127.0.0.1:0", "BOLE_X") as port:
        url, before = f"http://127.0.0.1:{port}/metrics", set(threading.enumerate())
        with socket.create_connection(("127.0.0.1", port)):  # says nothing
            for _ in range(3):
                with urllib.request.urlopen(url, timeout=60) as page:
                    assert b"bole_service" in page.read()
        assert set(threading.enumerate()) <= before


def test_a_metrics_page_whose_address_is_taken_names_the_setting_and_the_address() -> None:
    with (
        exposed(Metrics("talent"), "127.0.0.1:0", "BOLE_X") as port,
        pytest.raises(ConfigurationError) as caught,
        exposed(Metrics("talent"), f"127.0.0.1:{port}", "BOLE_TALENT_METRICS_ADDRESS"),
    ):
        pass
    assert caught.value.key == "BOLE_TALENT_METRICS_ADDRESS"
    for said in (caught.value.text.zh, caught.value.text.en):
        assert f"127.0.0.1:{port}" in said


@given(st.text(max_size=80))
def test_a_traceparent_is_understood_or_ignored(header: str) -> None:
    parsed = parse(header)
    assert parsed is None or parse(parsed.header()) == parsed


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        f"ff-{'a' * 32}-{'b' * 16}-01",
        f"00-{'0' * 32}-{'b' * 16}-01",
        f"00-{'a' * 32}-{'0' * 16}-01",
        f"00-{'A' * 32}-{'b' * 16}-01",
    ],
)
def test_an_invalid_traceparent_starts_a_new_trace(header: str | None) -> None:
    assert parse(header) is None


def test_spans_continue_a_trace() -> None:
    parent = TraceParent("a" * 32, "b" * 16, sampled=True)
    assert parse(parent.header()) == parent
    with span("work", parent) as inner:
        assert (inner.trace_id, inner.sampled) == (parent.trace_id, True)
        assert inner.span_id != parent.span_id
    with span("work", None) as first:
        assert parse(first.header()) == first
    assert start() != start()
