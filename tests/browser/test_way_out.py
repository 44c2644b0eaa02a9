"""Who comes by an identity service leaves by it, and reads what is amiss where no service answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.looking import WIDTHS, look
from tests.unit.console.identity.house import House, opened


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A console with an identity service before it and no service behind it."""
    with opened(tmp_path_factory.mktemp("alone")) as made:
        yield made


@pytest.mark.parametrize(
    ("language", "width", "dark", "unavailable", "leave", "left"),
    [
        ("zh", "desk", False, "服务暂不可用", "退出", "已退出伯乐"),
        ("en", "phone", True, "Service unavailable", "Sign out", "Signed out of Bole"),
    ],
)
def test_without_services_pages_say_so_and_one_can_leave(
    browser: Browser,
    alone: House,
    pytestconfig: pytest.Config,
    language: str,
    width: str,
    dark: bool,
    unavailable: str,
    leave: str,
    left: str,
) -> None:
    pictures = pytestconfig.getoption("screenshots", default=None)
    with browser.new_context(
        base_url=alone.url,
        viewport={"width": WIDTHS[width], "height": 768},
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
        color_scheme="dark" if dark else "light",
    ) as context:
        page = context.new_page()
        asked: list[str] = []

        def stay(route: Route) -> None:
            asked.append(route.request.url.partition("?")[0])
            route.fulfill(status=204)

        page.route("**/logout?*", stay)
        page.goto("/sign-in/start?next=/funds")
        expect(page.get_by_role("heading", level=1)).to_have_text(unavailable)
        look(page, f"unavailable-{language}-{width}", pictures)
        page.get_by_role("button", name=leave).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(left)
        look(page, f"signed-out-{language}-{width}", pictures)
        assert asked == [f"{alone.issuer.url}/logout"]
        page.goto("/funds")
        expect(page).to_have_url(f"{alone.url}/sign-in?next=%2Ffunds")
