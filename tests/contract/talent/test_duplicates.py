"""DuplicateService over the wire: warned, suggested, judged, merged, parted; and nobody learns what they may not."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import (
    duplicate_pb2,
    duplicate_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    person_pb2,
)
from bole.talent.v1 import duplicate_service_pb2 as wire
from services.chassis.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, installation, refused

VERIFIER = Grant("talent_officer", purposes=frozenset({"talent-service", "contact", "verification"}))
NANTONG = Grant("talent_officer", city="nantong", purposes=frozenset({"talent-service", "verification"}))
NEGATIVE = duplicate_pb2.DUPLICATE_VERDICT_NEGATIVE
UNSURE = duplicate_pb2.DUPLICATE_VERDICT_UNSURE
Stub = duplicate_service_pb2_grpc.DuplicateServiceStub
Library = library_service_pb2_grpc.LibraryServiceStub


@pytest.fixture(scope="module")
def talent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A library of its own: what others have put into theirs would be found here as duplicates."""
    made = installation(tmp_path_factory.mktemp("duplicates"))
    made.start("talent")
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def channel(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", VERIFIER, purpose="verification") as opened:
        yield opened


@pytest.fixture
def duplicates(channel: Any) -> Any:
    return Stub(channel)


def person(**changes: Any) -> person_pb2.Person:
    given: dict[str, Any] = {
        "source_ref": f"T-{uuid4()}",
        "display_name": "诸葛翎翙",
        "category_code": "outstanding-engineer",
        "city_code": "nantong",
        "availability": person_pb2.AVAILABILITY_NOW,
        "direction_shares": [direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
        "employer": f"演示研究所{uuid4()}",
        "observed_date": Date(year=2026, month=6, day=1),
        "purposes": [person_pb2.CONSENT_PURPOSE_STATISTICS],
    }
    return person_pb2.Person(**{**given, **changes})


def create(channel: Any, **changes: Any) -> person_pb2.Person:
    request = library_service_pb2.CreatePersonRequest(person=person(**changes))
    made: person_pb2.Person = Library(channel).CreatePerson(request)
    return made


def get(channel: Any, name: str) -> person_pb2.Person:
    found: person_pb2.Person = Library(channel).GetPerson(library_service_pb2.GetPersonRequest(name=name))
    return found


def twins(channel: Any, **changes: Any) -> tuple[person_pb2.Person, person_pb2.Person]:
    """Two records of one name at one employer, with a telephone in common."""
    shared = {"employer": f"演示研究所{uuid4()}", "phone": f"1399{uuid4().int % 10**7:07d}", **changes}
    return create(channel, **shared), create(channel, **shared)


def suggestion(duplicates: Any, *persons: person_pb2.Person) -> duplicate_pb2.DuplicateSuggestion:
    """The suggestion about a pair, once it is there: it follows the change by a moment."""
    ids = sorted(each.name.removeprefix("persons/") for each in persons)
    request = wire.GetDuplicateSuggestionRequest(name=f"duplicateSuggestions/{'.'.join(ids)}")
    deadline = time.monotonic() + 120
    while True:
        try:
            found: duplicate_pb2.DuplicateSuggestion = duplicates.GetDuplicateSuggestion(request)
            return found
        except Exception:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.05)


def merging(one: person_pb2.Person, other: person_pb2.Person, **changes: Any) -> wire.MergePersonsRequest:
    given: dict[str, Any] = {
        "left": one.name,
        "right": other.name,
        "left_etag": one.etag,
        "right_etag": other.etag,
        "reason": "同一人的两条记录",
    }
    return wire.MergePersonsRequest(**{**given, **changes})


def test_a_pair_is_suggested_with_its_evidence_merged_and_parted(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    found = suggestion(duplicates, left, right)
    assert found.band == duplicate_pb2.DUPLICATE_BAND_LINK
    assert found.bits == pytest.approx(sum(each.bits for each in found.evidence), abs=0.01)
    assert {"name", "phone", "employer"} <= {each.feature for each in found.evidence}
    assert all(each.text.zh and each.text.en for each in found.evidence)
    assert {found.left.name, found.right.name} == {left.name, right.name}

    merged = duplicates.MergePersons(merging(left, right))
    assert merged.person.name == min(left.name, right.name)
    assert get(channel, right.name).name == get(channel, left.name).name == merged.person.name
    standing = wire.ListDuplicateJudgementsRequest(
        filter=f"person_id:{right.name.removeprefix('persons/')} AND standing = true"
    )
    assert [each.name for each in duplicates.ListDuplicateJudgements(standing).judgements] == [
        merged.judgement.name
    ]

    undo = wire.UnmergePersonsRequest(judgement=merged.judgement.name, etag=merged.person.etag)
    parted = duplicates.UnmergePersons(undo)
    assert {each.name for each in parted.persons} == {left.name, right.name}
    assert get(channel, right.name).name == right.name
    assert suggestion(duplicates, left, right).band == duplicate_pb2.DUPLICATE_BAND_LINK


def test_asking_what_a_merge_would_show_changes_nothing(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    shown = duplicates.MergePersons(merging(left, right, validate_only=True))
    assert shown.person.name == min(left.name, right.name)
    assert get(channel, right.name).etag == right.etag


def test_a_repeated_merge_gets_the_first_answer(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    request = merging(left, right, request_id=str(uuid4()))
    assert duplicates.MergePersons(request) == duplicates.MergePersons(request)


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        ({"left": "teams/x"}, "INVALID_ARGUMENT", "INVALID_NAME"),
        ({"right": "persons/nobody"}, "NOT_FOUND", "NOT_FOUND"),
        ({"left_etag": '"v9"'}, "ABORTED", "STALE_ETAG"),
        ({"right_etag": ""}, "INVALID_ARGUMENT", "REQUIRED"),
        ({"reason": ""}, "INVALID_ARGUMENT", "REQUIRED"),
        ({"reason": "a\u200bb"}, "INVALID_ARGUMENT", "CHARACTER_NOT_ALLOWED"),
    ],
)
def test_bad_merges_are_refused(
    channel: Any, duplicates: Any, changes: dict[str, str], code: str, reason: str
) -> None:
    left, right = twins(channel)
    failure = refused(duplicates.MergePersons, merging(left, right, **changes))
    assert (failure.code, failure.reason) == (code, reason)
    assert get(channel, right.name).etag == right.etag


def test_a_person_is_not_merged_with_themselves(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    assert refused(duplicates.MergePersons, merging(left, left)).reason == "ALREADY_MERGED"
    merged = duplicates.MergePersons(merging(left, right)).person
    again = merging(merged, merged)
    again.right = right.name
    failure = refused(duplicates.MergePersons, again)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "ALREADY_MERGED")


def test_a_judgement_is_respected_and_can_be_taken_back(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    suggestion(duplicates, left, right)
    request = wire.JudgeDuplicateRequest(left=left.name, right=right.name, verdict=UNSURE, reason="看不出")
    duplicates.JudgeDuplicate(request)
    assert suggestion(duplicates, left, right).unsure
    request.verdict = NEGATIVE
    judged = duplicates.JudgeDuplicate(request)
    listed = wire.ListDuplicateSuggestionsRequest(page_size=200)
    assert suggestion(duplicates, left, right).name not in {
        each.name for each in duplicates.ListDuplicateSuggestions(listed).suggestions
    }
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


def test_what_is_no_merge_is_not_undone(channel: Any, duplicates: Any) -> None:
    left, right = twins(channel)
    judged = duplicates.JudgeDuplicate(
        wire.JudgeDuplicateRequest(left=left.name, right=right.name, verdict=NEGATIVE, reason="两人")
    )
    undo = wire.UnmergePersonsRequest(judgement=judged.name, etag=get(channel, left.name).etag)
    failure = refused(duplicates.UnmergePersons, undo)
    assert failure.code in {"FAILED_PRECONDITION", "ABORTED"}
    undo.judgement = "duplicateJudgements/none"
    assert refused(duplicates.UnmergePersons, undo).code == "NOT_FOUND"
    undo.judgement = "persons/none"
    assert refused(duplicates.UnmergePersons, undo).code == "INVALID_ARGUMENT"


def test_safe_pairs_are_linked_in_one_go(channel: Any, duplicates: Any) -> None:
    for limit in (-1, 1001):
        assert fields(refused(duplicates.LinkDuplicates, wire.LinkDuplicatesRequest(limit=limit))) == [
            "limit"
        ]
    left, right = twins(channel)
    suggestion(duplicates, left, right)
    asked = duplicates.LinkDuplicates(wire.LinkDuplicatesRequest(limit=1000, validate_only=True))
    assert asked.linked_count >= 1
    assert get(channel, right.name).name == right.name
    assert duplicates.LinkDuplicates(wire.LinkDuplicatesRequest(limit=1000)).linked_count >= 1
    assert get(channel, right.name).name == get(channel, left.name).name
    assert refused(duplicates.LinkDuplicates, wire.LinkDuplicatesRequest(limit=-1)).code == "INVALID_ARGUMENT"


def test_who_enters_a_person_is_warned_as_far_as_they_may_see(talent: Installation, channel: Any) -> None:
    phone = f"1398{uuid4().int % 10**7:07d}"
    known = create(channel, phone=phone)  # entered a moment ago: the next entry is warned at once
    request = wire.CheckDuplicatesRequest(display_name="諸葛翎翙", phone=phone)
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
        listed = mine.ListDuplicateSuggestions(wire.ListDuplicateSuggestionsRequest(page_size=200))
        assert there.name not in {p.name for each in listed.suggestions for p in (each.left, each.right)}
        assert listed.total_size == len(listed.suggestions)
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
    number = identity_number()
    there = create(channel, city_code="suzhou", identity_number=number)
    request = library_service_pb2.CreatePersonRequest(person=person(identity_number=number))
    failure = refused(Library(channel).CreatePerson, request)
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "IDENTITY_NUMBER_TAKEN")
    assert failure.metadata["resource"] == there.name
    with talent.channel("talent", NANTONG, purpose="verification") as local:
        here = Library(local).CreatePerson(request)
    assert {each.feature for each in suggestion(Stub(channel), here, there).evidence} >= {"id_number"}


def identity_number() -> str:
    """A number nobody has: of a region that does not exist, with its check digit."""
    body = f"000000{1950 + uuid4().int % 50}0101{uuid4().int % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


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
