"""The filter over candidates: AIP-160 expressions evaluated on items."""

from dataclasses import dataclass

import numpy as np

from services.catalogue import Catalogue
from services.chassis.filtering import Expression, Field, Schema, matches, parse
from services.matcher.corpus.filtering import RowFilter
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
class ByExpression:
    """Rows whose items satisfy an expression; `items` are those of the population, row by row."""

    expression: Expression
    items: tuple[Item, ...]
    catalogue: Catalogue

    def mask(self, columns: Columns, codes: Codes) -> Mask | None:
        """One truth for each item."""
        return np.array([self._holds(item) for item in self.items], np.bool_)

    def _holds(self, item: Item) -> bool:
        return matches(self.expression, lambda name: self._value(item, name))

    def _value(self, item: Item, name: str) -> object:
        directions = [code for code, _ in item.leaves]
        if name == "direction_code":
            return directions
        if name == "industry_code":
            return [self.catalogue.industry_of(code) for code in directions]
        value = {"city_code": item.city, "category_code": item.category, "stage": item.stage}[name]
        return None if value is None else str(value)


def wanted(text: str, items: list[Item], catalogue: Catalogue) -> RowFilter | None:
    """The filter of a request; None without one. Raises InvalidArgument (INVALID_FILTER)."""
    if not text.strip():
        return None
    return ByExpression(parse(text, schema(catalogue)), tuple(items), catalogue)
