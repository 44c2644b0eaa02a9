"""The six made-up funds of the sample."""

from services.sample.world import World
from services.workbook.writing import CellValue

FUND_REFS = ("f-mother", "f-suzhou", "f-nanjing", "f-wuxi", "f-changzhou", "f-hydrogen")
# Its free capital is one fen: any further commitment must be refused.
FULL_FUND = "f-wuxi"
_KEYS = (
    *("name", "kind", "city", "size", "paid_in", "government", "committed", "established"),
    *("life_years", "investment_years", "ruleset", "industries", "cities"),
    *("ticket_max", "valuation_max", "concentration_max", "early_floor"),
)
_ALL = "*"
_HYDROGEN = "氢能;新型储能;零碳负碳(碳捕集利用及封存)"
_DIGITAL = "通用智能;未来网络;虚拟现实;量子科技;类人机器人"
_ROWS: dict[str, tuple[str | int, ...]] = {
    "f-mother": (
        *(
            "江苏战新产业母基金（演示）",
            "省级母基金",
            "南京",
            "20亿元",
            "12亿元",
            "20亿元",
            "6.8亿元",
            "2024-06-18",
        ),
        *(12, 7, "国家创业投资引导基金规则", _ALL, ""),
        *("5000万元", "5亿元", "20%", "70%"),
    ),
    "f-suzhou": (
        *(
            "苏州未来产业天使基金（演示）",
            "未来产业天使基金",
            "苏州",
            "5亿元",
            "1亿元",
            "2亿元",
            "4200万元",
            "2024-09-27",
        ),
        *(12, 6, "苏州天使母基金规则", _ALL, "苏州;南通;无锡"),
        *("2000万元", "5亿元", "20%", "50%"),
    ),
    "f-nanjing": (
        *(
            "南京未来产业天使基金（演示）",
            "未来产业天使基金",
            "南京",
            "6亿元",
            "3亿元",
            "2.4亿元",
            "9300万元",
            "2024-11-08",
        ),
        *(12, 6, "国家创业投资引导基金规则", _DIGITAL, "南京;镇江;扬州"),
        *("3000万元", "4亿元", "20%", "70%"),
    ),
    "f-wuxi": (
        *(
            "无锡未来产业天使基金（演示）",
            "未来产业天使基金",
            "无锡",
            "5亿元",
            "5亿元",
            "2亿元",
            "499999999.99元",
            "2024-03-12",
        ),
        *(12, 6, "苏州天使母基金规则", _ALL, "无锡;苏州"),
        *("2000万元", "3亿元", "20%", "50%"),
    ),
    "f-changzhou": (
        *(
            "常州新能源专项基金（演示）",
            "设区市专项基金",
            "常州",
            "8亿元",
            "4亿元",
            "3.2亿元",
            "1.5亿元",
            "2023-05-30",
        ),
        *(12, 6, "财税〔2018〕55号", "新型储能;氢能;前沿新材料;合成生物", "常州;无锡;镇江"),
        *("4000万元", "5亿元", "15%", "60%"),
    ),
    "f-hydrogen": (
        *(
            "沿海氢能子基金（演示）",
            "子基金",
            "南通",
            "3亿元",
            "1.8亿元",
            "9000万元",
            "5200万元",
            "2024-12-20",
        ),
        *(10, 5, "国家创业投资引导基金规则", _HYDROGEN, "南通;盐城;连云港"),
        *("3000万元", "3亿元", "1/5", "70%"),
    ),
}


def fund(world: World, ref: str) -> dict[str, CellValue]:
    """Row of the fund with this ref."""
    row: dict[str, CellValue] = {
        "ref": ref,
        **dict(zip(_KEYS, _ROWS[ref], strict=True)),
        "origin": "演示数据",
    }
    if row["industries"] == _ALL:
        row["industries"] = ";".join(industry.name_zh for industry in world.catalogue.industries)
    return row
