"""The filter over candidates: AIP-160 expressions evaluated on items."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from services.catalogue import Catalogue
from services.chassis.filtering import Field, Schema, matches, parse
from services.matcher.corpus.filtering import RowFilter
from services.matcher.corpus.population import Population
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item, Stage
from services.matcher.score.block import Mask


def schema(catalogue: Catalogue) -> Schema:
    """What candidates may be filtered by."""
    return Schema.of(
        Field.code("city_code", resolve=catalogue.resolve_place),
        Field.codes("direction_code", resolve=catalogue.resolve_direction),
        Field.codes("industry_code", resolve=catalogue.resolve_industry),
        Field.code("category_code", resolve=catalogue.resolve_category),
        Field.enum("stage", "FIRM_STAGE", (stage.name for stage in Stage)),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of one population, chosen once for a request."""

    rows: Mask

    def mask(self, columns: Columns, codes: Codes) -> Mask | None:
        """One truth for each item."""
        return self.rows


def wanted(text: str, population: Population, catalogue: Catalogue) -> RowFilter | None:
    """The filter of a request; None without one. Raises InvalidArgument (INVALID_FILTER)."""
    if not text.strip():
        return None
    expression = parse(text, schema(catalogue))
    truths = (matches(expression, partial(_value, item, catalogue)) for item in population.items)
    return Chosen(np.fromiter(truths, np.bool_, population.size))


def _value(item: Item, catalogue: Catalogue, name: str) -> object:
    directions = [code for code, _ in item.leaves]
    if name == "direction_code":
        return directions
    if name == "industry_code":
        return [catalogue.industry_of(code) for code in directions]
    value = {"city_code": item.city, "category_code": item.category, "stage": item.stage}[name]
    return None if value is None else str(value)
