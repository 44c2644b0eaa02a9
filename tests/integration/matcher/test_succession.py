"""A new edition of the catalogue over a matcher of the old one: on the embedded log and on Kafka."""

from services.catalogue import Catalogue, load
from services.chassis.house import House
from services.matcher.service.succeeding import carry_over
from services.matcher.store import items
from services.matcher.store.succession import strange
from tests.integration.matcher.following import all_places, anew
from tests.integration.matcher.installed import Matcher
from tests.integration.matcher.producing import Producer
from tests.unit.catalogue.earlier import MERGED, OTHER, RENAMED, SPLIT, TODAY, earlier
from tests.unit.catalogue.test_local import BUNKERING, file

FORMER = TODAY.succession.former
TEXT = "工程师，熟悉现场管理"


def leaves(matcher: Matcher) -> dict[str, tuple[tuple[str, int], ...]]:
    with matcher.house.database.read() as session:
        return {each.id: each.item.leaves for each in items.followed(session) if each.item is not None}


def restarted(house: House, before: Matcher, catalogue: Catalogue) -> Matcher:
    before.end()
    return Matcher.over(house, catalogue=catalogue)


def test_items_lists_and_events_stand_under_todays_directions(house: House, producer: Producer) -> None:
    old = Matcher.over(house, catalogue=earlier())
    with producer.together():
        for number, code in enumerate(("marine-h2", "merged-a", "merged-b", "broad-h2", "sic")):
            producer.position(f"o{number}", TEXT, code=code)
            producer.person(f"p{number}", TEXT, code=code)
    old.follow()
    told = len(old.events())
    assert any(key[1] == "marine-h2" for key in all_places(old.engine))

    assert carry_over(house.database, FORMER) == 8
    assert carry_over(house.database, FORMER) == 0
    now = restarted(house, old, TODAY)
    producer.position("late", TEXT, code="marine-h2")
    now.follow()
    assert leaves(now) == {
        "o0": ((RENAMED, 1000),),
        "p0": ((RENAMED, 1000),),
        "late": ((RENAMED, 1000),),
        **{f"{kind}{number}": ((MERGED, 1000),) for kind in "op" for number in (1, 2)},
        **{f"{kind}3": ((SPLIT, 600), (OTHER, 400)) for kind in "op"},
        **{f"{kind}4": (("sic", 1000),) for kind in "op"},
    }
    assert not {key[1] for key in all_places(now.engine)} & FORMER.keys()
    assert all_places(now.engine) == all_places(anew(now))
    assert {anchor for _, anchor, _ in now.lists()} == {key[1] for key in all_places(now.engine)}

    news = now.events()[told:]
    moved = [row for row in news if row.anchor_id == "o0"]
    assert {row.directions for row in moved if row.type == "WITHDRAWN"} == {("marine-h2",)}
    assert {row.directions for row in moved if row.type == "CREATED"} == {(RENAMED,)}
    ended = [row for row in news if row.anchor_id == "marine-h2"]
    assert ended
    assert {(row.type, row.directions) for row in ended} == {("WITHDRAWN", ("marine-h2",))}
    now.end()


def test_an_edition_that_only_adds_directions_gives_them_lists_at_the_next_start(
    house: House, producer: Producer
) -> None:
    old = Matcher.over(house)
    producer.person("p", "船用氢加注工艺", code="liquid-h2")
    old.follow()
    region = load(file(BUNKERING))
    now = restarted(house, old, region)
    assert carry_over(house.database, region.succession.former) == 0
    now.follow()
    producer.person("own", "船用氢加注工艺", code="local-h2-bunkering")
    now.follow()
    with house.database.read() as session:
        assert strange(session, {"local-h2-bunkering"}) == []
        assert strange(session, {"liquid-h2"}) == ["local-h2-bunkering"]
    assert any(anchor == "local-h2-bunkering" for _, anchor, _ in now.lists())
    assert all_places(now.engine) == all_places(anew(now))
    now.end()
