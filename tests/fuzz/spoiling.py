"""Files, texts, bodies and records that are nearly right."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from services.chassis.log.log import Stored
from services.console.gateway.bindings import Binding
from tests.fuzz.mangling import mangled

ENCODINGS: Final = ("utf-8-sig", "gb18030", "utf-16")
STRANGE: Final = (
    *(
        "",
        " ",
        "\u3000",
        "\0",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "\U000e0001",
        "\u200b",
        "e\u0301",
        "𠮷",
        "\ue000",
    ),
    *(
        "²",
        "½",
        "Ⅻ",
        "١٢٣",
        "１２",
        "〇",
        "一百二十",
        "壹佰万",
        "1e999",
        "-0",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
    ),
    *(
        "9" * 400,
        "1" + "0" * 30,
        "0." + "0" * 400 + "1",
        "1/0",
        "100%",
        "-1%",
        "1,00,0",
        "１，０００",
        "約500",
    ),
    *(
        "2026-02-30",
        "0000-01-01",
        "10000-01-01",
        "45231",
        "-1",
        "2026年13月",
        "2026-W01-1",
        "长期",
        "99999999999",
    ),
    *(
        "=1+1",
        "＝A1",
        "@x",
        "+86 138",
        "'",
        '"',
        '"" ""',
        ";;;;",
        "：：",
        "、、",
        "(((",
        "）",
        "\\",
        "%",
        "_",
        "*",
    ),
    *("张三;李四:1:2:3", "氢能:0.5;氢能:0.5", "氢能:2", "a" * 40_000, "，" * 3_000, "\r\n", "\t", "|"),
)
_SPOILT: Final = 0.05
_VALUES: Final[Sequence[Any]] = (
    None,
    True,
    -1,
    0.5,
    1e308,
    float("nan"),
    10**400,
    [],
    {},
    [[]],
    "\ud800",
    *STRANGE[:40],
)


def spoilt_text(text: str, chance: random.Random) -> str:
    """The same with one to three changes: characters put in, taken out, doubled, in another place."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        to = at + chance.randint(0, 6)
        way = chance.randrange(4)
        if way == 0:
            text = text[:at] + chance.choice(STRANGE) + text[at:]
        elif way == 1:
            text = text[:at] + text[to:]
        elif way == 2:
            text = text[:to] + text[at:]
        else:
            text = text[at:to] + text[:at] + text[to:]
    return text


def delimited(rows: Sequence[Sequence[str]], separator: str = ",", encoding: str = ENCODINGS[0]) -> bytes:
    """A table as CSV; what the encoding lacks is left out."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding, errors="ignore")


def spoilt_table(table: Sequence[Sequence[str]], chance: random.Random) -> bytes:
    """A CSV of which some cells say strange things; every second time its bytes are spoilt too."""
    rows = [list(row) for row in table]
    for _ in range(chance.randint(1, 8)):
        row = chance.choice(rows)
        at = chance.randrange(len(row))
        row[at] = chance.choice(STRANGE) if chance.random() < 0.6 else spoilt_text(row[at], chance)
    data = delimited(rows, chance.choice(",;\t|"), chance.choice(ENCODINGS))
    return mangled(data, chance) if chance.random() < 0.5 else data


def spoilt_archive(data: bytes, chance: random.Random) -> bytes:
    """An XLSX of which one part is spoilt, is missing, or bears another's name; or its bytes as they stand."""
    if chance.random() < 0.2:
        return mangled(data, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        names = given.namelist()
        chosen, way = chance.choice(names), chance.randrange(5)
        for name in names:
            if name != chosen:
                into.writestr(name, given.read(name))
            elif way == 0:
                into.writestr(f"../{chance.choice(names)}", given.read(name))
            elif way == 1:
                into.writestr(name, spoilt_text(given.read(name).decode(), chance).encode(errors="ignore"))
            elif way < 4:
                into.writestr(name, mangled(given.read(name), chance))
    return made.getvalue()


def spoilt_json(given: tuple[Binding, Any], chance: random.Random) -> tuple[Binding, bytes]:
    """A body with values of other kinds and names of other fields, every second time broken text."""
    binding, value = given
    _, made = written((binding, _spoilt(value, chance)))
    return binding, mangled(made, chance) if chance.random() < 0.5 else made


def written(given: tuple[Binding, Any]) -> tuple[Binding, bytes]:
    """A body as it is sent."""
    binding, value = given
    return binding, json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")


def _spoilt(value: Any, chance: random.Random) -> Any:
    if chance.random() < _SPOILT:
        return chance.choice([*_VALUES, [value], {"value": value}, str(value)])
    if isinstance(value, dict):
        return {
            spoilt_text(name, chance) if chance.random() < _SPOILT else name: _spoilt(each, chance)
            for name, each in value.items()
        }
    return [_spoilt(each, chance) for each in value] if isinstance(value, list) else value


def spoilt_record(good: Stored, chance: random.Random) -> Stored:
    """A record of which a header, the key or the value is spoilt."""
    headers = dict(good.headers)
    name = chance.choice(list(headers))
    way = chance.randrange(5)
    if way == 0:
        del headers[name]
    elif way == 1:
        headers[name] = chance.choice(STRANGE)
    elif way == 2:
        headers[name] = spoilt_text(headers[name], chance)
    elif way == 3:
        return good._replace(value=mangled(good.value or b"", chance))
    else:
        return good._replace(key=spoilt_text(good.key, chance))
    return good._replace(headers=headers)
