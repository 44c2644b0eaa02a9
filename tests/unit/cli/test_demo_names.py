"""Names in the demonstration's stream: short, and still each its own."""

from services.cli.demo.live import shortened


def test_two_that_came_together_are_told_apart() -> None:
    one, other = "positions/01m8h22datcstjygekv9f313f6", "positions/01m8h22datcstjygekv9f313g7"
    assert shortened(one) == "positions/…f313f6"
    assert shortened(one) != shortened(other)


def test_a_code_stays_whole() -> None:
    for name in ("directions/advanced-nuclear", "directions/renewable-h2", "directions/ga2o3"):
        assert shortened(name) == name
