"""What each user came for: the shortage map, one fund's deal flow, the best matches."""

from typing import Any

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc, fund_pb2
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
    position_pb2,
    position_service_pb2,
    position_service_pb2_grpc,
    shortage_service_pb2,
)
from services.cli import matching, screening, shortage
from services.cli.demo.facts import Facts
from services.cli.session import Session
from services.cli.wording import catalogue
from services.kernel.text import Text

_TOLERANCE = 1e-6
_TIGHTEST = 5
_DEALS = 8
_CANDIDATES = 5


class DoesNotAddUp(Exception):
    """A score that its contributions do not explain."""


def show_shortage(facts: Facts, officer: Session) -> str:
    """The heat grid of industry × city, and the tightest cells with their reasons."""
    grid = shortage.fetch_grid(officer, "industry", "city")
    _check_shape(grid)
    tightest = shortage.fetch_tightest(officer, "industry", "city", _TIGHTEST)
    shortage.show_grid(officer.output.console, grid, "industry", "city", officer.language)
    shortage.show_tightest(officer, tightest)
    facts.shortage = {
        "as_of": f"{grid.as_of_date.year:04d}-{grid.as_of_date.month:02d}-{grid.as_of_date.day:02d}",
        "method": grid.method_version,
        "grid": [shortage.facts(cell, whole=False) for cell in grid.cells],
        "tightest": [shortage.facts(cell, whole=True) for cell in tightest],
    }
    for cell in facts.shortage["tightest"]:
        check_sum(cell)
    return f"{len(grid.cells)} cells"


def _check_shape(grid: shortage_service_pb2.GetShortageGridResponse) -> None:
    """Raise DoesNotAddUp unless there is one cell for every industry in every city of the catalogue."""
    known = catalogue()
    wanted = (len(known.industries), len(known.cities))
    shape = (len(grid.row_codes), len(grid.column_codes))
    if shape != wanted or len(grid.cells) != wanted[0] * wanted[1]:
        raise DoesNotAddUp(f"a grid of {shape} with {len(grid.cells)} cells, not of {wanted}")


def show_screening(facts: Facts, manager: Session) -> str:
    """The fund with the most deals, screened by its mandate."""
    fund = _busiest_fund(manager)
    if fund is None:
        return "no fund has a deal"
    answer = screening.screen(manager, fund.name, limit=_DEALS)
    eligible = sum(deal.eligible for deal in answer.deals)
    screening.show(
        manager,
        list(answer.deals),
        Text(
            f"{fund.display_name}：{answer.total_size} 个项目按投资规则筛选（前 {len(answer.deals)} 个，"
            f"其中 {eligible} 个全部通过），合计拟投 {screening.amount(answer.total_ticket, 'zh')}",
            f"{fund.display_name}: {answer.total_size} deals by its mandate (first {len(answer.deals)}, "
            f"{eligible} of them pass everything), {screening.amount(answer.total_ticket, 'en')} asked",
        ),
    )
    facts.screening = {
        "fund": fund.name,
        "fund_name": fund.display_name,
        "total": answer.total_size,
        "deals": [screening.facts(deal) for deal in answer.deals],
    }
    return f"{answer.total_size} deals"


def show_matches(facts: Facts, officer: Session, manager: Session) -> str:
    """The best people for a position and for a firm, the best positions for a person, the firm's funds."""
    position, firm, person = open_position(officer), _firm(manager), _person(officer)
    if position is not None:
        title = Text(
            f"岗位“{position.title}”的最佳人选", f"the best people for the position {position.title}"
        )
        _list(facts, officer, "person-position", position.name, title)
    if firm is not None:
        name, display = firm
        _list(
            facts, officer, "person-firm", name, Text(f"企业“{display}”的最佳人选", f"people for {display}")
        )
        _list(facts, manager, "firm-fund", name, Text(f"企业“{display}”的适配基金", f"funds for {display}"))
        _list(
            facts,
            manager,
            "firm-direction",
            name,
            Text(f"企业“{display}”的产业方向", f"directions of {display}"),
        )
    if person is not None:
        _list(
            facts,
            officer,
            "person-position",
            person,
            Text("一位人才的最佳岗位", "the best positions of a person"),
        )
        _list(
            facts,
            officer,
            "person-direction",
            person,
            Text("这位人才的产业方向", "directions of that person"),
        )
    officer.output.console.print(matching.UNCALIBRATED.to(officer.language), style="dim")
    return f"{len(facts.matches)} lists"


def _list(facts: Facts, session: Session, kind: str, anchor: str, title: Text) -> None:
    answer = matching.find(session, kind, anchor, _CANDIDATES)
    matching.show(session, list(answer.candidates), title)
    found = matching.facts(kind, anchor, list(answer.candidates))
    for candidate in found["candidates"]:
        check_sum(candidate)
    facts.matches.append(found)


def check_sum(scored: dict[str, Any]) -> None:
    """Raise DoesNotAddUp unless the contributions add up to the log-odds."""
    total = sum(part["value"] for part in scored["contributions"])
    if abs(total - scored["log_odds"]) > _TOLERANCE:
        raise DoesNotAddUp(f"contributions add up to {total}, not to {scored['log_odds']}")


def _busiest_fund(manager: Session) -> fund_pb2.Fund | None:
    sizes = [
        (screening.screen(manager, fund.name, limit=1).total_size, fund)
        for fund in screening.list_funds(manager)
    ]
    size, fund = max(sizes, key=lambda pair: pair[0], default=(0, None))
    return fund if size else None


def open_position(officer: Session) -> position_pb2.Position | None:
    """The open position with the largest headcount."""
    stub = position_service_pb2_grpc.PositionServiceStub(officer.channel("talent"))
    request = position_service_pb2.ListPositionsRequest(
        page_size=1, filter="state = STATE_OPEN", order_by="headcount desc"
    )
    return next(iter(stub.ListPositions(request).positions), None)


def _firm(manager: Session) -> tuple[str, str] | None:
    stub = firm_service_pb2_grpc.FirmServiceStub(manager.channel("funding"))
    request = firm_service_pb2.ListFirmsRequest(
        page_size=1, filter="state = STATE_ACTIVE AND stage = FIRM_STAGE_SEED"
    )
    firms = (
        stub.ListFirms(request).firms or stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).firms
    )
    return next(((firm.name, firm.display_name) for firm in firms), None)


def _person(officer: Session) -> str | None:
    stub = library_service_pb2_grpc.LibraryServiceStub(officer.channel("talent"))
    request = library_service_pb2.ListPersonsRequest(
        page_size=1, filter="state = STATE_ACTIVE AND availability = AVAILABILITY_NOW"
    )
    return next((person.name for person in stub.ListPersons(request).persons), None)
