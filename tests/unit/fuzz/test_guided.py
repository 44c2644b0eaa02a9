"""What the guided fuzzer changes is what the readers read, and what it prints is understood."""

import io
import zipfile
from contextlib import suppress

import pytest

from tests.fuzz.guided.__main__ import outcome_of
from tests.fuzz.guided.forms import FORMS
from tests.fuzz.parsers import PARSERS

PRINTED = """
#97	DONE   cov: 147 ft: 282 corp: 59/1125b lim: 868 exec/s: 5439 rss: 250Mb
stat::number_of_executed_units: 97
stat::peak_rss_mb:              250
"""


def test_every_reader_has_a_form() -> None:
    assert FORMS.keys() == PARSERS.keys()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_well_is_read_from_its_bytes(name: str) -> None:
    reading, form = PARSERS[name], FORMS[name]
    for each in reading.good():
        reading.read(form.read_from(form.bytes_of(each)))


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"a\nb\n\nc"])
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    with suppress(*PARSERS[name].refusals):
        PARSERS[name].read(FORMS[name].read_from(data))


def test_of_an_archive_one_part_is_changed() -> None:
    form = FORMS["xlsx"]
    (good,) = PARSERS["xlsx"].good()
    assert form.change is not None
    changed = form.change(form.bytes_of(good), len(good) * 2, 3, lambda part, most: (part + b"?")[:most])
    before, after = (zipfile.ZipFile(io.BytesIO(data)) for data in (good, changed))
    assert [name for name in before.namelist() if before.read(name) != after.read(name)] == [
        sorted(before.namelist())[3]
    ]


def test_bytes_that_are_no_archive_are_changed_as_bytes() -> None:
    form = FORMS["xlsx"]
    assert form.change is not None
    assert form.change(b"abc", 10, 3, lambda part, most: part[::-1][:most]) == b"cba"


def test_a_run_in_peace_says_nothing_and_any_other_says_how_it_ended() -> None:
    assert outcome_of("csv", 0, PRINTED) == (
        "csv",
        "97 inputs, 147 branches, 59 inputs kept, 250 MB at most",
        "",
    )
    assert "KeyError" in outcome_of("csv", 77, f"KeyError{PRINTED}").said
    assert outcome_of("csv", 0, "no atheris here").said
