"""Who fills what a team lacks: asked of the team and of the person, explained, and refused where it makes no sense."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from bole.matcher.v1 import anchor_pb2, match_pb2, matching_service_pb2_grpc, proposal_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.matcher.v1 import proposal_service_pb2 as proposing
from bole.matcher.v1 import proposal_service_pb2_grpc as proposing_grpc
from bole.talent.v1 import team_pb2, team_service_pb2, team_service_pb2_grpc
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused

SECONDS = 300
KIND = "person-team"


def find(name: str, **given: Any) -> wire.FindMatchesRequest:
    asked: dict[str, Any] = {"kind": KIND, "anchor": anchor_pb2.Anchor(name=name), "limit": 50}
    return wire.FindMatchesRequest(**{**asked, **given})


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        yield matching_service_pb2_grpc.MatchingServiceStub(channel)


@pytest.fixture(scope="module")
def teams(whole: Installation) -> Iterator[Any]:
    with whole.channel("talent", OFFICER) as channel:
        yield team_service_pb2_grpc.TeamServiceStub(channel)


@pytest.fixture(scope="module")
def people(whole: Installation) -> list[str]:
    """People of one direction who allow to be matched with positions, the best first."""
    whole.wait_level()
    with whole.channel("matcher", OFFICER) as channel:
        asked = wire.FindMatchesRequest(
            kind="person-cell", anchor=anchor_pb2.Anchor(name="shortageCells/sic.all.all"), limit=10
        )
        found = matching_service_pb2_grpc.MatchingServiceStub(channel).FindMatches(asked, timeout=SECONDS)
    return [each.name for each in found.candidates]


@pytest.fixture(scope="module")
def team(whole: Installation, teams: Any, people: list[str]) -> Iterator[team_pb2.Team]:
    """A team of two that wants to be more."""
    made = teams.CreateTeam(
        team_service_pb2.CreateTeamRequest(
            team=team_pb2.Team(
                source_ref=f"TM-{uuid4()}",
                display_name="碳化硅外延团队",
                lead=people[0],
                team_members=[team_pb2.TeamMember(person=people[1], share_permille=500)],
                direction_codes=["large-model"],
                city_code="suzhou",
                needs=[team_pb2.TeamNeed(direction_code="sic", headcount=4)],
            ),
            request_id=str(uuid4()),
        )
    )
    whole.wait_level()
    yield made
    teams.DissolveTeam(team_service_pb2.DissolveTeamRequest(name=made.name, etag=made.etag), timeout=SECONDS)


def parts(candidate: match_pb2.Candidate) -> dict[str, Any]:
    return {part.name: part for part in candidate.contributions}


def test_a_team_finds_who_fills_what_it_lacks(
    stub: Any, teams: Any, team: team_pb2.Team, people: list[str]
) -> None:
    gaps = teams.GetTeamGaps(team_service_pb2.GetTeamGapsRequest(name=team.name))
    lacking = {each.direction_code: each.lacking_permille for each in gaps.directions}["sic"]
    answer = stub.FindMatches(find(team.name), timeout=SECONDS)
    names = [each.name for each in answer.candidates]
    assert names
    assert not {people[0], people[1]} & set(names)
    assert not answer.shut_gates
    filling = [each for each in answer.candidates if parts(each)["fills"].value > 0]
    assert filling
    for each in filling:
        assert f"（缺{lacking / 1000:g}人）" in parts(each)["fills"].reason.zh
        assert f" of {lacking / 1000:g} heads in " in parts(each)["fills"].reason.en
    assert {part.name for part in answer.candidates[0].contributions} == {
        "constant",
        "gap_words",
        "fills",
        "city",
        "availability",
    }
    narrowed = stub.FindMatches(find(team.name, filter="city_code = suzhou"), timeout=SECONDS)
    assert {each.city_code for each in narrowed.candidates} <= {"suzhou"}


def test_a_person_finds_the_team_and_either_may_be_named_first(
    stub: Any, team: team_pb2.Team, people: list[str]
) -> None:
    best = stub.FindMatches(find(team.name, limit=1), timeout=SECONDS).candidates[0]
    found = stub.FindMatches(find(best.name, limit=100), timeout=SECONDS).candidates
    (own,) = [each for each in found if each.name == team.name]
    assert own.log_odds == best.log_odds
    assert list(own.direction_codes) == ["large-model"]
    for pair in ((team.name, best.name), (best.name, team.name)):
        explained = stub.ExplainMatch(
            wire.ExplainMatchRequest(kind=KIND, anchor=pair[0], candidate=pair[1]), timeout=SECONDS
        )
        assert explained.candidate.log_odds == best.log_odds
        assert [gate.code for gate in explained.gates] == [
            "OPEN",
            "CONSENT",
            "NOT_A_MEMBER",
            "LACKS_SOMEBODY",
        ]
        assert all(gate.passed for gate in explained.gates)
    searched = wire.ExplainMatchRequest(search=find(team.name), candidate=people[1])
    why = stub.ExplainMatch(searched, timeout=SECONDS)
    assert [gate.code for gate in why.gates if not gate.passed] == ["NOT_A_MEMBER"]
    assert "已是该团队成员" in why.standing.zh


def test_a_team_that_lacks_nobody_says_so(
    whole: Installation, stub: Any, teams: Any, people: list[str]
) -> None:
    made = teams.CreateTeam(
        team_service_pb2.CreateTeamRequest(
            team=team_pb2.Team(
                source_ref=f"TM-{uuid4()}",
                display_name="无缺口团队",
                lead=people[2],
                direction_codes=["sic"],
                city_code="suzhou",
            ),
            request_id=str(uuid4()),
        )
    )
    whole.wait_level()
    answer = stub.FindMatches(find(made.name), timeout=SECONDS)
    assert (len(answer.candidates), answer.admitted_count) == (0, 0)
    (gate,) = answer.shut_gates
    assert (gate.code, gate.passed) == ("LACKS_SOMEBODY", False)
    assert gate.reason.zh == "团队没有登记需要的方向与人数，没有缺口"
    assert gate.reason.en == "the team has told of no need: it lacks nobody"
    together = wire.BatchFindMatchesRequest(requests=[find(made.name), find(people[3])])
    assert list(stub.BatchFindMatches(together, timeout=SECONDS).responses[0].shut_gates) == [gate]
    changed = teams.UpdateTeam(
        team_service_pb2.UpdateTeamRequest(
            team=team_pb2.Team(
                name=made.name,
                etag=made.etag,
                needs=[team_pb2.TeamNeed(direction_code="sic", headcount=3)],
            ),
            update_mask=FieldMask(paths=["needs"]),
        )
    )
    whole.wait_level()
    assert stub.FindMatches(find(made.name), timeout=SECONDS).candidates
    teams.DissolveTeam(
        team_service_pb2.DissolveTeamRequest(name=changed.name, etag=changed.etag), timeout=SECONDS
    )
    whole.wait_level()
    assert refused(stub.FindMatches, find(made.name)).code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("asked", "reason", "field"),
    [
        (
            {"anchor": anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text="碳化硅")), "anchor_side": "team"},
            "UNKNOWN_SIDE",
            "anchor_side",
        ),
        ({"anchor": anchor_pb2.Anchor(name="directions/sic")}, "WRONG_ANCHOR", "anchor"),
        ({"role": match_pb2.FIRM_ROLE_FOUNDER}, "ROLE_WITHOUT_FIRM", "role"),
        ({"filter": "needs > 3"}, "INVALID_FILTER", "filter"),
        ({"max_per_employer": 1}, "NO_EMPLOYERS", "max_per_employer"),
        ({"order_by": "contributions.directions"}, None, "order_by"),
    ],
)
def test_what_makes_no_sense_is_refused(
    stub: Any, team: team_pb2.Team, asked: dict[str, Any], reason: str | None, field: str
) -> None:
    failure = refused(stub.FindMatches, find(team.name, **asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert reason is None or failure.reason == reason
    assert field in fields(failure)


def test_a_pair_that_is_none_is_not_explained(stub: Any, team: team_pb2.Team, people: list[str]) -> None:
    def explain(one: str, other: str) -> Any:
        return refused(stub.ExplainMatch, wire.ExplainMatchRequest(kind=KIND, anchor=one, candidate=other))

    assert explain(people[0], people[1]).reason == "WRONG_PAIR"
    assert explain(team.name, "firms/x").reason == "WRONG_PAIR"
    assert explain("teams/nobody", people[4]).code == "NOT_FOUND"
    assert explain(team.name, "persons/nobody").code == "NOT_FOUND"
    watch = wire.WatchMatchesRequest(kinds=[KIND])
    assert refused(lambda given: next(stub.WatchMatches(given)), watch).reason == "KIND_NOT_WATCHED"


def test_what_a_team_lacks_is_neither_for_partners_nor_for_who_does_not_see_teams(
    whole: Installation, team: team_pb2.Team
) -> None:
    key = whole.tool("matcher", "add-partner", "缺口合作方").stdout.strip()
    with whole.channel("matcher", key=key) as channel:
        own = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(own.FindMatches, find(team.name)).code == "PERMISSION_DENIED"
        watch = wire.WatchMatchesRequest(kinds=[KIND])
        assert refused(lambda given: next(own.WatchMatches(given)), watch).reason == "KIND_NOT_WATCHED"
    with whole.channel("matcher", MANAGER) as channel:
        own = matching_service_pb2_grpc.MatchingServiceStub(channel)
        failure = refused(own.FindMatches, find(team.name))
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "ROLE_MISSING")
    with whole.channel("matcher", Grant("talent_viewer")) as channel:
        own = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert own.FindMatches(find(team.name), timeout=SECONDS).candidates


def test_a_person_is_proposed_to_a_team(
    whole: Installation, stub: Any, team: team_pb2.Team, people: list[str]
) -> None:
    best = stub.FindMatches(find(team.name, limit=1), timeout=SECONDS).candidates[0]
    with whole.channel("matcher", OFFICER) as channel:
        own = proposing_grpc.ProposalServiceStub(channel)

        def put(candidate: str) -> proposing.CreateProposalRequest:
            pair = proposal_pb2.Proposal(kind=KIND, anchor=team.name, candidate=candidate)
            return proposing.CreateProposalRequest(proposal=pair, request_id=str(uuid4()))

        made = own.CreateProposal(put(best.name), timeout=SECONDS)
        assert (made.rank, made.log_odds) == (1, best.log_odds)
        assert refused(own.CreateProposal, put(people[1])).reason == "GATE_SHUT"
        withdrawn = proposal_pb2.Proposal.STATE_WITHDRAWN
        own.AdvanceProposal(
            proposing.AdvanceProposalRequest(name=made.name, etag=made.etag, state=withdrawn), timeout=SECONDS
        )
