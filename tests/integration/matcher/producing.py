"""Events as talent and funding put them on the log, and a log whose topics belong to one test alone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.events.v1 import (
    firm_event_pb2,
    fund_event_pb2,
    person_event_pb2,
    position_event_pb2,
    team_event_pb2,
)
from bole.funding.v1 import firm_pb2, fund_pb2
from bole.talent.v1 import person_pb2, position_pb2, team_pb2
from services.chassis.keys import load_key_encryption_keys
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Log, Record, Stored, TopicPolicy
from services.chassis.log.topics import FIRMS, FUNDS, KEYS, PERSONS, POSITIONS, TEAMS
from services.chassis.outbox.journal import Topic
from services.chassis.sealing import DataKey, KeyRing, seal
from services.kernel.clock import Clock

Part = team_event_pb2.TeamState.Part
SYNTHETIC = data_origin_pb2.DATA_ORIGIN_SYNTHETIC
SCHEMA = person_event_pb2.SealedPerson.DESCRIPTOR.full_name


@dataclass(frozen=True)
class OwnTopics:
    """The topics of a log under names of their own, so that tests can share a broker."""

    log: Log
    suffix: str

    def _own(self, topic: str) -> str:
        return f"{topic}.{self.suffix}"

    def ensure_topics(self, topics: Mapping[str, TopicPolicy]) -> None:
        self.log.ensure_topics({self._own(topic): policy for topic, policy in topics.items()})

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        ends = self.log.append([replace(each, topic=self._own(each.topic)) for each in records])
        return {topic.removesuffix(f".{self.suffix}"): end for topic, end in ends.items()}

    def read(self, topic: str, offset: int, limit: int, wait_seconds: float = 0.0) -> list[Stored]:
        found = self.log.read(self._own(topic), offset, limit, wait_seconds)
        return [each._replace(topic=topic) for each in found]

    def wait(self, positions: Mapping[str, int], seconds: float) -> bool:
        return self.log.wait({self._own(topic): at for topic, at in positions.items()}, seconds)

    def end(self, topic: str) -> int:
        return self.log.end(self._own(topic))

    def first(self, topic: str) -> int:
        return self.log.first(self._own(topic))

    def identity(self, topic: str) -> str:
        return self.log.identity(self._own(topic))

    def close(self) -> None:
        self.log.close()


@dataclass
class Producer:
    """Appends states; every call is one more version of its entity."""

    log: Log
    keys_dir: Path
    clock: Clock
    versions: dict[str, int] = field(default_factory=dict)
    keys: dict[str, DataKey] = field(default_factory=dict)
    _waiting: list[Record] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is appended meanwhile is appended at the end, in one go."""
        self._waiting = []
        yield
        records, self._waiting = self._waiting, None
        self.log.append(records)

    def person(self, id_: str, text: str, *, code: str = "sic", city: str = "suzhou", **state: Any) -> None:
        """A person in use, unless `state` says otherwise; the key goes before the first state."""
        if id_ not in self.keys:
            self.key(id_)
        self.say(PERSONS, id_, self.person_state(id_, text, code=code, city=city, **state))

    def person_state(
        self, id_: str, text: str, *, code: str, city: str, decade: int = 0, **state: Any
    ) -> person_event_pb2.PersonState:
        personal = person_event_pb2.SealedPerson(
            display_name=f"某{id_}", job_title="工程师", profile=text, birth_decade=decade
        )
        sealed = seal(f"persons/{id_}", personal.SerializeToString(), self.keys[id_], schema=SCHEMA)
        given: dict[str, Any] = {
            "state": person_pb2.Person.STATE_ACTIVE,
            "purposes": [person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
            **state,
        }
        return person_event_pb2.PersonState(
            id=id_,
            version=self.next(id_),
            category_code="outstanding-engineer",
            city_code=city,
            availability=person_pb2.AVAILABILITY_NOW,
            direction_shares=[direction_share_pb2.DirectionShare(code=code, permille=1000)],
            origin=SYNTHETIC,
            sealed=sealed,
            **given,
        )

    def key(self, id_: str) -> None:
        self.say(KEYS, id_, self.new_key(id_), version=1)

    def new_key(self, id_: str) -> Message:
        """A key that nobody has been told of."""
        ring = KeyRing(load_key_encryption_keys(self.keys_dir))
        self.keys[id_], wrapped = ring.create(f"persons/{id_}")
        return person_event_pb2.PersonKey(id=id_, wrapped_key=wrapped)

    def erase(self, id_: str) -> None:
        self.say(KEYS, id_, None, version=2)
        self.say(PERSONS, id_, None, version=self.next(id_))

    def position(self, id_: str, text: str, *, code: str = "sic", city: str = "suzhou", **state: Any) -> None:
        given: dict[str, Any] = {"state": position_pb2.Position.STATE_OPEN, "open_headcount": 2, **state}
        made = position_event_pb2.PositionState(
            id=id_,
            version=self.next(id_),
            title="岗位",
            city_code=city,
            direction_code=code,
            category_code="outstanding-engineer",
            requirement=text,
            origin=SYNTHETIC,
            **given,
        )
        self.say(POSITIONS, id_, made)

    def firm(self, id_: str, text: str, *, code: str = "sic", city: str = "suzhou", **state: Any) -> None:
        given: dict[str, Any] = {"state": firm_pb2.Firm.STATE_ACTIVE, **state}
        made = firm_event_pb2.FirmState(
            id=id_,
            version=self.next(id_),
            display_name=f"企业{id_}",
            city_code=city,
            direction_shares=[direction_share_pb2.DirectionShare(code=code, permille=1000)],
            stage=firm_pb2.FIRM_STAGE_SEED,
            technology=text,
            origin=SYNTHETIC,
            **given,
        )
        self.say(FIRMS, id_, made)

    def fund(self, id_: str, city: str = "", **limits: Any) -> None:
        made = fund_event_pb2.FundState(
            id=id_,
            version=self.next(id_),
            display_name=f"基金{id_}",
            kind=fund_pb2.Fund.KIND_FUTURE_ANGEL,
            city_code=city,
            origin=SYNTHETIC,
            **limits,
        )
        self.say(FUNDS, id_, made)

    def team(
        self,
        id_: str,
        text: str,
        *members: str,
        code: str = "sic",
        needs: Mapping[str, int] | None = None,
        parts: Sequence[Part] = (),
    ) -> None:
        """A team; the first of its members leads it."""
        made = team_event_pb2.TeamState(
            id=id_,
            version=self.next(id_),
            display_name=f"团队{id_}",
            lead_id=members[0],
            member_ids=members[1:],
            direction_codes=[code],
            city_code="suzhou",
            profile=text,
            origin=SYNTHETIC,
            needs=[
                team_pb2.TeamNeed(direction_code=leaf, headcount=heads)
                for leaf, heads in (needs or {}).items()
            ],
            parts=parts,
        )
        self.say(TEAMS, id_, made)

    def next(self, id_: str) -> int:
        self.versions[id_] = self.versions.get(id_, 0) + 1
        return self.versions[id_]

    def say(self, topic: Topic, id_: str, state: Message | None, version: int | None = None) -> None:
        """Append one record. A version other than the state's own is for keys and tombstones."""
        number = version if version is not None else self.versions[id_]
        body = None if state is None else state.SerializeToString()
        self.put(topic, id_, body, number, state.DESCRIPTOR.full_name if state is not None else None)

    def put(
        self, topic: Topic, id_: str, body: bytes | None, version: int = 1, schema: str | None = None
    ) -> None:
        """Append one record, whatever its body is."""
        event = OutgoingEvent(
            id=f"{topic.entity}-{id_}-{version}",
            topic=topic.name,
            aggregatetype=topic.entity,
            aggregateid=id_,
            type=f"bole.{topic.entity}.{'erased' if body is None else 'changed'}.v1",
            source="/bole/test",
            subject=f"{topic.collection}/{id_}",
            version=version,
            time=self.clock.now(),
            payload=body,
            dataschema=schema,
        )
        record = Record(topic.name, id_, event.payload, make_headers(event))
        if self._waiting is None:
            self.log.append([record])
        else:
            self._waiting.append(record)
