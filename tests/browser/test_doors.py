"""Who comes in, and with what: links, tokens, forms of other sites, odd requests."""

import re
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

import pytest

from services.chassis.identity.identity import Grant
from services.cli.running import console_process
from services.console.sections import SECTIONS
from services.console.web.assets import address
from services.console.web.marks import is_mark_of, mark_of
from services.console.web.sessions import SESSION_COOKIE
from tests.browser.looking import Console
from tests.contract.installation import MANAGER, staff_token

_FORM = "application/x-www-form-urlencoded"


def _ask(
    console: Console, path: str, form: dict[str, str] | None = None, token: str = "", **headers: str
) -> HTTPResponse:
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        given["Cookie"] = f"{SESSION_COOKIE}={token}"
    if form is None:
        connection.request("GET", path, headers=given)
    else:
        connection.request("POST", path, urlencode(form), {"Content-Type": _FORM, **given})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def _text(console: Console, path: str, token: str = "") -> str:
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=60)
    connection.request("GET", path, headers={"Cookie": f"{SESSION_COOKIE}={token}"} if token else {})
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def _mark(console: Console) -> str:
    """The mark of a form of the page to sign in."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', _text(console, "/sign-in"))
    assert found
    return found[1]


def test_a_link_signs_in_once_with_a_cookie_that_no_script_reads(console: Console) -> None:
    link = console_process.sign_in_link(console.house.settings, staff_token(console.house))
    path = link.removeprefix(console.url)
    first = _ask(console, path)
    cookie = first.headers["set-cookie"]
    assert (first.status, first.headers["location"]) == (303, "/")
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert _ask(console, path).status == 401


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y"]
)
def test_signing_in_leads_nowhere_else(console: Console, target: str) -> None:
    token = staff_token(console.house)
    answer = _ask(console, "/sign-in?" + urlencode({"next": target}), {"token": token, "csrf": mark_of("")})
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_what_is_sent_is_packed_for_whoever_takes_it_and_no_mark_is_sent_twice(console: Console) -> None:
    assert "content-encoding" not in _ask(console, "/static/console.css").headers
    for path in ("/static/console.css", "/sign-in", "/openapi.json"):
        answer = _ask(console, path, Accept_Encoding="gzip")
        assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    first, second = _mark(console), _mark(console)
    assert first != second
    assert is_mark_of("", first)
    assert is_mark_of("", second)


def test_style_and_scripts_are_kept_by_their_content_alone(console: Console) -> None:
    def kept(path: str) -> str | None:
        return _ask(console, path).headers["cache-control"]

    assert "immutable" in (kept(address("console.css")) or "")
    assert [kept("/static/console.css"), kept("/static/console.css?0123456789ab")] == ["no-cache"] * 2
    assert f'href="{address("console.css")}"' in _text(console, "/sign-in", "")


def test_forms_of_others_change_nothing(console: Console) -> None:
    token = staff_token(console.house)
    own = {"csrf": mark_of(token)}
    assert _ask(console, "/sign-out", own, token).status == 303
    assert _ask(console, "/sign-out", {}, token).status == 403
    assert _ask(console, "/sign-out", {"csrf": mark_of("")}, token).status == 403
    assert _ask(console, "/sign-out", own, token, Origin="https://evil.example").status == 403
    assert _ask(console, "/sign-out", own, token, Sec_Fetch_Site="cross-site").status == 403
    assert _ask(console, "/sign-out", own, token, Content_Type="text/plain").status == 400


def _send(console: Console, body: bytes, token: str, announced: int | None = None) -> HTTPResponse:
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=60)
    connection.putrequest("POST", "/import")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(len(body) if announced is None else announced))
    connection.putheader("Cookie", f"{SESSION_COOKIE}={token}")
    connection.endheaders(body)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def _part(name: str, value: str, file: str = "") -> bytes:
    named = f'; filename="{file}"' if file else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n{value}\r\n'.encode()


def test_files_come_from_our_own_page_and_are_of_a_size(console: Console) -> None:
    token = staff_token(console.house)
    own, file = _part("csrf", mark_of(token)), _part("file", "no table", "people.xlsx")
    assert _send(console, file + b"--x--", token).status == 403
    assert _send(console, _part("csrf", mark_of("")) + file + b"--x--", token).status == 403
    assert _send(console, own + file + b"--x--", token).status == 400
    assert _send(console, own + file + file + b"--x--", token).status == 400
    assert _send(console, b"", token, announced=33 << 20).status == 400
    assert _ask(console, "/import", {"csrf": mark_of(token)}, token).status == 400


def test_every_answer_forbids_scripts_and_frames_of_others(console: Console) -> None:
    for path in (
        "/sign-in",
        "/no-such-page",
        "/static/console.css",
        "/map?industry=%3Cscript%3E",
        "/people?q=%3Cscript%3E",
    ):
        headers = _ask(console, path, token=staff_token(console.house)).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/import", "/evidence", "/duplicates/decisions", "/proposals", "/releases"])
def test_who_may_only_look_is_shown_no_form_that_would_be_refused(console: Console, path: str) -> None:
    looks = _text(console, path, staff_token(console.house, Grant("auditor")))
    assert set(re.findall(r'method="post" action="([^"]+)"', looks)) <= {"/sign-out", "/purpose"}
    assert ("导入由人才专员办理" in looks) == (path == "/import")


def test_a_page_that_is_not_open_says_what_is_missing_and_who_grants_it(console: Console) -> None:
    token = staff_token(console.house, Grant("finance"))
    asking = {page.path for section in SECTIONS for page in section.pages if page.asks is not None}
    own = {"/funds", "/investments", "/deals/reminders"}
    assert all(_ask(console, path, token=token).status == 200 for path in own)
    for path in (*sorted(asking - own), "/duplicates/decisions", "/proposals", "/events/partners"):
        assert _ask(console, path, token=token).status == 403, path
        told = _text(console, path, token)
        assert "需要角色：" in told
        assert "您的角色：<strong>财务</strong>" in told
        assert "请账号管理员" in told
        assert set(re.findall(r'method="post" action="([^"]+)"', told)) == {"/sign-out"}, path


def test_before_a_member_declares_a_deal_tells_its_firm_and_nothing_of_its_file(console: Console) -> None:
    manager = staff_token(console.house)
    flow = _ask(console, "/deals?view=list&state=DUE_DILIGENCE", token=manager).headers["location"]
    listed = _text(console, flow, manager)
    found = re.search(r'<th scope="row"><a href="(/deals/\w+)">([^<]+)</a>', listed)
    assert found
    page, firm = found.groups()
    member = staff_token(console.house, Grant("committee_member"), subject="ic-stranger")
    told = _text(console, page, member)
    assert firm in told
    assert "须先声明利益冲突" in told
    assert "合规检查" not in told
    tied = {"csrf": mark_of(member), "kind_EQUITY": "1", "text": "持股"}
    assert _ask(console, f"{page}/interests", tied, member).status == 303
    told = _text(console, page, member)
    assert "您须回避这个项目" in told
    assert "合规检查" not in told


def test_a_manager_who_is_recused_sees_the_card_and_why(console: Console) -> None:
    manager = staff_token(console.house, MANAGER, subject="manager-tied")
    flow = _ask(console, "/deals?view=list&state=SCREENING", token=manager).headers["location"]
    found = re.search(r'<th scope="row"><a href="(/deals/\w+)">', _text(console, flow, manager))
    assert found
    page, told = found[1], "您须回避这个项目"
    before = _text(console, page, manager)
    assert told not in before
    assert f"{page}/move?action=INITIATE" in before
    tied = {"csrf": mark_of(manager), "kind_EQUITY": "1", "text": "持股"}
    assert _ask(console, f"{page}/interests", tied, manager).status == 303
    after = _text(console, page, manager)
    assert told in after
    assert "/move?action=" not in after
    assert "合规检查" in before
    assert "合规检查" not in after
    assert _ask(console, f"{page}/move", token=manager).status == 403
    for offered in ('id="terms-ticket"', 'id="team-accounts"', 'id="note-text"', f'href="{page}/move'):
        assert offered in before
        assert offered not in after
    csrf = {"csrf": mark_of(manager)}
    for path, form in (
        ("terms", {"ticket": "500万元", "etag": '"v1"'}),
        ("team", {"team": "a b", "etag": '"v1"'}),
    ):
        answer = _ask(console, f"{page}/{path}", csrf | form, manager)
        assert answer.status == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/map", 303),
        ("/map/export.csv", 303),
        ("/people", 303),
        ("/import/x", 303),
        ("/duplicates", 303),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/nowhere", 404),
    ],
)
def test_without_a_token_nothing_is_shown(console: Console, path: str, status: int) -> None:
    assert _ask(console, path).status == status
    assert _ask(console, path, token="x.y.z").status == status


def test_no_page_leads_to_a_host_that_its_address_looks_like(console: Console) -> None:
    told = _text(console, "//elsewhere.example/map", staff_token(console.house))
    assert "没有这个页面" in told
    assert "elsewhere.example" not in told


@pytest.mark.parametrize(
    "asked",
    [
        "industry=zzz",
        "city=%00",
        "category=" + "x" * 3000,
        "direction=%F0%9F%92%A9",
        "industry=%FF%FE",
        "driver=weather",
        "back=-25",
        "back=x",
    ],
)
def test_odd_parameters_are_refused_in_words(console: Console, asked: str) -> None:
    assert _ask(console, f"/map?{asked}", token=staff_token(console.house)).status == 400


@pytest.mark.parametrize("people", ["", "x", "-1", "１２", "9" * 14, "9" * 5000])
def test_a_number_of_a_form_that_is_none_is_told_however_long(console: Console, people: str) -> None:
    token = staff_token(console.house)
    asked = {
        "act": "EXPORT",
        "sheet": "people",
        "purpose": "x",
        "filter": "",
        "reason": "x",
        "people": people,
    }
    assert _ask(console, "/approvals", {"csrf": mark_of(token)} | asked, token).status == 400
