"""What is sent to the console counts with the mark of its own session alone, whichever form it is; what a browser keeps
of it travels by https.
"""

import re
from urllib.parse import urlsplit

from tests.unit.console.identity.house import House


def test_no_form_is_taken_without_the_mark_of_its_session(house: House) -> None:
    browser, other = house.browser(), house.browser()
    browser.sign_in()
    other.sign_in()
    page = other.get("/no-such-page").text
    of_another = re.findall('name="csrf" value="([^"]+)"', page)[0]
    for form in ({"a": "1"}, {"csrf": ""}, {"csrf": "made-up"}, {"csrf": of_another}):
        for path in house.forms:
            answers = {files: browser.post(path, form, files=files).status for files in (False, True)}
            # One of both is the way in which this form is sent; the other is no form of ours at all.
            assert sorted(answers.values()) == [400, 403], (path, form, answers)
    assert len(house.forms) > 50
    assert browser.name() == "li.si"


def test_what_a_browser_keeps_travels_by_https_alone_where_people_come_by_it(behind_tls: House) -> None:
    browser = behind_tls.browser()
    there = browser.get("/sign-in/start")
    back = urlsplit(browser.get(there.to).to)
    assert back.scheme == "https"
    within = browser.get(f"{back.path}?{back.query}")
    kept = [line for line in (*there.cookies, *within.cookies) if "Max-Age=0" not in line]
    assert {line.partition("=")[0] for line in kept} >= {"bole_sign_in", "bole_session"}
    for line in kept:
        assert {"secure", "httponly", "samesite=lax"} <= {each.strip().lower() for each in line.split(";")}, (
            line
        )
    for answer in (there, within, browser.get("/no-such-page")):
        assert answer.strict.startswith("max-age=31536000")


def test_on_one_machine_nobody_is_told_to_come_by_https(house: House) -> None:
    answer = house.browser().get("/sign-in/start")
    assert not answer.strict
    assert "secure" not in answer.cookies[0].lower()
