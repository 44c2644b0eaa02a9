"""What is said of a table of one's own: what is missing, and apart from it what is guessed."""

from services.chassis.rpc.failures import Failure
from services.console.pages.imports.columns import Line, told
from services.kernel.errors import Violation
from services.kernel.text import Text
from services.workbook.sheets import SHEETS

NOT_READ = Text("缺少列", "columns are missing")


def lines(*guessed: str) -> list[Line]:
    return [Line(each, False, False, "", "", (), each.key in guessed) for each in SHEETS["persons"].columns]


def missing(*keys: str) -> Failure:
    headers = [each.header_zh for each in SHEETS["persons"].columns if each.key in keys]
    found = tuple(Violation(each, "COLUMN_MISSING", NOT_READ) for each in headers)
    return Failure("INVALID_ARGUMENT", "COLUMN_MISSING", NOT_READ, found)


def test_a_column_that_is_guessed_is_not_said_to_be_missing() -> None:
    said = told(missing("ref", "city"), lines("city"))
    absent, _, guesses = said.zh.partition("；")
    assert "编号" in absent
    assert "所在城市" not in absent
    assert "所在城市" in guesses
    assert told(missing("city"), lines("city")).en.startswith("Guessed")
    assert "；" not in told(missing("ref"), lines("city")).zh


def test_anything_else_is_told_as_it_is() -> None:
    other = Failure("INVALID_ARGUMENT", "X", NOT_READ, (Violation("编号", "X", NOT_READ),))
    assert told(other, lines()) == NOT_READ
