"""A day with resources over HTTP: create, read with its version, change under If-Match, files out and in."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from tests.contract.console.door import Answer, Door
from tests.contract.installation import Installation, staff_token


@pytest.fixture
def officer(whole: Installation) -> dict[str, str]:
    """The headers of a talent officer."""
    return {"authorization": f"Bearer {staff_token(whole)}", "x-bole-purpose": "talent-service"}


def new_team(door: Door, officer: dict[str, str]) -> dict[str, Any]:
    """A team, and somebody who leads it."""
    person = {
        "source_ref": f"P-{uuid4()}",
        "display_name": "演示人",
        "category_code": "outstanding-engineer",
        "city_code": "suzhou",
        "direction_shares": [{"code": "sic", "permille": 1000}],
        "availability": "AVAILABILITY_NOW",
        "job_title": "工程师",
        "observed_date": "2026-06-01",
        "purposes": ["CONSENT_PURPOSE_MATCH_POSITION"],
    }
    made = door.ask("POST", "/v1/persons", person, officer)
    assert made.status == 200, made.json
    return {
        "source_ref": f"G-{uuid4()}",
        "display_name": "演示团队",
        "cityCode": "suzhou",
        "lead": made.json["name"],
        "direction_codes": ["sic"],
    }


def created(door: Door, officer: dict[str, str]) -> Answer:
    answer = door.ask("POST", "/v1/teams", new_team(door, officer), officer)
    assert answer.status == 200, answer.json
    return answer


def test_versions_travel_as_etags(door: Door, officer: dict[str, str]) -> None:
    made = created(door, officer)
    name, etag = made.json["name"], made.headers["etag"]
    assert etag == made.json["etag"] == '"v1"'
    known = door.ask("GET", f"/v1/{name}", headers=officer | {"if-none-match": etag})
    assert (known.status, known.body, known.headers["etag"]) == (304, b"", etag)
    changed = door.ask("PATCH", f"/v1/{name}", {"display_name": "改名团队"}, officer | {"if-match": etag})
    assert changed.status == 200, changed.json
    assert changed.json["display_name"] == "改名团队"
    assert changed.json["city_code"] == "suzhou"
    stale = door.ask("PATCH", f"/v1/{name}", {"display_name": "再改"}, officer | {"if-match": etag})
    assert (stale.status, stale.json["reason"], stale.json["code"]) == (412, "STALE_ETAG", "ABORTED")
    assert stale.json["metadata"]["currentEtag"] == changed.headers["etag"]
    again = door.ask("GET", f"/v1/{name}", headers=officer | {"if-none-match": etag})
    assert again.status == 200


def test_what_was_read_can_be_sent_back(door: Door, officer: dict[str, str]) -> None:
    whole = created(door, officer).json
    whole["display_name"] = "原样送回"
    answer = door.ask("PATCH", f"/v1/{whole['name']}", whole, officer)
    assert answer.status == 200, answer.json
    assert answer.json["display_name"] == "原样送回"
    emptied = door.ask(
        "PATCH", f"/v1/{whole['name']}?update_mask=displayName", {"etag": answer.json["etag"]}, officer
    )
    assert (emptied.status, emptied.json["violations"][0]["field"]) == (400, "team.display_name")


def test_a_repeated_key_gets_the_first_answer(door: Door, officer: dict[str, str]) -> None:
    key, team = str(uuid4()), new_team(door, officer)
    first = door.ask("POST", "/v1/teams", team, officer | {"idempotency-key": key})
    second = door.ask("POST", "/v1/teams", team, officer | {"idempotency-key": key})
    assert first.status == second.status == 200
    assert first.json["name"] == second.json["name"]
    tried = door.ask("POST", "/v1/teams?validate_only=true", new_team(door, officer), officer)
    assert tried.status == 200
    assert door.ask("GET", f"/v1/{tried.json['name']}", headers=officer).status in (400, 404)


def test_the_language_of_a_problem_is_the_callers(door: Door, officer: dict[str, str]) -> None:
    for accept, language in (("en-GB, zh;q=0.5", "en"), ("zh-CN", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN")):
        answer = door.ask("GET", "/v1/teams/none", headers=officer | {"accept-language": accept})
        assert answer.status == 404
        assert answer.headers["content-language"] == language
        assert answer.json["detail"] == answer.json["messages"][language]


def test_a_file_goes_out_with_its_name_and_digest(
    door: Door, whole: Installation, officer: dict[str, str]
) -> None:
    wanted = {"sheet": "persons", "format": "EXPORT_FORMAT_CSV_UTF8", "reason": "季度核对"}
    alone = door.ask("POST", "/v1/talent/exports", wanted, officer)
    assert alone.json["reason"] == "FOUR_EYES_NEEDED"
    meant = {"act": "PERSON_ACT_EXPORT", "sheet": "persons", "purpose": "talent-service", "max_people": 2000}
    second = {"authorization": f"Bearer {staff_token(whole, subject='second')}"}
    approval = {**meant, "account": "tester", "reason": "季度核对"}
    assert door.ask("POST", "/v1/actApprovals", approval, second).status == 200
    answer = door.ask("POST", "/v1/talent/exports", wanted, officer)
    assert answer.status == 200, answer.body[:500]
    assert hashlib.sha256(answer.body).hexdigest() == answer.headers["x-bole-sha256"]
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    refused = door.ask("POST", "/v1/talent/exports", wanted | {"sheet": "x"}, officer)
    assert refused.status == 400
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_file_comes_in_as_the_body(door: Door, officer: dict[str, str], book: Any) -> None:
    path = "/v1/talent/imports?header.filename=a.xlsx&header.mode=IMPORT_MODE_DRY_RUN"
    answer = door.ask("POST", path, book(persons=[{"ref": "1"}]), officer)
    assert answer.status == 200, answer.body
    assert not answer.json["committed"]
    assert answer.json["sheets"][0]["refused_count"] == "1"
    garbage = door.ask("POST", path, b"no workbook", officer)
    assert (garbage.status, garbage.json["code"]) == (400, "INVALID_ARGUMENT")
    unnamed = door.ask("POST", "/v1/talent/imports?data=eA", b"x", officer)
    assert unnamed.json["reason"] == "PARAMETER_BOUND"
