"""What tests ask of a matcher that follows the log."""

from services.matcher.service.engine import Engine
from tests.integration.matcher.installed import Matcher


def candidates(matcher: Matcher, kind: str, anchor: str) -> set[str]:
    return {pair[2] for pair in matcher.lists() if pair[:2] == (kind, anchor)}


def anew(matcher: Matcher) -> Engine:
    """The same lists, computed from nothing."""
    matcher.engine.lists.recompute()
    return matcher.engine


def all_places(engine: Engine) -> dict[tuple[str, str], list[tuple[str, float]]]:
    lists = engine.lists.all().items()
    return {key: [(place.id, place.log_odds) for place in places] for key, places in lists}
