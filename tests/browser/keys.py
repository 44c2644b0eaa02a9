"""Somebody who has a keyboard alone: Tab to what is wanted, then a key. Where focus is, is seen at every stop."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

_MOST = 120
_SEEN = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body || here.matches("#results, #filters, main")) return true;
  const drawn = (each) => {
    const look = getComputedStyle(each);
    return (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
  };
  const box = here.getBoundingClientRect();
  return here.closest("svg") !== null || (drawn(here) && box.width > 0 && box.height > 0);
}
"""
_HERE = "() => document.activeElement.outerHTML.slice(0, 160)"


class Keys:
    """The keyboard of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # the browser is asked for choosers as soon as somebody listens, which takes it longer than a key
        page.on("filechooser", lambda _chooser: None)

    def to(self, goal: Locator) -> None:
        """Tab until it has the focus; what has it on the way shows that it does."""
        expect(goal).to_be_visible()
        goal_ = goal.element_handle()
        for _ in range(_MOST):
            if self.page.evaluate("(goal) => document.activeElement === goal", goal_):
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(_SEEN), f"focus is not seen: {self.page.evaluate(_HERE)}"
        raise AssertionError(f"Tab does not lead to {goal} on {self.page.url}")

    def press(self, goal: Locator, key: str = "Enter") -> None:
        """A key on it that stays on the page."""
        self.to(goal)
        self.page.keyboard.press(key)

    def follow(self, goal: Locator) -> None:
        """Enter on what leads to another page, or sends a form."""
        self.to(goal)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, goal: Locator, text: str) -> None:
        """What is typed into a field, in place of what it held."""
        self.to(goal)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose_file(self, goal: Locator, file: Path) -> None:
        """A file for a field."""
        self.to(goal)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)

    def told(self, text: str) -> None:
        """What a screen reader hears of it."""
        expect(self.page.locator("#told")).to_contain_text(text)
