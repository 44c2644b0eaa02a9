"""DuplicateService over the wire: warned, suggested, judged, merged, parted; and nobody learns what they may not."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bole.talent.v1 import (
    duplicate_pb2,
    library_service_pb2,
)
from bole.talent.v1 import duplicate_service_pb2 as wire
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.doubles import (
    NANTONG,
    NEGATIVE,
    UNSURE,
    VERIFIER,
    Library,
    Stub,
    create,
    crowd,
    every_suggestion,
    identity_number,
    merging,
    person,
    suggestion,
    twins,
)


@pytest.fixture
def talent(doubles_library: Installation) -> Installation:
    """A library of its own: what others have put into theirs would be found here as duplicates."""
    return doubles_library


@pytest.fixture
def channel(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", VERIFIER, purpose="verification") as opened:
        yield opened


@pytest.fixture
def duplicates(channel: Any) -> Any:
    return Stub(channel)


def test_a_judgement_is_respected_and_can_be_taken_back(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    suggestion(duplicates, left, right)
    request = wire.JudgeDuplicateRequest(left=left.name, right=right.name, verdict=UNSURE, reason="看不出")
    duplicates.JudgeDuplicate(request)
    assert suggestion(duplicates, left, right).unsure
    request.verdict = NEGATIVE
    judged = duplicates.JudgeDuplicate(request)
    suggestions, _ = every_suggestion(duplicates)
    assert suggestion(duplicates, left, right).name not in {each.name for each in suggestions}
    failure = refused(duplicates.MergePersons, merging(left, right))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "JUDGED_APART")
    taken = duplicates.WithdrawDuplicateJudgement(wire.WithdrawDuplicateJudgementRequest(name=judged.name))
    assert taken.HasField("delete_time")
    duplicates.MergePersons(merging(left, right))


@pytest.mark.parametrize(
    ("verdict", "reason", "code"),
    [
        (0, "INVALID_ARGUMENT", "REQUIRED"),
        (duplicate_pb2.DUPLICATE_VERDICT_POSITIVE, "INVALID_ARGUMENT", "USE_MERGE"),
        (9, "INVALID_ARGUMENT", ""),
    ],
)
def test_bad_verdicts_are_refused(
    channel: Any, duplicates: Any, verdict: int, reason: str, code: str
) -> None:
    left, right = twins(channel)
    request = wire.JudgeDuplicateRequest(left=left.name, right=right.name, verdict=verdict, reason="理由")  # type: ignore[arg-type]
    failure = refused(duplicates.JudgeDuplicate, request)
    assert failure.code == reason
    assert fields(failure) == ["verdict"]
    assert code in failure.reason


@pytest.mark.parametrize(
    ("name", "other", "outcome"),
    [
        ("Anna Petrova", "Аnnа Реtrоvа", "spelling"),
        ("Ｗｅｉ Ｌｉ", "Wei Li", "spelling"),
        ("欧阳翀灏", "歐陽翀灝", "characters"),
    ],
)
def test_a_name_that_only_looks_the_same_is_shown_for_review(
    channel: Any, name: str, other: str, outcome: str
) -> None:
    phone, year = f"1397{uuid4().int % 10**7:07d}", 1950 + uuid4().int % 50
    known = create(channel, phone=phone, birth_year=year, display_name=name)
    request = wire.CheckDuplicatesRequest(display_name=other, phone=phone, birth_year=year)
    found = {each.person.name: each for each in Stub(channel).CheckDuplicates(request).candidates}
    [said] = [each for each in found[known.name].evidence if each.feature == "name"]
    assert said.outcome == outcome


def test_who_enters_a_person_is_warned_as_far_as_they_may_see(talent: Installation, channel: Any) -> None:
    phone = f"1398{uuid4().int % 10**7:07d}"
    # A name that no other test gives: of many who are called alike, the most likely ones are told.
    known = create(
        channel, phone=phone, display_name="贺兰翎翙"
    )  # a moment ago: the next entry is warned at once
    request = wire.CheckDuplicatesRequest(display_name="賀蘭翎翙", phone=phone)
    answer = Stub(channel).CheckDuplicates(request)
    found = {each.person.name: each for each in answer.candidates}
    assert "phone" in {each.feature for each in found[known.name].evidence}
    assert answer.method_note.zh
    request.person = known.name
    assert known.name not in {each.person.name for each in Stub(channel).CheckDuplicates(request).candidates}
    request.person = ""

    with talent.channel("talent", OFFICER, purpose="talent-service") as personal:
        found = {each.person.name: each for each in Stub(personal).CheckDuplicates(request).candidates}
        assert "phone" not in {each.feature for each in found[known.name].evidence}
        other = wire.CheckDuplicatesRequest(display_name="李四光明", phone=phone)
        assert known.name not in {
            each.person.name for each in Stub(personal).CheckDuplicates(other).candidates
        }
    with talent.channel("talent", OFFICER) as plain:
        failure = refused(Stub(plain).CheckDuplicates, request)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "PURPOSE_NEEDED")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"identity_number": "110101199003070000"}, "identity_number"),
        ({"person": "teams/1"}, "person"),
    ],
)
def test_bad_checks_are_refused(duplicates: Any, given: dict[str, str], field: str) -> None:
    request = wire.CheckDuplicatesRequest(**{"display_name": "诸葛翎翙", **given})  # type: ignore[arg-type]
    failure = refused(duplicates.CheckDuplicates, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert fields(failure) == [field]
    assert "110101" not in str(failure)


def test_nobody_is_told_of_records_in_cities_they_do_not_keep(talent: Installation, channel: Any) -> None:
    phone = f"1397{uuid4().int % 10**7:07d}"
    here = create(channel, phone=phone, employer="演示研究所")
    there = create(channel, phone=phone, employer="演示研究所", city_code="suzhou")
    found = suggestion(Stub(channel), here, there)
    assert found.city_code == ""
    judged = Stub(channel).JudgeDuplicate(
        wire.JudgeDuplicateRequest(left=here.name, right=there.name, verdict=UNSURE, reason="两地")
    )
    with talent.channel("talent", NANTONG, purpose="verification") as local:
        mine = Stub(local)
        suggestions, total = every_suggestion(mine)
        assert there.name not in {p.name for each in suggestions for p in (each.left, each.right)}
        assert total == len(suggestions)
        get_ = wire.GetDuplicateSuggestionRequest(name=found.name)
        assert refused(mine.GetDuplicateSuggestion, get_).code == "NOT_FOUND"
        taken = wire.WithdrawDuplicateJudgementRequest(name=judged.name)
        assert refused(mine.WithdrawDuplicateJudgement, taken).code == "NOT_FOUND"
        entered = wire.CheckDuplicatesRequest(display_name="诸葛翎翙", phone=phone, employers=["演示研究所"])
        assert there.name not in {each.person.name for each in mine.CheckDuplicates(entered).candidates}
        assert refused(mine.MergePersons, merging(here, there)).code == "PERMISSION_DENIED"
        judgements = mine.ListDuplicateJudgements(wire.ListDuplicateJudgementsRequest(page_size=200))
        assert judged.name not in {each.name for each in judgements.judgements}


def test_an_identity_number_that_is_taken_is_told_to_those_who_keep_the_record_only(
    talent: Installation, channel: Any
) -> None:
    number = identity_number(uuid4().int)
    there = create(channel, city_code="suzhou", identity_number=number)
    request = library_service_pb2.CreatePersonRequest(person=person(identity_number=number))
    failure = refused(Library(channel).CreatePerson, request)
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "IDENTITY_NUMBER_TAKEN")
    assert failure.metadata["resource"] == there.name
    with talent.channel("talent", NANTONG, purpose="verification") as local:
        here = Library(local).CreatePerson(request)
    assert {each.feature for each in suggestion(Stub(channel), here, there).evidence} >= {"id_number"}


def test_evidence_and_names_are_withheld_without_a_purpose(talent: Installation, channel: Any) -> None:
    left, right = twins(channel)
    suggestion(Stub(channel), left, right)
    with talent.channel("talent", VERIFIER) as plain:
        seen = suggestion(Stub(plain), left, right)
    assert not seen.evidence
    assert seen.left.display_name == "诸**"


def test_lists_are_paged_and_filtered(channel: Any, duplicates: Any) -> None:
    pairs = [twins(channel) for _ in range(3)]
    for pair in pairs:
        suggestion(duplicates, *pair)
    query = wire.ListDuplicateSuggestionsRequest(page_size=2, filter="band = LINK AND city_code:nantong")
    names: list[str] = []
    while True:
        page = duplicates.ListDuplicateSuggestions(query)
        names += [each.name for each in page.suggestions]
        if not page.next_page_token:
            break
        query.page_token = page.next_page_token
    assert len(names) == len(set(names)) == page.total_size
    for wrong in ("band = WONDERFUL", "phone = 1", "city_code:atlantis"):
        bad = wire.ListDuplicateSuggestionsRequest(filter=wrong)
        assert refused(duplicates.ListDuplicateSuggestions, bad).code == "INVALID_ARGUMENT"


def test_people_of_groups_too_large_to_be_compared_in_full_are_counted_of_the_callers_cities(
    talent: Installation, channel: Any, duplicates: Any
) -> None:
    wanted = wire.ListDuplicateSuggestionsRequest(page_size=1, filter="city_code:nantong")
    with talent.channel("talent", NANTONG) as plain:
        mine = Stub(plain)
        before = mine.ListDuplicateSuggestions(wanted).crowded_count
        all_before = duplicates.ListDuplicateSuggestions(wanted).crowded_count
        crowd(channel, city_code="suqian")
        talent.until(lambda: duplicates.ListDuplicateSuggestions(wanted).crowded_count >= all_before + 32)
        assert duplicates.ListDuplicateSuggestions(wanted).oldest_compared == 30
        assert mine.ListDuplicateSuggestions(wanted).crowded_count == before


def test_wrong_lists_and_unknown_judgements_are_refused(talent: Installation) -> None:
    wrong = ({"page_size": -1}, {"page_token": "x"}, {"filter": "standing ="}, {"filter": "nothing = 1"})
    with talent.channel("talent", VERIFIER) as channel:
        stub = Stub(channel)
        for given in wrong:
            for call, kind in (
                (stub.ListDuplicateJudgements, wire.ListDuplicateJudgementsRequest),
                (stub.ListDuplicateSuggestions, wire.ListDuplicateSuggestionsRequest),
            ):
                assert refused(call, kind(**given)).code == "INVALID_ARGUMENT"
        unknown = wire.WithdrawDuplicateJudgementRequest(
            name="duplicateJudgements/01j00000000000000000000000"
        )
        assert refused(stub.WithdrawDuplicateJudgement, unknown).code == "NOT_FOUND"
        nothing = wire.WithdrawDuplicateJudgementRequest()
        assert refused(stub.WithdrawDuplicateJudgement, nothing).code == "INVALID_ARGUMENT"
