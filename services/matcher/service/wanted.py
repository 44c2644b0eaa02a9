"""The filter over candidates: AIP-160 expressions decided on the columns of a population."""

from dataclasses import dataclass

from services.catalogue import Catalogue
from services.chassis.filtering import Field, Schema, parse
from services.chassis.policy import Clearance, Level, may_use
from services.matcher.corpus.population import Population
from services.matcher.corpus.selecting import selected
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Availability, Stage
from services.matcher.score.block import Mask


def schema(catalogue: Catalogue, clearance: Clearance) -> Schema:
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
    return Schema.of(*public, *(internal if may_use(clearance, Level.INTERNAL) else ()))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of one population, chosen once for a request."""

    rows: Mask

    def mask(self, _columns: Columns, _codes: Codes, /) -> Mask | None:
        """One truth for each item."""
        return self.rows


def wanted(
    text: str, population: Population, codes: Codes, catalogue: Catalogue, clearance: Clearance
) -> Chosen | None:
    """The filter of a request; None without one. Raises InvalidArgument (INVALID_FILTER)."""
    if not text.strip():
        return None
    return Chosen(selected(parse(text, schema(catalogue, clearance)), population.columns, codes))
