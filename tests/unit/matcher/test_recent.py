"""Items that the feed has committed, at hand until the lists follow."""

from datetime import UTC, datetime

from services.matcher.domain.item import ItemKind
from services.matcher.domain.known import Known, Written
from services.matcher.service.recent import Recent

_AT = datetime(2026, 1, 1, tzinfo=UTC)


def _written(change: int, *ids: str) -> Written:
    return Written(change, [Known(ItemKind.FIRM, id_, 1, None, "", "", "REAL", _AT) for id_ in ids])


def test_what_was_written_is_at_hand_until_it_is_taken() -> None:
    recent, written = Recent(), [_written(1, "a", "b"), _written(2, "a")]
    recent.add(written)
    assert recent.take() == written
    assert not recent.take()


def test_there_is_never_more_than_there_is_room_for() -> None:
    recent = Recent(2)
    recent.add([_written(1, "a"), _written(2, "b", "c"), _written(3, "d")])
    recent.add([_written(4, "e")])
    assert [each.change for each in recent.take()] == [1, 3]
