"""Where a candidate stands in the list of the page, which goes with a proposal."""

from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.console.pages.matches.found import shown

ANSWER = service.FindMatchesResponse(
    candidates=[match_pb2.Candidate(name=f"persons/p{number}", rank=90 - number) for number in range(5)]
)


def test_the_place_is_the_one_on_the_page_whatever_the_rank_by_score() -> None:
    assert shown(ANSWER, "persons/p0", 1, 5) == (1, 1)
    assert shown(ANSWER, "persons/p3", 3, 5) == (14, 3)


def test_who_was_looked_up_by_name_has_no_place() -> None:
    assert shown(ANSWER, "persons/p9", 1, 5) is None
    assert shown(ANSWER, "", 1, 5) is None
