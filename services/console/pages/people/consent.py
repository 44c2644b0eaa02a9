"""What a person allows (同意台账): the ledger on the page of the person, and what is recorded there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import uuid4

from bole.talent.v1 import consent_service_pb2, consent_service_pb2_grpc, person_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import Beside, beside
from services.console.web.dates import day_of
from services.console.web.visits import Visit
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording.library import CONSENT_BASES, CONSENT_PURPOSES

_RECORDED = ("GIVEN", "WITHDRAWN")


@dataclass(frozen=True, slots=True)
class Use:
    """Something a record may be used for, and whether it is allowed now."""

    code: str
    name: str
    allowed: bool


@dataclass(frozen=True)
class Ledger:
    """The ledger as it is shown."""

    found: Beside[Any]
    uses: tuple[Use, ...]
    bases: Mapping[str, Text]


def ledger(visit: Visit, name: str, allowed: Iterable[int]) -> Ledger:
    """The entries of a person, and the uses that follow from them."""
    request = consent_service_pb2.ListConsentEntriesRequest(parent=name)
    now = {person_pb2.ConsentPurpose.Name(each) for each in allowed}
    uses = tuple(
        Use(code, visit.text(said), f"CONSENT_PURPOSE_{code}" in now)
        for code, said in CONSENT_PURPOSES.items()
    )
    found = beside(lambda: _stub(visit).ListConsentEntries(request, timeout=SECONDS).entries)
    return Ledger(found, uses, CONSENT_BASES)


def record(visit: Visit) -> None:
    """Record what the form says was given or withdrawn. Raises InvalidArgument."""
    given = visit.form
    request = consent_service_pb2.RecordConsentRequest(
        name=f"persons/{visit.part('id')}",
        etag=given.get("etag", ""),
        kind=f"CONSENT_KIND_{_one_of(given.get('kind', ''), _RECORDED, 'kind')}",
        purposes=[
            f"CONSENT_PURPOSE_{code}" for code in CONSENT_PURPOSES if given.get(f"use_{code}") == "yes"
        ],
        basis=f"CONSENT_BASIS_{_one_of(given.get('basis', ''), tuple(CONSENT_BASES), 'basis')}",
        document=given.get("document", ""),
        request_id=given.get("request_id", "") or str(uuid4()),
    )
    if given.get("day"):
        request.effective_time.CopyFrom(instant_to_wire(_beginning(given["day"])))
    _stub(visit).RecordConsent(request, timeout=SECONDS)


def _one_of(code: str, known: tuple[str, ...], field: str) -> str:
    if code not in known:
        listed = ", ".join(known)
        raise InvalidArgument.field(field, "UNKNOWN_CODE", f"应为 {listed} 之一", f"must be one of {listed}")
    return code


def _beginning(given: str) -> datetime:
    day = day_of("effective_time", given)
    return datetime.combine(day, time(tzinfo=CIVIL_ZONE))


def _stub(visit: Visit) -> consent_service_pb2_grpc.ConsentServiceStub:
    return visit.stub(consent_service_pb2_grpc.ConsentServiceStub, visit.purpose)
