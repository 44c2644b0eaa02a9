"""A person about to be entered, as it is compared: what is not known yet stays empty, nothing is required."""

from datetime import datetime

from bole.talent.v1 import duplicate_service_pb2 as wire
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.names.organisation import organisation
from services.talent.domain.identity.person_name import read_name
from services.talent.domain.identity.traits import Traits, mailbox, organisations, telephone
from services.talent.domain.people.biography import clean_orcid
from services.talent.domain.people.id_number import IdNumber
from services.talent.domain.validation import NAME_LIMIT, Findings, check_line, clean
from services.talent.rpc.people.biography_wire import education_from_wire
from services.talent.rpc.wire import id_of


def stated_traits(request: wire.CheckDuplicatesRequest, digest_key: bytes, now: datetime) -> Traits:
    """The traits of a request. Raises InvalidArgument for the name, the record left out, the identity number."""
    findings, name = Findings(), clean(request.display_name)
    check_line(findings, "display_name", name, limit=NAME_LIMIT, required=True)
    digest = ""
    try:
        if request.identity_number:
            number = IdNumber.parse(request.identity_number, today=civil_date(now), name="identity_number")
            digest = number.digest(digest_key)
    except InvalidArgument as error:
        findings.adopt(error)
    findings.conclude()
    return Traits(
        id=id_of(request.person, "persons", field="person") if request.person else "",
        names=tuple(map(read_name, (name, *request.other_names))),
        city=request.city_code,
        id_digest=digest,
        orcid=clean_orcid(request.orcid),
        phone=telephone(request.phone),
        email=mailbox(request.email),
        birth_year=request.birth_year or None,
        employers=organisations(request.employers),
        schools=frozenset(
            (organisation(each.school), each.year) for each in education_from_wire(request.education)
        ),
        directions=tuple((each.code, each.permille) for each in request.direction_shares),
    )
