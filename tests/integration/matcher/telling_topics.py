"""Partners' topics until all are level, then the end."""

import os
import sys
from pathlib import Path

from services.chassis.log.log import open_log
from services.chassis.process.leadership import leader_lock
from services.matcher.service.partner_topics.telling import Telling
from services.matcher.store.mapping import map_aggregates
from tests.integration.matcher.installed import make_house, open_database
from tests.integration.matcher.producing import OwnTopics


def main(directory: str, database_url: str, log_url: str, suffix: str) -> None:
    house = make_house(Path(directory), open_database(database_url), OwnTopics(open_log(log_url), suffix))
    map_aggregates()
    telling = Telling(house, leader_lock(house.database.engine, "partner-topics"), {})
    while telling.step():
        pass
    house.log.close()
    house.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # to take an interpreter down takes longer than most of this work
