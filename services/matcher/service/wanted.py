"""The filter over candidates: AIP-160 expressions decided on the columns of a population."""

from dataclasses import dataclass

from services.catalogue import Catalogue
from services.chassis.filtering import And, Expression, Field, Schema, canonical, parse
from services.chassis.policy import Clearance, Level, may_use
from services.matcher.corpus.population import Population
from services.matcher.corpus.selecting import selected
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Availability, DataLevel, Stage
from services.matcher.score.block import Mask


@dataclass(frozen=True, slots=True)
class Eyes:
    """How much of the candidates a caller sees. `figures`: also what firms tell of themselves beside their cards."""

    clearance: Clearance
    figures: bool


def schema(catalogue: Catalogue, eyes: Eyes) -> Schema:
    """What candidates may be filtered by: what the caller may see of them everywhere."""
    public = (
        Field.code("city_code", resolve=catalogue.resolve_place),
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
    text: str, population: Population, codes: Codes, catalogue: Catalogue, eyes: Eyes
) -> Chosen | None:
    """The filter of a request; None without one. Raises InvalidArgument (INVALID_FILTER)."""
    if not text.strip():
        return None
    return Chosen(selected(parse(text, schema(catalogue, eyes)), population.columns, codes))


@dataclass(frozen=True, slots=True)
class Conditions:
    """A filter that is asked of rows of any population, one condition after the other."""

    expression: Expression

    @classmethod
    def of(cls, text: str, catalogue: Catalogue, eyes: Eyes) -> "Conditions":
        """Of the filter of a request. Raises InvalidArgument (INVALID_FILTER)."""
        return cls(parse(text, schema(catalogue, eyes)))

    def mask(self, columns: Columns, codes: Codes, /) -> Mask:
        """Rows that meet all of them."""
        return selected(self.expression, columns, codes)

    def unmet(self, columns: Columns, codes: Codes) -> tuple[str, ...]:
        """Those that the one row does not meet, as a filter is written."""
        parts = self.expression.operands if isinstance(self.expression, And) else (self.expression,)
        return tuple(canonical(each) for each in parts if not selected(each, columns, codes)[0])
