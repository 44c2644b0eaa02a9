"""Special cases and deliberate mistakes, as data: what is planted, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.sample import names
from services.sample.firms import technology_text
from services.sample.world import World
from services.workbook.writing import CellValue

Rows = dict[str, list[dict[str, CellValue]]]


@dataclass(frozen=True, slots=True)
class PlantedError:
    """A wrong row: its sheet, its natural key (ref, or USCC of a firm), the header at fault, the reason."""

    sheet: str
    ref: str
    header: str
    reason: str


# The check character of this code should be another one.
_GOOD_CODE = names.credit_code(900_010, "320500")
_BAD_CODE = _GOOD_CODE[:17] + ("2" if _GOOD_CODE[17] != "2" else "3")
_AMOUNT_CODE = names.credit_code(900_020, "320500")

# DUPLICATE_REF, UNKNOWN_FIRM and PAID_IN_OVER_SIZE need more than one row or cell: the services find them.
PLANTED_ERRORS: tuple[PlantedError, ...] = (
    PlantedError("persons", "x-bad-date", "记录日期", "BAD_DATE"),
    PlantedError("persons", "x-direction", "研究方向", "UNKNOWN_DIRECTION"),
    PlantedError("persons", "x-shares", "研究方向", "SHARES_NOT_ONE"),
    PlantedError("persons", "x-no-name", "姓名", "REQUIRED"),
    PlantedError("persons", "x-city", "所在城市", "UNKNOWN_CITY"),
    PlantedError("persons", "x-id-number", "证件号码", "EXCEL_DAMAGED_NUMBER"),
    PlantedError("persons", "p-00001", "编号", "DUPLICATE_REF"),
    PlantedError("positions", "x-headcount", "需求人数", "OUT_OF_RANGE"),
    PlantedError("firms", _BAD_CODE, "统一社会信用代码", "INVALID_USCC"),
    PlantedError("firms", _AMOUNT_CODE, "营业收入", "AMOUNT_NOT_UNDERSTOOD"),
    PlantedError("deals", "x-unknown-firm", "企业信用代码", "UNKNOWN_FIRM"),
    PlantedError("funds", "x-paid-in", "实缴", "PAID_IN_OVER_SIZE"),
)
# Rows that stand twice, equal in every cell: nothing is refused, nothing is doubled.
PLANTED_DUPLICATES: tuple[tuple[str, str], ...] = (("persons", "p-00002"), ("positions", "j-00002"))
# Records of one person under two numbers, the second made to agree with the first in these columns: for the review of
# duplicates, which suggests such pairs and merges none by itself.
PLANTED_DOUBLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("p-00211", "p-00282", ("name", "phone", "email", "employer", "city", "directions", "profile", "works")),
    ("p-00234", "p-00271", ("name", "employer", "city", "directions", "profile", "works")),
)
# Deals by what they show; the firms behind them are `PLANTED_FIRMS` of the same name.
PLANTED_CASES: Mapping[str, tuple[str, ...]] = {
    "at-limit": ("c-at-limit",),
    "over-limit": ("c-over-limit",),
    "unknown-inputs": ("c-unknown",),
    "fixed-return": ("c-fixed-return",),
    "two-funds-one-round": ("c-round-1", "c-round-2"),
    "no-headroom": ("c-no-headroom",),
    "out-of-scope": ("c-out-of-scope",),
    "abnormal": ("c-abnormal",),
}
PLANTED_FIRMS: Mapping[str, str] = {
    case: names.credit_code(900_000 + number, "320500") for number, case in enumerate(PLANTED_CASES)
}


def plant(world: World, rows: Rows) -> None:
    """Append the special cases, the doubled rows and the wrong rows to their sheets."""
    rows["firms"] += [_firm(world, number, case) for number, case in enumerate(PLANTED_CASES)]
    rows["deals"] += [_deal(case, ref) for case, refs in PLANTED_CASES.items() for ref in refs]
    for first, second, columns in PLANTED_DOUBLES:
        known = _by_ref(rows, "persons", first)
        _by_ref(rows, "persons", second).update({column: known[column] for column in columns})
    for sheet, ref in PLANTED_DUPLICATES:
        rows[sheet].append(dict(_by_ref(rows, sheet, ref)))
    for sheet, wrong in _wrong_rows(world, rows).items():
        rows[sheet] += wrong


def _by_ref(rows: Rows, sheet: str, ref: str) -> dict[str, CellValue]:
    return next(row for row in rows[sheet] if row["ref"] == ref)


_FIRM_OVERRIDES: Mapping[str, Mapping[str, CellValue]] = {
    "at-limit": {
        "founded": "2021-06-30",
        "staff": 200,
        "rd_staff": 60,
        "external_rounds": 2,
        "net_assets": "2000万元",
        "revenue": "2000万元",
        "assets": "5000万元",
    },
    "over-limit": {
        "founded": "2021-05-30",
        "staff": 201,
        "rd_staff": 60,
        "external_rounds": 3,
        "net_assets": "20000000.01元",
        "revenue": "20000000.01元",
        "assets": "50000000.01元",
    },
    "unknown-inputs": dict.fromkeys(
        (
            *("staff", "rd_staff", "bachelor_staff", "assets", "net_assets", "revenue", "cost", "rd_cost"),
            *("inventions", "pct", "utility", "software", "external_rounds", "trl"),
        )
    ),
    "out-of-scope": {"stage": "种子期"},
    "abnormal": {"abnormal": "是"},
}
_FIRM_LEAVES = {"out-of-scope": "app-education"}
_DEAL_OVERRIDES: Mapping[str, Mapping[str, CellValue]] = {
    "c-at-limit": {"ticket": "2000万元", "pre_money": "5亿元", "round_total": "4000万元"},
    "c-over-limit": {"ticket": "20000000.01元", "pre_money": "500000000.01元", "round_total": "4000万元"},
    "c-unknown": dict.fromkeys(
        ("pre_money", "round_total", "holding_years", "redemption_year", "follow_on", "expert_rating")
    ),
    "c-fixed-return": {"fixed_return": "是", "redemption_year": 3},
    "c-round-2": {"fund": "f-mother", "ticket": "500万元"},
    "c-no-headroom": {"fund": "f-wuxi"},
    "c-out-of-scope": {"fund": "f-hydrogen"},
}


def _firm(world: World, number: int, case: str) -> dict[str, CellValue]:
    random = world.random("case", number)
    leaf = _FIRM_LEAVES.get(case, "sic")
    triple = world.triple(random, leaf)
    return {
        "uscc": PLANTED_FIRMS[case],
        "name": f"苏州市{names.brand(800 + number)}试样科技有限公司",
        "city": "苏州",
        "directions": world.leaf_name(leaf),
        "founded": "2024-03-15",
        "stage": "初创期",
        "staff": 36,
        "rd_staff": 18,
        "bachelor_staff": 30,
        "assets": "1800万元",
        "net_assets": "900万元",
        "revenue": "420万元",
        "cost": "1100万元",
        "rd_cost": "520万元",
        "inventions": 6,
        "pct": 1,
        "utility": 4,
        "software": 2,
        "external_rounds": 1,
        "trl": 5,
        "as_of": "2026-06-30",
        "technology": technology_text(random, [triple]),
        "product": f"主要产品为{triple.product}，用于{triple.application}。",
        "verified": "是",
        "abnormal": "否",
        "origin": "演示数据",
        **_FIRM_OVERRIDES.get(case, {}),
    }


def _deal(case: str, ref: str) -> dict[str, CellValue]:
    return {
        "ref": ref,
        "fund": "f-suzhou",
        "firm": PLANTED_FIRMS[case],
        "round": "天使轮",
        "ticket": "600万元",
        "pre_money": "6000万元",
        "round_total": "1500万元",
        "holding_years": 7,
        "redemption_year": 6,
        "fixed_return": "否",
        "follow_on": "300万元",
        "state": "初审",
        "submitted": "2026-05-18",
        "owner": "审核演示",
        "expert_rating": 4,
        "origin": "演示数据",
        **_DEAL_OVERRIDES.get(ref, {}),
    }


def _wrong_rows(world: World, rows: Rows) -> Rows:
    """The rows of PLANTED_ERRORS, each a good row with one thing wrong."""
    person = {**rows["persons"][2], "id_number": "", "phone": "", "email": ""}
    name = world.leaf_name("sic")
    firm = rows["firms"][0]
    deal = next(row for row in rows["deals"] if row["state"] == "线索")
    return {
        "persons": [
            {**person, "ref": "x-bad-date", "observed": "2026-02-30"},
            {**person, "ref": "x-direction", "directions": name.replace("衬底", "衬低")},
            {**person, "ref": "x-shares", "directions": f"{name}:0.6;{world.leaf_name('gan')}:0.3"},
            {**person, "ref": "x-no-name", "name": ""},
            {**person, "ref": "x-city", "city": "苏洲"},
            {**person, "ref": "x-id-number", "id_number": "3.20102E+17"},
            {**person, "ref": "p-00001"},
        ],
        "positions": [{**rows["positions"][2], "ref": "x-headcount", "headcount": -2}],
        "firms": [{**firm, "uscc": _BAD_CODE}, {**firm, "uscc": _AMOUNT_CODE, "revenue": "约500万"}],
        "deals": [{**deal, "ref": "x-unknown-firm", "firm": names.credit_code(909_090, "320500")}],
        "funds": [{**rows["funds"][0], "ref": "x-paid-in", "size": "1亿元", "paid_in": "1.2亿元"}],
    }
