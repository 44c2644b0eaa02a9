"""What a report is about: a quarter or a year."""

from dataclasses import dataclass
from datetime import date

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.period import Quarter

_ORDINALS = "一二三四"
_QUARTER, _YEAR = 6, 4
_FIRST = 2000


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """`last`: the quarter with which it ends. A year ends with its fourth one."""

    last: Quarter
    yearly: bool

    @classmethod
    def parse(cls, code: str) -> "ReportPeriod":
        """The period of `2026Q3` or `2026`. Raises InvalidArgument (PERIOD_NOT_UNDERSTOOD)."""
        year, number = code[:_YEAR], code[_YEAR:]
        digits = len(year) == _YEAR and year.isascii() and year.isdigit() and int(year) >= _FIRST
        if digits and not number:
            return cls(Quarter(int(year), 4), yearly=True)
        if digits and len(code) == _QUARTER and number in ("Q1", "Q2", "Q3", "Q4"):
            return cls(Quarter(int(year), int(number[1])), yearly=False)
        raise InvalidArgument.field(
            "period",
            "PERIOD_NOT_UNDERSTOOD",
            f"“{code}”不是期间：季度写作 2026Q3，年度写作 2026",
            f"{code!r} is no period: write a quarter as 2026Q3, a year as 2026",
        )

    def require_ended(self, today: date) -> None:
        """Raise InvalidArgument (PERIOD_NOT_ENDED) unless it has ended by `today`."""
        if self.end >= today:
            raise InvalidArgument.field(
                "period",
                "PERIOD_NOT_ENDED",
                f"{self.code} 于 {self.end} 结束，结束后方可编制",
                f"{self.code} ends on {self.end}; it can be reported on after that day",
            )

    @property
    def code(self) -> str:
        """As it is written: `2026Q3` or `2026`."""
        return str(self.last.year) if self.yearly else str(self.last)

    @property
    def quarters(self) -> int:
        """How many quarters it has."""
        return 4 if self.yearly else 1

    @property
    def codes(self) -> tuple[str, ...]:
        """Its quarters, oldest first."""
        return tuple(str(self.last.later(-back)) for back in reversed(range(self.quarters)))

    @property
    def start(self) -> date:
        """Its first day."""
        return self.last.later(1 - self.quarters).start

    @property
    def end(self) -> date:
        """Its last day."""
        return self.last.end

    @property
    def before(self) -> "ReportPeriod":
        """The period before it, of the same length."""
        return ReportPeriod(self.last.later(-self.quarters), self.yearly)

    @property
    def text(self) -> Text:
        """In words."""
        year, number = self.last
        if self.yearly:
            return Text(f"{year} 年度", f"year {year}")
        return Text(f"{year} 年第{_ORDINALS[number - 1]}季度", f"quarter {number} of {year}")
