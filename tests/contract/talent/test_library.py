"""Persons of the LibraryService: registered, changed, withdrawn, erased; good requests and bad ones."""

from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc, person_pb2
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.approving import let_erase
from tests.contract.talent.doubles import identity_number
from tests.contract.talent.people import create, person

Stub = library_service_pb2_grpc.LibraryServiceStub


def test_a_person_is_registered_and_read_back(library: Any) -> None:
    made = create(library)
    found = library.GetPerson(wire.GetPersonRequest(name=made.name))
    assert found.display_name == "欧阳𬱖"
    assert found.state == person_pb2.Person.STATE_ACTIVE
    assert found.etag == '"v1"'
    assert not found.phone  # contact needs the purpose of contact


def test_names_are_masked_without_a_purpose(talent: Installation, library: Any) -> None:
    made = create(library)
    with talent.channel("talent", OFFICER) as channel:
        seen = Stub(channel).GetPerson(wire.GetPersonRequest(name=made.name))
    assert seen.display_name == "欧**"
    assert not seen.profile
    with talent.channel("talent", OFFICER, purpose="contact") as channel:
        assert Stub(channel).GetPerson(wire.GetPersonRequest(name=made.name)).phone == "13900000000"


def test_an_empty_request_names_all_that_is_missing(library: Any) -> None:
    failure = refused(library.CreatePerson, wire.CreatePersonRequest(person=person_pb2.Person()))
    assert failure.code == "INVALID_ARGUMENT"
    assert {"person.display_name", "person.category_code", "person.observed_date"} <= set(fields(failure))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category_code": "wizard"}, "person.category_code"),
        ({"city_code": "suzou"}, "person.city_code"),
        (
            {"direction_shares": [direction_share_pb2.DirectionShare(code="sic", permille=900)]},
            "person.direction_shares",
        ),
        (
            {"direction_shares": [direction_share_pb2.DirectionShare(code="fusion", permille=1000)]},
            "person.direction_shares",
        ),
        ({"display_name": "a\x00b"}, "person.display_name"),
        ({"display_name": "王\u202e五"}, "person.display_name"),
        ({"display_name": "长" * 61}, "person.display_name"),
        ({"observed_date": Date(year=2026, month=2, day=30)}, "person.observed_date"),
        ({"observed_date": Date(year=2199, month=1, day=1)}, "person.observed_date"),
        ({"email": "nobody"}, "person.email"),
        ({"identity_number": "320102199002300011"}, "person.identity_number"),
        ({"availability": 999}, "person.availability"),
    ],
)
def test_a_wrong_field_is_named(library: Any, changes: dict[str, Any], field: str) -> None:
    failure = refused(library.CreatePerson, wire.CreatePersonRequest(person=person(**changes)))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure
    assert "320102199002300011" not in str(failure)


def test_a_request_id_is_answered_once(library: Any) -> None:
    request = wire.CreatePersonRequest(person=person(), request_id=str(uuid4()))
    first = library.CreatePerson(request)
    assert library.CreatePerson(request) == first
    other = wire.CreatePersonRequest(person=person(), request_id=request.request_id)
    assert refused(library.CreatePerson, other).reason == "REQUEST_ID_REUSED"
    assert refused(library.CreatePerson, wire.CreatePersonRequest(person=person(), request_id="7")).code == (
        "INVALID_ARGUMENT"
    )


def test_a_source_number_is_taken_once(library: Any) -> None:
    made = create(library)
    failure = refused(
        library.CreatePerson, wire.CreatePersonRequest(person=person(source_ref=made.source_ref))
    )
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "SOURCE_REF_TAKEN")
    assert failure.metadata["resource"] == made.name
    listed = library.ListPersons(wire.ListPersonsRequest(filter=f'source_ref = "{made.source_ref}"'))
    assert [each.name for each in listed.persons] == [made.name]


def test_an_update_changes_what_the_mask_names(library: Any) -> None:
    made = create(library)
    made.city_code, made.employer = "suzhou", "另一单位"
    request = wire.UpdatePersonRequest(person=made, update_mask=FieldMask(paths=["city_code"]))
    changed = library.UpdatePerson(request)
    assert (changed.city_code, changed.employer, changed.etag) == ("suzhou", "演示研究所", '"v2"')
    stale = refused(library.UpdatePerson, request)
    assert (stale.code, stale.reason) == ("ABORTED", "STALE_ETAG")
    assert stale.metadata["currentEtag"] == '"v2"'
    made.etag = ""
    assert refused(library.UpdatePerson, wire.UpdatePersonRequest(person=made)).code == "INVALID_ARGUMENT"


def test_a_name_that_was_read_masked_is_not_written_back(talent: Installation, library: Any) -> None:
    made = create(library)
    with talent.channel("talent", OFFICER) as channel:
        stub = Stub(channel)
        seen = stub.GetPerson(wire.GetPersonRequest(name=made.name))
        seen.city_code = "suzhou"
        failure = refused(stub.UpdatePerson, wire.UpdatePersonRequest(person=seen))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "MASKED_VALUE")
    assert library.GetPerson(wire.GetPersonRequest(name=made.name)).display_name == "欧阳𬱖"


def test_an_update_of_an_unknown_field_is_refused(library: Any) -> None:
    made = create(library)
    for path in ("owner", "state", "source_ref"):
        request = wire.UpdatePersonRequest(person=made, update_mask=FieldMask(paths=[path]))
        assert refused(library.UpdatePerson, request).code == "INVALID_ARGUMENT"


def test_a_withdrawal_takes_the_person_out_of_every_list_behind_the_map_at_once(library: Any) -> None:
    """Whoever goes from a cell to its people does not find them from the answer to the withdrawal on."""
    made = create(library)
    active = f'state = ACTIVE AND city_code = nantong AND source_ref = "{made.source_ref}"'
    asked = wire.SearchPersonsRequest(query="欧阳", filter=active, facets=["city_code"])

    def found() -> tuple[int, int, int]:
        searched = library.SearchPersons(asked)
        counted = sum(each.count for facet in searched.facets for each in facet.values)
        return (
            searched.total_size,
            library.ListPersons(wire.ListPersonsRequest(filter=active)).total_size,
            counted,
        )

    assert found()[:2] == (1, 1)
    library.WithdrawPerson(wire.WithdrawPersonRequest(name=made.name, etag=made.etag, reason="本人撤回"))
    assert found() == (0, 0, 0)


def test_a_withdrawal_ends_every_use(library: Any) -> None:
    made = create(library)
    gone = library.WithdrawPerson(
        wire.WithdrawPersonRequest(name=made.name, etag=made.etag, reason="本人要求")
    )
    assert gone.state == person_pb2.Person.STATE_WITHDRAWN
    gone.employer = "新单位"
    failure = refused(library.UpdatePerson, wire.UpdatePersonRequest(person=gone))
    assert failure.code == "FAILED_PRECONDITION"


def test_an_erased_person_is_gone(talent: Installation, library: Any) -> None:
    names = [person_pb2.OtherName(kind=person_pb2.OtherName.KIND_FORMER, text="欧阳旧名")]
    made = create(library, other_names=names)
    let_erase(talent, made.name)
    library.ErasePerson(wire.ErasePersonRequest(name=made.name, reason="本人要求删除"))
    assert refused(library.GetPerson, wire.GetPersonRequest(name=made.name)).code == "NOT_FOUND"
    again = wire.ErasePersonRequest(name=made.name, reason="本人要求删除")
    assert refused(library.ErasePerson, again).code == "NOT_FOUND"


def test_roles_and_cities_are_checked_before_existence(talent: Installation, library: Any) -> None:
    made = create(library)
    with talent.channel("talent", Grant("fund_manager")) as channel:
        for name in (made.name, "persons/nobody"):
            failure = refused(Stub(channel).GetPerson, wire.GetPersonRequest(name=name))
            assert failure.code == "PERMISSION_DENIED"
    with talent.channel("talent", Grant("talent_officer", "suzhou")) as channel:
        request = wire.WithdrawPersonRequest(name=made.name, etag=made.etag, reason="越权")
        assert refused(Stub(channel).WithdrawPerson, request).reason == "CITY_NOT_GRANTED"


def test_names_of_resources_are_checked(library: Any) -> None:
    for name in ("firms/abc", "persons/", "persons/a/b", "persons/" + "x" * 80):
        assert refused(library.GetPerson, wire.GetPersonRequest(name=name)).code == "INVALID_ARGUMENT"
    assert refused(library.GetTeam, wire.GetTeamRequest(name="teams/none")).code == "NOT_FOUND"
    assert library.ListTeams(wire.ListTeamsRequest(filter='source_ref = "none"')).total_size == 0


def test_names_affiliations_and_works_are_read_back(library: Any) -> None:
    made = create(
        library,
        display_name="买买提艾力·阿卜杜热合曼",
        other_names=[person_pb2.OtherName(kind=person_pb2.OtherName.KIND_FORMER, text="𠮷田")],
        affiliations=[
            person_pb2.Affiliation(employer="南京大学", start_date=Date(year=2015, month=9, day=1))
        ],
        education=[person_pb2.Education(school="东南大学", year=2015)],
        work_items=[person_pb2.Work(title="电解槽", kind=person_pb2.Work.KIND_PATENT, year=2023)],
        birth_year=1987,
    )
    found = library.GetPerson(wire.GetPersonRequest(name=made.name))
    assert found.display_name.encode() == "买买提艾力·阿卜杜热合曼".encode()
    assert [each.text for each in found.other_names] == ["𠮷田"]
    assert found.affiliations[0].employer == "南京大学"
    assert found.work_items[0].year == 2023
    assert not found.birth_year  # takes the purpose of contact or verification
    seen = library.SearchPersons(wire.SearchPersonsRequest(query="南京大学 电解槽"))
    assert made.name in {each.name for each in seen.persons}


def test_an_identity_number_or_an_orcid_belongs_to_one_person(library: Any) -> None:
    number, orcid = "11010519491231002X", "0000-0002-1694-233X"
    made = create(library, identity_number=number, orcid=orcid)
    for key, reason in (
        ({"identity_number": number}, "IDENTITY_NUMBER_TAKEN"),
        ({"orcid": orcid}, "ORCID_TAKEN"),
    ):
        request = wire.CreatePersonRequest(person=person(display_name="另一人", **key))
        failure = refused(library.CreatePerson, request)
        assert (failure.code, failure.reason) == ("ALREADY_EXISTS", reason)
        assert failure.metadata["resource"] == made.name
        assert number not in str(failure)
    differs = wire.CreatePersonRequest(person=person(identity_number=number, birth_year=1950))
    failure = refused(library.CreatePerson, differs)
    assert fields(failure) == ["person.birth_year"]
    assert number not in str(failure)


def test_an_identity_number_that_comes_later_is_held_against_the_year_of_birth(library: Any) -> None:
    known = create(library, birth_year=1950)
    late = person_pb2.Person(name=known.name, etag=known.etag, identity_number=identity_number(1))
    failure = refused(library.UpdatePerson, wire.UpdatePersonRequest(person=late))
    assert (fields(failure), failure.reason) == (["person.birth_year"], "BIRTH_YEAR_DIFFERS")
    late.identity_number = identity_number(50)  # of somebody born in 1950
    assert library.UpdatePerson(wire.UpdatePersonRequest(person=late)).etag != known.etag


@pytest.mark.parametrize(
    "number", ["110105491231002", "110105204912310029", "110105180012310029", "11010519491231002Y", "1" * 18]
)
def test_a_wrong_identity_number_is_refused_without_echo(library: Any, number: str) -> None:
    failure = refused(library.CreatePerson, wire.CreatePersonRequest(person=person(identity_number=number)))
    assert failure.code == "INVALID_ARGUMENT"
    assert "person.identity_number" in fields(failure)
    assert number not in str(failure)
