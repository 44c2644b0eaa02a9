"""Who looked at a person: what one page showed is one look, and the same look again on one day is one line, told how
often; the audit has each answer.
"""

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
_REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Looked:
    """Looks that differ in their time alone, one after the other on one day; `last` is the newest of them."""

    last: Any
    times: int


def looks(visit: Visit, name: str) -> Sequence[Looked]:
    """The newest looks at a person, the newest first."""
    stub = visit.stub(consent_service_pb2_grpc.ConsentServiceStub)
    request = consent_service_pb2.ListPersonLookupsRequest(parent=name, page_size=_MOST)
    return folded(opened(stub.ListPersonLookups(request, timeout=SECONDS).lookups))


def opened(found: Iterable[Any]) -> list[Any]:
    """One look for all that the answers to one request showed, with the fields of all; changes stay as they are."""
    requests: dict[tuple[Any, ...], list[Any]] = {}
    for each in found:
        requests.setdefault(_request(each), []).append(each)
    return [_whole(*answers) for answers in requests.values()]


def _whole(newest: Any, *others: Any) -> Any:
    look = type(newest)()
    look.CopyFrom(newest)
    for other in others:
        look.fields.extend(other.fields)
        look.record_count = max(look.record_count, other.record_count)
        look.bulk = look.bulk or other.bulk
    return look


def _request(look: Any) -> tuple[Any, ...]:
    """What the answers to one request have in common; of a change, and of what was kept without an id, its number."""
    if look.action != _REVEAL or not look.request:
        return (look.audit_number,)
    return look.request, look.actor, look.purpose


def folded(found: Iterable[Any]) -> list[Looked]:
    """One line for what is the same but for the time of the day; their order stays."""
    lines = [list(same) for _, same in groupby(found, _alike)]
    return [Looked(same[0], len(same)) for same in lines]


def _alike(look: Any) -> tuple[Any, ...]:
    """What the page says of it: fields by their own names, wherever in an answer they stood."""
    day = civil_date(instant_from_wire(look.time))
    fields = frozenset(each.rpartition(".")[2] for each in look.fields)
    return day, look.actor, look.action, look.purpose, fields, look.bulk and look.record_count
