"""What every list shares: filters from the address, counted choices beside it, one page after another."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bole.common.v1 import facet_pb2
from services.chassis.filtering import quoted
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

Known: TypeAlias = Mapping[str, tuple[str, str, Callable[[str], str]]]
"""By field of a facet: the parameter of the address, its title, and how a value is called."""
FIELDS_OF_WORK = ("industry_code", "direction_code")
"""Of which people and positions have several."""
MADE_BY = "import"
"""In the address and in filters: the id of the import that made or changed a record."""
NOTHING = "-"
"""In the address: records without any value of the field, which filters have no value for."""
ROWS = 25
_TOKEN = "token"  # noqa: S105 (a parameter's name)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the list can be narrowed to. `count` is None where it is too small to be told."""

    name: str
    count: int | None
    link: str
    on: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One dimension of the list with its values, and the way to all of them."""

    title: str
    choices: Sequence[Choice]
    link: str
    on: bool


def condition(fields: Mapping[str, str], several: Collection[str] = ()) -> str:
    """An AIP-160 filter: every field has its value; fields without one are left out.

    `several` are fields of which a record may have more than one value.
    """
    return " AND ".join(
        f"NOT {name}:*" if value == NOTHING else f"{name}{':' if name in several else ' = '}{quoted(value)}"
        for name, value in fields.items()
        if value
    )


def one_of(visit: Visit, name: str, known: Collection[str]) -> str:
    """A parameter of the address that is one of a few codes; empty without one. Raises InvalidArgument."""
    given = visit.get(name)
    if given and given not in known:
        words = ", ".join(known)
        raise InvalidArgument.field(name, "UNKNOWN_CODE", f"应为 {words} 之一", f"must be one of {words}")
    return given


def groups(visit: Visit, facets: Sequence[facet_pb2.Facet], known: Known) -> list[Group]:
    """The facets as choices."""
    return [_group(visit, each, *known[each.field]) for each in facets if each.values]


def _group(
    visit: Visit, facet: facet_pb2.Facet, parameter: str, title: str, called: Callable[[str], str]
) -> Group:
    now = visit.get(parameter)
    choices = [
        Choice(
            called(each.value),
            each.count if each.HasField("count") else None,
            narrowed(visit, **{parameter: None if value == now else value}),
            value == now,
        )
        for each in facet.values
        for value in (each.value or NOTHING,)
    ]
    return Group(title, choices, narrowed(visit, **{parameter: None}), bool(now))


def narrowed(visit: Visit, **changes: str | None) -> str:
    """The list with another filter, from its first page."""
    return visit.link(**{_TOKEN: None, **changes})


def page_token(visit: Visit) -> str:
    """Where the page begins; empty for the first."""
    return visit.get(_TOKEN)


def next_link(visit: Visit, answer: Any) -> str:
    """The address of the next page; empty at the end."""
    return visit.link(**{_TOKEN: answer.next_page_token}) if answer.next_page_token else ""


def first_link(visit: Visit) -> str:
    """The address of the first page; empty on it."""
    return visit.link(**{_TOKEN: None}) if page_token(visit) else ""
