"""Who could fill a cell of the shortage map: the matcher's people for it, beside the map's explanation."""

from typing import Any

import grpc

from bole.matcher.v1 import match_pb2
from bole.talent.v1 import shortage_pb2 as shortage
from services.catalogue.cells import CellAddress
from services.chassis.rpc.failures import read_failure
from services.cli.answers import wording
from services.cli.answers.columns import Column, probability
from services.cli.matcher import matching
from services.cli.session import Session
from services.cli.talent import people
from services.kernel.text import Text

SHOWN = 5
_WHO_COLUMNS = (
    Column("name", Text("姓名", "name")),
    Column("city", Text("城市", "city")),
    Column("directions", Text("方向", "directions"), wraps=True),
)
_WHY_COLUMNS = (
    Column("reasons", Text("理由", "reasons"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)


def show(session: Session, scope: shortage.ShortageScope) -> None:
    """The best of them below a table, with how to see all. Nothing for a whole category."""
    node = scope.direction_code or scope.industry_code
    if not session.output.for_people or not node:
        return
    cell = CellAddress(node, scope.city_code, scope.category_code).name
    try:
        found = matching.find(session, matching.search_of("person-cell", cell, SHOWN))
    except grpc.RpcError as error:
        why = read_failure(error).text
        said = Text(f"没有列出可以填补的人才：{why.zh}", f"no people who could fill it: {why.en}")
        session.output.note(said.to(session.language))
        return
    if not found.candidates:
        said = Text("没有同意人岗匹配且合适的人", "nobody who agreed to matching could fill it")
        session.output.note(said.to(session.language))
        return
    title = Text("可以填补的人才（由匹配服务给出）", "people who could fill it, by the matcher")
    origin = wording.origin(found.origin)
    rows = [{**_row(each, session), "origin": origin} for each in found.candidates]
    chances = probability(calibrated=matching.all_calibrated(found.candidates))
    session.output.rows(title, (*_WHO_COLUMNS, chances, *_WHY_COLUMNS), rows)
    matching.note_calibration(session, found.candidates)
    people.note_withheld(session)
    more = f"bole match find {cell} --kind person-cell"
    session.output.note(
        Text(
            f"共 {found.admitted_count} 名候选人，全部名单与贡献：{more}",
            f"{found.admitted_count} candidates in all, with contributions: {more}",
        ).to(session.language)
    )


def _row(candidate: match_pb2.Candidate, session: Session) -> dict[str, Any]:
    said = matching.reasons(candidate, session.language)
    return {
        "name": candidate.person_name,
        "city": wording.city(candidate.city_code, session.language),
        "directions": [wording.direction(code, session.language) for code in candidate.direction_codes],
        "probability": candidate.probability,
        "reasons": said,
        "id": candidate.name,
    }
