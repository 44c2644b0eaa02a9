"""What a request states about a person: the fields that its mask names, as facts of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from bole.talent.v1 import person_pb2
from services.chassis.redaction import mask_name
from services.kernel.errors import BoleError, InvalidArgument
from services.talent.domain.people.person import Person
from services.talent.rpc.wire import PERSON_FIELDS, person_facts, person_to_wire

_FIELDS = {
    **{domain: f"person.{field}" for field, domain in PERSON_FIELDS.items()},
    "ref": "person.source_ref",
    "direction": "person.direction_shares",
}


def stated_facts(
    person: Person,
    given: person_pb2.Person,
    mask: FieldMask,
    digest_key: bytes,
    today: date,
    birth_year: int | None = None,
) -> dict[str, Any]:
    """Facts by the names of PersonFacts; an empty mask means every field that is set, `*` every field.
    `birth_year`: what is known of it, for an identity number to be held against.

    Raises InvalidArgument for an identity number that does not hold, and for a name that was read masked.
    """
    paths = list(mask.paths) or [field.name for field, _ in given.ListFields()]
    paths = [path for path in (PERSON_FIELDS if "*" in paths else paths) if path in PERSON_FIELDS]
    if "display_name" in paths and given.display_name == mask_name(person.name):
        raise InvalidArgument.field(
            "person.display_name",
            "MASKED_VALUE",
            "姓名为脱敏后的显示值，未作修改；请只提交要修改的字段",
            "this is the name as it is masked, not a name; send only the fields that change",
        )
    merged = person_to_wire(person)
    merged.birth_year = birth_year or 0
    FieldMask(paths=paths).MergeMessage(
        given, merged, replace_message_field=True, replace_repeated_field=True
    )
    merged.source_ref = person.ref
    facts = person_facts(merged, digest_key, today)
    return {PERSON_FIELDS[path]: getattr(facts, PERSON_FIELDS[path]) for path in paths}


@contextmanager
def in_words_of_the_request() -> Iterator[None]:
    """Name the domain's fields as the request names them."""
    try:
        yield
    except BoleError as error:
        if any(violation.field in _FIELDS for violation in error.violations):
            raise error.renamed(_FIELDS) from None
        raise
