"""The funding service beside the talent service, with the log between them."""

from dataclasses import dataclass

from services.chassis.feed.feed import Feed
from services.chassis.log.log import Log
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import LeaderLock, leader_lock
from services.chassis.storage.db import Database
from services.funding.domain.pipeline.hiring import HiringPlan
from services.funding.store.schema import shared as funding_shared
from services.talent.feed.hires import TOPICS, FundingFeed
from services.talent.service.positions.hires import ExpectedHires
from services.talent.store.schema import shared as talent_shared
from tests.integration.funding.installed import Funding
from tests.integration.talent.installed import Talent


@dataclass(frozen=True)
class Houses:
    """Both services; `carry` brings everything that funding has told to talent."""

    funding: Funding
    talent: Talent
    log: Log
    relay: Relay
    lock: LeaderLock
    feed: Feed

    @classmethod
    def over(cls, funding: Funding, talent: Talent, log: Log) -> "Houses":
        """With a relay and a feed that take one step when a test says so."""
        lock = leader_lock(funding.database.engine, "relay")
        relay = Relay(funding.database, funding_shared.outbox, log, lock, funding.clock)
        return cls(funding, talent, log, relay, lock, make_feed(talent, log))

    def carry(self) -> None:
        """Publish, and read to the end of the log."""
        while self.relay.publish_batch():
            pass
        self.feed.step()
        while self.feed.lag():
            self.feed.step()

    def plan(self, deal_id: str, plan: HiringPlan | None) -> None:
        """State a deal's hiring plan."""
        with self.funding.database.write() as session:
            deals = self.funding.deals
            deals.plan_hiring(session, deals.get(session, deal_id), plan, "tester")


def make_feed(talent: Talent, log: Log) -> Feed:
    """The feed as the service wires it, on the talent service's database."""
    handler = FundingFeed(ExpectedHires(talent.clock), talent.positions.axes)
    database: Database = talent.database
    return Feed("talent", database, log, TOPICS, handler, talent.clock, tables=talent_shared.feed)
