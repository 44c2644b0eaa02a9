"""What became of a row of an import, in words: values before and after, and amounts as they were read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bole.common.v1 import text_pb2, workbook_import_pb2
from bole.funding.v1 import import_pb2
from services.chassis.imports.batch import ImportedRow
from services.chassis.imports.outcomes import said_of
from services.funding.rpc.funds.amounts import yuan
from services.funding.service.funds.amounts_read import shown
from services.workbook.sheets import SHEETS

_OWN_NAMES = {
    "ask": "ticket",
    "holding_months": "holding_years",
    "redemption_months": "redemption_year",
    "round_name": "round",
    "direction_shares": "directions",
    "status": "state",
}
_NOT_SHOWN = frozenset({"has_redemption", "other_public_funds", "months", "expected_hires"})


def row_to_wire(row: ImportedRow) -> import_pb2.ImportRow:
    """One row of the report."""
    said = said_of(row.detail)
    before, after = (dict(_flat(said.get(side, {}))) for side in ("before", "after"))
    return import_pb2.ImportRow(
        sheet=row.sheet,
        row=row.row,
        outcome=f"OUTCOME_{row.outcome.name}",
        resource=f"{row.sheet}/{row.resource_id}" if row.resource_id else "",
        changes=[
            import_pb2.ImportRow.Change(
                field=_header(row.sheet, name),
                before=_words(name, before.get(name)),
                after=_words(name, after.get(name)),
            )
            for name in dict.fromkeys((*before, *after))
            if before.get(name) != after.get(name) and name not in _NOT_SHOWN
        ],
        amounts=[
            import_pb2.ImportRow.Amount(column=column, written=written, amount=yuan(fen), text=shown(fen))
            for column, written, fen in said.get("amounts", ())
        ],
        problems=[
            workbook_import_pb2.RowProblem(
                sheet=row.sheet, row=row.row, field=field, reason=reason, text=text_pb2.Text(zh=zh, en=en)
            )
            for field, reason, zh, en in said.get("problems", ())
        ],
        remarks=[text_pb2.Text(zh=zh, en=en) for zh, en in said.get("remarks", ())],
    )


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values by name; those of a document by their own names."""
    for name, value in values.items():
        try:
            inner = json.loads(value) if isinstance(value, str) and value[:1] == "{" else None
        except ValueError:
            inner = None  # a text that begins like a document
        if isinstance(inner, dict) and name in ("snapshot", "terms"):
            yield from inner.items()
        else:
            yield name, value


def _header(sheet: str, name: str) -> text_pb2.Text:
    plain = name.removesuffix("_fen")
    column = SHEETS[sheet].by_key.get(_OWN_NAMES.get(plain, plain))
    return text_pb2.Text(zh=column.header_zh if column else name, en=column.header_en if column else name)


def _words(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_fen"):
        return shown(int(value))
    if name in ("holding_months", "redemption_months"):
        return f"{int(value) // 12}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "hiring_plan":
        return _plan(json.loads(value))
    if name == "direction_shares":
        return "；".join(f"{code}:{share / 1000:g}" for code, share in json.loads(value))
    return str(value)


def _plan(plan: Mapping[str, Any]) -> str:
    """A hiring plan as its cell would have it."""
    return "；".join(
        f"{each['leaf']}:{each['category']}={each['heads']}"
        if each["leaf"]
        else f"{each['category']}={each['heads']}"
        for each in plan["hires"]
    )
