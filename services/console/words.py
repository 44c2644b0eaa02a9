"""Words for codes: cities, industries, directions, categories, states, parts of a score."""

from dataclasses import dataclass
from typing import Any

from services.catalogue import Catalogue
from services.kernel.errors import NotFound
from services.kernel.text import Language, Text
from services.workbook.choices import DEAL_STATE, STAGE

_PARTS = {
    "constant": Text("基准", "constant"),
    "text": Text("文本", "text"),
    "placed": Text("归类", "placement"),
    "directions": Text("方向", "directions"),
    "field": Text("领域", "field"),
    "city": Text("城市", "city"),
    "home_city": Text("本市", "home city"),
    "category": Text("类别", "category"),
    "availability": Text("意愿", "availability"),
    "stage": Text("阶段", "stage"),
    "same_stage": Text("同阶段", "same stage"),
    "ticket": Text("金额", "ticket"),
    "tightness": Text("供需", "tightness"),
    "difficulty": Text("难招", "difficulty"),
    "pipeline": Text("后备", "pipeline"),
    "momentum": Text("走势", "momentum"),
    "flow": Text("外流", "outflow"),
    "place": Text("名次影响", "place in the list"),
}
_CELL_STATES = {
    "STATE_NO_DATA": Text("无数据", "no data"),
    "STATE_NO_DEMAND": Text("无需求", "no demand"),
    "STATE_LIBRARY_GAP": Text("库内空白", "nobody in the library"),
}
SECTIONS = (("map", "/map", "紧缺人才图谱", "Shortage map"),)
_DOORS = {
    "map": (
        "哪个市、哪个产业最缺人，为什么，谁能填补。",
        "Which city and industry is short of people, why, and who could fill it.",
    ),
}
_WAN = 10_000 * 100
_YI = 10_000 * _WAN


@dataclass(frozen=True, slots=True)
class Words:
    """Names in one language; a code that is unknown stands for itself."""

    catalogue: Catalogue
    language: Language

    @property
    def sections(self) -> tuple[tuple[str, str, str, str], ...]:
        """Key, path and both names of what the console holds."""
        return SECTIONS

    @property
    def doors(self) -> list[tuple[str, str, str, str, str, str]]:
        """The same, with what each is for in both languages."""
        return [(*section, *_DOORS[section[0]]) for section in SECTIONS]

    def city(self, code: str) -> str:
        """Short name of a city; 省外 for `outside`."""
        if code == "outside":
            return Text("省外", "outside").to(self.language)
        try:
            found = self.catalogue.city(code)
        except NotFound:
            return code
        return Text(found.short_zh, found.pinyin).to(self.language)

    def industry(self, code: str) -> str:
        """Name of an industry."""
        return self._named(self.catalogue.industry, code)

    def direction(self, code: str) -> str:
        """Name of a direction, or of an industry that has none."""
        return self._named(self.catalogue.leaf, code)

    def category(self, code: str) -> str:
        """Name of a category of talent."""
        return self._named(self.catalogue.category, code)

    def part(self, name: str) -> str:
        """A part of a score."""
        return _PARTS[name].to(self.language) if name in _PARTS else name

    def cell_state(self, name: str) -> str:
        """Why a cell has no index; empty where it has one."""
        return _CELL_STATES[name].to(self.language) if name in _CELL_STATES else ""

    def deal_state(self, code: str) -> str:
        """A deal's state, with or without `STATE_`."""
        return self._choice(DEAL_STATE, code.removeprefix("STATE_"))

    def stage(self, code: str) -> str:
        """A firm's stage, with or without `FIRM_STAGE_`."""
        return self._choice(STAGE, code.removeprefix("FIRM_STAGE_"))

    def money(self, fen: int) -> str:
        """万元 and 亿元 in Chinese, millions of yuan in English; whole fen are never rounded away below 1 万元."""
        return _yuan_zh(fen) if self.language == "zh" else _yuan_en(fen)

    def _named(self, find: Any, code: str) -> str:
        try:
            found = find(code)
        except NotFound:
            return code
        return Text(found.name_zh, found.name_en).to(self.language)

    def _choice(self, choices: Any, code: str) -> str:
        found = next((each for each in choices if each.code == code), None)
        return code if found is None else Text(found.zh, found.en).to(self.language)


def _yuan_zh(fen: int) -> str:
    if abs(fen) >= _YI:
        return f"{_digits(fen, _YI)}亿元"
    return f"{_digits(fen, _WAN)}万元" if abs(fen) >= _WAN else _exact(fen) + "元"


def _yuan_en(fen: int) -> str:
    return f"¥{_digits(fen, 100 * _WAN)} m" if abs(fen) >= _WAN else "¥" + _exact(fen)


def _exact(fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def _digits(fen: int, unit: int) -> str:
    """With two digits after the point, fewer if they are zero; half up, on whole numbers only."""
    hundredths = (abs(fen) * 200 + unit) // (2 * unit)
    whole, rest = divmod(hundredths, 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")
