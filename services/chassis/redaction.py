"""Takes out of a message what its reader is not cleared for, field by field, by the options in the contract.

A field without a level is cleared for everybody. Messages of other packages (dates, instants, money) have no
levels of their own: the field that holds them decides. A message with a `city_code` is judged by that city.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.chassis.contract import inner_type, is_map, is_name_masked, is_own, level_of
from services.chassis.policy import Clearance, Level

M = TypeVar("M", bound=Message)


class Redaction(NamedTuple, Generic[M]):
    """What may be shown, which PERSONAL or SENSITIVE fields it shows, and of which resources."""

    message: M
    revealed: frozenset[str]
    resources: frozenset[str]


class _Field(NamedTuple):
    name: str
    level: Level
    masked: bool
    repeated: bool
    presence: bool
    nested: "_Plan | None"
    is_map: bool


@dataclass(slots=True)
class _Plan:
    """What is known of a message type before any message is seen."""

    fields: tuple[_Field, ...] = ()
    highest: Level = Level.PUBLIC
    lowest: Level = Level.SENSITIVE
    has_city: bool = False
    has_name: bool = False


class Redactor:
    """Redacts messages; remembers one plan for each message type."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan] = {}

    def redact(self, message: M, cleared: Clearance) -> Redaction[M]:
        """`message` itself if nothing has to go and nothing personal could show, else a redacted copy."""
        plan = self._plan(cast(Descriptor, message.DESCRIPTOR))
        if plan.highest <= min(cleared.everywhere, Level.INTERNAL) and plan.lowest > Level.NOTHING:
            return Redaction(message, frozenset(), frozenset())
        copy = type(message)()
        copy.CopyFrom(message)
        walk = _Walk(cleared)
        walk.visit(copy, plan, cleared.level(), "", "")
        return Redaction(copy, frozenset(walk.revealed), frozenset(walk.resources))

    def level_of(self, descriptor: Descriptor, path: str) -> Level:
        """The level that reading `path` (`person.display_name`) takes: the highest on the way, or NOTHING."""
        plan: _Plan | None = self._plan(descriptor)
        level = Level.PUBLIC
        for name in path.split("."):
            found = next((each for each in plan.fields if each.name == name), None) if plan else None
            if found is None or found.level == Level.NOTHING:
                return Level.NOTHING
            level, plan = max(level, found.level), found.nested
        return level

    def _plan(self, descriptor: Descriptor) -> _Plan:
        plan = self._plans.get(descriptor.full_name)
        if plan is None:
            plan = _build(descriptor, {})
            self._plans[descriptor.full_name] = plan
        return plan


class _Walk:
    """One pass over one copy."""

    def __init__(self, cleared: Clearance) -> None:
        self._cleared = cleared
        self.revealed: set[str] = set()
        self.resources: set[str] = set()

    def visit(self, message: Any, plan: _Plan, level: Level, path: str, resource: str) -> None:
        if plan.has_city and message.city_code:
            level = self._cleared.level(message.city_code)
        if plan.has_name and message.name:
            resource = message.name
        for field in plan.fields:
            if not _is_set(message, field):
                continue
            if field.level == Level.NOTHING or field.level > level:
                _hide(message, field)
            elif field.nested is not None:
                for child in _children(message, field):
                    self.visit(child, field.nested, level, f"{path}{field.name}.", resource)
            elif field.level >= Level.PERSONAL:
                self.revealed.add(path + field.name)
                self.resources.update((resource,) if resource else ())


def _is_set(message: Any, field: _Field) -> bool:
    return bool(message.HasField(field.name) if field.presence else getattr(message, field.name))


def _hide(message: Any, field: _Field) -> None:
    if not field.masked or field.level == Level.NOTHING:
        message.ClearField(field.name)
    elif field.repeated:
        getattr(message, field.name)[:] = [mask_name(name) for name in getattr(message, field.name)]
    else:
        setattr(message, field.name, mask_name(getattr(message, field.name)))


def mask_name(name: str) -> str:
    """What stands in for a name: its first character and two asterisks."""
    return name[0] + "**" if name else ""


def _children(message: Any, field: _Field) -> Iterator[Any]:
    value = getattr(message, field.name)
    if field.is_map:
        return iter(value.values())
    return iter(value) if field.repeated else iter((value,))


def _build(descriptor: Descriptor, begun: dict[str, _Plan]) -> _Plan:
    """The plan of a type; a type that contains itself refers to its own plan."""
    if descriptor.full_name in begun:
        return begun[descriptor.full_name]
    plan = begun[descriptor.full_name] = _Plan()
    plan.fields = tuple(_field(each, begun) for each in descriptor.fields)
    plan.has_city = _is_text(descriptor, "city_code")
    plan.has_name = _is_text(descriptor, "name")
    below = [field.nested for field in plan.fields if field.nested is not None]
    plan.highest = max(
        [Level.PUBLIC, *(field.level for field in plan.fields), *(each.highest for each in below)]
    )
    plan.lowest = min(
        [Level.SENSITIVE, *(field.level for field in plan.fields), *(each.lowest for each in below)]
    )
    return plan


def _field(field: FieldDescriptor, begun: dict[str, _Plan]) -> _Field:
    inner = inner_type(field)
    return _Field(
        field.name,
        Level(level_of(field)),
        is_name_masked(field),
        bool(field.is_repeated),
        bool(field.has_presence),
        _build(inner, begun) if inner is not None and is_own(inner) else None,
        is_map(field),
    )


def _is_text(descriptor: Descriptor, name: str) -> bool:
    field = descriptor.fields_by_name.get(name)
    return field is not None and field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated
