"""The matcher until it is level, then the end."""

import os
import sys
from pathlib import Path

from services.chassis.log.log import open_log
from tests.integration.matcher.installed import Matcher, make_house, open_database
from tests.integration.matcher.producing import OwnTopics


def main(directory: str, database_url: str, log_url: str, suffix: str) -> None:
    house = make_house(Path(directory), open_database(database_url), OwnTopics(open_log(log_url), suffix))
    matcher = Matcher.over(house)
    assert matcher.settler.lead()
    # One step of the feed, one of the lists: every record is followed by a chance to die.
    while not matcher.settler.level_once.is_set() or matcher.feed.lag():
        matcher.feed.step()
        matcher.settler.settle()
    matcher.end()
    house.log.close()
    house.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # to take an interpreter down takes longer than most of this work
