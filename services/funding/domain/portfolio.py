"""What a fund holds, as far as its limits look at it."""

from dataclasses import dataclass

from services.funding.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Position:
    """Money of the fund in one firm, in fen. `early`: whether the firm was early when the fund entered."""

    firm: str
    amount_fen: int
    early: Outcome
    city: str
    in_province: bool


@dataclass(frozen=True)
class Portfolio:
    """The positions that are signed or paid, this deal left out."""

    positions: tuple[Position, ...] = ()

    @property
    def total_fen(self) -> int:
        """All money in positions."""
        return sum(p.amount_fen for p in self.positions)

    @property
    def firms(self) -> frozenset[str]:
        """The firms held."""
        return frozenset(p.firm for p in self.positions)

    def in_firm_fen(self, firm: str) -> int:
        """The money in one firm."""
        return sum(p.amount_fen for p in self.positions if p.firm == firm)

    def early_fen(self, *outcomes: Outcome) -> int:
        """The money in firms whose early gate came out as one of `outcomes`."""
        return sum(p.amount_fen for p in self.positions if p.early in outcomes)

    def in_province_fen(self) -> int:
        """The money in firms of the province."""
        return sum(p.amount_fen for p in self.positions if p.in_province)

    def in_city_fen(self, city: str) -> int:
        """The money in firms of one city."""
        return sum(p.amount_fen for p in self.positions if p.city == city)
