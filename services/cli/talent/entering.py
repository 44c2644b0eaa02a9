"""`bole talent add|change`: one person entered or corrected by the office, written as in the workbook."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

import typer
from google.protobuf.field_mask_pb2 import FieldMask

from bole.common.v1.direction_share_pb2 import DirectionShare
from bole.talent.v1 import library_service_pb2 as service
from bole.talent.v1 import person_pb2
from services.chassis.rpc.wire import date_to_wire
from services.cli.answers import wording
from services.cli.session import Session
from services.cli.talent import duplicates, people
from services.cli.talent.people import TIMEOUT_SECONDS
from services.cli.workbooks import stated
from services.cli.workbooks.stated import Stated, read_into
from services.kernel.clock import civil_date
from services.kernel.text import Text
from services.workbook import cells, numbered
from services.workbook.choices import AVAILABILITY, PURPOSE

WHOLE = 1000
"""Thousandths in which direction shares are sent."""


def add(session: Session, ref: str, given: Sequence[str], *, yes: bool) -> None:
    """Enter a person; asks first if the library holds somebody similar. Raises InvalidArgument, typer.Abort."""
    person = person_pb2.Person(source_ref=ref, observed_date=date_to_wire(civil_date(datetime.now(UTC))))
    read_into(person, given, FACTS)
    known = duplicates.Known(person.display_name, person.employer, person.phone, person.email, person.orcid)
    if person.display_name and duplicates.check(session, known, quiet=True) and not yes:
        question = Text(
            "以上记录与其相似，仍要新建？", "these records are similar; enter a new one all the same?"
        )
        typer.confirm(question.to(session.language), abort=True, err=True)
    request = service.CreatePersonRequest(person=person, request_id=str(uuid4()))
    made = people.stub(session).CreatePerson(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记 {made.name}", f"entered {made.name}"))


def change(session: Session, name: str, given: Sequence[str]) -> None:
    """Correct fields of a person on behalf of the office. Raises InvalidArgument."""
    person = person_pb2.Person(name=name, etag=people.get(session, name).etag)
    paths = read_into(person, given, FACTS)
    request = service.UpdatePersonRequest(
        person=person, update_mask=FieldMask(paths=paths), request_id=str(uuid4())
    )
    people.stub(session).UpdatePerson(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已更新", f"{name} is changed"))


def _cities(value: str, field: str) -> list[str]:
    return list(cells.codes(value, field=field, resolve=wording.catalogue().resolve_city))


def _availability(value: str, field: str) -> int:
    code = cells.choice(value, field=field, choices=AVAILABILITY)
    return person_pb2.Availability.Value(f"AVAILABILITY_{code}")


def _uses(value: str, field: str) -> list[int]:
    codes = cells.choices(value, field=field, choices=PURPOSE)
    return [
        person_pb2.ConsentPurpose.Value(f"CONSENT_PURPOSE_{code.upper().replace('-', '_')}") for code in codes
    ]


def _directions(value: str, field: str) -> list[DirectionShare]:
    shares = numbered.shares(value, field=field, resolve=wording.catalogue().resolve_direction)
    parts = {code: int(share * WHOLE) for code, share in shares.items()}
    largest = max(parts, key=lambda code: shares[code])
    parts[largest] += WHOLE - sum(parts.values())
    return [DirectionShare(code=code, permille=part) for code, part in parts.items()]


FACTS: Mapping[str, Stated] = {
    "name": Stated("display_name", "姓名", stated.text),
    "category": Stated("category_code", "人才类别", stated.resolved("category")),
    "city": Stated("city_code", "所在城市", stated.resolved("place")),
    "mobility": Stated("mobility_city_codes", "可流动城市", _cities),
    "availability": Stated("availability", "到岗意愿", _availability),
    "directions": Stated("direction_shares", "研究方向", _directions),
    "employer": Stated("employer", "当前单位", stated.text),
    "title": Stated("job_title", "职务", stated.text),
    "profile": Stated("profile", "简介", stated.text),
    "works": Stated("works", "代表成果", lambda value, _: cells.parts(value)),
    "phone": Stated("phone", "手机", stated.text),
    "email": Stated("email", "邮箱", stated.text),
    "orcid": Stated("orcid", "ORCID", stated.text),
    "birth_year": Stated("birth_year", "出生年份", stated.whole(1900, 2200)),
    "observed": Stated("observed_date", "记录日期", stated.day),
    "purposes": Stated("purposes", "同意用途", _uses),
}
"""What may be stated of a person on the command line; an identity number may not: it would stay in the shell."""
