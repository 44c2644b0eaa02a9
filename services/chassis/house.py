"""What every service is built from: its shared tables, and the things that its parts are handed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import MetaData, Table

from services.chassis.audit.audit import Audit, AuditTables, define_audit, define_shown
from services.chassis.feed.feed import Feed
from services.chassis.feed.tables import FeedTables, define_feed_tables
from services.chassis.identity.identity import Authenticator
from services.chassis.log.log import Log
from services.chassis.outbox.journal import Journal, Topic, define_history
from services.chassis.outbox.outbox import define_outbox
from services.chassis.people_budget import BudgetTables, PeopleBudget, define_budget
from services.chassis.process.background import Rounds
from services.chassis.process.precedence import Precedence
from services.chassis.process.progress import Progress
from services.chassis.request_log import RequestLog, define_request_log
from services.chassis.rpc.registration import Service
from services.chassis.rpc.server import ANSWER_SECONDS
from services.chassis.settings import Settings
from services.chassis.storage.db import Database
from services.chassis.storage.paging import PageTokens
from services.chassis.telemetry.metrics import Metrics
from services.kernel.clock import Clock
from services.kernel.ids import Ids


@dataclass(frozen=True, slots=True)
class SharedTables:
    """Tables that every service has in its own database."""

    outbox: Table
    history: Table
    request_log: Table
    audit: AuditTables
    feed: FeedTables
    budget: BudgetTables


def define_shared_tables(
    metadata: MetaData,
    *,
    who_looked: bool = False,
    of_people: frozenset[str] | None = None,
    people_part: int = 100,
) -> SharedTables:
    """Define them. `who_looked`: with an index of the audit by what its entries showed. `of_people`, `people_part`: as
    in `define_budget`.
    """
    shown = define_shown(metadata) if who_looked else None
    return SharedTables(
        define_outbox(metadata),
        define_history(metadata),
        define_request_log(metadata),
        define_audit(metadata, shown),
        define_feed_tables(metadata),
        define_budget(metadata, of_people, people_part),
    )


@dataclass(frozen=True, slots=True)
class House:
    """What a service's composition root is handed."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    log: Log
    tables: SharedTables
    journal: Journal
    requests: RequestLog
    audit: Audit
    pages: PageTokens
    metrics: Metrics
    precedence: Precedence = field(default_factory=Precedence)
    progress: Progress = field(default_factory=Progress)

    @property
    def people_budget(self) -> PeopleBudget:
        """How many people this service may show one account."""
        return PeopleBudget(self.tables.budget, self.settings.people_per_day)


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a composition root hands back: what to serve, what to feed, what else runs while it serves, by
    name, and when it is ready. `partners` knows them by key, `certificates` by
    that of their connection.
    """

    services: Sequence[Service]
    feeds: Sequence[Feed] = ()
    is_ready: Callable[[], bool] = lambda: True
    partners: Authenticator | None = None
    certificates: Authenticator | None = None
    loops: Mapping[str, Rounds] = field(default_factory=dict)
    on_start: Sequence[Callable[[], None]] = ()
    on_stop: Sequence[Callable[[], None]] = ()
    observe: Callable[[], None] = lambda: None


Tool = Callable[[House, Sequence[str]], int]
"""A command of its own that a service offers beside `serve`; returns the exit status."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One service: its name, schema, migrations, composition root and tools.

    `complete` does what a migration leaves to the program because it takes keys; after every migration, and
    without effect where it is done. On `audit_topic` the signed heads of its audit are told, on the topics of `tells`
    (`chassis.log.topics`) everything else. `from_log`: whether its database can be made again from what others told.
    `answer_seconds`: as in `ServerOptions`.
    """

    name: str
    metadata: MetaData
    tables: SharedTables
    migrations: str
    assemble: Callable[[House], Assembly]
    audit_topic: Topic
    tells: Sequence[Topic]
    from_log: bool = False
    tools: Mapping[str, Tool] = field(default_factory=dict)
    complete: Callable[[House], None] = lambda _house: None
    answer_seconds: float = ANSWER_SECONDS
