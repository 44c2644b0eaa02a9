"""Calls rehearsed before they are made: the same answer or refusal, and nothing written."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import grpc
from sqlalchemy import Engine, func, literal, select, union_all

from services.chassis.identity.identity import Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import read_failure
from services.talent.store.schema.registry import metadata
from tests.contract.coverage import contract_files
from tests.contract.installation import OFFICER, Installation, staff_token
from tests.contract.noise import message_of
from tests.contract.rehearsals import plain

BEHIND = (
    "audit",
    "people_",
    "feed",
    "log_place",
    "shortage_",
    "statistical_return",
    "done_proposal",
    "duplicate_",
    "dead_letter",
    "outbox",
    "history",
)
"""Tables that are also written behind a change, whenever its turn comes, or because of what an answer shows; history is
looked at by entity, those apart of which that is so too.
"""


TOLD_BEHIND = ("history of shortage", "history of watch")


OWN = {
    "shortage_forecast",
    "shortage_release",
    "shortage_release_step",
    "shortage_watch",
    "duplicate_judgement",
}


METHODS = {
    method.name: (f"/{file.package}.{service.name}/{method.name}", method)
    for file in contract_files()
    if file.package == "bole.talent.v1"
    for service in file.service
    for method in service.method
    if any(each.name == "validate_only" for each in message_of(method.input_type).DESCRIPTOR.fields)
}


_HISTORY = metadata.tables["history"]
_COUNTS = union_all(
    *(
        select(literal(name), func.count()).select_from(table)
        for name, table in metadata.tables.items()
        if name in OWN or not name.startswith(BEHIND)
    ),
    select("history of " + _HISTORY.c.entity, func.count()).group_by(_HISTORY.c.entity),
)


def rows(engine: Engine) -> dict[str, int]:
    """How many rows of each table a change could have made."""
    with engine.connect() as connection:
        found = connection.execute(_COUNTS).all()
    return {name: count for name, count in found if not name.startswith(TOLD_BEHIND)}


@dataclass
class Desk:
    """Rehearses calls, then makes them; `seen` are the RPCs whose rehearsal went well."""

    talent: Installation
    engine: Engine
    opened: ExitStack
    seen: set[str] = field(default_factory=set)
    channels: dict[str, grpc.Channel] = field(default_factory=dict)

    def channel(self, subject: str) -> grpc.Channel:
        if subject not in self.channels:
            token = staff_token(self.talent, OFFICER, Grant("supervisor"), subject=subject)
            address = self.talent.settings.talent_address
            self.channels[subject] = self.opened.enter_context(
                open_channel(address, token=lambda: token, purpose="talent-service")
            )
        return self.channels[subject]

    def ask(self, name: str, request: Any, subject: str) -> tuple[Any, Any]:
        """The answer, and what it or the refusal says."""
        path, method = METHODS[name]
        read = message_of(method.output_type).FromString
        try:
            answer = self.channel(subject).unary_unary(path, type(request).SerializeToString, read)(request)
        except grpc.RpcError as error:
            failure = read_failure(error)
            violations = sorted((each.field, each.reason) for each in failure.violations)
            return None, (failure.code, failure.reason, violations)
        return answer, plain(answer)

    def rehearse(self, name: str, subject: str, given: dict[str, Any]) -> tuple[Any, Any]:
        request = message_of(METHODS[name][1].input_type)(**given, validate_only=True)
        before = rows(self.engine)
        answer, said = self.ask(name, request, subject)
        assert rows(self.engine) == before, name
        if answer is not None:
            self.seen.add(name)
        return answer, said

    def do(self, name: str, subject: str = "tester", /, **given: Any) -> Any:
        """What the call answers, once it was rehearsed."""
        answer = self.both(name, subject, given)
        assert answer is not None, name
        return answer

    def refused(self, name: str, subject: str = "tester", /, **given: Any) -> None:
        """A call that is refused, and its rehearsal in the same words."""
        assert self.both(name, subject, given) is None, name

    def both(self, name: str, subject: str, given: dict[str, Any]) -> Any:
        """What the call answers; None if it is refused. Its rehearsal said the same."""
        given.setdefault("request_id", str(uuid4()))
        _, rehearsed = self.rehearse(name, subject, given)
        answer, said = self.ask(name, message_of(METHODS[name][1].input_type)(**given), subject)
        assert rehearsed == said, name
        return answer


def known(of: Any) -> dict[str, str]:
    return {"name": of.name, "etag": of.etag}
