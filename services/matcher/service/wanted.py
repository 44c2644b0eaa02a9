"""The filter over candidates: AIP-160 expressions decided on the columns of a population."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.catalogue import Catalogue
from services.chassis.filtering import And, Expression, Field, Schema, canonical, parse
from services.chassis.filtering.facets import mentions
from services.chassis.filtering.syntax import conjunction
from services.chassis.policy import Clearance, Level, may_use
from services.kernel.text import Text
from services.matcher.corpus.population import Population
from services.matcher.corpus.selecting import selected
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Availability, DataLevel, ItemKind, Stage
from services.matcher.score.block import Mask
from services.matcher.service.broadening import Step, steps_of, widened
from services.wording.codes import ITEMS


@dataclass(frozen=True, slots=True)
class Eyes:
    """How much of the candidates a caller sees. `figures`: also what firms tell of themselves beside their cards."""

    clearance: Clearance
    figures: bool


_PLACED = frozenset(
    {ItemKind.PERSON, ItemKind.TEAM, ItemKind.POSITION, ItemKind.FIRM, ItemKind.FUND, ItemKind.CELL}
)
_OF: Mapping[str, frozenset[ItemKind]] = {
    "city_code": _PLACED,
    "reach_code": _PLACED,
    "category_code": frozenset({ItemKind.PERSON, ItemKind.POSITION, ItemKind.CELL}),
    "stage": frozenset({ItemKind.FIRM}),
    "availability": frozenset({ItemKind.PERSON}),
    "ticket_max": frozenset({ItemKind.FUND}),
    "valuation_max": frozenset({ItemKind.FUND}),
    "sought_amount": frozenset({ItemKind.FIRM}),
}
"""Of which sorts each field is ever known; what is not named here is known of all."""


def schema_of(sort: ItemKind, catalogue: Catalogue, eyes: Eyes) -> Schema:
    """What candidates of one sort may be filtered by: of `schema` what is ever known of them."""
    return schema(catalogue, eyes).without(
        {name: _not_of(sort, sorts) for name, sorts in _OF.items() if sort not in sorts}
    )


def _not_of(sort: ItemKind, sorts: frozenset[ItemKind]) -> Text:
    asked, known = ITEMS[sort], [ITEMS[each] for each in ItemKind if each in sorts]
    return Text(
        f"只有{'、'.join(each.zh for each in known)}有这一项，而所找的是{asked.zh}",
        f"it is known of {', '.join(each.en for each in known)} alone, and {asked.en} are looked for",
    )


def schema(catalogue: Catalogue, eyes: Eyes) -> Schema:
    """What candidates of any sort may be filtered by: what the caller may see of them everywhere."""
    public = (
        Field.code("city_code", resolve=catalogue.resolve_place),
        Field.codes("reach_code", resolve=catalogue.resolve_place),
        Field.codes("direction_code", resolve=catalogue.resolve_direction),
        Field.codes("industry_code", resolve=catalogue.resolve_industry),
        Field.code("category_code", resolve=catalogue.resolve_category),
        Field.enum("stage", "FIRM_STAGE", (stage.name for stage in Stage)),
    )
    internal = (
        Field.enum("availability", "AVAILABILITY", (each.name for each in Availability)),
        Field.money("ticket_max"),
        Field.money("valuation_max"),
    )
    figures = (
        Field.money("sought_amount"),
        Field.enum("data_level", "LEVEL", (each.name for each in DataLevel)),
    )
    if not may_use(eyes.clearance, Level.INTERNAL):
        return Schema.of(*public)
    return Schema.of(*public, *internal, *(figures if eyes.figures else ()))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of one population, chosen once for a request."""

    rows: Mask

    def mask(self, _columns: Columns, _codes: Codes, /) -> Mask | None:
        """One truth for each item."""
        return self.rows


def wanted(
    text: str, sort: ItemKind, population: Population, codes: Codes, catalogue: Catalogue, eyes: Eyes
) -> Chosen | None:
    """The filter of a request over candidates of a sort; None without one. Raises InvalidArgument (INVALID_FILTER)."""
    if not text.strip():
        return None
    return Chosen(selected(parse(text, schema_of(sort, catalogue, eyes)), population.columns, codes))


def all_but(population: Population, ids: Collection[str]) -> Mask | None:
    """Every row but those of these items; None for all rows."""
    hidden = [population.row_of[id_] for id_ in ids if id_ in population.row_of]
    if not hidden:
        return None
    rows = np.ones(population.size, np.bool_)
    rows[hidden] = False
    return rows


@dataclass(frozen=True, slots=True)
class Conditions:
    """A filter that is asked of rows of any population, one condition after the other, as it was widened."""

    stated: tuple[Expression, ...]
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, text: str, schema_: Schema) -> "Conditions":
        """Of the filter of a request. Raises InvalidArgument (INVALID_FILTER)."""
        expression = parse(text, schema_)
        return cls(expression.operands if isinstance(expression, And) else (expression,))

    def ladder(self, codes: Codes) -> Sequence["Conditions"]:
        """These as stated, and after each step that changes them."""
        steps = steps_of(conjunction(self.stated), codes)
        return [replace(self, steps=steps[:count]) for count in range(len(steps) + 1)]

    def without(self, field: str) -> "Conditions":
        """Those that do not name the field."""
        return replace(self, stated=tuple(each for each in self.stated if not mentions(each, field)))

    def written(self, codes: Codes) -> str:
        """All of them, as a filter is written."""
        return canonical(conjunction(self._conditions(codes)))

    def mask(self, columns: Columns, codes: Codes, /) -> Mask:
        """Rows that meet all of them."""
        return selected(conjunction(self._conditions(codes)), columns, codes)

    def unmet(self, columns: Columns, codes: Codes) -> tuple[str, ...]:
        """Those that the one row does not meet, as a filter is written."""
        return tuple(
            canonical(each) for each in self._conditions(codes) if not selected(each, columns, codes)[0]
        )

    def _conditions(self, codes: Codes) -> list[Expression]:
        return [widened(each, self.steps, codes) for each in self.stated]
