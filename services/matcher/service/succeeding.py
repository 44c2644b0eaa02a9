"""Items under directions of an earlier catalogue are carried over to those that took their place.

Whose directions changed is followed like any change: matches are withdrawn under the directions that they were told
under, and created under today's. What is still on the log is read in today's codes by the feed.
"""

from collections.abc import Mapping

from services.catalogue.succession import Shares
from services.chassis.storage.db import Database
from services.matcher.store import succession


def carry_over(database: Database, former: Mapping[str, Shares]) -> int:
    """How many items were carried over. Safe to break off and to repeat; without effect where it is done."""
    done, last = 0, succession.BEFORE_ALL
    while former:
        with database.write() as session:
            carried = succession.carry(session, former, last)
        done += carried.items
        if carried.last is None:
            break
        last = carried.last
    return done
