"""DuplicateService: records become one person, and part again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest

from bole.talent.v1 import (
    duplicate_pb2,
)
from bole.talent.v1 import duplicate_service_pb2 as wire
from tests.contract.installation import Installation, fields, refused
from tests.contract.talent.doubles import NEGATIVE, VERIFIER, Stub, get, merging, suggestion, twins


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


def test_what_is_kept_of_a_merge_for_a_repeated_attempt_says_nothing_of_the_person(
    channel: Any, duplicates: Any, talent: Installation
) -> None:
    left, right = twins(channel, email="canary@demo.invalid", birth_year=1937)
    merge = merging(left, right, request_id=str(uuid4()))
    merged = duplicates.MergePersons(merge).person
    assert (merged.phone, merged.birth_year) == (left.phone, 1937)
    assert merged == get(channel, merged.name) == duplicates.MergePersons(merge).person
    undo = wire.UnmergePersonsRequest(
        judgement=duplicates.MergePersons(merge).judgement.name, etag=merged.etag, request_id=str(uuid4())
    )
    parted = duplicates.UnmergePersons(undo)
    assert [each.birth_year for each in parted.persons] == [1937, 1937]
    assert duplicates.UnmergePersons(undo) == parted
    with closing(sqlite3.connect(talent.settings.data_dir / "talent.db")) as library:
        kept = library.execute(
            "SELECT method, answer FROM request_log WHERE request_id IN (?, ?)",
            (merge.request_id, undo.request_id),
        ).fetchall()
    answers: dict[str, bytes] = dict(kept)
    service = "bole.talent.v1.DuplicateService"
    together = wire.MergePersonsResponse.FromString(answers[f"{service}.MergePersons"]).person
    apart = wire.UnmergePersonsResponse.FromString(answers[f"{service}.UnmergePersons"]).persons
    assert {field.name for each in (together, *apart) for field, _ in each.ListFields()} == {"name"}
    for canary in (left.phone, left.email, left.display_name):
        assert not [each for each in answers.values() if canary.encode() in each]


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


def test_nobody_decides_about_records_that_they_have_not_read(
    talent: Installation, channel: Any, duplicates: Any
) -> None:
    left, right = twins(channel)
    suggestion(duplicates, left, right)
    unsure = wire.JudgeDuplicateRequest(
        left=left.name, right=right.name, verdict=duplicate_pb2.DUPLICATE_VERDICT_UNSURE, reason="看不出"
    )
    with talent.channel("talent", VERIFIER) as masked:
        for method, request in (("MergePersons", merging(left, right)), ("JudgeDuplicate", unsure)):
            failure = refused(getattr(Stub(masked), method), request)
            assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "PURPOSE_NEEDED")
        merged = duplicates.MergePersons(merging(left, right))
        back = wire.UnmergePersonsRequest(judgement=merged.judgement.name, etag=merged.person.etag)
        assert len(Stub(masked).UnmergePersons(back).persons) == 2  # a way back tells nothing
