from bench.console.pages import HEAVY


def test_every_heavy_page_has_rows_of_its_own_and_the_map_keeps_its_names() -> None:
    names = [each.row("seen") for each in HEAVY]
    assert len(set(names)) == len(names)
    assert names[:2] == ["console.page.seen", "console.page.cell.seen"]
