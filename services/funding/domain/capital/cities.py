"""What cities put into funds and what was invested with them (分市统计): nothing counted twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.funding.domain.capital.call import CapitalCall
from services.funding.domain.capital.commitment import Commitment, PartyKind
from services.funding.domain.capital.reinvestment import ReinvestmentCredit

OF_CITIES = frozenset({PartyKind.CITY, PartyKind.DISTRICT})


@dataclass
class CityFigures:
    """Fen of one city; `firms`: the ids of the firms behind what was invested."""

    subscribed_fen: int = 0
    called_fen: int = 0
    received_fen: int = 0
    invested_fen: int = 0
    credited_fen: int = 0
    firms: set[str] = field(default_factory=set)

    def add(self, other: "CityFigures") -> None:
        """Take in the figures of another city."""
        self.subscribed_fen += other.subscribed_fen
        self.called_fen += other.called_fen
        self.received_fen += other.received_fen
        self.invested_fen += other.invested_fen
        self.credited_fen += other.credited_fen
        self.firms |= other.firms


@dataclass(frozen=True, slots=True)
class Placed:
    """What was paid for one firm, in fen, and where the firm is."""

    firm_id: str
    city: str
    paid_fen: int


def by_city(
    commitments: Iterable[Commitment],
    calls: Iterable[CapitalCall],
    received_fen: Mapping[tuple[str, str], int],
    fund_cities: Mapping[str, str],
    placed: Iterable[Placed],
    counted: Iterable[ReinvestmentCredit],
) -> dict[str, CityFigures]:
    """The figures of every city that has any.

    A city's money is that of CITY and DISTRICT parties, for the city of the fund unless the commitment says another.
    `received_fen`: by call and commitment; `fund_cities`: by fund; `counted`: the credits in force.
    """
    found = defaultdict[str, CityFigures](CityFigures)
    cities = {
        each.id: each.city or fund_cities.get(each.fund_id, "")
        for each in commitments
        if each.kind in OF_CITIES
    }
    for each in commitments:
        if each.id in cities:
            found[cities[each.id]].subscribed_fen += each.fen
    for call in calls:
        for id_, fen in call.parts.items():
            if id_ in cities:
                found[cities[id_]].called_fen += fen
                found[cities[id_]].received_fen += received_fen.get((call.id, id_), 0)
    for holding in placed:
        found[holding.city].invested_fen += holding.paid_fen
        found[holding.city].firms.add(holding.firm_id)
    for credit in counted:
        found[credit.city].credited_fen += credit.fen
    return dict(found)


def total(cities: Mapping[str, CityFigures]) -> CityFigures:
    """All cities together."""
    made = CityFigures()
    for each in cities.values():
        made.add(each)
    return made
