"""ExplainMatch: one pair in full, and what would change it."""

from typing import Any

import pytest

from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from tests.contract.installation import OFFICER, Installation, refused
from tests.contract.matcher.asking import CELL, SECONDS, find


def test_an_explanation_repeats_the_score_of_the_list(stub: Any, position: str) -> None:
    listed = stub.FindMatches(find(anchor=anchor_pb2.Anchor(name=position)), timeout=SECONDS).candidates[0]
    explained = stub.ExplainMatch(
        wire.ExplainMatchRequest(kind="person-position", anchor=position, candidate=listed.name),
        timeout=SECONDS,
    )
    assert explained.candidate.log_odds == pytest.approx(listed.log_odds, abs=1e-6)
    assert explained.candidate.rank == listed.rank == 1
    assert explained.name == listed.name
    assert all(gate.passed for gate in explained.gates)
    differences = [abs(each.difference) for each in explained.changes]
    assert differences
    assert differences == sorted(differences, reverse=True)


def test_from_the_other_side_it_is_said_whose_list_a_place_is_in(stub: Any, position: str) -> None:
    listed = stub.FindMatches(find(anchor=anchor_pb2.Anchor(name=position)), timeout=SECONDS).candidates[0]
    asked = [
        wire.ExplainMatchRequest(kind="person-position", anchor=one, candidate=other)
        for one, other in ((position, listed.name), (listed.name, position))
    ]
    own, turned = (stub.ExplainMatch(each, timeout=SECONDS) for each in asked)
    assert own.candidate == turned.candidate
    assert (own.standing.zh, own.standing.en) == ("已在名单第1位", "is on the list, in place 1")
    assert turned.standing.zh == "在岗位的名单中：已在名单第1位"
    assert turned.standing.en == "by the lists of positions: is on the list, in place 1"


@pytest.mark.parametrize("kind", ["person-direction", "firm-direction", "team-direction"])
def test_what_would_change_a_place_in_a_direction_is_told(stub: Any, kind: str) -> None:
    found = stub.FindMatches(
        find(kind=kind, anchor=anchor_pb2.Anchor(name="directions/sic"), limit=1000), timeout=SECONDS
    )
    last = found.candidates[-1]
    pair = wire.ExplainMatchRequest(kind=kind, anchor="directions/sic", candidate=last.name)
    changes = stub.ExplainMatch(pair, timeout=SECONDS).changes
    assert {each.code for each in changes} <= {"DIRECTION", "TERM_ADDED", "TERM_REMOVED"}
    assert any(each.difference > 0 and each.rank < last.rank for each in changes)


def test_a_person_s_cells_are_named_and_explained(whole: Installation, stub: Any) -> None:
    answer = stub.FindMatches(find(kind="person-cell", anchor=CELL, limit=1), timeout=SECONDS)
    person = answer.candidates[0].name
    cells = stub.FindMatches(find(kind="person-cell", anchor=anchor_pb2.Anchor(name=person)), timeout=SECONDS)
    best = cells.candidates[0]
    assert best.name.startswith("shortageCells/")
    assert best.title.zh.count(" · ") == 2
    pair = wire.ExplainMatchRequest(kind="person-cell", anchor=best.name, candidate=person)
    with whole.channel("matcher", OFFICER, purpose="talent-service") as channel:
        explained = matching_service_pb2_grpc.MatchingServiceStub(channel).ExplainMatch(pair, timeout=SECONDS)
    assert explained.candidate.log_odds == best.log_odds
    assert len(explained.matched_terms) + len(explained.missing_terms) > 0
    for terms in (explained.matched_terms, explained.missing_terms):
        values = [term.value for term in terms]
        assert values == sorted(values, reverse=True)
    worth = {term.text: term.value for term in explained.matched_terms}
    removed = [each for each in explained.changes if each.code == "TERM_REMOVED"]
    assert all(worth[each.term] == -each.difference for each in removed)
    unknown = anchor_pb2.Anchor(name=f"{best.name}.x")
    assert refused(stub.FindMatches, find(kind="person-cell", anchor=unknown)).code == "NOT_FOUND"


def test_a_pair_that_is_none_is_not_explained(stub: Any, position: str) -> None:
    def explain(**given: Any) -> Any:
        return refused(stub.ExplainMatch, wire.ExplainMatchRequest(**given))

    assert explain().code == "INVALID_ARGUMENT"
    pair = {"kind": "person-position", "anchor": position}
    assert explain(**pair, candidate="firms/x").reason == "WRONG_PAIR"
    assert explain(**pair, candidate=position).reason == "SAME_ENTITY"
    assert explain(**pair, candidate="persons/nobody").code == "NOT_FOUND"
    assert explain(kind="person-planet", anchor=position, candidate="persons/x").reason == "UNKNOWN_PAIR_KIND"
