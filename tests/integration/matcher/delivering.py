"""The turns of one webhook until nothing is due, then the end."""

import asyncio
import os
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from services.chassis.keys import load_key_encryption_keys
from services.chassis.log.log import open_log
from services.chassis.sealing import KeyRing
from services.matcher.domain.webhooks.address import networks
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.turns import Tried, Turn, Turns
from services.matcher.store.mapping import map_aggregates
from tests.integration.matcher.installed import make_house, open_database
from tests.integration.matcher.producing import OwnTopics


def main(directory: str, database_url: str, log_url: str, suffix: str, webhook: str) -> None:
    house = make_house(Path(directory), open_database(database_url), OwnTopics(open_log(log_url), suffix))
    map_aggregates()
    ring = KeyRing(load_key_encryption_keys(house.settings.keys_dir))
    turns, context = Turns(house, ring, {}, lambda: 0.5), ssl.create_default_context()

    resolvers = ThreadPoolExecutor(1)

    async def go(turn: Turn) -> tuple[list[Tried], int]:
        async with Poster(networks("127.0.0.0/8"), resolvers, context=context) as poster:
            return await turns.send(turn, poster)

    while webhook in turns.due()[1] and (turn := turns.read(webhook)) is not None:
        turns.write(turn, *asyncio.run(go(turn)))
    house.log.close()
    house.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # to take an interpreter down takes longer than most of this work
