"""P14: of every answer of every method each role sees what the contract and the policy say, and nothing above it.

For every method and every role a purpose, a city of the grant and an answer are drawn by the seed; in every message of
it the city changes, too. What is left is judged here field by field, by the options of the contract and the tables of
the policy alone.
"""

import random
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FieldDescriptor as Field

from bole.common.v1 import policy_pb2
from services.chassis.identity.identity import ROLES, Grant, Principal
from services.chassis.policy import FOR_PURPOSE, PURPOSES, WITHOUT_PURPOSE, clearance, may_call
from services.chassis.redaction import Redactor
from tests.contract.noise import message_of
from tests.fuzz.calling import Way, ways
from tests.promises.generations import filled

NOW: Final = datetime(2026, 6, 1, tzinfo=UTC)
CITIES: Final = ("suzhou", "wuxi", "")
_INTERNAL, _PERSONAL = int(policy_pb2.LEVEL_INTERNAL), int(policy_pb2.LEVEL_PERSONAL)


def violations(seed: int, share: float = 1.0) -> list[str]:
    """What is shown or hidden wrongly, in a share of the answers of all methods to all roles."""
    rng, redactor = random.Random(seed), Redactor()
    found: list[str] = []
    for way in _ways():
        for role in sorted(ROLES):
            if rng.random() < share:
                found += _judged(rng, redactor, way, role)
    return found


def _judged(rng: random.Random, redactor: Redactor, way: Way, role: str) -> list[str]:
    purpose, granted = rng.choice((None, *sorted(PURPOSES))), rng.random() < 0.7
    city = rng.choice((None, "suzhou"))
    purposes = frozenset([purpose] if purpose and granted else [])
    held = Principal("s", "staff", (Grant(role, city=city, purposes=purposes),))
    who = f"{way.path} {role} {purpose} {sorted(purposes)} {city}"
    answer = _with_cities(filled(message_of(way.method.output_type)(), rng), rng)
    said = _method(way.path)
    roles = said.GetOptions().Extensions[policy_pb2.access].roles
    found = [] if may_call(held, said, NOW) == bool({role, "*"} & set(roles)) else [f"{who}: may call"]
    shown = redactor.redact(answer, clearance(held, purpose, NOW, said)).message
    reach = _Reach(role, purpose if purpose in purposes else None, city)
    return found + [f"{who}: {path}" for path in reach.wrong(answer, shown, "", "")]


class _Reach:
    """How far a role sees, by the tables alone."""

    def __init__(self, role: str, purpose: str | None, city: str | None) -> None:
        base = int(WITHOUT_PURPOSE[role])
        self._here = max(base, int(FOR_PURPOSE.get((role, purpose or ""), 0)))
        self._elsewhere = self._here if city is None else min(self._here, _INTERNAL)
        self._city = city

    def wrong(self, whole: Any, shown: Any, path: str, city: str) -> list[str]:
        """Fields that are there and should not be, or the other way round. `city`: of the message around."""
        city = getattr(whole, "city_code", "") or city
        level = self._here if city and city == self._city else self._elsewhere
        return [
            said
            for field in whole.DESCRIPTOR.fields
            for said in self._field(field, whole, shown, f"{path}{field.name}", level, city)
        ]

    def _field(self, field: Any, whole: Any, shown: Any, path: str, level: int, city: str) -> list[str]:
        options = field.GetOptions().Extensions
        needed = int(options[policy_pb2.level])
        was, now = getattr(whole, field.name), getattr(shown, field.name)
        if not needed or needed > level:
            masked = needed and options[policy_pb2.mask] == policy_pb2.MASK_NAME
            if masked and not field.is_repeated:
                return [] if now == (f"{was[0]}**" if was else "") else [f"{path} is not masked"]
            if masked:
                return (
                    []
                    if list(now) == [f"{each[0]}**" if each else "" for each in was]
                    else [f"{path} is not masked"]
                )
            return [path] if _there(field, shown) else []
        if field.cpp_type != Field.CPPTYPE_MESSAGE or not field.message_type.full_name.startswith("bole."):
            return [] if was == now else [f"{path} is hidden"]
        pairs = (
            zip(was, now, strict=True)
            if field.is_repeated
            else [(was, now)]
            if whole.HasField(field.name)
            else []
        )
        return [said for one, other in pairs for said in self.wrong(one, other, f"{path}.", city)]


def _there(field: Any, message: Any) -> bool:
    return bool(message.HasField(field.name) if field.has_presence else getattr(message, field.name))


def _with_cities(message: Any, rng: random.Random) -> Any:
    """The same with a city, or none, in every message that says one."""
    for field, value in message.ListFields():
        if field.cpp_type == Field.CPPTYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
            for each in value if field.is_repeated else (value,):
                _with_cities(each, rng)
    if (
        "city_code" in message.DESCRIPTOR.fields_by_name
        and not message.DESCRIPTOR.fields_by_name["city_code"].is_repeated
    ):
        message.city_code = rng.choice(CITIES)
    return message


@cache
def _ways() -> tuple[Way, ...]:
    return tuple(ways())


@cache
def _method(way_path: str) -> Any:
    return descriptor_pool.Default().FindMethodByName(way_path.removeprefix("/").replace("/", "."))
