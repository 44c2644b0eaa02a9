"""Items that the feed has committed, at hand until the lists follow."""

from datetime import UTC, datetime

from services.matcher.domain.item import ItemKind
from services.matcher.domain.known import Known
from services.matcher.service.recent import Recent

_AT = datetime(2026, 1, 1, tzinfo=UTC)


def _known(id_: str, version: int) -> Known:
    return Known(ItemKind.FIRM, id_, version, None, "", "", "REAL", _AT)


def test_every_version_is_found_until_it_is_taken() -> None:
    recent, known = Recent(), [_known("a", 1), _known("a", 2), _known("b", 1)]
    recent.add(known)
    assert recent.take() == {(each.kind, each.id, each.version): each for each in known}
    assert recent.take() == {}


def test_there_are_never_more_than_there_is_room_for() -> None:
    recent = Recent(2)
    for number in range(5):
        recent.add([_known("a", number)])
    assert [version for _, _, version in recent.take()] == [0, 1]
