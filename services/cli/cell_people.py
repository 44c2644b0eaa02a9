"""Who could fill a cell of the shortage map: the matcher's people for its directions, beside the map's explanation."""

from collections.abc import Sequence
from typing import Any

import grpc

from bole.matcher.v1 import match_pb2
from bole.talent.v1 import shortage_pb2 as shortage
from services.chassis.rpc.failures import read_failure
from services.cli import matching, people, wording
from services.cli.columns import Column, number
from services.cli.session import Session
from services.kernel.text import Text

SHOWN = 5
_COLUMNS = (
    Column("name", Text("姓名", "name")),
    Column("city", Text("城市", "city")),
    Column("directions", Text("方向", "directions"), wraps=True),
    Column("probability", Text("概率*", "prob.*"), right=True, show=number(2)),
    Column("reasons", Text("理由", "reasons"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)


def show(session: Session, scope: shortage.ShortageScope, surplus: Sequence[str]) -> None:
    """The best of the cell's own city and of the cities with a surplus, below a table. Nothing for a whole category."""
    if not session.output.for_people or not _directions(scope):
        return
    try:
        found, origin = _best(session, scope, surplus)
    except grpc.RpcError as error:
        why = read_failure(error).text
        said = Text(f"没有列出可以填补的人才：{why.zh}", f"no people who could fill it: {why.en}")
        session.output.note(said.to(session.language))
        return
    if not found:
        said = Text("没有可以填补的人才：这些城市里没有匹配的人", "nobody in these cities could fill it")
        session.output.note(said.to(session.language))
        return
    title = Text("可以填补的人才（由匹配服务给出）", "people who could fill it, by the matcher")
    session.output.rows(title, _COLUMNS, [{**_row(each, session), "origin": origin} for each in found])
    session.output.note(matching.UNCALIBRATED.to(session.language))
    people.note_withheld(session)


def _directions(scope: shortage.ShortageScope) -> list[str]:
    if scope.direction_code:
        return [scope.direction_code]
    return [each.code for each in wording.catalogue().leaves if each.industry == scope.industry_code]


def _best(
    session: Session, scope: shortage.ShortageScope, surplus: Sequence[str]
) -> tuple[list[match_pb2.Candidate], str]:
    """Those of every direction together, each person once, and whether they are sample data."""
    best: dict[str, match_pb2.Candidate] = {}
    origin = "REAL"
    for code in _directions(scope):
        answer = matching.find(
            session, "person-direction", f"directions/{code}", SHOWN, _filter(scope, surplus)
        )
        origin = wording.origin(answer.origin) if answer.candidates else origin
        for each in answer.candidates:
            if each.name not in best or each.probability > best[each.name].probability:
                best[each.name] = each
    return sorted(best.values(), key=lambda each: (-each.probability, each.name))[:SHOWN], origin


def _filter(scope: shortage.ShortageScope, surplus: Sequence[str]) -> str:
    cities = [scope.city_code, *surplus] if scope.city_code else []
    parts = []
    if cities:
        parts.append("(" + " OR ".join(f"city_code = {code}" for code in dict.fromkeys(cities)) + ")")
    if scope.category_code:
        parts.append(f"category_code = {scope.category_code}")
    return " AND ".join(parts)


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
