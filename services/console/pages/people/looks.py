"""Who looked at a person: the same look again on one day is one line, told how often; the audit has each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bole.talent.v1 import consent_service_pb2, consent_service_pb2_grpc
from services.chassis.rpc.wire import instant_from_wire
from services.console.backend import SECONDS
from services.console.web.visits import Visit
from services.kernel.clock import civil_date

_MOST = 40


@dataclass(frozen=True, slots=True)
class Looked:
    """Looks that differ in their time alone, one after the other on one day; `last` is the newest of them."""

    last: Any
    times: int


def looks(visit: Visit, name: str) -> Sequence[Looked]:
    """The newest looks at a person, the newest first."""
    stub = visit.stub(consent_service_pb2_grpc.ConsentServiceStub)
    request = consent_service_pb2.ListPersonLookupsRequest(parent=name, page_size=_MOST)
    return folded(stub.ListPersonLookups(request, timeout=SECONDS).lookups)


def folded(found: Iterable[Any]) -> list[Looked]:
    """One line for what is the same but for the time of the day; their order stays."""
    lines = [list(same) for _, same in groupby(found, _alike)]
    return [Looked(same[0], len(same)) for same in lines]


def _alike(look: Any) -> tuple[Any, ...]:
    """What the page says of it: fields by their own names, wherever in an answer they stood."""
    day = civil_date(instant_from_wire(look.time))
    fields = frozenset(each.rpartition(".")[2] for each in look.fields)
    return day, look.actor, look.action, look.purpose, fields, look.bulk and look.record_count
