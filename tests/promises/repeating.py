"""P12: a request id takes effect once, whoever sends it how often: at once, with other content, after a failure, after
an answer that was lost, after a process that died before its commit, and after its time.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from google.protobuf.wrappers_pb2 import StringValue
from sqlalchemy import Column, Integer, String, Table, insert, select

from services.chassis.request_log import RETENTION, RequestLog, define_request_log
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import ManualClock
from services.kernel.errors import AlreadyExists, InvalidArgument

STEPS, AT_ONCE, THREADS = 60, 100, 8
BEGIN: Final = datetime(2026, 7, 1, tzinfo=UTC)
CALLERS: Final = (("li", "Create"), ("li", "Update"), ("wang", "Create"))
IDS: Final = tuple(f"2f1e0000-0000-4000-8000-00000000000{at}" for at in range(4))
CONTENTS: Final = ("x", "y")
METADATA: Final = new_metadata()
LOG: Final = define_request_log(METADATA)
EFFECTS: Final = Table(
    "effect", METADATA, Column("id", Integer, primary_key=True), Column("answer", String(40))
)
Key = tuple[tuple[str, str], str]


class _Died(BaseException):
    """A process that ends before its commit."""


@dataclass
class _Known:
    """What the first answer was, to what, and when."""

    content: str
    answer: bytes
    at: datetime


@dataclass
class _Trial:
    """The request log over a database, and what is known of it by the requests alone."""

    database: Database
    rng: random.Random
    many: int
    clock: ManualClock = field(default_factory=lambda: ManualClock(BEGIN))
    known: dict[Key, _Known] = field(default_factory=dict)
    wanted: Counter[str] = field(default_factory=Counter)
    number: int = 0
    found: list[str] = field(default_factory=list)

    def send(self, key: Key, content: str, answer: str, end: Callable[[], None] = lambda: None) -> bytes:
        """One attempt: its effect and its answer are one transaction. `end` comes after the effect."""
        log, (caller, id_) = RequestLog(LOG, self.clock), key
        with self.database.write() as session:

            def act() -> StringValue:
                session.execute(insert(EFFECTS).values(answer=answer))
                end()
                return StringValue(value=answer)

            request = StringValue(value=content)
            return log.once(session, caller, id_, request, StringValue, act).SerializeToString()

    def outcome(self, *attempt: Any) -> bytes | str:
        """The answer, or why there is none."""
        try:
            return self.send(*attempt)
        except (AlreadyExists, InvalidArgument) as error:
            return error.reason
        except _Died:
            return "died"

    def step(self) -> None:
        """Something that callers and processes do."""
        key = (self.rng.choice(CALLERS), self.rng.choice(IDS))
        self.number += 1
        acts = (self.once, self.once, self.failing, self.at_once, self.later)
        self.rng.choice(acts)(key, self.rng.choice(CONTENTS), f"answer {self.number}")

    def once(self, key: Key, content: str, answer: str) -> None:
        self.judge(key, content, answer, [self.outcome(key, content, answer)])

    def failing(self, key: Key, content: str, answer: str) -> None:
        """Refused by a rule, or dead before the commit: nothing stays, and the id may be used."""

        def end() -> None:
            if self.number % 2:
                raise _Died
            raise InvalidArgument.field("a", "WRONG", "错", "wrong")

        if key in self.known:
            self.judge(key, content, answer, [self.outcome(key, content, answer, end)])
        elif (said := self.outcome(key, content, answer, end)) not in ("died", "INVALID_ARGUMENT", "WRONG"):
            self.found.append(f"{key} that failed was answered: {said!r}")

    def at_once(self, key: Key, content: str, answer: str) -> None:
        """Many at once, every third with other content now and then: one of them is the first."""
        mixed = self.rng.random() < 0.5
        sent = [CONTENTS[at % 3 == 0] if mixed else content for at in range(self.many)]
        with ThreadPoolExecutor(THREADS) as pool:
            got = list(pool.map(lambda at: self.outcome(key, sent[at], f"{answer}.{at}"), range(self.many)))
        answers = {each for each in got if isinstance(each, bytes)}
        first = self.known.get(key)
        if len(answers) != 1 and not (first and not answers):
            self.found.append(f"{key}: {len(answers)} answers at once")
        if first is None and answers:
            said = StringValue.FromString(next(iter(answers))).value
            self.known[key] = _Known(
                sent[int(said.rpartition(".")[2])], next(iter(answers)), self.clock.now()
            )
            self.wanted[said] += 1
        for one, of in zip(got, sent, strict=True):
            self.judge(key, of, answer, [one])

    def later(self, _key: Key, _content: str, _answer: str) -> None:
        """Time passes, and what is older than a week is cleaned away; nothing else."""
        self.clock.advance(timedelta(hours=self.rng.randint(1, 70)))
        with self.database.write() as session:
            RequestLog(LOG, self.clock).clean(session)
        self.known = {
            key: each for key, each in self.known.items() if each.at >= self.clock.now() - RETENTION
        }

    def judge(self, key: Key, content: str, answer: str, got: list[bytes | str]) -> None:
        """Against what the first answer was."""
        first = self.known.get(key)
        for each in got:
            if first is None and isinstance(each, bytes):
                self.known[key] = first = _Known(content, each, self.clock.now())
                self.wanted[answer] += 1
            elif first is None or each != (first.answer if first.content == content else "REQUEST_ID_REUSED"):
                self.found.append(f"{key} {content}: {each!r}, and first {first}")


def violations(seed: int, steps: int = STEPS, many: int = AT_ONCE) -> list[str]:
    """What does not hold after a course of requests drawn by the seed."""
    with tempfile.TemporaryDirectory() as directory:
        database = Database(
            open_engine(f"sqlite:///{Path(directory)}/it.db", pool_size=THREADS, busy_seconds=60)
        )
        METADATA.create_all(database.engine)
        trial = _Trial(database, random.Random(seed), many)
        for _ in range(steps):
            trial.step()
        with database.read() as session:
            effects = Counter(session.scalars(select(EFFECTS.c.answer)))
        database.close()
    return trial.found + ([] if effects == trial.wanted else [f"effects {effects - trial.wanted} too many"])
