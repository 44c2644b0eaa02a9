"""What each user came for: the shortage map, one fund's deal flow, the best matches."""

from typing import Any

import grpc

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
    position_pb2,
    position_service_pb2,
    position_service_pb2_grpc,
)
from services.cli.answers.amounts import amount
from services.cli.demo import judging
from services.cli.demo.facts import Facts
from services.cli.funding import screening
from services.cli.matcher import matching
from services.cli.session import Session
from services.cli.talent import heat, shortage
from services.cli.talent.tightest import fetch_tightest
from services.kernel.text import Text

_TIGHTEST = 5
_DEALS = 6
_CANDIDATES = 5
_LOOKED_AT = 30


def show_shortage(facts: Facts, officer: Session, *, sample: bool) -> Text:
    """The heat grid of industry × city, and the tightest cells with their reasons."""
    grid = shortage.fetch_grid(officer, "industry", "city")
    tightest = fetch_tightest(officer, "industry", "city", _TIGHTEST)
    heat.show_grid(officer.output, grid, "industry", "city")
    shortage.show_cells(officer, tightest, grid.origin, Text("最紧缺的单元格", "the tightest cells"))
    facts.shortage = {
        "as_of": f"{grid.as_of_date.year:04d}-{grid.as_of_date.month:02d}-{grid.as_of_date.day:02d}",
        "method": grid.method_version,
        "grid": [shortage.facts(cell, whole=False) for cell in grid.cells],
        "tightest": [shortage.facts(cell, whole=True) for cell in tightest],
    }
    judging.shortage(facts.shortage, sample=sample)
    known = sum(cell["index"] is not None for cell in facts.shortage["grid"])
    return Text(
        f"{len(grid.cells)} 个单元格，其中 {known} 个有指数",
        f"{len(grid.cells)} cells, {known} with an index",
    )


def show_screening(facts: Facts, manager: Session) -> Text:
    """The fund with the most deals, screened by its mandate."""
    fund = screening.busiest(manager, screening.list_funds(manager))
    if fund is None:
        return Text("数据中没有基金项目，跳过", "the data hold no fund with a deal: skipped")
    answer = screening.screen(manager, fund.name, limit=_DEALS)
    eligible = sum(deal.eligible for deal in answer.deals)
    screening.show(
        manager,
        list(answer.deals),
        Text(
            f"{fund.display_name}：{answer.total_size} 个项目按投资规则筛选（前 {len(answer.deals)} 个，"
            f"其中 {eligible} 个全部通过），合计拟投 {amount(answer.total_ticket, 'zh')}",
            f"{fund.display_name}: {answer.total_size} deals by its mandate (first {len(answer.deals)}, "
            f"{eligible} of them pass everything), {amount(answer.total_ticket, 'en')} asked",
        ),
    )
    facts.screening = {
        "fund": fund.name,
        "fund_name": fund.display_name,
        "total": answer.total_size,
        "deals": [screening.facts(deal) for deal in answer.deals],
    }
    judging.screening(facts.screening)
    return Text(f"{answer.total_size} 个项目", f"{answer.total_size} deals")


def show_matches(facts: Facts, officer: Session, manager: Session, *, sample: bool) -> Text:
    """The best people for a position and for a firm, the best positions for a person, the firm's funds."""
    position, firm, person = open_position(officer), _firm(manager), _person(officer)
    wanted: list[tuple[Session, str, str, Text]] = []
    if position is not None:
        title = Text(f"岗位“{position.title}”的最佳人选", f"people for the position {position.title}")
        wanted.append((officer, "person-position", position.name, title))
    if firm is not None:
        name, called = firm
        people = Text(f"企业“{called}”的最佳人选", f"people for {called}")
        funds = Text(f"企业“{called}”的适配基金", f"funds for {called}")
        directions = Text(f"企业“{called}”的产业方向", f"directions of {called}")
        wanted += [
            (officer, "person-firm", name, people),
            (manager, "firm-fund", name, funds),
            (manager, "firm-direction", name, directions),
        ]
    if person is not None:
        name, called = person
        positions = Text(f"人才“{called}”的最佳岗位", f"positions for {called}")
        directions = Text(f"人才“{called}”的产业方向", f"directions of {called}")
        wanted += [
            (officer, "person-position", name, positions),
            (officer, "person-direction", name, directions),
        ]
    for session, kind, anchor, title in wanted:
        answer = matching.find(session, matching.search_of(kind, anchor, _CANDIDATES))
        matching.show(session, answer, title)
        facts.matches.append(matching.facts(kind, anchor, list(answer.candidates)))
    officer.output.note(matching.UNCALIBRATED.to(officer.language))
    judging.matches(facts.matches, sample=sample)
    return Text(
        f"{len(facts.matches)} 份名单，各项贡献之和均等于得分",
        f"{len(facts.matches)} lists; all contributions add up",
    )


def open_position(officer: Session) -> position_pb2.Position | None:
    """The open position with the largest headcount."""
    stub = position_service_pb2_grpc.PositionServiceStub(officer.channel("talent"))
    request = position_service_pb2.ListPositionsRequest(
        page_size=1, filter="state = STATE_OPEN", order_by="headcount desc"
    )
    return next(iter(stub.ListPositions(request, timeout=30).positions), None)


def _firm(manager: Session) -> tuple[str, str] | None:
    """Name and display name of an active firm, at seed stage if there is one."""
    stub = firm_service_pb2_grpc.FirmServiceStub(manager.channel("funding"))
    for restriction in ("state = STATE_ACTIVE AND stage = FIRM_STAGE_SEED", "state = STATE_ACTIVE"):
        request = firm_service_pb2.ListFirmsRequest(page_size=1, filter=restriction)
        for firm in stub.ListFirms(request, timeout=30).firms:
            return firm.name, firm.display_name
    return None


def _person(officer: Session) -> tuple[str, str] | None:
    """Name and masked name of the active person with the best position, or else the best direction.

    Purposes of consent are no filter, so the first people are asked for their matches.
    """
    stub = library_service_pb2_grpc.LibraryServiceStub(officer.channel("talent"))
    for restriction in ("state = STATE_ACTIVE AND availability = AVAILABILITY_NOW", "state = STATE_ACTIVE"):
        request = library_service_pb2.ListPersonsRequest(page_size=_LOOKED_AT, filter=restriction)
        people = list(stub.ListPersons(request, timeout=30).persons)
        for kind in ("person-position", "person-direction"):
            matched = [
                (match, each) for each in people if (match := _best(officer, kind, each.name)) is not None
            ]
            if matched:
                _, person = max(matched, key=lambda pair: pair[0])
                return person.name, person.display_name
    return None


def _best(officer: Session, kind: str, person: str) -> float | None:
    """Log-odds of the person's best match; None if there is none, or the person allows no match."""
    try:
        found = matching.find(officer, matching.search_of(kind, person, 1)).candidates
    except grpc.RpcError as error:
        call: Any = error
        if call.code() in {grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION}:
            return None
        raise
    return found[0].log_odds if found else None
