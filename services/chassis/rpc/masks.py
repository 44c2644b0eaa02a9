"""Updates of a part of a resource (AIP-134)."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from services.chassis.contract import IDENTIFIER, IMMUTABLE, OUTPUT_ONLY, behaviors_of

_FIXED = frozenset({IDENTIFIER, IMMUTABLE, OUTPUT_ONLY})


def apply_mask(mask: FieldMask, given: Message, stored: Message) -> None:
    """Overwrite in `stored` what the mask names with what is `given`; what is named and not given is cleared.

    `*` names all fields that can be changed, an empty mask those of them that are given. The mask has passed
    request validation.
    """
    fields: Any = given.DESCRIPTOR.fields
    paths = list(mask.paths)
    if "*" in paths:
        paths = [each.name for each in fields]
    elif not paths:
        paths = [each.name for each, _ in given.ListFields()]
    fixed = {each.name for each in fields if behaviors_of(each) & _FIXED}
    FieldMask(paths=[path for path in paths if path not in fixed]).MergeMessage(
        given, stored, replace_message_field=True, replace_repeated_field=True
    )
