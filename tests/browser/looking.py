"""What a test does with a page: sign in, look at it, keep its picture."""

from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from services.chassis.identity.identity import Grant
from services.cli.running import console_process
from tests.contract.installation import MANAGER, OFFICER, Installation, staff_token

WIDTHS = {"desk": 1366, "phone": 390}
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "reporter": "no-passes"}
"""With all that passed too an answer takes twice as long."""
_SCRIPT = (
    AXE_SCRIPT
    + """;{
  const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      const {r, g, b, alpha} = parse.call(this, text);
      known.set(text, {r, g, b, alpha});
    }
    return Object.assign(this, known.get(text));
  };
} 0"""
)
"""It parses the same few colours for every element and all that lies behind it: a quarter of its time."""
_AXE = Axe("")
_PAGE_BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TABLES_BEYOND = (
    "Math.max(0, ...[...document.querySelectorAll('.wide')].map(e => e.scrollWidth - e.clientWidth))"
)


@dataclass(frozen=True, slots=True)
class Console:
    """The running console. `pictures` is where screenshots are kept, if they are."""

    house: Installation
    pictures: Path | None

    @property
    def url(self) -> str:
        """Its address."""
        return self.house.settings.console_url

    def sign_in(self, page: Page, *grants: Grant, subject: str = "tester") -> None:
        """Enter by a one-time link, as an officer and fund manager unless grants are named."""
        token = staff_token(self.house, *(grants or (OFFICER, MANAGER)), subject=subject)
        page.goto(console_process.sign_in_link(self.house.settings, token))

    def look_at_all(self, page: Page) -> None:
        """Every page from now on comes with what `look` needs: sent once, not once for each."""
        page.context.add_init_script(_SCRIPT)

    def look(self, page: Page, name: str) -> None:
        """As `look`; the picture goes where this run keeps them."""
        look(page, name, self.pictures)

    def reflows(self, page: Page, name: str) -> None:
        """At 320 px (a desk at 400 %) nobody scrolls sideways; at a desk no table runs out of sight."""
        known = page.viewport_size
        assert known is not None
        for width, beyond in ((320, _PAGE_BEYOND), (WIDTHS["desk"], _TABLES_BEYOND)):
            page.set_viewport_size({"width": width, "height": known["height"]})
            found = page.evaluate(beyond)
            assert found <= 0, f"{name} is {found} px too wide at {width} px"
        page.set_viewport_size(known)


def look(page: Page, name: str, pictures: Path | None) -> None:
    """The page has no accessibility violation and is no wider than its window; its picture is kept if asked for."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    found = _AXE.run(page, options=_RULES)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate(_PAGE_BEYOND)
    assert wide <= 0, f"{name} is {wide} px too wide"
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / f"{name}.png", full_page=True, caret="initial")
