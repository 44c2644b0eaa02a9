"""ShortageAnalysisService, what it answers from the map alone: trend, comparison, forecast, what-if, other weights."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bole.talent.v1 import shortage_analysis_pb2 as messages
from bole.talent.v1 import shortage_analysis_service_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, text_to_wire
from services.chassis.storage.paging import page_size
from services.kernel.errors import InvalidArgument
from services.kernel.repetition import repetition
from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.period import Quarter
from services.talent.domain.shortage.indices.robustness import Robustness, robustness
from services.talent.domain.shortage.outlook.forecast import months_ahead
from services.talent.domain.shortage.outlook.whatif import Measures, simulate
from services.talent.domain.shortage.reasons import comparison
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.rpc.shortage.analysis_wire import change_to_wire, crossing_to_wire, months_to_wire
from services.talent.rpc.shortage.reading import MapReader
from services.talent.rpc.shortage.shortage_wire import CITY, CellWire, narrow
from services.talent.service.shortage.analysis import Analysis

_QUARTERS = 8
_MONTHS = 24
_LEAST_CITIES, _MOST_CITIES = 2, 4


@dataclass(frozen=True)
class Questions:
    """Handlers that only read."""

    reader: MapReader
    cells: CellWire
    analysis: Analysis

    def GetShortageTrend(
        self, request: wire.GetShortageTrendRequest, context: Any
    ) -> wire.GetShortageTrendResponse:
        """A cell by quarter."""
        address = self.cells.address(request.scope)
        as_of, wanted = self.reader.day(request), request.quarters or _QUARTERS
        last_year = Quarter.of(as_of).later(-4).end
        with self.reader.house.database.read() as session:
            now = self.reader.within(session, as_of)
            past = self.analysis.quarters_before(session, as_of, max(wanted, 4), self.reader.kept)
        tables = {day: table.for_edition(now.table.edition) for day, table in past}
        then = tables.get(last_year)
        change = comparison.change(
            comparison.known(now.table, address),
            comparison.known(then, address) if then else None,
            now.table.method.trend_sure,
        )
        points = [*list(tables.items())[-wanted:], (now.as_of, now.table)]
        return wire.GetShortageTrendResponse(
            points=[
                messages.ShortageTrendPoint(
                    date=date_to_wire(day),
                    cell=self.cells.cell(table.cell(address)),
                    recast=address.node in table.cube.recast,
                )
                for day, table in points
            ],
            change=change_to_wire(change, last_year) if change else None,
            method_note=text_to_wire(now.table.note),
            method_version=now.table.method.version,
            origin=now.origin,
        )

    def CompareShortageCities(
        self, request: wire.CompareShortageCitiesRequest, context: Any
    ) -> wire.CompareShortageCitiesResponse:
        """Cities side by side."""
        within = self.cells.address(request.scope)
        cities = self._cities(request, within)
        found = self.reader.read(request)
        table, everywhere = found.table, self.cells.codes(CITY)
        known = {city: comparison.known(table, narrow(within, CITY, city)) for city in everywhere}
        ranks = comparison.rank_intervals([known[city] for city in everywhere], table.method.rank_sure)
        rank_of = dict(zip(everywhere, ranks, strict=True))
        pairs = [
            messages.ShortagePair(
                city_code=one, other_city_code=other, probability=comparison.tighter(here, there)
            )
            for one, other in combinations(cities, 2)
            if (here := known[one]) is not None and (there := known[other]) is not None
        ]
        return wire.CompareShortageCitiesResponse(
            cities=[self._standing(table, narrow(within, CITY, city), rank_of[city]) for city in cities],
            pairs=pairs,
            ranked_count=sum(each is not None for each in known.values()),
            as_of_date=date_to_wire(found.as_of),
            method_note=text_to_wire(table.note),
            method_version=table.method.version,
            origin=found.origin,
            recounted=found.recounted,
        )

    def ForecastShortage(
        self, request: wire.ForecastShortageRequest, context: Any
    ) -> wire.ForecastShortageResponse:
        """The demand of one cell month by month."""
        address = self.cells.address(request.scope)
        found = self.reader.read(request)
        table, at = found.table, found.table.at(address)
        response = wire.ForecastShortageResponse(
            cell=self.cells.cell(table.cell(address)),
            quarters_known=table.forecaster.quarters,
            method_note=text_to_wire(table.note),
            method_version=table.method.version,
            origin=found.origin,
        )
        refusal = _no_forecast(table, at)
        if refusal is not None:
            response.note.CopyFrom(text_to_wire(refusal))
            return response
        path = table.forecaster.path(at, months_ahead(request.months or _MONTHS))
        response.discount = table.forecaster.habit(at).discount
        response.months.extend(months_to_wire(path, request.threshold))
        response.crossing.CopyFrom(
            crossing_to_wire(table.forecaster.closing(at, path, float(request.threshold)))
        )
        return response

    def SimulateShortage(
        self, request: wire.SimulateShortageRequest, context: Any
    ) -> wire.SimulateShortageResponse:
        """One cell as it would be."""
        address = self.cells.address(request.scope)
        measures = Measures(
            request.recruits, request.training_places, request.funded_firms, request.exits_avoided
        )
        found = self.reader.read(request)
        table = found.table
        outcome = simulate(table, address, measures)
        response = wire.SimulateShortageResponse(
            method_note=text_to_wire(table.note),
            method_version=table.method.version,
            origin=found.origin,
        )
        if outcome is None:
            response.before.CopyFrom(self.cells.cell(table.cell(address)))
            return response
        response.before.CopyFrom(self.cells.with_contributions(outcome.before))
        response.after.CopyFrom(self.cells.with_contributions(outcome.after))
        response.assumed = outcome.assumed
        if outcome.uncovered_before is not None:
            response.uncovered_before = outcome.uncovered_before
        if outcome.uncovered_after is not None:
            response.uncovered_after = outcome.uncovered_after
        return response

    def ReweighShortage(
        self, request: wire.ReweighShortageRequest, context: Any
    ) -> wire.ReweighShortageResponse:
        """Cells under other weights."""
        addresses = list(self.cells.grid(request.rows, request.columns, request.scope))
        limit = page_size(request.page_size, 20, 500)
        found = self.reader.read(request)
        table = found.table
        weighed = table.reweighed(tuple((each.component, each.weight) for each in request.weights))
        shown = [each for each in addresses if table.cell(each).index is not None]
        same = sum(table.cell(each).stars == weighed.cell(each).stars for each in shown)
        ranked = weighed.tightest(iter(addresses), limit)
        return wire.ReweighShortageResponse(
            cells=[self._reweighed(table, weighed, cell.address) for cell in ranked],
            shown_count=len(shown),
            same_star_share=same / len(shown) if shown else 1.0,
            as_of_date=date_to_wire(found.as_of),
            method_note=text_to_wire(weighed.note),
            method_version=weighed.method.version,
            origin=found.origin,
            recounted=found.recounted,
            method_weights=[
                messages.ShortageWeight(component=name, weight=weight)
                for name, weight in table.method.weights
            ],
        )

    def _cities(self, request: wire.CompareShortageCitiesRequest, within: Address) -> list[str]:
        if within.city != ALL:
            raise InvalidArgument.field(
                "scope.city_code",
                "SCOPE_OVERLAPS",
                "城市请在 city_codes 中给出，范围中请留空",
                "give the cities in city_codes and leave the scope's empty",
            )
        resolve = self.cells.catalogue.resolve_city
        codes = [resolve(code, field=f"city_codes[{at}]") for at, code in enumerate(request.city_codes)]
        twice = repetition("city_codes", codes)
        if twice or not _LEAST_CITIES <= len(codes) <= _MOST_CITIES:
            raise InvalidArgument.field(
                "city_codes",
                "CITIES_NOT_COMPARABLE",
                f"请给出 {_LEAST_CITIES} 至 {_MOST_CITIES} 个不同的城市" + (f"：{twice.zh}" if twice else ""),
                f"give {_LEAST_CITIES} to {_MOST_CITIES} different cities"
                + (f": {twice.en}" if twice else ""),
            )
        return codes

    def _standing(
        self, table: ShortageTable, address: Address, rank: tuple[int, int] | None
    ) -> messages.ShortageCityStanding:
        level = comparison.standardised(table, address)
        demand, supply = comparison.location_quotients(table, address)
        first, last = rank or (0, 0)
        return messages.ShortageCityStanding(
            cell=self.cells.cell(table.cell(address)),
            first_rank=first,
            last_rank=last,
            standardised_index=level.index if level else None,
            standardised_low=level.low if level else None,
            standardised_high=level.high if level else None,
            standardised_share=level.covered if level else None,
            demand_quotient=demand,
            supply_quotient=supply,
        )

    def _reweighed(
        self, table: ShortageTable, weighed: ShortageTable, address: Address
    ) -> messages.ReweighedShortageCell:
        usual = table.cell(address)
        found = _robustness(weighed, address)
        return messages.ReweighedShortageCell(
            cell=self.cells.cell(weighed.cell(address)),
            method_index=usual.index,
            method_stars=usual.stars,
            same_star_share=found.same_star if found else None,
            robust_low=found.low if found else None,
            robust_high=found.high if found else None,
        )


def _robustness(table: ShortageTable, address: Address) -> Robustness | None:
    at, method = table.at(address), table.method
    return robustness(
        {name: float(part[at]) for name, part in table.indices.raw.items()},
        dict(method.weights),
        method.star_floors,
        count=method.robust_sets,
        strength=method.robust_strength,
    )


def _no_forecast(table: ShortageTable, at: tuple[int, int, int]) -> Text | None:
    """Why a cell has no forecast; None if it has one."""
    if table.is_hidden(at):
        return Text("人数过少，不作预测", "too few people: no forecast")
    if not table.forecaster.knows(at):
        least, has = table.method.forecast_least, table.forecaster.quarters
        return Text(
            f"历史不足：需要 {least} 个已结束季度，现有 {has} 个",
            f"too little history: {least} closed quarters are needed, there are {has}",
        )
    return None
