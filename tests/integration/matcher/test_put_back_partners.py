"""A database that is put back after endpoints and partners' topics were told more: what happens since comes under ids
of its own, and the chain of numbers shows where the other one ended.
"""

import asyncio
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bole.matcher.v1.match_event_pb2 import MatchEvent
from services.chassis.keys import load_key, load_key_encryption_keys
from services.chassis.process.leadership import leader_lock
from services.chassis.sealing import KeyRing
from services.matcher.domain.partners.partner_topic import topic_of
from services.matcher.domain.webhooks.address import networks
from services.matcher.domain.webhooks.webhook import Wanted, WebhookState
from services.matcher.service.partner_topics.opening import PartnerTopics
from services.matcher.service.partner_topics.telling import Telling
from services.matcher.service.partners.partners import add_partner
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.registering import Webhooks
from services.matcher.service.webhooks.turns import Tried, Turn, Turns
from services.matcher.store.partners import partners
from tests.integration.matcher.installed import TEXTS, Matcher, load_some
from tests.integration.matcher.producing import Producer
from tests.integration.matcher.test_put_back import copied, put_back
from tests.servers.receiver import Receiver, receiving

pytestmark = pytest.mark.parametrize("urls", ["embedded"], indirect=True)
CONTEXT = ssl.create_default_context()
LOOPBACK = networks("127.0.0.0/8")
RESOLVERS = ThreadPoolExecutor(1)


@dataclass(frozen=True)
class Link:
    """An event as a reader has it: its id, its number, the number before."""

    id: str
    sequence: int
    previous: int


@dataclass
class Partner:
    """A partner with an endpoint and a topic, both told everything."""

    id: str
    webhook: str
    turns: Turns
    telling: Telling
    matcher: Matcher
    receiver: Receiver

    def level(self) -> None:
        """Tell both all there is."""
        self.matcher.follow()
        while self.telling.step():
            pass
        while turn := self.turns.read(self.webhook):
            self.turns.write(turn, *asyncio.run(self._send(turn)))

    async def _send(self, turn: Turn) -> tuple[list[Tried], int]:
        async with Poster(LOOPBACK, RESOLVERS, context=CONTEXT) as poster:
            return await self.turns.send(turn, poster)

    def posted(self) -> list[Link]:
        """What came to the endpoint."""
        data = [(each.id, each.said["data"]) for each in self.receiver.came]
        return [Link(id_, int(of["sequence"]), int(of["previous_sequence"])) for id_, of in data]

    def on_topic(self) -> list[Link]:
        """What stands on the topic."""
        found = []
        for each in self.matcher.house.log.read(topic_of(self.id), 0, 10_000):
            event = MatchEvent.FromString(each.value or b"")
            found.append(Link(each.headers["ce_id"], event.sequence, event.previous_sequence))
        return found


@pytest.fixture
def partner(matcher: Matcher, producer: Producer) -> Iterator[Partner]:
    house = matcher.house
    ring = KeyRing(load_key_encryption_keys(house.settings.keys_dir))
    load_some(producer, 3)
    with receiving() as receiver:
        with house.database.write() as session:
            add_partner(
                session, "合作方", load_key(house.settings.keys_dir, "digest"), house.ids, house.clock
            )
            session.flush()
            found = partners.titled(session, "合作方")
            assert found is not None
            partner_id = found.id
            wanted = Wanted(receiver.url, "", (), "", (), ())
            made, _ = Webhooks(house, ring, LOOPBACK).create(
                session, partner_id, wanted, WebhookState.ENABLED
            )
            PartnerTopics(house.clock).open(session, partner_id, from_start=True)
            session.flush()
            webhook = made.id
        telling = Telling(house, leader_lock(house.database.engine, "partner-topics"), {})
        yield Partner(partner_id, webhook, Turns(house, ring, {}, lambda: 0.5), telling, matcher, receiver)


def test_another_event_under_the_same_number_has_another_id(
    partner: Partner, producer: Producer, tmp_path: Path
) -> None:
    house = partner.matcher.house
    partner.level()
    copied(Path(str(house.database.engine.url.database)), copy := tmp_path / "before.db")
    producer.person("told", TEXTS[0])
    partner.level()
    before = {"endpoint": partner.posted(), "topic": partner.on_topic()}
    put_back(house, partner.matcher, copy)
    partner.matcher = Matcher.over(house)
    producer.person("instead", TEXTS[1])
    partner.level()
    for where, links in (("endpoint", partner.posted()), ("topic", partner.on_topic())):
        told = before[where]
        since = links[len(told) :]
        again = {each.sequence for each in told} & {each.sequence for each in since}
        assert again, where  # numbers were given out twice
        assert not {each.id for each in told} & {each.id for each in since}, where
        assert since[0].previous < told[-1].sequence, where
        assert since[0].sequence <= told[-1].sequence, where
    partner.matcher.end()
