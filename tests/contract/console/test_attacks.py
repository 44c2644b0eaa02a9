"""Requests that no service should see: each ends as a problem in two languages, none as an internal error."""

import json
from typing import Any

import pytest

from services.chassis.identity.identity import ROLES, Grant
from services.console.gateway.bindings import bindings
from tests.contract.console.door import Door
from tests.contract.console.transcoding import http_form
from tests.contract.installation import Installation, staff_token

JSON = {"content-type": "application/json"}
DEEP = b'{"person":' * 3_000 + b"1" + b"}" * 3_000


@pytest.fixture(scope="module")
def signed(whole: Installation) -> dict[str, str]:
    """The headers of somebody who may do much."""
    return {"authorization": f"Bearer {staff_token(whole)}"}


def problem(answer: Any, status: int, reason: str) -> Any:
    """The problem, in both languages."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json
    assert told["reason"] == reason, told
    assert told["status"] == status
    assert all(told["messages"][each] for each in ("zh-CN", "en"))
    assert told["request_id"] == answer.headers["x-request-id"]
    return told


@pytest.mark.parametrize(
    ("verb", "path", "status", "reason"),
    [
        ("GET", "/v1", 404, "NO_SUCH_PATH"),
        ("GET", "/v1/", 400, "PATH_INVALID"),
        ("GET", "/v1/nothing", 404, "NO_SUCH_PATH"),
        ("GET", "/v1/persons/../../etc/passwd", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/%2e%2e", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/..%2f..%2fetc%2fpasswd", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/..%5c..%5cetc", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/%00", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/a%0d%0aset-cookie:x=1", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/%ff%fe", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/%zz", 400, "PATH_INVALID"),
        ("GET", "/v1/" + "a/" * 40 + "a", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/" + "a" * 3_000, 400, "PATH_INVALID"),
        ("GET", "//v1/persons", 400, "PATH_INVALID"),
        ("GET", "/v1/persons/%3Cscript%3E", 404, "NOT_FOUND"),
        ("GET", "/v1/persons/1:withdraw", 405, "VERB_NOT_ALLOWED"),
        ("TRACE", "/v1/persons", 405, "VERB_NOT_ALLOWED"),
        ("PUT", "/v1/persons/1", 405, "VERB_NOT_ALLOWED"),
        ("GET", "/v1/persons?page_siz=1", 400, "UNKNOWN_FIELD"),
        ("GET", "/v1/persons?page_size=1&page_size=2", 400, "PARAMETER_TWICE"),
        ("GET", "/v1/persons?page_size=1&pageSize=2", 400, "PARAMETER_TWICE"),
        ("GET", "/v1/persons?page_size=1e3", 400, "NOT_A_WHOLE_NUMBER"),
        ("GET", "/v1/persons?page_size=" + "9" * 5_000, 400, "NOT_A_WHOLE_NUMBER"),
        ("GET", "/v1/persons?page_size=99999999999", 400, "NUMBER_TOO_LARGE"),
        ("GET", "/v1/persons?filter=%ff", 400, "QUERY_INVALID"),
        ("GET", "/v1/persons?filter=%zz", 400, "QUERY_INVALID"),
        ("GET", "/v1/persons?" + "&".join(["filter=a"] * 200), 400, "QUERY_TOO_LONG"),
        ("GET", "/v1/persons?filter=" + "a" * 20_000, 400, "QUERY_TOO_LONG"),
        ("GET", "/v1/persons?" + ".".join("a" * 9) + "=1", 400, "QUERY_TOO_DEEP"),
        ("GET", "/v1/persons?filter.a=1", 400, "PARAMETER_NOT_TAKEN"),
        ("GET", "/v1/persons/1?name=persons/2", 400, "PARAMETER_BOUND"),
        ("GET", "/v1/shortageGrid?scope=x", 400, "PARAMETER_NOT_TAKEN"),
        ("GET", "/v1/shortageGrid?rows=1;DROP", 400, "UNKNOWN_ENUM_VALUE"),
        ("GET", "/v1/shortageGrid?as_of_date=2026-02-30", 400, "NOT_A_DATE"),
        ("GET", "/v1/firms/x:asKnown?known_time=yesterday", 400, "NOT_AN_INSTANT"),
        ("GET", "/v1/events?after=nonsense", 403, "RESUME_TOKEN_INVALID"),
        ("GET", "/v1/events?page_size=0", 400, "PAGE_SIZE_INVALID"),
        ("GET", "/v1/events?resume_token=x", 400, "PARAMETER_BOUND"),
        ("GET", "/v1/matches:watch?kinds=nonsense", 400, "UNKNOWN_PAIR_KIND"),
        ("DELETE", "/v1/savedSearches/1?force=true", 400, "UNKNOWN_FIELD"),
    ],
)  # fmt: skip
def test_addresses(
    door: Door, signed: dict[str, str], verb: str, path: str, status: int, reason: str
) -> None:
    told = problem(door.ask(verb, path, headers=signed), status, reason)
    assert "etc/passwd" not in json.dumps(told)


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("/v1/persons", b"{", 400, "BODY_NOT_JSON"),
        ("/v1/persons", b"", 400, "REQUIRED"),
        ("/v1/persons", b"[]", 400, "NOT_AN_OBJECT"),
        ("/v1/persons", b"null", 400, "NOT_AN_OBJECT"),
        ("/v1/persons", b'{"display_name":"a","display_name":"b"}', 400, "BODY_NAME_TWICE"),
        ("/v1/persons", b'{"display_name":"a","displayName":"b"}', 400, "FIELD_TWICE"),
        ("/v1/persons", b'{"display_name":"\xff"}', 400, "BODY_NOT_UTF8"),
        ("/v1/persons", b'{"display_name":"\\ud800"}', 400, "NOT_UNICODE"),
        ("/v1/persons", b'{"birth_year":NaN}', 400, "BODY_NOT_JSON"),
        ("/v1/persons", b'{"birth_year":' + b"9" * 6_000 + b"}", 400, "BODY_NOT_JSON"),
        ("/v1/persons", b'{"__proto__":{"admin":true}}', 400, "UNKNOWN_FIELD"),
        ("/v1/persons", DEEP, 400, "BODY_TOO_DEEP"),
        ("/v1/persons", b"[" * 100_000, 400, "BODY_TOO_DEEP"),
        ("/v1/persons", b'{"a":' * 40 + b"1" + b"}" * 40, 400, "BODY_TOO_DEEP"),
        ("/v1/persons", b'"' + b"a" * (4 * 1024 * 1024) + b'"', 413, "BODY_TOO_LARGE"),
        ("/v1/persons/1:withdraw", b'{"name":"persons/2"}', 400, "PATH_AND_BODY_DIFFER"),
        ("/v1/persons/1:withdraw?reason=x", b"{}", 400, "PARAMETER_NOT_TAKEN"),
        ("/v1/persons?person.display_name=x", b"{}", 400, "PARAMETER_BOUND"),
        ("/v1/matches:find", b'{"anchor":{"name":"persons/1","text":"x"}}', 400, "FIELD_TWICE"),
        ("/v1/amountApprovals", b'{"amount":{"units":"1e30"}}', 400, "NOT_A_WHOLE_NUMBER"),
        ("/v1/amountApprovals", b'{"amount":"12"}', 400, "NOT_AN_OBJECT"),
    ],
)  # fmt: skip
def test_bodies(door: Door, signed: dict[str, str], path: str, body: bytes, status: int, reason: str) -> None:
    problem(door.ask("POST", path, body, JSON | signed), status, reason)


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({"content-type": "text/plain"}, 415, "BODY_NOT_JSON"),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, "BODY_NOT_JSON"),
        (JSON | {"content-encoding": "gzip"}, 415, "BODY_NOT_JSON"),
        (JSON | {"if-match": 'W/"v1"'}, 400, "IF_MATCH_INVALID"),
        (JSON | {"if-match": '"v1", "v2"'}, 400, "IF_MATCH_INVALID"),
        (JSON | {"x-bole-timeout": "9999"}, 400, "TIMEOUT_INVALID"),
        (JSON | {"x-bole-timeout": "0"}, 400, "TIMEOUT_INVALID"),
        (JSON | {"if-match": '"v1"', "idempotency-key": "not a uuid"}, 400, "REQUEST_ID_INVALID"),
        (JSON | {"x-bole-purpose": "nothing good"}, 400, "UNKNOWN_PURPOSE"),
        (JSON | {"x-bole-purpose": "supervision"}, 403, "PURPOSE_NOT_GRANTED"),
        (JSON | {"x-bole-purpose": "caf\u00e9"}, 400, "HEADER_INVALID"),
    ],
)  # fmt: skip
def test_headers(
    door: Door, signed: dict[str, str], headers: dict[str, str], status: int, reason: str
) -> None:
    answer = door.ask("POST", "/v1/persons/1:withdraw", b'{"reason":"x"}', headers | signed)
    told = problem(answer, status, reason)
    assert "Traceback" not in json.dumps(told)


def test_credentials_are_the_services_to_judge(door: Door, signed: dict[str, str]) -> None:
    nobody = door.ask("GET", "/v1/persons")
    problem(nobody, 401, "CREDENTIALS_MISSING")
    assert nobody.headers["www-authenticate"] == "Bearer"
    problem(
        door.ask("GET", "/v1/persons", headers=signed | {"x-bole-key": "blk_a"}), 401, "CREDENTIALS_AMBIGUOUS"
    )
    cookie = {"cookie": signed["authorization"].replace("Bearer ", "session=")}
    problem(door.ask("POST", "/v1/persons", {}, cookie), 401, "CREDENTIALS_MISSING")
    problem(door.ask("GET", "/v1/indexStatus", headers={"x-bole-key": "x" * 4_000}), 401, "KEY_INVALID")
    problem(door.ask("GET", "/v1/persons", headers={"x-bole-key": "blk_a"}), 403, "KEY_NOT_TAKEN")


def test_bytes_that_are_no_request_reach_nobody(door: Door) -> None:
    endings = (
        b"",
        b"HTTP/1.1 400 Bad Request",
        b"HTTP/1.1 401 Unauthorized",
        b"HTTP/1.1 431 Request Header Fields Too Large",
    )
    for sent in (
        b"GET /v1/persons HTTP/1.1\r\nhost: a\r\nx-request-id: a\r\n b\r\n\r\n",
        b"GET /v1/persons\r\n\r\n",
        b"POST /v1/persons HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        b"GET /v1/persons HTTP/1.1\r\nhost: a\r\nx: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /v1/persons HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    ):
        answer = door.raw(sent)
        assert answer.partition(b"\r\n")[0] in endings, sent[:40]
        assert b"Traceback" not in answer


def test_what_the_caller_sends_never_becomes_a_header(door: Door, signed: dict[str, str]) -> None:
    for sent in ("short", "a" * 200, "bad value here"):
        answer = door.ask("GET", "/v1/indexStatus", headers=signed | {"x-request-id": sent})
        assert answer.status == 200
        assert answer.headers["x-request-id"] != sent
    given = "0123456789abcdef"
    answer = door.ask("GET", "/v1/indexStatus", headers=signed | {"x-request-id": given})
    assert answer.headers["x-request-id"] == given
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_mask_with_an_empty_path_is_refused_by_every_method_that_takes_one(
    door: Door, whole: Installation
) -> None:
    token = staff_token(whole, *(Grant(each) for each in sorted(ROLES)))
    asked = [each for each in bindings() if "update_mask" in each.request.fields_by_name]
    for binding in asked:
        request: Any = binding.request_class()
        request.update_mask.paths.extend(["name", "", ""])
        for variable in binding.template.variables:
            *outer, name = variable.field.split(".")
            holder = request
            for each in outer:
                holder = getattr(holder, each)
            setattr(holder, name, "/".join(binding.template.segments[variable.first : variable.end]))
        verb, path, body = http_form(binding, request)
        answer = door.ask(verb, path.replace("*", "1"), body or {}, {"authorization": f"Bearer {token}"})
        assert (answer.status, answer.json["code"]) == (400, "INVALID_ARGUMENT"), answer.body
        found = {(each["field"], each["reason"]) for each in answer.json["violations"]}
        assert ("update_mask", "MASK_PATH_EMPTY") in found, answer.json
    assert len(asked) > 9
