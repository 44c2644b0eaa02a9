"""Checks a request against the options of its contract before any handler sees it: all violations at once.

Rules: google.api.field_behavior REQUIRED (also within nested messages), bole.common.v1.limits, known enum
values, visible characters, finite numbers, real dates and amounts, at most 8 levels of nesting. Fields that
only the service sets (OUTPUT_ONLY) are emptied. In a request with an `update_mask`, REQUIRED counts for the
fields that the mask names, and the mask may name only fields that can be changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.chassis.contract import (
    IDENTIFIER,
    IMMUTABLE,
    OUTPUT_ONLY,
    REQUIRED,
    behaviors_of,
    inner_type,
    is_map,
    is_own,
    limits_of,
)
from services.chassis.rpc.rules import DEFAULT_MAX_ITEMS, WELL_KNOWN, Problem, Rule, rules_of, too_many
from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text

DEEPEST: Final = 8
MOST_VIOLATIONS: Final = 50
_MASK: Final = "update_mask"
_WHOLE: Final = "*"


class _Field(NamedTuple):
    """How to check one field."""

    name: str
    rules: tuple[Rule, ...]
    repeated: bool
    is_map: bool
    most: int
    nested: "_Plan | None"


@dataclass(slots=True)
class _Plan:
    """How to check one message type."""

    descriptor: Descriptor
    fields: dict[int, _Field] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    output_only: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()
    has_mask: bool = False


class Validator:
    """Checks requests; remembers one plan for each message type."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan] = {}

    def check(self, request: Message) -> None:
        """Raise InvalidArgument with all violations (at most 50); empty the fields only the service sets."""
        descriptor: Any = request.DESCRIPTOR
        plan = self._plan(descriptor)
        found: list[Violation] = []
        for violation in _message(request, plan, "", 1):
            found.append(violation)
            if len(found) == MOST_VIOLATIONS:
                break
        if found:
            raise InvalidArgument.of(*found)

    def _plan(self, descriptor: Descriptor) -> _Plan:
        plan = self._plans.get(descriptor.full_name)
        if plan is None:
            # Kept once it is whole: by one that is not, another thread would let everything pass.
            plan = self._plans[descriptor.full_name] = _build(descriptor, {})
        return plan


def _message(message: Any, plan: _Plan, path: str, depth: int) -> Iterator[Violation]:
    if depth > DEEPEST:
        yield _violation(path[:-1], _too_deep())
        return
    for name in plan.output_only:
        message.ClearField(name)
    if plan.has_mask:
        yield from _masked(message, plan, path)
    else:
        yield from _missing(message, plan.required, path)
    for described, value in message.ListFields():
        known = plan.fields.get(described.number)
        if known is not None:
            yield from _values(known, value, path + known.name, depth, plan.has_mask)


def _values(known: _Field, value: Any, path: str, depth: int, partial: bool) -> Iterator[Violation]:
    if not known.repeated:
        yield from _value(known, value, path, depth, partial)
        return
    if len(value) > known.most:
        yield _violation(path, too_many(len(value), known.most))
        return
    keyed = value.items() if known.is_map else enumerate(value)
    for key, item in keyed:
        yield from _value(known, item, f"{path}[{key}]", depth, partial=False)


def _value(known: _Field, value: Any, path: str, depth: int, partial: bool) -> Iterator[Violation]:
    for rule in known.rules:
        for problem in rule(value):
            yield _violation(path, problem)
    if known.nested is not None:
        plan = known.nested
        if partial:
            plan = _Plan(plan.descriptor, plan.fields, output_only=plan.output_only)
        yield from _message(value, plan, path + ".", depth + 1)


def _missing(message: Any, names: tuple[str, ...], path: str) -> Iterator[Violation]:
    set_fields = {described.name for described, _ in message.ListFields()} if names else set()
    for name in names:
        if name not in set_fields:
            yield _violation(path + name, _required())


def _masked(request: Any, plan: _Plan, path: str) -> Iterator[Violation]:
    """The mask itself, and what it makes required in the resource that travels with it."""
    yield from _missing(request, plan.required, path)
    names = set(request.update_mask.paths)
    for known in plan.fields.values():
        if known.nested is None or not request.HasField(known.name):
            continue
        resource, inner = getattr(request, known.name), known.nested
        yield from _missing(resource, inner.identifiers, f"{path}{known.name}.")
        wanted = inner.required if _WHOLE in names else tuple(n for n in inner.required if n in names)
        yield from _missing(resource, wanted, f"{path}{known.name}.")
        yield from _mask(names - {_WHOLE}, inner, path + _MASK)


def _mask(names: set[str], plan: _Plan, path: str) -> Iterator[Violation]:
    for name in sorted(names):
        problem = _mask_problem(name, plan)
        if problem is not None:
            yield _violation(path, problem)


def _mask_problem(name: str, plan: _Plan | None) -> Problem | None:
    """A path goes through single messages of ours; lists, maps, dates and amounts change as a whole."""
    if not name:
        zh, en = (
            "有一项为空，请删除多余的逗号或空项",
            "one of its paths is empty; remove it, or a comma too many",
        )
        return "MASK_PATH_EMPTY", Text(zh, en)
    for part in name.split("."):
        known = next((each for each in plan.fields.values() if each.name == part), None) if plan else None
        if plan is None or known is None:
            return "UNKNOWN_FIELD", Text(f"没有字段 {name[:60]}", f"there is no field {name[:60]}")
        if part in plan.fixed:
            return "FIELD_NOT_CHANGEABLE", Text(f"{name} 不可修改", f"{name} cannot be changed")
        plan = None if known.repeated else known.nested
    return None


def _build(descriptor: Descriptor, begun: dict[str, _Plan]) -> _Plan:
    """The plan of a type; a type that contains itself refers to its own plan."""
    if descriptor.full_name in begun:
        return begun[descriptor.full_name]
    plan = begun[descriptor.full_name] = _Plan(descriptor)
    fields = list(descriptor.fields)
    plan.fields = {each.number: _field(each, begun) for each in fields}
    plan.required = tuple(each.name for each in fields if _must_be_set(each))
    plan.identifiers = tuple(each.name for each in fields if IDENTIFIER in behaviors_of(each))
    plan.output_only = tuple(each.name for each in fields if OUTPUT_ONLY in behaviors_of(each))
    plan.fixed = frozenset(
        each.name for each in fields if behaviors_of(each) & {OUTPUT_ONLY, IMMUTABLE, IDENTIFIER}
    )
    plan.has_mask = _MASK in descriptor.fields_by_name
    return plan


def _field(described: FieldDescriptor, begun: dict[str, _Plan]) -> _Field:
    inner = inner_type(described)
    if inner is not None and inner.full_name in WELL_KNOWN:
        rules: tuple[Rule, ...] = (WELL_KNOWN[inner.full_name],)
    else:
        rules = () if inner is not None else rules_of(described)
    return _Field(
        described.name,
        rules,
        bool(described.is_repeated),
        is_map(described),
        limits_of(described).max_items or DEFAULT_MAX_ITEMS,
        _build(inner, begun) if inner is not None and is_own(inner) else None,
    )


def _must_be_set(described: FieldDescriptor) -> bool:
    """A number without presence counts as given when it is 0 if its minimum admits 0; so does a bool."""
    if REQUIRED not in behaviors_of(described):
        return False
    if described.is_repeated or described.has_presence:
        return True
    limits = limits_of(described)
    zero_allowed = limits.HasField("minimum") and limits.minimum <= 0
    return not zero_allowed and described.type != FieldDescriptor.TYPE_BOOL


def _violation(path: str, problem: Problem) -> Violation:
    reason, text = problem
    return Violation(path, reason, Text(f"{path}：{text.zh}", f"{path}: {text.en}"))


def _required() -> Problem:
    return "REQUIRED", Text("必填，请补充", "required; fill it in")


def _too_deep() -> Problem:
    return "NESTED_TOO_DEEP", Text(f"嵌套超过 {DEEPEST} 层", f"nested more than {DEEPEST} levels deep")
