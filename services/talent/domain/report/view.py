"""What the sections of a report are written from, and the proposals of how it is composed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from services.kernel.text import Text
from services.talent.domain.axes import ALL, Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.content import Row
from services.talent.domain.report.facts import Facts
from services.talent.domain.report.movement import Move, move
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.printed import Place, Printed
from services.talent.domain.shortage.table import ShortageTable
from services.wording.chances import CAREFUL, Manner

PROVINCE = Text("全省", "province")


@dataclass(frozen=True, slots=True)
class Composition:
    """Configuration: how many lines the longest tables have, from which probability a change is said to be one, from
    which star a cell is listed as short, and which width of a rank interval is printed.
    """

    tightest: int = 20
    movers: int = 10
    driven: int = 15
    sure: float = 0.9
    rank_sure: float = 0.95
    short_stars: int = 4

    @property
    def note(self) -> Text:
        """What a reader must know."""
        return Text(
            f"报告编制参数（均为建议值）：最紧缺表至多 {self.tightest} 行，升降表各至多 {self.movers} 行，"
            f"成因表至多 {self.driven} 个单元格；升或降须有 {self.sure:.0%} 的把握，否则记为平；"
            f"排名区间按 {self.rank_sure:.0%} 的把握；★{self.short_stars} 以上计为紧缺。",
            f"Composition (all proposals): up to {self.tightest} tightest cells, {self.movers} each of rises and "
            f"falls, causes of up to {self.driven} cells; a rise or fall is said with {self.sure:.0%} probability, "
            f"otherwise level; rank intervals at {self.rank_sure:.0%}; short from {self.short_stars} stars.",
        )


@dataclass(frozen=True)
class View:
    """`printed` and `revised` as in `Facts`; `table` is there for an internal edition alone: the composer of a public
    one has nothing but what the public release printed, and returns as they may be printed. `manner`: how shares and
    probabilities are written. `early`: composed as one of the first three versions did; `fourth` and
    `fifth`: as one of the first four, or five.
    """

    facts: Facts
    now: Printed
    printed: Printed | None
    revised: Printed | None
    table: ShortageTable | None
    composition: Composition = field(default_factory=Composition)
    manner: Manner = CAREFUL
    early: bool = False
    fourth: bool = False
    fifth: bool = False

    def __post_init__(self) -> None:
        facts = self.facts
        inner = self.table is not None or facts.inner is not None
        inner = inner or (facts.returns is not None and facts.returns.whole)
        told = any(goal.progress is not None for goal in facts.goals)
        if facts.edition is Edition.PUBLIC and (inner or told):
            raise ValueError("a public edition is composed of what is printed alone")

    @cached_property
    def axes(self) -> Axes:
        """The dimensions of the release."""
        return Axes.of_document(self.facts.axes)

    @cached_property
    def period(self) -> ReportPeriod:
        """What the report is about."""
        return ReportPeriod.parse(self.facts.period)

    @property
    def public(self) -> bool:
        """Whether it is the public edition."""
        return self.facts.edition is Edition.PUBLIC

    def place(self, row: Row) -> Text:
        """A cell in words."""
        node, city, category = row.key
        parts = [self.facts.name(code) for code in (node, city, category) if code != ALL]
        if not parts:
            return PROVINCE
        return Text(" · ".join(each.zh for each in parts), " · ".join(each.en for each in parts))

    @cached_property
    def fine(self) -> list[Row]:
        """The finest cells that are printed of a city: directions by city."""
        places = ((node, city, ALL) for node in self.axes.leaves for city in self.axes.cities[:-1])
        return list(self.now.within(places))

    @cached_property
    def moves(self) -> list[Move]:
        """What moved since the period before: directions and industries, by city and in the province."""
        return [found for place in self._places() if (found := self.move(place)) is not None]

    def move(self, place: Place) -> Move | None:
        """What became of one cell; None without an index at both times."""
        if self.printed is None or self.revised is None:
            return None
        printed, revised, now = (each.by_place.get(place) for each in (self.printed, self.revised, self.now))
        return move(printed, revised, now, self.composition.sure)

    def _places(self) -> Iterator[Place]:
        for node in self.axes.nodes:
            for city in self.axes.cities:
                yield node, city, ALL
