"""`bole explain` says of every name what the contract says, and helps with one that there is not."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from services.cli.main import app


def _asked(*words: str) -> Result:
    return CliRunner().invoke(app, ["explain", *words])


def _rows(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_asked(*words, "-o", "json", "--lang", "en").stdout)
    return found


def test_everything_that_has_a_name_is_explained() -> None:
    assert "LibraryService" in [each["name"] for each in _rows()]
    (city,) = _rows("person.city_code")
    assert (city["type"], city["use"], city["level"]) == ("string", "required", "public")
    assert "catalogue code" in city["said"]
    assert [each["name"] for each in _rows("DuplicateBand")][:1] == ["DUPLICATE_BAND_LINK"]
    get = next(each for each in _rows("LibraryService") if each["name"] == "GetPerson")
    assert get["http"] == "GET /v1/{name=persons/*}"
    assert get["roles"]
    assert [each["name"] for each in _rows("bole.talent.v1.LibraryService/GetPerson")] == ["name"]


def test_a_name_that_there_is_not_is_refused_with_those_that_look_like_it() -> None:
    refused = _asked("Persn")
    assert refused.exit_code == 1
    assert "Person" in refused.stderr


def test_what_begins_with_the_name_is_suggested_first_and_messages_before_fields() -> None:
    asked = _asked("Match", "--lang", "en").stderr
    alike = asked.partition("alike: ")[2].partition(";")[0].split(", ")
    assert len(alike) == 8
    assert all(each.startswith("Match") for each in alike)
    assert {"MatchingService", "MatchRun"} <= set(alike)
    persons = _asked("Persn", "--lang", "en").stderr.partition("alike: ")[2].split(", ")
    assert persons[0] == "Person"
