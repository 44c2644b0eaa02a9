"""Lists of the LibraryService: pages, filters, search and facets; good requests and bad ones."""

from typing import Any

import pytest

from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc
from tests.contract.installation import OFFICER, Installation, refused
from tests.contract.talent.people import create

Stub = library_service_pb2_grpc.LibraryServiceStub


def test_lists_page_without_gap(library: Any) -> None:
    refs = {create(library, city_code="suqian").source_ref for _ in range(5)}
    seen, token = list[str](), ""
    while True:
        page = library.ListPersons(
            wire.ListPersonsRequest(
                page_size=2, page_token=token, filter="city_code = 宿迁", order_by="update_time desc"
            )
        )
        seen.extend(each.source_ref for each in page.persons)
        token = page.next_page_token
        if not token:
            break
    assert set(seen) == refs
    assert len(seen) == page.total_size == 5


def test_bad_pages_and_filters(library: Any) -> None:
    create(library), create(library)
    page = library.ListPersons(wire.ListPersonsRequest(page_size=1))
    other = wire.ListPersonsRequest(
        page_size=1, page_token=page.next_page_token, filter="city_code = nantong"
    )
    assert refused(library.ListPersons, other).reason == "PAGE_TOKEN_MISMATCH"
    for request, reason in (
        (wire.ListPersonsRequest(page_token="bm90"), "PAGE_TOKEN_INVALID"),
        (wire.ListPersonsRequest(filter="citty_code = nantong"), "INVALID_FILTER"),
        (wire.ListPersonsRequest(filter="city_code = "), "INVALID_FILTER"),
        (wire.ListPersonsRequest(filter="state = NOWHERE"), "INVALID_FILTER"),
        (wire.ListPersonsRequest(order_by="profile"), "INVALID_ORDER_BY"),
        (wire.ListPersonsRequest(page_size=-1), None),
    ):
        failure = refused(library.ListPersons, request)
        assert failure.code == "INVALID_ARGUMENT"
        assert reason is None or failure.reason == reason


def test_search_finds_by_character_pinyin_and_text(talent: Installation, library: Any) -> None:
    made = create(library, display_name="漆雕瑾", profile="研究钙钛矿叠层器件封装。")
    for words in ("漆", "qidiaojin", "钙钛矿", "海水制氢 漆雕"):
        found = library.SearchPersons(wire.SearchPersonsRequest(query=words))
        assert made.name in {each.name for each in found.persons}, words
    with talent.channel("talent", OFFICER) as channel:
        blind = Stub(channel).SearchPersons(wire.SearchPersonsRequest(query="漆"))
    assert not blind.persons  # nobody finds by a name that they may not see


def test_facets_hide_small_counts(library: Any) -> None:
    for _ in range(5):
        create(library, city_code="taizhou")
    create(library, city_code="yancheng")
    found = library.SearchPersons(
        wire.SearchPersonsRequest(facets=["city_code"], filter="city_code = yancheng")
    )
    counts = {v.value: v.count if v.HasField("count") else None for v in found.facets[0].values}
    assert "taizhou" in counts  # a facet ignores its own restriction
    assert counts["yancheng"] is None
    hidden = [city for city, count in counts.items() if count is None]
    assert len(hidden) >= 2, "a lone hidden count follows from the number of all"
    assert all(count >= 5 for count in counts.values() if count is not None)
    failure = refused(library.SearchPersons, wire.SearchPersonsRequest(facets=["salary"]))
    assert failure.reason == "UNKNOWN_FACET"


@pytest.mark.parametrize(
    ("filter_", "field", "value"),
    [
        ("industry_code:hydrogen", "direction_code", "seawater-h2"),
        ("direction_code:seawater-h2", "industry_code", "hydrogen"),
    ],
)
def test_directions_are_counted_within_an_industry_and_the_other_way_round(
    library: Any, filter_: str, field: str, value: str
) -> None:
    create(library)
    found = library.SearchPersons(wire.SearchPersonsRequest(facets=[field], filter=filter_))
    assert value in {each.value for each in found.facets[0].values}


def test_nobody_is_not_withdrawn_and_wrong_lists_of_teams_are_refused(library: Any) -> None:
    request = wire.WithdrawPersonRequest(
        name="persons/01j00000000000000000000000", etag='"v1"', reason="本人要求"
    )
    assert refused(library.WithdrawPerson, request).code == "NOT_FOUND"
    assert refused(library.WithdrawPerson, wire.WithdrawPersonRequest()).code == "INVALID_ARGUMENT"
    assert refused(library.ListTeams, wire.ListTeamsRequest(page_size=-1)).code == "INVALID_ARGUMENT"
    assert refused(library.ListTeams, wire.ListTeamsRequest(page_token="x")).code == "INVALID_ARGUMENT"
