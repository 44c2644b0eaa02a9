"""Between the contract's cells and dimensions and those of the shortage map."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from bole.common.v1 import contribution_pb2
from bole.talent.v1 import shortage_pb2
from services.catalogue import Catalogue
from services.chassis.rpc.wire import text_to_wire
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.axes import ALL, Axes
from services.talent.domain.shortage.counts.cube import Counts
from services.talent.domain.shortage.names import LABELS
from services.talent.domain.shortage.reasons import explain
from services.talent.domain.shortage.reasons.drivers import drivers
from services.talent.domain.shortage.reasons.refusals import Refusals
from services.talent.domain.shortage.table import Address, Cell, ShortageTable
from services.talent.events import scope_to_wire

Dimension = shortage_pb2.ShortageDimension
INDUSTRY = Dimension.SHORTAGE_DIMENSION_INDUSTRY
DIRECTION = Dimension.SHORTAGE_DIMENSION_DIRECTION
LOCAL_DIRECTION = Dimension.SHORTAGE_DIMENSION_LOCAL_DIRECTION
CITY = Dimension.SHORTAGE_DIMENSION_CITY
CATEGORY = Dimension.SHORTAGE_DIMENSION_CATEGORY
_FIELDS = frozenset({INDUSTRY, DIRECTION, LOCAL_DIRECTION})
"""All are nodes of one tree."""
_EVERYTHING = Address()


@dataclass(frozen=True)
class CellWire:
    """Cells of one catalogue, in both directions."""

    axes: Axes
    catalogue: Catalogue

    def grid(
        self, rows: Dimension, columns: Dimension, scope: shortage_pb2.ShortageScope
    ) -> Iterator[Address]:
        """The cells of two dimensions within a scope, row by row. Raises InvalidArgument."""
        check_dimensions(rows, columns, scope)
        within = self.address(scope)
        for row in self.codes(rows, within):
            for column in self.codes(columns, within):
                yield narrow(narrow(within, rows, row), columns, column)

    def codes(self, dimension: Dimension, within: Address = _EVERYTHING) -> list[str]:
        """Codes of a dimension, in catalogue order; of directions only those of the scope's industry or direction."""
        axes = self.axes
        if dimension == INDUSTRY:
            return list(axes.industries)
        if dimension == DIRECTION:
            return axes.within(axes.policy_leaves, within.node)
        if dimension == LOCAL_DIRECTION:
            return axes.within(axes.local_leaves, within.node)
        return list((axes.cities if dimension == CITY else axes.categories)[:-1])

    def address(self, scope: shortage_pb2.ShortageScope) -> Address:
        """Resolve the codes of a scope, in any spelling that the catalogue knows."""
        if scope.industry_code and scope.direction_code:
            raise InvalidArgument.field(
                "scope.direction_code",
                "SCOPE_TOO_MANY",
                "产业与方向只能选其一",
                "give an industry or a direction, not both",
            )
        node = ALL
        if scope.industry_code:
            node = self.catalogue.resolve_industry(scope.industry_code, field="scope.industry_code")
        elif scope.direction_code:
            node = self.catalogue.resolve_direction(scope.direction_code, field="scope.direction_code")
        city, category = ALL, ALL
        if scope.city_code:
            city = self.catalogue.resolve_city(scope.city_code, field="scope.city_code")
        if scope.category_code:
            category = self.catalogue.resolve_category(scope.category_code, field="scope.category_code")
        return Address(node, city, category)

    def scope(self, address: Address) -> shortage_pb2.ShortageScope:
        """What a cell counts."""
        return scope_to_wire(self.axes, address)

    def cell(self, cell: Cell) -> shortage_pb2.ShortageCell:
        """What may be said of a cell, without its explanation."""
        return shortage_pb2.ShortageCell(
            scope=self.scope(cell.address),
            state=f"STATE_{cell.state.name}" if cell.state else None,
            index=cell.index,
            low=cell.low,
            high=cell.high,
            log_odds=cell.log_odds,
            stars=cell.stars,
            watch=cell.watch,
            grade=f"GRADE_{cell.grade}" if cell.grade else None,
            open_headcount=cell.demand,
            supply=cell.supply,
            gap=cell.gap,
            hidden=cell.hidden,
            band=text_to_wire(cell.band) if cell.band else None,
        )

    def city_name(self, code: str) -> Text:
        """Short name of a city."""
        city = self.catalogue.city(code)
        return Text(city.short_zh, city.pinyin)

    def places(self) -> dict[str, tuple[float, float]]:
        """Longitude and latitude of every city."""
        return {city.id: (city.lon, city.lat) for city in self.catalogue.cities}

    def with_contributions(self, cell: Cell) -> shortage_pb2.ShortageCell:
        """The cell with the signed parts of its index."""
        message = self.cell(cell)
        message.contributions.extend(
            contribution_pb2.Contribution(name=name, value=value, reason=text_to_wire(LABELS[name]))
            for name, value in cell.contributions
        )
        return message

    def explained(
        self, table: ShortageTable, cell: Cell, refused: Sequence[Refusals] = ()
    ) -> shortage_pb2.ShortageCell:
        """The cell with contributions, reasons and drivers; `refused`: proposals refused for want of a skill."""
        message = self.with_contributions(cell)
        _set_known(message, "funded_headcount", table.cube.funded, table.at(cell.address))
        _set_known(message, "expected_arrivals", table.cube.arrivals, table.at(cell.address))
        message.coverage.CopyFrom(_coverage(table, table.at(cell.address)))
        message.reasons.extend(text_to_wire(each) for each in explain.reasons(table, cell.address))
        message.drivers.extend(self.causes(table, cell.address, refused))
        return message

    def causes(
        self, table: ShortageTable, address: Address, refused: Sequence[Refusals] = ()
    ) -> list[shortage_pb2.ShortageDriver]:
        """The likely causes of a cell's shortage, none where none has its evidence."""
        return [
            shortage_pb2.ShortageDriver(
                code=each.code, cause=text_to_wire(each.cause), remedy=text_to_wire(each.remedy)
            )
            for each in drivers(table, address, self.city_name, refused)
        ]


def _coverage(table: ShortageTable, at: tuple[int, int, int]) -> shortage_pb2.ShortageCoverage:
    said, overlap = table.coverage_of(at), table.cube.overlap
    return shortage_pb2.ShortageCoverage(
        share=said.share,
        low=said.low,
        high=said.high,
        unknown_because=text_to_wire(said.why) if said.why else None,
        sources=overlap.sources if overlap else (),
    )


def _set_known(
    message: shortage_pb2.ShortageCell, field: str, counts: Counts | None, at: tuple[int, int, int]
) -> None:
    if counts is not None and not isnan(counts[at]):
        setattr(message, field, float(counts[at]))


def narrow(address: Address, dimension: Dimension, code: str) -> Address:
    """The part of a cell that has this code in this dimension."""
    if dimension == CITY:
        return Address(address.node, code, address.category)
    if dimension == CATEGORY:
        return Address(address.node, address.city, code)
    return Address(code, address.city, address.category)


def check_dimensions(
    rows: Dimension, columns: Dimension, scope: shortage_pb2.ShortageScope, *, field: str = "columns"
) -> None:
    """Raise InvalidArgument (of `field`) unless these are two dimensions and the scope leaves them open.

    An industry leaves its directions open, a direction the region's own parts of it.
    """
    if rows == columns or {rows, columns} <= _FIELDS:
        raise InvalidArgument.field(
            field,
            "SAME_DIMENSION",
            "各维度须互不相同（产业、方向与地方方向属同一维度）",
            "dimensions must differ (industry, direction and local direction are one)",
        )
    taken = {
        "industry_code": {INDUSTRY},
        "direction_code": {INDUSTRY, DIRECTION},
        "city_code": {CITY},
        "category_code": {CATEGORY},
    }
    for name, dimensions in taken.items():
        if getattr(scope, name) and dimensions & {rows, columns}:
            raise InvalidArgument.field(
                f"scope.{name}",
                "SCOPE_OVERLAPS",
                "该维度已用作行或列，范围中请留空",
                "this dimension is a row or a column already; leave it empty in the scope",
            )
