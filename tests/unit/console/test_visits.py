"""Where the links of a page lead: to itself with what is changed, and from a sent form to the page it stood on."""

from services.console.web.visits import Visit
from tests.unit.console.pages.visiting import visit


def _sent(referer: str) -> Visit:
    found = visit(form={"text": "x"})
    found.request.scope["method"] = "POST"
    found.request.scope["headers"] = [(b"host", b"bole.example"), (b"referer", referer.encode())]
    return found


def test_a_page_links_to_itself_with_one_thing_changed() -> None:
    assert visit({"fund": "funds/1", "lang": "zh"}).here(lang="en") == "/deals?fund=funds%2F1&lang=en"
    assert visit({"fund": "funds/1"}).link(fund=None) == "/deals"


def test_a_sent_form_links_to_the_page_that_it_stood_on_and_to_no_other_site() -> None:
    assert _sent("https://bole.example/deals/1?done=x").here(lang="en") == "/deals/1?done=x&lang=en"
    assert _sent("https://evil.example/deals/1").here(lang="en") == "/?lang=en"
    assert _sent("https://bole.example//evil.example/").here(lang="en") == "/?lang=en"
    assert _sent("").here(lang="en") == "/?lang=en"


def _led(referer: str) -> str:
    found = visit({"fund": "funds/1"})
    found.request.scope["headers"] = [(b"host", b"bole.example"), (b"referer", referer.encode())]
    return found.before


def test_a_link_that_failed_has_a_way_back_to_the_page_it_stood_on_and_to_no_other_site() -> None:
    assert _led("https://bole.example/map?city=suzhou") == "/map?city=suzhou"
    for elsewhere in ("https://evil.example/map", "", "https://bole.example/deals?fund=funds%2F1"):
        assert _led(elsewhere) == "", elsewhere
