"""Which fields a filter may name, and what each takes."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from services.chassis.filtering.refusal import invalid
from services.chassis.filtering.syntax import Kind
from services.kernel.excerpt import excerpt
from services.kernel.suggestion import nearest_words
from services.kernel.text import Text

_INT64 = 2**63 - 1
_MAX_LISTED = 20

__all__ = ["Field", "Kind", "Schema"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field.

    `allowed`: the codes that a CODE or CODES field takes, None for any code. `resolve`: from what people
    write to a code (a catalogue's resolver; raises InvalidArgument); tried when the text is no allowed code.
    `prefix`: what a code may be written with, as enum values are in the contract (`STATE_OPEN` for `OPEN`).
    `words`: what people call the codes, in pairs of word and code; a word is taken for its code.
    `minimum`, `maximum`: inclusive range of an INTEGER or NUMBER.
    """

    name: str
    kind: Kind
    allowed: tuple[str, ...] | None = None
    resolve: Callable[[str], str] | None = None
    prefix: str = ""
    words: tuple[tuple[str, str], ...] = ()
    minimum: float = -_INT64
    maximum: float = _INT64

    @classmethod
    def text(cls, name: str) -> "Field":
        """Free text."""
        return cls(name=name, kind=Kind.TEXT)

    @classmethod
    def code(
        cls, name: str, allowed: Iterable[str] | None = None, resolve: Callable[[str], str] | None = None
    ) -> "Field":
        """One code, enum value or id."""
        return cls(
            name=name, kind=Kind.CODE, allowed=None if allowed is None else tuple(allowed), resolve=resolve
        )

    @classmethod
    def codes(
        cls,
        name: str,
        allowed: Iterable[str] | None = None,
        resolve: Callable[[str], str] | None = None,
        words: Iterable[tuple[str, str]] = (),
    ) -> "Field":
        """A list of codes."""
        known = None if allowed is None else tuple(allowed)
        return cls(name=name, kind=Kind.CODES, allowed=known, resolve=resolve, words=tuple(words))

    @classmethod
    def search(cls, name: str) -> "Field":
        """What words are looked for in, `field:"苏州 qnkj"`, as a list method's `query` takes them."""
        return cls(name=name, kind=Kind.SEARCH)

    @classmethod
    def enum(
        cls, name: str, prefix: str, members: Iterable[str], words: Iterable[tuple[str, str]] = ()
    ) -> "Field":
        """A value of a closed enumeration, with or without the prefix that the contract gives its values."""
        return cls(name=name, kind=Kind.CODE, allowed=tuple(members), prefix=f"{prefix}_", words=tuple(words))

    @classmethod
    def integer(cls, name: str, minimum: int = -_INT64, maximum: int = _INT64) -> "Field":
        """A whole number."""
        return cls(name=name, kind=Kind.INTEGER, minimum=minimum, maximum=maximum)

    @classmethod
    def number(cls, name: str, minimum: float = -math.inf, maximum: float = math.inf) -> "Field":
        """A real number, such as a score; never infinite."""
        return cls(name=name, kind=Kind.NUMBER, minimum=minimum, maximum=maximum)

    @classmethod
    def money(cls, name: str) -> "Field":
        """An amount: `500万`, `1.5亿元` or a bare number of yuan; fen in the tree and in the column."""
        return cls(name=name, kind=Kind.MONEY)

    @classmethod
    def date(cls, name: str) -> "Field":
        """A civil date, `2026-01-31`."""
        return cls(name=name, kind=Kind.DATE)

    @classmethod
    def instant(cls, name: str) -> "Field":
        """An instant in RFC 3339, `2026-01-31T08:00:00+08:00`."""
        return cls(name=name, kind=Kind.INSTANT)

    @classmethod
    def boolean(cls, name: str) -> "Field":
        """`true` or `false`."""
        return cls(name=name, kind=Kind.BOOLEAN)


@dataclass(frozen=True)
class Schema:
    """The fields of one resource, by name. Names are case-sensitive.

    `elsewhere`: fields that there are, but not of what is asked for now, with the reason; a filter by one of them would
    find nothing without a word.
    """

    fields: tuple[Field, ...]
    elsewhere: Mapping[str, Text] = field(default_factory=dict)
    _by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {item.name: item for item in self.fields})

    @classmethod
    def of(cls, *fields: Field) -> "Schema":
        """A schema with these fields."""
        return cls(fields)

    def without(self, elsewhere: Mapping[str, Text]) -> "Schema":
        """The same without some fields, each with the reason why it is none of what is asked for."""
        left = tuple(each for each in self.fields if each.name not in elsewhere)
        return Schema(
            left, {each.name: elsewhere[each.name] for each in self.fields if each.name in elsewhere}
        )

    def field(self, name: str, column: int) -> Field:
        """The field of this name; raises InvalidArgument with near names, or why it is none here, and the list."""
        found = self._by_name.get(name)
        if found is not None:
            return found
        listed = ", ".join(list(self._by_name)[:_MAX_LISTED])
        why = self.elsewhere.get(name)
        if why is not None:
            raise invalid(
                column,
                f"此处不能按字段“{name}”筛选：{why.zh}。可用字段：{listed}",
                f"no filter by the field {name!r} here: {why.en}. The fields are: {listed}",
            )
        near = nearest_words(name[:100], self._by_name)
        did_zh = f"您是否要用：{'、'.join(near)}？" if near else ""
        did_en = f"Did you mean {', '.join(near)}? " if near else ""
        raise invalid(
            column,
            f"没有字段“{excerpt(name)}”。{did_zh}可用字段：{listed}",
            f"there is no field {excerpt(name)!r}. {did_en}The fields are: {listed}",
            near,
        )
