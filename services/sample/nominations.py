"""Nominations of the sample for talent programmes, and the places of these by industry. All of it SYNTHETIC."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.catalogue import OUTSIDE, load
from services.sample.hires import agreed
from services.sample.holdings import MARKED
from services.workbook.writing import CellValue

TOP, PIONEERS = "top-talent", "shuangchuang"
QUOTAS = (
    (TOP, "third-gen-semiconductor", 2),
    (TOP, "hydrogen", 1),
    (TOP, "energy-storage", 1),
    (TOP, "general-intelligence", 2),
    (PIONEERS, "third-gen-semiconductor", 2),
    (PIONEERS, "hydrogen", 2),
    (PIONEERS, "energy-storage", 3),
)
"""Places of a programme by industry; the award in cells and genes is one for which none were set."""
PAID_FEN = {TOP: 100_000_000, PIONEERS: 50_000_000}
"""What somebody who is awarded is paid, in fen."""
_CATEGORIES = {
    TOP: ("leading-scientist", "young-scientist"),
    PIONEERS: ("outstanding-engineer", "young-scientist"),
}
_PLANS = (
    (TOP, "third-gen-semiconductor", "FUNDED"),
    (TOP, "third-gen-semiconductor", "REVIEWED"),
    (TOP, "hydrogen", "AWARDED"),
    (TOP, "energy-storage", "ELIGIBLE"),
    (TOP, "general-intelligence", "DECLINED"),
    (TOP, "general-intelligence", "NOMINATED"),
    (PIONEERS, "third-gen-semiconductor", "FOLLOWED_UP"),
    (PIONEERS, "hydrogen", "NOMINATED"),
    (PIONEERS, "energy-storage", "AWARDED"),
    (PIONEERS, "energy-storage", "FUNDED"),
    (PIONEERS, "energy-storage", "INELIGIBLE"),
    (PIONEERS, "cell-gene", "AWARDED"),
    (PIONEERS, "general-intelligence", "WITHDRAWN"),
)


@dataclass(frozen=True, slots=True)
class SampleNomination:
    """One nomination, in codes of the catalogue: the person by the number in their source; where it comes to stand."""

    programme: str
    industry: str
    person: str
    unit: str
    state: str


def nominations(persons: Sequence[Mapping[str, CellValue]]) -> Iterator[SampleNomination]:
    """As many as there are people for; `persons`: rows of the sheet, the last of whom are nominated, each once."""
    known = load()
    free = [
        each
        for each in reversed(persons)
        if agreed(each) and known.resolve_place(str(each["city"])) != OUTSIDE
    ]
    for programme, industry, state in _PLANS:
        person = next((each for each in free if _suits(each, programme, industry)), None)
        if person is None:
            continue
        free.remove(person)
        yield SampleNomination(
            programme=programme,
            industry=industry,
            person=str(person["ref"]),
            unit=f"{person['city']}人才办{MARKED}",
            state=state,
        )


def _suits(person: Mapping[str, CellValue], programme: str, industry: str) -> bool:
    known = load()
    first = str(person["directions"]).split(";")[0].partition(":")[0]
    return (
        known.resolve_category(str(person["category"])) in _CATEGORIES[programme]
        and known.industry_of(known.resolve_direction(first)) == industry
    )
