"""The page of a release: whose turn it is, what was revised, and its cells as a file."""

from dataclasses import replace
from typing import Any

import pytest

from bole.common.v1 import text_pb2
from bole.talent.v1 import shortage_pb2, shortage_release_pb2, shortage_release_service_pb2
from services.chassis.identity.identity import Grant, Principal
from services.console.pages.releases import create, show, show_one, step, take
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument
from tests.unit.console.pages.visiting import Nobody, visit

Release = shortage_release_pb2.ShortageRelease
Cell = shortage_release_pb2.ReleasedCell
Step = shortage_release_pb2.ShortageReleaseStep
Option = shortage_release_pb2.ShortageReleaseOption
SCOPE = shortage_pb2.ShortageScope(direction_code="fcv", city_code="suzhou")


class Releases(Nobody):
    """The second revision of a quarter, drafted by ann."""

    def __init__(self) -> None:
        self.filters: list[str] = []
        self.quarters: list[str] = []
        options = [
            Option(action=Step.ACTION_CHECK),
            Option(action=Step.ACTION_SIGN, reason=text_pb2.Text(zh="尚在起草", en="a draft")),
        ]
        self.known = [
            Release(
                name=f"shortageReleases/r{revision}",
                quarter="2026Q3",
                edition=shortage_release_pb2.STATISTICS_EDITION_INTERNAL,
                revision=revision,
                state="STATE_DRAFT",
                steps=[Step(action=Step.ACTION_DRAFT, actor="ann")],
                options=options,
                cell_count=2,
                hidden_count=1,
            )
            for revision in (1, 2)
        ]

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def GetShortageRelease(self, *_: Any, **__: Any) -> Any:
        """The second."""
        return self.known[1]

    def ListShortageReleases(self, asked: Any, **__: Any) -> Any:
        """Both."""
        self.filters.append(asked.filter)
        return shortage_release_service_pb2.ListShortageReleasesResponse(releases=self.known)

    def CreateShortageRelease(self, asked: Any, **__: Any) -> Any:
        """The first."""
        self.quarters.append(asked.quarter)
        return self.known[0]

    def CompareShortageReleases(self, asked: Any, **__: Any) -> Any:
        """One cell rose."""
        assert (asked.name, asked.other) == ("shortageReleases/r1", "shortageReleases/r2")
        change = shortage_release_pb2.ReleasedCellChange(
            kind=shortage_release_pb2.ReleasedCellChange.KIND_STAR,
            before=Cell(scope=SCOPE, symbol=Cell.SYMBOL_SUPPRESSED),
            after=Cell(scope=SCOPE, index=71.5, low=60, high=80, stars=4),
        )
        return shortage_release_service_pb2.CompareShortageReleasesResponse(
            changes=[change], total_size=1, same_size=9
        )

    def ListReleasedCells(self, asked: Any, **__: Any) -> Any:
        """Two pages."""
        last = bool(asked.page_token)
        cell = Cell(scope=SCOPE, index=71.5) if last else Cell(symbol=Cell.SYMBOL_SUPPRESSED)
        return shortage_release_service_pb2.ListReleasedCellsResponse(
            cells=[cell], next_page_token="" if last else "2"
        )


def asked(behind: Releases, **parts: str) -> Visit:
    found = replace(visit(), backend=behind)
    found.request.scope["path_params"] = {"id": "r2", **parts}
    return found


def test_a_quarter_may_be_written_as_people_write_it() -> None:
    house = Releases()
    show(replace(visit({"quarter": "2026年三季度"}), backend=house))
    assert house.filters == ['quarter = "2026Q3"']
    for written in ("2026-Q3", "2026年第3季度", "2026Q3"):
        form = {"quarter": written, "edition": "PUBLIC"}
        assert create(replace(visit(form=form), backend=house)).status_code == 303
    assert house.quarters == ["2026Q3"] * 3
    officer = Principal("tester", "staff", (Grant("talent_officer"),))
    form = {"quarter": "26年三季度", "edition": "PUBLIC"}
    told = create(replace(visit(form=form), backend=house, principal=officer))
    assert told.status_code == 400
    assert "没有写明四位年份，请写全，如 2026Q3" in bytes(told.body).decode()
    assert len(house.quarters) == 3


def test_the_next_steps_are_buttons_or_say_why_not() -> None:
    page = bytes(show_one(asked(Releases())).body).decode()
    found = [each for each in ("check", "sign", "reject") if f'action="/releases/r2/{each}"' in page]
    assert found == ["check"]
    assert "尚在起草" in page


def test_a_revision_says_what_differs_from_the_one_before() -> None:
    page = bytes(show_one(asked(Releases())).body).decode()
    for said in ("71.5 [60–80] ★★★★", ">c<", "燃料电池", 'href="/releases/r1"', "50%"):
        assert said in page, said


def test_the_file_has_every_cell_and_other_forms_and_steps_are_refused() -> None:
    lines = bytes(take(asked(Releases(), form="csv")).body).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].split(",")[4] == "c"
    assert lines[2].split(",")[5] == "71.5"
    for call, part in ((take, {"form": "pdf"}), (step, {"step": "burn"})):
        with pytest.raises(InvalidArgument):
            call(asked(Releases(), **part))
