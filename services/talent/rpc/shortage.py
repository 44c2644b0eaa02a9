"""ShortageService: the shortage map."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bole.common.v1 import contribution_pb2, data_origin_pb2
from bole.talent.v1 import shortage_pb2, shortage_service_pb2_grpc
from bole.talent.v1 import shortage_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.paging import page_size
from services.chassis.rpc.wire import date_from_wire, date_to_wire, text_to_wire
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.shortage import explain
from services.talent.domain.shortage.drivers import drivers
from services.talent.domain.shortage.names import LABELS
from services.talent.domain.shortage.table import Address, Cell, ShortageTable
from services.talent.service.shortage import ShortageMap, synthetic

Dimension = shortage_pb2.ShortageDimension
_INDUSTRY = Dimension.SHORTAGE_DIMENSION_INDUSTRY
_DIRECTION = Dimension.SHORTAGE_DIMENSION_DIRECTION
_CITY = Dimension.SHORTAGE_DIMENSION_CITY
_CATEGORY = Dimension.SHORTAGE_DIMENSION_CATEGORY


@dataclass(frozen=True)
class ShortageRoom(shortage_service_pb2_grpc.ShortageServiceServicer):
    """The servicer."""

    house: House
    map: ShortageMap
    catalogue: Catalogue

    def GetShortageGrid(
        self, request: wire.GetShortageGridRequest, context: Any
    ) -> wire.GetShortageGridResponse:
        """Every cell of two dimensions."""
        _check_dimensions(request.rows, request.columns, request.scope)
        scope = self._address(request.scope)
        table, as_of, made_up = self._table(request)
        rows, columns = self._codes(request.rows), self._codes(request.columns)
        cells = [
            table.cell(_narrow(_narrow(scope, request.rows, row), request.columns, column))
            for row in rows
            for column in columns
        ]
        return wire.GetShortageGridResponse(
            row_codes=rows,
            column_codes=columns,
            cells=[self._cell(cell) for cell in cells],
            as_of_date=date_to_wire(as_of),
            method_note=text_to_wire(table.method.note),
            method_version=table.method.version,
            origin=made_up,
        )

    def RankShortageCells(
        self, request: wire.RankShortageCellsRequest, context: Any
    ) -> wire.RankShortageCellsResponse:
        """The tightest cells, with contributions and reasons."""
        _check_dimensions(request.rows, request.columns, request.scope)
        scope = self._address(request.scope)
        limit = page_size(request.page_size, 5, 100)
        table, _, _ = self._table(request)
        ranked = table.tightest(self._addresses(request, scope), limit)
        return wire.RankShortageCellsResponse(cells=[self._explained(table, cell) for cell in ranked])

    def GetShortageCell(
        self, request: wire.GetShortageCellRequest, context: Any
    ) -> wire.GetShortageCellResponse:
        """One cell with its whole explanation, and its parent."""
        address = self._address(request.scope)
        table, _, _ = self._table(request)
        above = table.parent(address)
        return wire.GetShortageCellResponse(
            cell=self._explained(table, table.cell(address)),
            parent=self._explained(table, table.cell(above)) if above is not None else None,
            method_note=text_to_wire(table.method.note),
            method_version=table.method.version,
        )

    def _table(self, request: Any) -> tuple[ShortageTable, date, data_origin_pb2.DataOrigin]:
        today = civil_date(self.house.clock.now())
        as_of = date_from_wire(request.as_of_date) if request.HasField("as_of_date") else today
        if as_of > today:
            raise InvalidArgument.field(
                "as_of_date",
                "DATE_IN_FUTURE",
                "日期不能晚于今天；预测请用预测功能",
                "the date cannot be after today",
            )
        with self.house.database.read() as session:
            table = self.map.table(session, as_of)
            sample = synthetic(session)
        return (
            table,
            as_of,
            data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL,
        )

    def _addresses(self, request: wire.RankShortageCellsRequest, scope: Address) -> Iterator[Address]:
        for row in self._codes(request.rows):
            for column in self._codes(request.columns):
                yield _narrow(_narrow(scope, request.rows, row), request.columns, column)

    def _codes(self, dimension: Dimension) -> list[str]:
        axes = self.map.axes
        if dimension == _INDUSTRY:
            return list(axes.industries)
        if dimension == _DIRECTION:
            return list(axes.leaves)
        return list((axes.cities if dimension == _CITY else axes.categories)[:-1])

    def _address(self, scope: shortage_pb2.ShortageScope) -> Address:
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

    def _scope(self, address: Address) -> shortage_pb2.ShortageScope:
        is_industry = address.node in self.map.axes.industries
        return shortage_pb2.ShortageScope(
            industry_code=address.node if is_industry else "",
            direction_code="" if is_industry or address.node == ALL else address.node,
            city_code="" if address.city == ALL else address.city,
            category_code="" if address.category == ALL else address.category,
        )

    def _cell(self, cell: Cell) -> shortage_pb2.ShortageCell:
        return shortage_pb2.ShortageCell(
            scope=self._scope(cell.address),
            state=f"STATE_{cell.state.name}",
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

    def _city_name(self, code: str) -> Text:
        city = self.catalogue.city(code)
        return Text(city.short_zh, city.pinyin)

    def _explained(self, table: ShortageTable, cell: Cell) -> shortage_pb2.ShortageCell:
        message = self._cell(cell)
        message.contributions.extend(
            contribution_pb2.Contribution(name=name, value=value, reason=text_to_wire(LABELS[name]))
            for name, value in cell.contributions
        )
        message.reasons.extend(text_to_wire(each) for each in explain.reasons(table, cell.address))
        message.drivers.extend(
            shortage_pb2.ShortageDriver(
                code=each.code, cause=text_to_wire(each.cause), remedy=text_to_wire(each.remedy)
            )
            for each in drivers(table, cell.address, self._city_name)
        )
        return message


def _narrow(address: Address, dimension: Dimension, code: str) -> Address:
    if dimension == _CITY:
        return Address(address.node, code, address.category)
    if dimension == _CATEGORY:
        return Address(address.node, address.city, code)
    return Address(code, address.city, address.category)


def _check_dimensions(rows: Dimension, columns: Dimension, scope: shortage_pb2.ShortageScope) -> None:
    same = rows == columns or {rows, columns} == {_INDUSTRY, _DIRECTION}
    if same:
        raise InvalidArgument.field(
            "columns",
            "SAME_DIMENSION",
            "行与列须为不同维度（产业与方向属同一维度）",
            "rows and columns must be different dimensions (industry and direction are one)",
        )
    taken = {
        "industry_code": {_INDUSTRY, _DIRECTION},
        "direction_code": {_INDUSTRY, _DIRECTION},
        "city_code": {_CITY},
        "category_code": {_CATEGORY},
    }
    for field, dimensions in taken.items():
        if getattr(scope, field) and dimensions & {rows, columns}:
            raise InvalidArgument.field(
                f"scope.{field}",
                "SCOPE_OVERLAPS",
                "该维度已用作行或列，范围中请留空",
                "this dimension is a row or a column already; leave it empty in the scope",
            )
