"""Amounts as they stand on a page."""

from playwright.sync_api import Locator

from services.kernel.money import parse_amount


def facts_of(card: Locator) -> dict[str, Locator]:
    """What a card says, by the names of its facts."""
    return {
        each.locator("dt").inner_text(): each.locator("dd") for each in card.locator("dl.facts > div").all()
    }


def fen(said: Locator) -> int:
    """An amount as it stands on a page; what rounding left out stands in its title."""
    title = said.locator("[title]")
    return fen_read(str(title.first.get_attribute("title")) if title.count() else said.inner_text())


def fen_read(said: str) -> int:
    """An amount in fen."""
    return parse_amount(said, field="said").fen
