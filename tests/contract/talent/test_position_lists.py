"""PositionService: lists, pages and searches with facets."""

from typing import Any
from uuid import uuid4

import pytest

from bole.talent.v1 import position_service_pb2 as wire
from tests.contract.installation import fields, refused
from tests.contract.talent.test_positions import publish


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"filter": "city_code ="}, "filter"),
        ({"order_by": "salary"}, "order_by"),
        ({"page_token": "forged"}, "page_token"),
        ({"page_size": -1}, "page_size"),
    ],
)
def test_a_wrong_list_request_is_refused(positions: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(positions.ListPositions, wire.ListPositionsRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_pages_hold_every_position_once(positions: Any) -> None:
    employer = f"演示分页{uuid4().hex[:6]}有限公司"
    made = {publish(positions, employer=employer).name for _ in range(5)}
    seen: list[str] = []
    token = ""
    while True:
        page = positions.ListPositions(
            wire.ListPositionsRequest(filter=f'employer = "{employer}"', page_size=2, page_token=token)
        )
        assert page.total_size == 5
        seen += [each.name for each in page.positions]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == 5
    assert set(seen) == made


def test_positions_are_searched_by_words_with_facets(positions: Any) -> None:
    employer = f"演示检索{uuid4().hex[:6]}有限公司"
    made = publish(positions, employer=employer, requirement="双极板流场设计")
    found = positions.SearchPositions(
        wire.SearchPositionsRequest(
            query=f"{employer} 双极板 氢能",
            filter="state = OPEN",
            facets=["city_code", "industry_code", "state"],
            order_by="headcount desc",
        )
    )
    assert [each.name for each in found.positions] == [made.name]
    assert [facet.field for facet in found.facets] == ["city_code", "industry_code", "state"]
    assert not any(value.HasField("count") for facet in found.facets for value in facet.values)
    assert not positions.SearchPositions(wire.SearchPositionsRequest(query=f"{employer} 量子")).positions


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"query": "双" * 201}, "query"),
        ({"query": "双\0极"}, "query"),
        ({"facets": ["salary"]}, "facets"),
        ({"filter": "salary = 3"}, "filter"),
        ({"order_by": "salary"}, "order_by"),
        ({"page_token": "forged"}, "page_token"),
    ],
)
def test_a_wrong_search_of_positions_is_refused(positions: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(positions.SearchPositions, wire.SearchPositionsRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)
