"""An item: all that the matcher knows of one entity, in the shape in which pairs are judged."""

from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter

from services.catalogue import cells
from services.kernel.errors import NotFound
from services.kernel.text import Text
from services.matcher.domain.staff import Staff


class ItemKind(StrEnum):
    """What sort of entity an item stands for."""

    PERSON = "person"
    TEAM = "team"
    POSITION = "position"
    FIRM = "firm"
    FUND = "fund"
    DIRECTION = "direction"
    CELL = "cell"

    __hash__ = str.__hash__  # an enumeration's own is a call of Python for every key of a dictionary

    @property
    def collection(self) -> str:
        """The collection in resource names: `persons/{id}`."""
        return cells.COLLECTION if self is ItemKind.CELL else f"{self.value}s"


STORED = tuple(kind for kind in ItemKind if kind is not ItemKind.CELL)
"""What the match space keeps rows of. Cells follow from the catalogue and are made when somebody asks for them."""


class Purpose(StrEnum):
    """What a person has allowed the data to be used for (同意用途). Kinds of pairs name what they need."""

    MATCH_POSITION = "match-position"
    MATCH_FIRM = "match-firm"
    STATISTICS = "statistics"


class Availability(StrEnum):
    """When a person could take up something new (流动意愿)."""

    NOW = "NOW"
    HALF_YEAR = "HALF_YEAR"
    FLEXIBLE = "FLEXIBLE"
    SETTLED = "SETTLED"


class Stage(StrEnum):
    """How far a firm has come (发展阶段)."""

    SEED = "SEED"
    STARTUP = "STARTUP"
    EARLY_GROWTH = "EARLY_GROWTH"
    GROWTH = "GROWTH"


class DataLevel(StrEnum):
    """How sensitive the facts are by which something is matched (数据级别), the least first."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"
    PERSONAL = "PERSONAL"


_OF_TEXTS = {ItemKind.PERSON: DataLevel.PERSONAL, ItemKind.TEAM: DataLevel.INTERNAL}


@dataclass(frozen=True, slots=True)
class Mandate:
    """The hard limits of a fund (投资范围). An empty scope admits all; amounts in fen, None = no limit.

    `least_share`: how much of a firm must lie in the industries, in per-mille.
    """

    industries: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    stages: frozenset[Stage] = frozenset()
    ticket_max: int | None = None
    valuation_below: int | None = None
    least_share: int = 1

    @property
    def internal(self) -> bool:
        """Whether it sets a limit that the contract calls internal."""
        return (self.ticket_max, self.valuation_below, self.least_share) != (None, None, 1)


@dataclass(slots=True, unsafe_hash=True)
class Item:
    """One entity at one version. Nobody changes one; it is not frozen, because that makes up most of what one costs.

    `texts` are passages, the most telling first: title, profile, works; technology, product; requirement.
    `leaves` are declared shares in per-mille over leaf directions (sum at most 1000).
    `mobility` are the cities that somebody would move to, beside `city`.
    `ask` is the ticket a firm asks for and `valuation` its value before the money, in fen; None = not known.
    `employer` is whom a position or a person works for, in words: no gate, feature or reason reads it.
    `sought` is what a firm wants to raise from all investors together, in fen: no gate or feature reads it.
    `staff` is who is in a team and whom it wants; None for a team that has told no needs, and for everything else.
    `open` is false for what takes part in no pair now: a filled position, a hidden person, a closed fund.
    """

    kind: ItemKind
    id: str
    version: int = 1
    texts: tuple[str, ...] = ()
    leaves: tuple[tuple[str, int], ...] = ()
    city: str | None = None
    mobility: frozenset[str] = frozenset()
    category: str | None = None
    stage: Stage | None = None
    availability: Availability | None = None
    purposes: frozenset[Purpose] = frozenset()
    ask: int | None = None
    valuation: int | None = None
    mandate: Mandate | None = None
    open: bool = True
    sought: int | None = None
    employer: str | None = None
    staff: Staff | None = None

    def __reduce__(self) -> tuple[type["Item"], tuple[object, ...]]:
        """As another process takes it: its fields in order, an order of magnitude faster than by their names."""
        return Item, _fields(self)

    @property
    def level(self) -> DataLevel:
        """The highest level among the facts that matching reads (就高从严): as the contract has it of each field."""
        texts = _OF_TEXTS.get(self.kind, DataLevel.PUBLIC) if self.texts else DataLevel.PUBLIC
        if texts is not DataLevel.PUBLIC:
            return texts
        limits = self.mandate is not None and self.mandate.internal
        internal = limits or self.availability or self.purposes or self.sought is not None or self.staff
        return DataLevel.INTERNAL if internal else DataLevel.PUBLIC

    @property
    def text(self) -> str:
        """All passages with a blank line between two, over which no word runs."""
        return "\n\n".join(self.texts)

    @property
    def given(self) -> bool:
        """Whether it is a text that came with a request: nothing of it is stored, and it has no id."""
        return not self.id

    @property
    def name(self) -> str:
        """The resource name."""
        return f"{self.kind.collection}/{self.id}"


_fields = attrgetter(*(field.name for field in fields(Item)))


def not_matched(kind: ItemKind, id_: str) -> NotFound:
    """Nothing of this name takes part: one answer whether it never was, was entered this moment, or is gone."""
    name = f"{kind.collection}/{id_}"
    return NotFound(
        Text(
            f"匹配中没有该对象（{name}）：名称有误、刚登记尚未同步，或已关闭、撤下、删除；请核对",
            f"nothing of this name takes part in matching ({name}): check it; it may be too new, or closed, "
            "withdrawn or erased",
        ),
        metadata={"resource": name},
    )
