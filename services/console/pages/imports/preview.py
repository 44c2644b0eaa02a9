"""The rows of one import: what each would become or became, field by field, and what is wrong with those refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from starlette.responses import Response

from bole.funding.v1.import_pb2 import ImportRow as FundingRow
from bole.talent.v1.import_pb2 import Import, ImportRow
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import money_from_wire
from services.console.backend import SECONDS
from services.console.pages import lists
from services.console.pages.called import Called, called
from services.console.pages.imports.amounts import amounts, column_name
from services.console.pages.imports.approving import way_of
from services.console.pages.imports.content import Content, code_read, contents
from services.console.pages.imports.kept import kept_by
from services.console.pages.imports.sides import Side
from services.console.web.held import Held
from services.console.web.refusals import status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.text import Text
from services.wording import library
from services.wording.persons import FIELDS
from services.workbook.choices import SOURCE_LIST
from services.workbook.sheets import SHEETS

_ROWS = 50
_OUTCOMES = ("REFUSED", "CHANGED", "NEW")
_STEPS = {"CHECKED": 3, "REFUSED": 3, "COMMITTED": 5, "UNDONE": 5, "PARTLY_UNDONE": 5}


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file with what becomes of it. `of`: its record, if it has one, of some kinds without a page.

    `content`: what a new row says that has no record yet, or the first cells of a refused one, where the file is at
    hand.
    """

    row: Any
    changes: Sequence[Change]
    of: Called | None
    remarks: Sequence[str]
    content: Content | None

    @property
    def ref(self) -> str:
        """The number that the file has for its record, as long as that is there; only the library tells it."""
        return getattr(self.row, "source_ref", "")

    @property
    def resemblances(self) -> Sequence[Any]:
        """Whom a new row of people may be about."""
        return getattr(self.row, "resemblances", ())


def preview(
    visit: Visit,
    side: Side,
    found: Any,
    held: Held | None,
    problem: Failure | None = None,
    *,
    said: Mapping[str, str],
) -> Response:
    """The page. `held`: the file, if it is at hand for the commit; `problem`: why it was not written or taken back;
    `said`: what was said of the file, for when it has to be chosen again.
    """
    outcome = visit.get("outcome") if visit.get("outcome") in _OUTCOMES else ""
    request = side.wire.ListImportRowsRequest(
        parent=found.name,
        page_size=_ROWS,
        page_token=lists.page_token(visit),
        filter=lists.condition({"outcome": outcome}),
    )
    rows = side.stub(visit).ListImportRows(request, timeout=SECONDS)
    names = called(visit, [each.resource for each in rows.rows if each.resource], visit.purpose)
    brought = [each.sheet for each in found.sheets if each.created_count + each.changed_count]
    state = Import.State.Name(found.state).removeprefix("STATE_")
    new = [
        each
        for each in rows.rows
        if each.problems or (each.outcome == ImportRow.OUTCOME_NEW and not each.resource)
    ]
    sheets = [each.sheet for each in found.sheets]
    read = contents(visit, held.upload, sheets, new) if held else {}
    told, kept = kept_by(visit, problem)
    return render(
        visit,
        "imports/one.html",
        status_of(problem),
        problem=told,
        kept=kept,
        active=side.section,
        tab="import",
        synthetic=any(each.synthetic_count for each in found.sheets),
        side=side,
        found=found,
        state=state,
        step=_STEPS.get(state, 2),
        held=held is not None,
        said=said,
        digest=found.sha256,
        sources=SOURCE_LIST,
        refused=sum(each.refused_count for each in found.sheets),
        aside=sum(each.aside_count for each in found.sheets),
        good=sum(each.created_count + each.changed_count for each in found.sheets),
        lines=[
            _line(visit, each, names.get(each.resource), read.get((each.sheet, each.row)))
            for each in rows.rows
        ],
        total=rows.total_size,
        amounts=amounts(visit, found),
        people=any(each.sheet == "persons" for each in found.sheets),
        undoing=way_of(visit, found) if state == "COMMITTED" else None,
        onward=list(dict.fromkeys(way for sheet, way in side.onward.items() if sheet in brought)),
        outcome=outcome,
        outcomes=_OUTCOMES,
        first=lists.first_link(visit),
        next=lists.next_link(visit, rows),
    )


def _line(visit: Visit, row: Any, of: Called | None, content: Content | None) -> Line:
    told = _of_funding if isinstance(row, FundingRow) else _of_talent
    changes, remarks = told(visit, row)
    return Line(row, changes, of, remarks, content)


def _of_talent(visit: Visit, row: Any) -> tuple[Sequence[Change], Sequence[str]]:
    before, after = (_side(row, side) for side in ("before", "after"))
    words = Words(visit.catalogue, visit.language)
    if row.changed_fields and not before and not after:
        named = visit.say("、", ", ").join(title(visit, row.sheet, name) for name in row.changed_fields)
        return [], [visit.say(f"变更了：{named}", f"Changed: {named}")]
    changes = [
        Change(
            title(visit, row.sheet, name),
            _value(words, name, before.get(name)),
            _value(words, name, after.get(name)),
        )
        for name in row.changed_fields
    ]
    overruled = row.outcome == ImportRow.OUTCOME_CHANGED and not changes
    return changes, [visit.text(library.ROW_OVERRULED)] if overruled else []


def _of_funding(visit: Visit, row: FundingRow) -> tuple[Sequence[Change], Sequence[str]]:
    """Values in the reader's words; of amounts, as what they were read."""
    columns = {each.header_zh: each for each in SHEETS[row.sheet].columns}
    words = Words(visit.catalogue, visit.language)
    changes = [
        Change(
            visit.text(each.field),
            *(code_read(words, columns.get(each.field.zh), side) for side in (each.before, each.after)),
        )
        for each in row.changes
    ]
    remarks = [visit.text(each) for each in row.remarks]
    for each in row.amounts:
        name = column_name(visit, row.sheet, each.column)
        read = money_from_wire(each.amount)
        remarks.append(
            visit.say(
                f"{name}：“{each.written}”，读作 {read.display_zh()}",
                f"{name}: “{each.written}”, read as {read.display_en()}",
            )
        )
    return changes, remarks


def _side(row: Any, side: str) -> Mapping[str, Any]:
    name = f"{row.sheet.removesuffix('s')}_{side}"
    if name not in row.DESCRIPTOR.fields_by_name:
        return {}
    return MessageToDict(getattr(row, name), preserving_proto_field_name=True)


def title(visit: Visit, sheet: str, field: str) -> str:
    """What a field is called: as in the library for people, as the column of the sheet for the rest."""
    if field in FIELDS and sheet == "persons":
        return visit.text(FIELDS[field])
    short = field.removesuffix("_code").removesuffix("_date").removesuffix("_count")
    found = next((each for each in SHEETS[sheet].columns if each.key == short), None)
    return field if found is None else visit.text(Text(found.header_zh, found.header_en))


def _value(words: Words, name: str, given: Any) -> str:
    if isinstance(given, dict) and "year" in given:
        return words.value("observed_date", given)
    if name == "direction_code":
        return words.direction(str(given or ""))
    return words.value(name, given)
