"""Somebody signs in by the identity service, stays in, and goes out."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.unit.console.identity.browser import Browser
from tests.unit.console.identity.house import House
from tests.unit.console.identity.issuer import CLIENT, LIFE, METHODS, SECRET

LATE = LIFE - timedelta(seconds=30)


def test_who_comes_by_a_link_signs_in_and_gets_there(house: House) -> None:
    browser = house.browser()
    form = browser.get(browser.get("/?lang=en").to)
    assert "Sign in with the identity service" in form.text
    there = browser.get("/sign-in/start?next=/map%3Fcity%3Dsuzhou")
    asked = there.asked
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid")
    assert (asked["code_challenge_method"], asked["redirect_uri"]) == (
        "S256",
        house.url + "/sign-in/callback",
    )
    back = browser.get(there.to).to
    answer = browser.get(back)
    assert (answer.status, answer.to, browser.name()) == (303, "/map?city=suzhou", "li.si")
    assert all("httponly" in line.lower() for line in answer.cookies if "Max-Age=0" not in line)
    assert set(browser.cookies) >= {"bole_session", "bole_renewal"}
    assert "bole_sign_in" not in browser.cookies


def test_nothing_secret_is_said_in_addresses_or_logs(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser, replaying = house.browser(), house.browser()
    there = browser.get("/sign-in/start")
    replaying.cookies, back = dict(browser.cookies), browser.get(there.to).to
    done, again = browser.get(back), replaying.get(back)
    # pytest listens to uvicorn's requests too, which the console has switched off
    records = [record for record in caplog.records if record.name != "uvicorn.access"]
    logged = " ".join(str(vars(record)) for record in records)
    assert "invalid_grant" in logged
    kept, code = (
        (browser.cookies[f"bole_{name}"][0] for name in ("session", "renewal")),
        back.partition("code=")[2],
    )
    for secret in (code, SECRET, *kept, *house.issuer.renewals):
        assert secret not in done.to + again.to + logged
    assert all(secret not in browser.cookies["bole_renewal"][0] for secret in house.issuer.renewals)


def test_a_token_is_renewed_in_its_last_minute_and_forms_drawn_before_still_count(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    before = browser.cookies["bole_session"]
    mark = browser.get("/no-such-page").text.partition('name="csrf" value="')[2].partition('"')[0]
    assert (browser.name(), browser.cookies["bole_session"]) == ("li.si", before)
    house.clock.advance(LATE)
    assert browser.name() == "li.si"
    assert browser.cookies["bole_session"] != before
    answer = browser.post("/purpose", {"csrf": mark, "purpose": "", "next": "/funds"})
    assert (answer.status, answer.to, house.issuer.renewed) == (303, "/funds", 1)


def test_the_secret_goes_the_way_that_the_identity_service_takes(house: House) -> None:
    house.issuer.told = {METHODS: ["client_secret_post"]}
    browser = house.browser()
    assert (browser.sign_in().to, browser.name()) == ("/", "li.si")


def test_one_renewal_serves_all_requests_of_a_browser(house: House) -> None:
    first = house.browser()
    first.sign_in()
    house.clock.advance(LATE)
    tabs = [Browser(house.url, dict(first.cookies)) for _ in range(6)]
    with ThreadPoolExecutor(len(tabs)) as pool:
        assert set(pool.map(Browser.name, tabs)) == {"li.si"}
    assert house.issuer.renewed == 1
    assert len({tab.cookies["bole_session"] for tab in tabs}) == 1


def test_who_is_not_renewed_stays_until_the_end_and_comes_back_to_the_page(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    house.issuer.renewals.clear()
    house.clock.advance(LATE)
    assert browser.name() == "li.si"
    house.clock.advance(timedelta(minutes=1))
    assert browser.get("/?q=1").to == "/sign-in?" + urlencode({"q": "1", "next": "/?q=1"})
    assert "bole_renewal" not in browser.cookies


def test_a_session_ends_after_twelve_hours(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    house.clock.advance(timedelta(hours=12))
    assert (browser.name(), house.issuer.renewed) == ("", 0)


def test_signing_out_ends_both_sessions_and_names_no_token(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    mark = browser.get("/no-such-page").text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = browser.post("/sign-out", {"csrf": mark})
    back = urlencode({"client_id": CLIENT, "post_logout_redirect_uri": house.url + "/sign-in"})
    assert answer.refresh == f"0; url={house.issuer.url}/logout?{back}"
    assert "Signed out of Bole" in answer.text
    assert not browser.cookies
    assert browser.name() == ""


def test_where_no_session_can_be_ended_one_is_out_here(house: House) -> None:
    house.issuer.told = {"end_session_endpoint": None}
    browser = house.browser()
    browser.sign_in()
    mark = browser.get("/no-such-page").text.partition('name="csrf" value="')[2].partition('"')[0]
    assert browser.post("/sign-out", {"csrf": mark}).to == "/sign-in"
    assert browser.name() == ""
