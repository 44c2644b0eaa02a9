"""A nomination and its steps, each by somebody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from google.type.date_pb2 import Date

from bole.talent.v1 import nomination_pb2
from bole.talent.v1 import nomination_service_pb2 as wire
from bole.talent.v1 import nomination_service_pb2_grpc as nomination_grpc
from tests.contract.installation import OFFICER, Installation

JUNE = Date(year=2026, month=6, day=20)


MET = nomination_pb2.EligibilityClause(clause="申报通知第二条（一）", met=True)


@contextmanager
def as_(talent: Installation, subject: str, *, purpose: str | None = "talent-service") -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose=purpose, subject=subject) as channel:
        yield nomination_grpc.NominationServiceStub(channel)


def nominate(desk: Any, person: str, **changes: Any) -> nomination_pb2.Nomination:
    given: dict[str, Any] = {
        "programme_code": "shuangchuang",
        "year": 2026,
        "person": person,
        "industry_code": "hydrogen",
        "nominating_unit": "南通市委人才办",
        "reason": "海水制氢方向带头人",
    }
    stated = nomination_pb2.Nomination(**{**given, **changes})
    made: nomination_pb2.Nomination = desk.CreateNomination(
        wire.CreateNominationRequest(nomination=stated, request_id=str(uuid4()))
    )
    return made


def reviewed(talent: Installation, desk: Any, person: str, **changes: Any) -> nomination_pb2.Nomination:
    made = nominate(desk, person, **changes)
    with as_(talent, "checker") as stub:
        made = stub.CheckNominationEligibility(
            wire.CheckNominationEligibilityRequest(name=made.name, etag=made.etag, clauses=[MET])
        )
    with as_(talent, "reviewer") as stub:
        return stub.ReviewNomination(
            wire.ReviewNominationRequest(
                name=made.name, etag=made.etag, recommends=True, unit="东南大学", note="方向对口，成果扎实"
            )
        )


def decide(talent: Installation, made: nomination_pb2.Nomination, awards: bool = True) -> Any:
    with as_(talent, "director") as stub:
        return stub.DecideNomination(decision(made, awards))


def decision(made: nomination_pb2.Nomination, awards: bool = True) -> wire.DecideNominationRequest:
    return wire.DecideNominationRequest(name=made.name, etag=made.etag, awards=awards, note="会议研究同意")
