"""When somebody last looked: half an hour apart makes a new visit, and an odd or foreign cookie makes none."""

from datetime import timedelta

import pytest
from starlette.responses import Response

from services.console.web.lookings import COOKIE, Looked, looked, remember
from tests.unit.console.pages.visiting import NOW, visit


def _after(minutes: int, cookie: str, subject: str = "tester") -> tuple[Looked, str]:
    seen = visit(
        cookies={COOKIE: cookie} if cookie else {}, now=NOW + timedelta(minutes=minutes), subject=subject
    )
    found, response = looked(seen), Response()
    remember(response, seen, found, secure=False)
    return found, response.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")


def test_looks_within_half_an_hour_are_one_visit_and_later_ones_tell_what_came_since_its_last() -> None:
    first, cookie = _after(0, "")
    again, cookie = _after(20, cookie)
    later, cookie = _after(120, cookie)
    soon, _ = _after(140, cookie)
    assert first.first
    assert again.first
    assert again.since == first.since + timedelta(minutes=20)
    assert later.since == NOW + timedelta(minutes=20)
    assert soon.since == later.since
    assert not later.first
    assert not soon.first


def test_what_another_account_saw_is_not_told_of() -> None:
    _, cookie = _after(0, "", subject="one")
    found, _ = _after(60, cookie, subject="other")
    assert found.first


@pytest.mark.parametrize("cookie", ["x", "a.b.c", "..", "1.2.3.4", "a.-5.99999999999999999999", "é.1.2"])
def test_an_odd_cookie_is_no_cookie(cookie: str) -> None:
    assert looked(visit(cookies={COOKIE: cookie})).first
