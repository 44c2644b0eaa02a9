"""A person about to be entered, as it is compared: what is not known yet stays empty, nothing is required."""

from datetime import datetime

from bole.talent.v1 import person_pb2
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.talent.domain.biography import clean_orcid
from services.talent.domain.id_number import IdNumber
from services.talent.domain.identity.person_name import read_name
from services.talent.domain.identity.traits import Traits, mailbox, organisation, organisations, telephone
from services.talent.domain.validation import NAME_LIMIT, Findings, check_line, clean
from services.talent.rpc.biography_wire import education_from_wire, names_from_wire
from services.talent.rpc.wire import id_of


def stated_traits(person: person_pb2.Person, digest_key: bytes, now: datetime) -> Traits:
    """The traits of a request. Raises InvalidArgument for the name and for the identity number."""
    findings, name = Findings(), clean(person.display_name)
    check_line(findings, "person.display_name", name, limit=NAME_LIMIT, required=True)
    digest = ""
    if person.identity_number:
        try:
            number = IdNumber.parse(
                person.identity_number, today=civil_date(now), name="person.identity_number"
            )
            digest = number.digest(digest_key)
        except InvalidArgument as error:
            findings.adopt(error)
    findings.conclude()
    others = names_from_wire(person.other_names)
    employers = [person.employer, *(each.employer for each in person.affiliations)]
    schools = education_from_wire(person.education)
    return Traits(
        id=id_of(person.name, "persons", field="person.name") if person.name else "",
        names=tuple(map(read_name, (name, *(each.text for each in others)))),
        city=person.city_code,
        id_digest=digest,
        orcid=clean_orcid(person.orcid),
        phone=telephone(person.phone),
        email=mailbox(person.email),
        birth_year=person.birth_year or None,
        employers=organisations(employers),
        schools=frozenset((organisation(each.school), each.year) for each in schools),
        directions=tuple((each.code, each.permille) for each in person.direction_shares),
    )
