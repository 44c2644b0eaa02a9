"""Files between preview and commit: for their session alone, within bounds, and not for long."""

import hashlib
from datetime import UTC, datetime, timedelta

from services.console.web.held import MOST_SAID, VALID_FOR, Held, HeldFiles
from services.console.web.visits import Upload

NOW = datetime(2026, 6, 30, 8, tzinfo=UTC)
FILE = Upload("people.xlsx", b"rows")
HELD = Held(FILE, {"source": "university"})
SHA = hashlib.sha256(FILE.data).hexdigest()


def test_a_file_is_held_for_the_session_that_brought_it() -> None:
    held = HeldFiles()
    held.put("mine", FILE, {"source": "university"}, NOW)
    assert held.get("mine", SHA, NOW) == HELD
    assert held.get("other", SHA, NOW) is None
    assert held.get("mine", "0" * 64, NOW) is None
    held.drop("mine", SHA)
    assert held.get("mine", SHA, NOW) is None


def test_it_is_gone_after_a_while() -> None:
    held = HeldFiles()
    held.put("mine", FILE, {"source": "university"}, NOW)
    assert held.get("mine", SHA, NOW + VALID_FOR) == HELD
    assert held.get("mine", SHA, NOW + VALID_FOR + timedelta(seconds=1)) is None


def test_the_oldest_make_room_for_the_newest() -> None:
    held = HeldFiles(most_bytes=10)
    files = [Upload(f"{each}.csv", bytes([each]) * 4) for each in range(4)]
    for at, file in enumerate(files):
        held.put("mine", file, {}, NOW + timedelta(seconds=at))
    kept = [held.get("mine", hashlib.sha256(each.data).hexdigest(), NOW) for each in files]
    assert kept == [None, None, Held(files[2], {}), Held(files[3], {})]


def test_what_was_said_of_a_file_is_remembered_for_its_session_when_the_file_is_gone() -> None:
    held = HeldFiles(most_bytes=0)
    held.put("mine", FILE, HELD.said, NOW)
    assert held.get("mine", SHA, NOW) is None
    held.drop("mine", SHA)
    assert held.said("mine", SHA) == HELD.said
    assert held.said("other", SHA) == {}
    for at in range(MOST_SAID):
        held.put("mine", Upload("", str(at).encode()), {}, NOW)
    assert held.said("mine", SHA) == {}
