"""`python -m services.talent recount [check]`: the counts of the map against a recount of all records."""

import sys
from collections.abc import Sequence

from services.chassis.storage.db import Database
from services.talent.service.shortage.counting.counter import Counter


def recount(database: Database, counter: Counter, arguments: Sequence[str]) -> int:
    """Count everything anew; with `check` change nothing, and 1 if the kept counts differ."""
    check = "check" in arguments
    with database.write() as session:
        drift = counter.rebuild(session, check=check)
        if not check:
            counter.cover(session, counter.overlap(session))
    wrong = drift.counts + drift.employers
    if not wrong:
        sys.stdout.write("一致 the kept counts are those of a recount\n")
        return 0
    said = f"{drift.counts} counts and {drift.employers} cells of employers"
    sys.stdout.write(f"不一致 differ: {said}\n" if check else f"已更正 put right: {said}\n")
    return 1 if check else 0
