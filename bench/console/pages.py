"""The pages of the console that are heaviest, where each is found, and what makes it whole."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Heavy:
    """A page. `marks`: what its data is drawn by; the page is seen when all of them stand on it. `through`: the link
    that leads to it from `path`, of a page of one record. `drawn`: whether a chart library could draw part of it.
    """

    name: str
    path: str
    marks: str
    said: str
    through: str = ""
    drawn: bool = True

    def row(self, figure: str) -> str:
        """The name of a row; the map was the first page to be measured, and its rows are named without it."""
        return ".".join(each for each in ("console.page", self.name, figure) if each)

    def address(self, page: Page) -> str:
        """Where it is found by a visitor who is signed in; without origin."""
        if not self.through:
            return self.path
        page.goto(self.path)
        return str(page.locator(self.through).first.get_attribute("href"))


HEAVY = (
    Heavy("", "/map", "svg.map .area, table.matrix td a", "map and matrix"),
    Heavy(
        "cell",
        "/map?industry=hydrogen",
        "svg.map .area, table.matrix td a, table.parts .bar, svg.trend .dot, svg.trend .fan",
        "map, matrix, and a cell with its parts, trend and forecast",
    ),
    Heavy("timeline", "/deals?view=timeline", "svg.way rect", "the way of each deal through its states"),
    Heavy(
        "fund", "/funds", "svg.quota", "a fund's limits and funnel", through="main tbody a[href^='/funds/']"
    ),
    Heavy("board", "/deals", ".kanban .card", "the board of deals: nothing to chart", drawn=False),
    Heavy("people", "/people", "main table.rows tbody tr", "the library: nothing to chart", drawn=False),
    Heavy(
        "match",
        "/matches?kind=person-position",
        "ol.ranking .bar",
        "ranked candidates with the bars of their reasons",
        through="main li a[href*='anchor=']",
        drawn=False,
    ),
)
