"""`--map` and `--fill`: a table that was not made from the template, as a file of one sheet of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from services.kernel.errors import InvalidArgument
from services.workbook import headers
from services.workbook.mapping import Found, Source, guessed, mapped, meant, sheet_of, tables_of
from services.workbook.sheets import SHEETS, Sheet


@contextmanager
def matched(
    path: Path, sheet: str, among: Sequence[str], maps: Sequence[str], fills: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    """The file to send and its sheet: the file itself, or one made of it for as long as the block lasts.

    `maps` are `template's column=column of the file`, `fills` `template's column=value of rows that have none`.
    Raises InvalidArgument: NO_TABLE, UNKNOWN_SHEET, UNKNOWN_COLUMN, and what `mapping.mapped` raises.
    """
    if not maps and not fills:
        yield path, sheet
        return
    data = path.read_bytes()
    found = tables_of(data)
    if not found:
        raise _wrong("FILE", "NO_TABLE", "文件中没有表格", "there is no table in the file")
    if sheet and sheet not in among:
        raise _wrong("--sheet", "UNKNOWN_SHEET", f"可选：{'、'.join(among)}", f"choose {', '.join(among)}")
    table = max(found, key=lambda each: meant(each.headers, SHEETS[sheet or sheet_of(each, among)]))
    key = sheet or sheet_of(table, among)
    sources = _sources(table, SHEETS[key], maps, fills)
    with TemporaryDirectory(prefix="bole-import-") as folder:
        made = Path(folder) / f"{path.stem}.csv"
        made.write_bytes(mapped(data, table, SHEETS[key], sources))
        yield made, key


def _sources(table: Found, sheet: Sheet, maps: Sequence[str], fills: Sequence[str]) -> dict[str, Source]:
    places = guessed(table, sheet)
    for each in maps:
        column, _, written = each.partition("=")
        if written.strip() not in table.headers:
            seen = [cell for cell in table.headers if cell]
            raise _wrong(
                "--map",
                "UNKNOWN_COLUMN",
                f"文件中没有“{written}”列，有：{'、'.join(seen)}",
                f"the file has no column {written!r}; it has: {', '.join(seen)}",
            )
        places[_key("--map", column, sheet)] = table.headers.index(written.strip())
    values = {_key("--fill", column, sheet): value for column, _, value in (f.partition("=") for f in fills)}
    return {key: Source(places.get(key), values.get(key, "")) for key in {**places, **values}}


def _key(option: str, name: str, sheet: Sheet) -> str:
    key = headers.key_of(name, sheet)
    if key is None:
        zh, en = (
            "、".join(each.header_zh for each in sheet.columns),
            ", ".join(each.header_en for each in sheet.columns),
        )
        raise _wrong(
            option,
            "UNKNOWN_COLUMN",
            f"“{sheet.title_zh}”表没有“{name}”列，可选：{zh}",
            f"the sheet {sheet.title_en} has no column {name!r}; choose {en}",
        )
    return key


def _wrong(field: str, reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(field, reason, zh, en)
