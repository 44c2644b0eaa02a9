"""What is not an answer to this browser's own attempt, by our identity service and for us, lets nobody in."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from markupsafe import escape

from services.console.identity.problems import PROBLEMS
from tests.unit.console.identity.browser import Answer, Browser
from tests.unit.console.identity.house import House
from tests.unit.console.identity.issuer import CLIENT

_BEFORE = ("/static/", "/sign-in", "/sign-out", "/healthz", "/openapi.json", "/live/matches")
"""What is there for who is not signed in; the live list is the gateway's, which answers by itself."""


def kept_out(browser: Browser, answer: Answer, problem: str) -> None:
    """The reason is on the form, in both languages, and nobody is in."""
    assert (answer.status, answer.asked.get("problem")) == (303, problem)
    for language in ("zh", "en"):
        form = browser.get(f"{answer.to}&lang={language}")
        assert form.status == (503 if problem == "away" else 401)
        assert str(escape(getattr(PROBLEMS[problem], language))) in form.text
    assert "bole_session" not in browser.cookies
    assert "bole_sign_in" not in browser.cookies


def test_an_answer_without_an_attempt_or_of_another_one(house: House) -> None:
    browser, other = house.browser(), house.browser()
    kept_out(browser, browser.get("/sign-in/callback?code=x&state=y"), "state")
    back = other.get(other.get("/sign-in/start").to).to
    kept_out(browser, browser.get(back), "state")
    browser.get("/sign-in/start")
    kept_out(browser, browser.get(back), "state")
    for forged in ("", "?", "?state=", "?code=x", "?error=access_denied", "?state=%ff%00&code=x"):
        browser.get("/sign-in/start")
        kept_out(browser, browser.get("/sign-in/callback" + forged), "state")


def test_an_attempt_counts_once_and_for_ten_minutes(house: House) -> None:
    browser = house.browser()
    there = browser.get("/sign-in/start")
    attempt, back = dict(browser.cookies), browser.get(there.to).to
    assert browser.get(back).to == "/"
    browser.cookies = attempt
    kept_out(browser, browser.get(back), "code")
    kept_out(browser, browser.get(back), "state")
    late = browser.get(browser.get("/sign-in/start").to).to
    house.clock.advance(timedelta(minutes=11))
    kept_out(browser, browser.get(late), "state")


def test_a_cookie_that_was_made_up_or_for_something_else(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    token, renewal = (browser.cookies[f"bole_{name}"][0] for name in ("session", "renewal"))
    for made_up in ("", "x", "gAAAA", renewal, renewal[:-4] + "AAA="):
        fresh = house.browser()
        fresh.cookies["bole_sign_in"] = (made_up, "/")
        assert fresh.get("/sign-in/callback?code=x&state=y").asked["problem"] == "state"
        fresh.cookies = {"bole_session": (token, "/"), "bole_renewal": (made_up + "x", "/")}
        assert fresh.name() == "li.si"
    house.clock.advance(timedelta(minutes=4, seconds=30))
    other = house.issuer.signed({}, aud="bole", sub="wang.wu", grants=[])
    stranger = house.browser()
    stranger.cookies = {"bole_session": (other, "/"), "bole_renewal": (renewal, "/")}
    assert (stranger.name(), house.issuer.renewed) == ("", 0)


@pytest.mark.parametrize(
    ("access", "identity", "problem"),
    [
        ({"aud": "another-system"}, {}, "token"),
        ({"aud": "another-system"}, {"aud": "another-system"}, "token"),
        ({}, {"aud": [CLIENT, "another-system"]}, "token"),
        ({}, {"azp": "another-system"}, "token"),
        ({}, {"nonce": "of another attempt"}, "state"),
        ({}, {"nonce": 7}, "state"),
        ({}, {"iss": "http://127.0.0.1:1"}, "token"),
        ({"iss": "http://127.0.0.1:1"}, {}, "token"),
        ({}, {"sub": "wang.wu"}, "token"),
        ({}, {"exp": 1}, "token"),
        ({}, {"exp": "late"}, "token"),
        ({"exp": 1}, {}, "token"),
        ({"grants": [{"role": "auditor", "city": "x" * 3_000}]}, {}, "large"),
    ],
)
def test_tokens_that_are_not_for_this(
    house: House, access: dict[str, Any], identity: dict[str, Any], problem: str
) -> None:
    house.issuer.access, house.issuer.identity = access, identity
    browser = house.browser()
    kept_out(browser, browser.sign_in(), problem)


def test_tokens_of_another_key(house: House) -> None:
    house.issuer.key = ec.generate_private_key(ec.SECP256R1())
    browser = house.browser()
    kept_out(browser, browser.sign_in(), "token")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y", "", "/" + "x" * 3_000],
)
def test_signing_in_leads_nowhere_else(house: House, target: str) -> None:
    browser = house.browser()
    assert browser.sign_in(target).to == "/"
    assert browser.name() == "li.si"
    house.issuer.answer = {"error": "access_denied"}
    assert house.browser().sign_in(target).asked["next"] == "/"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"error": "access_denied", "error_description": "<script>"}, "denied"),
        ({"error": "temporarily_unavailable"}, "away"),
        ({"code": "made up"}, "code"),
        ({"iss": "http://127.0.0.1:1", "code": "x"}, "state"),
    ],
)
def test_what_the_identity_service_says_is_told_in_our_words(
    house: House, answer: dict[str, str], problem: str
) -> None:
    house.issuer.answer = answer
    browser = house.browser()
    told = browser.sign_in("/map")
    assert told.asked["next"] == "/map"
    kept_out(browser, told, problem)


def test_an_identity_service_that_is_away_is_told_and_found_again(house: House) -> None:
    house.issuer.away = True
    browser = house.browser()
    kept_out(browser, browser.get("/sign-in/start?next=/map"), "away")
    house.issuer.away = False
    house.clock.advance(timedelta(seconds=10))
    back = browser.get(browser.get("/sign-in/start").to).to
    house.issuer.away = True
    kept_out(browser, browser.get(back), "away")


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://sso.example.gov"},
        {"token_endpoint": "http://sso.example.gov/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"token_endpoint_auth_methods_supported": ["none"]},
        {"token_endpoint_auth_methods_supported": 7},
    ],
)
def test_metadata_that_would_lead_astray(house: House, told: dict[str, Any]) -> None:
    house.issuer.told = told
    browser = house.browser()
    kept_out(browser, browser.get("/sign-in/start"), "away")


def test_where_answers_name_their_service_one_that_does_not_is_refused(house: House) -> None:
    house.issuer.told = {"authorization_response_iss_parameter_supported": True}
    browser = house.browser()
    kept_out(browser, browser.sign_in(), "state")


def test_a_problem_that_is_made_up_says_nothing(house: House) -> None:
    answer = house.browser().get("/sign-in?" + urlencode({"problem": "<b>call 110</b>"}))
    assert answer.status == 200
    assert "call 110" not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_every_page_sends_who_is_not_signed_in_to_sign_in(house: House) -> None:
    behind = [each for each in house.pages if not each.startswith(_BEFORE)]
    assert len(behind) > 60
    for page in behind:
        answer = house.browser().get(page)
        assert (answer.status, answer.to.partition("?")[0]) == (303, "/sign-in"), page
