"""A person of the library as tests enter one."""

from typing import Any
from uuid import uuid4

from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import person_pb2


def person(**changes: Any) -> person_pb2.Person:
    """Somebody in Nantong, with these fields otherwise."""
    given: dict[str, Any] = {
        "source_ref": f"T-{uuid4()}",
        "display_name": "欧阳𬱖",
        "category_code": "outstanding-engineer",
        "city_code": "nantong",
        "availability": person_pb2.AVAILABILITY_NOW,
        "direction_shares": [direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
        "employer": "演示研究所",
        "profile": "从事海水直接电解制氢，膜电极耐氯腐蚀。",
        "works": ["一种海水电解槽"],
        "phone": "13900000000",
        "email": "ouyang@demo.invalid",
        "observed_date": Date(year=2026, month=6, day=1),
        "purposes": [person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_STATISTICS],
    }
    return person_pb2.Person(**{**given, **changes})


def create(library: Any, **changes: Any) -> person_pb2.Person:
    """The same, entered."""
    made: person_pb2.Person = library.CreatePerson(wire.CreatePersonRequest(person=person(**changes)))
    return made
