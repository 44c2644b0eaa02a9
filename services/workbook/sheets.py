"""All sheets of the exchange format in their order."""

from services.workbook.columns import Column, Kind, Sheet
from services.workbook.evidence_sheet import EVIDENCE
from services.workbook.funding_sheets import DEALS, FIRMS, FUNDS
from services.workbook.talent_sheets import MOVES, OUTCOMES, PERSONS, POSITIONS, TEAMS, TRAINING

__all__ = ["SHEETS", "Column", "Kind", "Sheet"]

SHEETS: dict[str, Sheet] = {
    sheet.key: sheet
    for sheet in (PERSONS, TEAMS, POSITIONS, OUTCOMES, TRAINING, MOVES, EVIDENCE, FIRMS, FUNDS, DEALS)
}
