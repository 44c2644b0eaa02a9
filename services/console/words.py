"""The words of the pages: what console and command line share, what the console holds, and sums of money."""

from services.wording import codes, words

SECTIONS = (("map", "/map", "紧缺人才图谱", "Shortage map"),)
_DOORS = {
    "map": (
        "哪个市、哪个产业最缺人，为什么，谁能填补。",
        "Which city and industry is short of people, why, and who could fill it.",
    ),
}
_WAN = 10_000 * 100
_YI = 10_000 * _WAN


class Words(words.Words):
    """The shared words, and those of the console alone."""

    @property
    def sections(self) -> tuple[tuple[str, str, str, str], ...]:
        """Key, path and both names of what the console holds."""
        return SECTIONS

    @property
    def doors(self) -> list[tuple[str, str, str, str, str, str]]:
        """The same, with what each is for in both languages."""
        return [(*section, *_DOORS[section[0]]) for section in SECTIONS]

    def cell_state(self, name: str) -> str:
        """Why a cell has no index; empty where it has one."""
        return codes.SHORTAGE_STATES[name].to(self.language) if name in codes.SHORTAGE_STATES else ""

    def money(self, fen: int) -> str:
        """万元 and 亿元 in Chinese, millions of yuan in English; whole fen are never rounded away below 1 万元."""
        return _yuan_zh(fen) if self.language == "zh" else _yuan_en(fen)


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
