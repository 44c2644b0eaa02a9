"""Texts that nobody would write, filters that admit nobody, and who is not there any more."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.type import money_pb2

from bole.funding.v1 import firm_pb2
from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import position_service_pb2, position_service_pb2_grpc
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused

SECONDS = 120


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        yield matching_service_pb2_grpc.MatchingServiceStub(channel)


def by_text(text: str, **given: Any) -> wire.FindMatchesRequest:
    anchor = anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text=text))
    return wire.FindMatchesRequest(
        kind="person-position", anchor=anchor, anchor_side="position", limit=3, **given
    )


@pytest.mark.parametrize(
    "text",
    [
        "氢",
        "a",
        "的了和是在",
        "the of and",
        "مرحبا hello 碳化硅 שלום",
        "e\u0301" * 200,
        "𠮷野家",
        "1234567890",
        "碳化硅" * 6_000,
    ],
)
def test_any_text_with_a_word_in_it_is_answered(stub: Any, text: str) -> None:
    answer = stub.FindMatches(by_text(text), timeout=SECONDS)
    assert len(answer.candidates) == 3
    assert all(0 <= each.probability <= 1 for each in answer.candidates)


@pytest.mark.parametrize(
    "text", ["😀😀🎉", "\u202e\u200b\u2066", "\u202b碳化硅\u202c", "——", "   ", "氢" * 200_000]
)
def test_a_text_without_words_or_without_end_is_refused(stub: Any, text: str) -> None:
    failure = refused(stub.FindMatches, by_text(text))
    assert failure.code == "INVALID_ARGUMENT"
    assert "anchor.text.text" in fields(failure)


def test_a_filter_that_admits_nobody_finds_nobody(stub: Any) -> None:
    neither = "city_code = nanjing AND city_code = suzhou"
    answer = stub.FindMatches(by_text("氢能", filter=neither), timeout=SECONDS)
    assert (list(answer.candidates), answer.admitted_count) == ([], 0)


def test_a_filter_by_what_candidates_never_have_is_refused(stub: Any) -> None:
    failure = refused(stub.FindMatches, by_text("氢能", filter="city_code = nanjing OR stage = SEED"))
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["filter"])
    assert "只有企业有这一项" in failure.text.zh


@pytest.mark.parametrize(
    ("side", "given", "zh"),
    [
        ("position", {"stage": firm_pb2.FIRM_STAGE_SEED}, "只有企业有这一项，而文字代表岗位，请勿填写"),
        (
            "person",
            {"ask": money_pb2.Money(currency_code="CNY", units=1)},
            "只有企业有这一项，而文字代表人才",
        ),
        ("person", {"valuation": money_pb2.Money(currency_code="CNY")}, "只有企业有这一项，而文字代表人才"),
        ("firm", {"category_code": "outstanding-engineer"}, "只有人才、岗位有这一项，而文字代表企业"),
    ],
)
def test_what_is_never_known_of_the_side_of_a_text_is_refused(
    stub: Any, side: str, given: dict[str, Any], zh: str
) -> None:
    text = anchor_pb2.TextAnchor(text="海水制氢", **given)
    kind = "person-firm" if side == "firm" else "person-position"
    failure = refused(
        stub.FindMatches,
        wire.FindMatchesRequest(kind=kind, anchor=anchor_pb2.Anchor(text=text), anchor_side=side),
    )
    assert failure.code == "INVALID_ARGUMENT"
    assert fields(failure) == [f"anchor.text.{next(iter(given))}"]
    assert zh in failure.text.zh


@pytest.mark.parametrize("filter_", ["'; DROP TABLE item; --", "(a+)+$", "city_code = " + "x" * 3_000])
def test_a_filter_that_is_none_is_refused(stub: Any, filter_: str) -> None:
    assert refused(stub.FindMatches, by_text("氢能", filter=filter_)).code == "INVALID_ARGUMENT"


def test_of_what_is_not_there_it_is_said_what_may_be_the_matter(whole: Installation, stub: Any) -> None:
    with whole.channel("talent", OFFICER) as channel:
        listed = position_service_pb2_grpc.PositionServiceStub(channel).ListPositions(
            position_service_pb2.ListPositionsRequest(filter="state != OPEN", page_size=1), timeout=SECONDS
        )
    [closed] = [each.name for each in listed.positions]
    whole.wait_level()
    for name in ("positions/none", closed):
        anchor = anchor_pb2.Anchor(name=name)
        failure = refused(stub.FindMatches, wire.FindMatchesRequest(kind="person-position", anchor=anchor))
        assert failure.code == "NOT_FOUND"
        assert failure.text.zh.startswith(f"匹配中没有该对象（{name}）：名称有误、刚登记尚未同步，或已关闭")
        assert failure.metadata["resource"] == name


def test_of_two_anchors_the_last_on_the_wire_counts(whole: Installation, stub: Any) -> None:
    nobody = wire.FindMatchesRequest(anchor=anchor_pb2.Anchor(name="positions/none")).SerializeToString()
    text = by_text("氢能").SerializeToString()
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        path = "/bole.matcher.v1.MatchingService/FindMatches"
        ask = channel.unary_unary(path, bytes, wire.FindMatchesResponse.FromString)
        assert refused(ask, text + nobody).code == "NOT_FOUND"
        assert len(ask(nobody + text, timeout=SECONDS).candidates) == 3
