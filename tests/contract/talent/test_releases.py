"""ShortageReleaseService: drafted, checked and signed by three people, frozen, compared, computed again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from bole.events.v1 import shortage_release_event_pb2
from bole.talent.v1 import library_service_pb2 as library_wire
from bole.talent.v1 import library_service_pb2_grpc, shortage_pb2, shortage_release_service_pb2_grpc
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.log.log import open_log
from services.chassis.log.topics import RELEASES
from services.kernel.clock import civil_date
from services.talent.domain.period import Quarter
from tests.contract.installation import Installation, fields, refused

INTERNAL = release_pb2.STATISTICS_EDITION_INTERNAL
PUBLIC = release_pb2.STATISTICS_EDITION_PUBLIC
State = release_pb2.ShortageRelease.State
Symbol = release_pb2.ReleasedCell.Symbol


def quarter(back: int) -> str:
    """The name of a quarter that has ended: 1 for the last one."""
    return str(Quarter.of(civil_date(datetime.now(UTC))).later(-back))


@contextmanager
def signed_in(whole: Installation, subject: str, *roles: str) -> Iterator[Any]:
    with whole.channel("talent", *map(Grant, roles), subject=subject) as channel:
        yield shortage_release_service_pb2_grpc.ShortageReleaseServiceStub(channel)


@pytest.fixture
def staff(whole: Installation) -> Iterator[dict[str, Any]]:
    """Stubs of a drafter, a checker, a leader and an outsider."""
    people = {
        "ann": ("talent_officer",),
        "bo": ("talent_officer",),
        "cai": ("supervisor",),
        "eve": ("partner_scout",),
        "aud": ("auditor",),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(signed_in(whole, name, *roles)) for name, roles in people.items()}


def draft(staff: dict[str, Any], back: int, edition: Any = INTERNAL, **further: Any) -> Any:
    request = wire.CreateShortageReleaseRequest(quarter=quarter(back), edition=edition, **further)
    return staff["ann"].CreateShortageRelease(request)


def checked(staff: dict[str, Any], release: Any, who: str = "bo") -> Any:
    return staff[who].CheckShortageRelease(
        wire.CheckShortageReleaseRequest(name=release.name, etag=release.etag)
    )


def signed(staff: dict[str, Any], release: Any) -> Any:
    return staff["cai"].SignShortageRelease(
        wire.SignShortageReleaseRequest(name=release.name, etag=release.etag, remark="同意")
    )


def cells(stub: Any, name: str, **asked: Any) -> list[Any]:
    return list(
        stub.ListReleasedCells(wire.ListReleasedCellsRequest(name=name, page_size=3000, **asked)).cells
    )


def options(staff: dict[str, Any], release: Any, who: str) -> set[str]:
    """Which steps somebody is told that they can take; of the others they are told why not."""
    seen = staff[who].GetShortageRelease(wire.GetShortageReleaseRequest(name=release.name))
    named = {
        release_pb2.ShortageReleaseStep.Action.Name(each.action).removeprefix("ACTION_"): each
        for each in seen.options
    }
    assert set(named) == {"CHECK", "SIGN", "REJECT"}
    return {name for name, each in named.items() if not each.HasField("reason")}


def test_a_release_goes_through_three_hands_and_stands(staff: dict[str, Any]) -> None:
    made = draft(staff, 1)
    assert (made.state, made.revision, made.quarter) == (State.STATE_DRAFT, 1, quarter(1))
    assert len(made.content_sha256) == 64
    assert options(staff, made, "ann") == {"REJECT"}
    assert options(staff, made, "bo") == {"CHECK", "REJECT"}
    assert options(staff, made, "aud") == set()
    assert (
        refused(
            staff["ann"].CheckShortageRelease,
            wire.CheckShortageReleaseRequest(name=made.name, etag=made.etag),
        ).reason
        == "SAME_HAND"
    )
    done = signed(staff, checked(staff, made))
    assert done.state == State.STATE_SIGNED
    assert [each.actor for each in done.steps] == ["ann", "bo", "cai"]
    assert done.content_sha256 == made.content_sha256
    for call, request in (
        (staff["cai"].SignShortageRelease, wire.SignShortageReleaseRequest(name=done.name, etag=done.etag)),
        (
            staff["cai"].RejectShortageRelease,
            wire.RejectShortageReleaseRequest(name=done.name, etag=done.etag, reason="late"),
        ),
    ):
        assert refused(call, request).reason == "RELEASE_STATE"
    verdict = staff["aud"].VerifyShortageRelease(wire.VerifyShortageReleaseRequest(name=done.name))
    assert verdict.holds
    assert verdict.recomputed_sha256 == verdict.content_sha256 == done.content_sha256


def test_a_signature_reaches_the_log(whole: Installation, staff: dict[str, Any]) -> None:
    made = checked(staff, draft(staff, 6, PUBLIC))
    log = open_log(whole.settings.log_url)

    def keys() -> dict[str, bytes | None]:
        return {each.key: each.value for each in log.read(RELEASES.name, 0, 1000)}

    try:
        id_ = made.name.partition("/")[2]
        assert id_ not in keys()
        signed(staff, made)
        event = shortage_release_event_pb2.ShortageReleaseState.FromString(
            whole.until(lambda: keys().get(id_)) or b""
        )
    finally:
        log.close()
    assert (event.id, event.quarter, event.edition) == (id_, quarter(6), PUBLIC)
    assert event.content_sha256 == made.content_sha256


def test_its_cells_carry_numbers_or_the_letter_of_why_not(staff: dict[str, Any]) -> None:
    made = draft(staff, 2)
    found = cells(staff["bo"], made.name)
    assert len(found) == made.cell_count
    hidden = [each for each in found if each.symbol == Symbol.SYMBOL_SUPPRESSED]
    assert len(hidden) == made.hidden_count > 0
    for each in hidden:
        assert not any(each.HasField(name) for name in ("index", "supply", "person_count", "log_odds"))
        assert each.band.zh
        assert each.band.en
    shown = [each for each in found if each.symbol == Symbol.SYMBOL_UNSPECIFIED]
    assert shown
    for each in shown:
        assert each.low <= each.index <= each.high
        assert sum(part.value for part in each.contributions) == pytest.approx(each.log_odds, abs=5e-4)
    grid = cells(
        staff["bo"],
        made.name,
        rows=shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY,
        columns=shortage_pb2.SHORTAGE_DIMENSION_CITY,
    )
    assert len(grid) == 15 * 14
    first = staff["bo"].ListReleasedCells(wire.ListReleasedCellsRequest(name=made.name, page_size=7))
    second = staff["bo"].ListReleasedCells(
        wire.ListReleasedCellsRequest(name=made.name, page_size=7, page_token=first.next_page_token)
    )
    assert [*first.cells, *second.cells] == found[:14]


def test_outsiders_see_what_is_signed_and_public(staff: dict[str, Any]) -> None:
    inner, outer = draft(staff, 3), draft(staff, 3, PUBLIC)
    for made in (inner, outer):
        get = wire.GetShortageReleaseRequest(name=made.name)
        assert refused(staff["eve"].GetShortageRelease, get).code == "NOT_FOUND"
    outer = signed(staff, checked(staff, outer))
    inner = signed(staff, checked(staff, inner))
    seen = staff["eve"].GetShortageRelease(wire.GetShortageReleaseRequest(name=outer.name))
    assert not seen.steps
    assert not seen.options
    assert seen.content_sha256 == outer.content_sha256
    listed = staff["eve"].ListShortageReleases(wire.ListShortageReleasesRequest())
    assert {each.edition for each in listed.releases} == {PUBLIC}
    assert outer.name in [each.name for each in listed.releases]
    for each in cells(staff["eve"], outer.name):
        assert each.open_headcount % 5 == 0
        assert each.index == round(each.index)
        assert not each.HasField("log_odds")
        assert not each.contributions
    now = wire.CompareShortageReleasesRequest(name=outer.name)
    assert refused(staff["eve"].CompareShortageReleases, now).reason == "INTERNAL_ONLY"
    other = wire.CompareShortageReleasesRequest(name=inner.name, other=outer.name)
    assert refused(staff["bo"].CompareShortageReleases, other).reason == "OTHER_EDITION"


def test_a_revision_shows_what_was_known_later(whole: Installation, staff: dict[str, Any]) -> None:
    first = signed(staff, checked(staff, draft(staff, 4)))
    same = staff["bo"].CompareShortageReleases(wire.CompareShortageReleasesRequest(name=first.name))
    assert (same.total_size, same.same_size) == (0, first.cell_count)
    with whole.channel("talent", Grant("talent_officer")) as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        crowd = library.ListPersons(
            library_wire.ListPersonsRequest(filter='city_code = "suzhou"', page_size=60)
        ).persons
        for person in crowd:
            library.WithdrawPerson(
                library_wire.WithdrawPersonRequest(name=person.name, etag=person.etag, reason="本人撤回")
            )
    now = staff["bo"].CompareShortageReleases(wire.CompareShortageReleasesRequest(name=first.name))
    assert now.total_size > 0
    assert cells(staff["bo"], first.name)  # what was published stands
    assert staff["bo"].VerifyShortageRelease(wire.VerifyShortageReleaseRequest(name=first.name)).holds
    second = draft(staff, 4)
    assert (second.revision, second.previous_release) == (2, first.name)
    revised = staff["bo"].CompareShortageReleases(
        wire.CompareShortageReleasesRequest(name=first.name, other=second.name, page_size=3000)
    )
    assert revised.total_size == len(revised.changes) > 0
    changed = revised.changes[0]
    assert changed.before.scope == changed.after.scope
    assert changed.before != changed.after


def test_one_madeof_a_quarter_waits_at_a_time_and_a_rejected_one_makes_room(staff: dict[str, Any]) -> None:
    made = draft(staff, 5)
    again = wire.CreateShortageReleaseRequest(quarter=quarter(5), edition=INTERNAL)
    assert refused(staff["ann"].CreateShortageRelease, again).reason == "RELEASE_PENDING"
    gone = staff["bo"].RejectShortageRelease(
        wire.RejectShortageReleaseRequest(name=made.name, etag=made.etag, reason="数据待核实")
    )
    assert gone.state == State.STATE_REJECTED
    assert draft(staff, 5).revision == 2
    rejected = staff["bo"].ListShortageReleases(
        wire.ListShortageReleasesRequest(filter=f'state = REJECTED AND quarter = "{quarter(5)}"')
    )
    assert [each.name for each in rejected.releases] == [made.name]


def test_a_repeated_attempt_gets_the_first_answer_and_a_trial_keeps_nothing(staff: dict[str, Any]) -> None:
    trial = draft(staff, 6, validate_only=True)
    assert (
        refused(staff["ann"].GetShortageRelease, wire.GetShortageReleaseRequest(name=trial.name)).code
        == "NOT_FOUND"
    )
    request_id = str(uuid4())
    made = draft(staff, 6, request_id=request_id)
    waiting = wire.CheckShortageReleaseRequest(name=made.name, etag=made.etag, request_id=str(uuid4()))
    assert staff["bo"].CheckShortageRelease(waiting) == staff["bo"].CheckShortageRelease(waiting)
    stale = wire.CheckShortageReleaseRequest(name=made.name, etag=made.etag)
    assert refused(staff["bo"].CheckShortageRelease, stale).code == "ABORTED"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quarter": "2999Q1", "edition": INTERNAL}, "quarter"),
        ({"quarter": "2026Q7", "edition": INTERNAL}, "quarter"),
        ({"quarter": "", "edition": INTERNAL}, "quarter"),
        ({"quarter": "2024Q1"}, "edition"),
        ({"quarter": "2024Q1", "edition": 9}, "edition"),
        ({"quarter": "2024Q1", "edition": INTERNAL, "request_id": "no uuid"}, "request_id"),
    ],
)
def test_a_wrong_madeis_refused_by_field(staff: dict[str, Any], given: dict[str, Any], field: str) -> None:
    failure = refused(staff["ann"].CreateShortageRelease, wire.CreateShortageReleaseRequest(**given))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_wrong_names_dimensions_tokens_and_roles_are_refused(staff: dict[str, Any]) -> None:
    city = shortage_pb2.SHORTAGE_DIMENSION_CITY
    for call, request, field in (
        (staff["bo"].GetShortageRelease, wire.GetShortageReleaseRequest(name="releases/1"), "name"),
        (
            staff["bo"].ListReleasedCells,
            wire.ListReleasedCellsRequest(name="shortageReleases/1", rows=city),
            "columns",
        ),
        (
            staff["bo"].ListReleasedCells,
            wire.ListReleasedCellsRequest(name="shortageReleases/1", rows=city, columns=city),
            "columns",
        ),
        (staff["bo"].ListShortageReleases, wire.ListShortageReleasesRequest(page_token="x"), "page_token"),
        (staff["bo"].ListShortageReleases, wire.ListShortageReleasesRequest(filter="colour = red"), "filter"),
        (staff["bo"].ListShortageReleases, wire.ListShortageReleasesRequest(page_size=-1), "page_size"),
        (
            staff["bo"].RejectShortageRelease,
            wire.RejectShortageReleaseRequest(name="shortageReleases/1", etag='"v1"'),
            "reason",
        ),
    ):
        failure = refused(call, request)
        assert failure.code == "INVALID_ARGUMENT"
        assert field in fields(failure), failure
    nobody = wire.VerifyShortageReleaseRequest(name="shortageReleases/none")
    assert refused(staff["aud"].VerifyShortageRelease, nobody).code == "NOT_FOUND"
    assert refused(staff["eve"].VerifyShortageRelease, nobody).code == "PERMISSION_DENIED"
    for name, stub in (("SignShortageRelease", staff["bo"]), ("CreateShortageRelease", staff["cai"])):
        asked = {
            "SignShortageRelease": wire.SignShortageReleaseRequest(name="shortageReleases/1", etag='"v1"'),
            "CreateShortageRelease": wire.CreateShortageReleaseRequest(quarter="2024Q1", edition=INTERNAL),
        }[name]
        assert refused(getattr(stub, name), asked).code == "PERMISSION_DENIED"
