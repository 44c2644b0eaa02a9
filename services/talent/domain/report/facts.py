"""What a report rests on beside the cells of its releases: frozen when it is drafted, and never read anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Release
from services.talent.domain.report.calendar import Planned
from services.talent.domain.report.registered import Proof, Proven, Registered
from services.talent.domain.report.retention import RetentionFacts
from services.talent.domain.report.returns import Returns
from services.talent.domain.shortage.reasons.refusals import Refusals


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """A signed release, without its cells."""

    id: str
    quarter: str
    revision: int
    as_of: date
    known_at: datetime
    method: str
    disclosure: str
    catalogue: str
    cells: int
    hidden: int
    sha256: str

    @classmethod
    def of(cls, release: Release) -> "ReleaseFacts":
        """Those of a release."""
        return cls(
            release.id,
            release.quarter,
            release.revision,
            release.as_of,
            release.known_at,
            release.method_version,
            release.disclosure_version,
            release.catalogue_version,
            release.cells,
            release.hidden,
            release.content_sha256,
        )

    @property
    def name(self) -> str:
        """`shortageReleases/{id}`."""
        return f"shortageReleases/{self.id}"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What the newest signed release of a quarter printed of the whole province; None for what it did not."""

    quarter: str
    release: str
    demand: int | None
    supply: float | None
    index: float | None
    low: float | None
    high: float | None
    symbol: str


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """How many cells differ between two revisions of a quarter, by kind; `same` are equal."""

    quarter: str
    before: int
    after: int
    kinds: Mapping[str, int]
    same: int


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal of the document that has a number. Of a public edition only what the document says: `progress` is None.
    `counts`: what it counts, in a word or two; None in reports of the first three versions.
    """

    id: str
    text: Text
    clause: str
    value: int
    unit: Text
    due: date | None
    rule: Text
    progress: "GoalProgress | None"
    counts: Text | None = None


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """How it stands on the period's last day; `before`: on that of the period before, by the same evidence.

    Paces are per year. `proven`: None in reports of the first three versions. `light_before`: that of the period
    before, by the same evidence; empty in facts from before it was asked.
    """

    actual: int
    before: int
    shortfall: int
    reached: date | None
    needed: float | None
    seen: float | None
    probability: float | None
    light: str
    counted: int
    uncounted: int
    proven: Proven | None = None
    light_before: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """A goal without a number: evidence, never a percentage. `records` is None in a public edition, as `proofs` is, and
    the latter in reports of the first three versions too.
    """

    text: Text
    clause: str
    year: int
    records: int | None
    proofs: tuple[Proof, ...] | None = None


@dataclass(frozen=True, slots=True)
class ForecastFacts:
    """A published forecast against what came by the period's last day."""

    id: str
    as_of: date
    scored: int
    coverage: float
    error: float
    unchanged: float


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What share of a class of talent the library is estimated to know; `why`: why nothing is said."""

    category: str
    share: float | None
    low: float | None
    high: float | None
    why: Text | None


NOTHING = Text("", "")
COURSES = ("nominated", "undecided", "awarded")
"""How far a nomination may have come, as `ProgrammeFacts` names it."""


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """Nominations of the period's year for one programme, as they stand when the report is drafted; `places`: None
    without a quota.
    """

    name: Text
    nominated: int
    undecided: int
    awarded: int
    places: int | None


@dataclass(frozen=True)
class Inner:
    """What only the internal edition has. `open_forecasts`: published ones of which nothing has come due; `retention`:
    None in reports of the first version, which did not ask. `forecasts_before`: the same forecasts as they were
    scored at the end of the period before, which the first three versions did not look at, nor at what is `registered`.
    `cities_before`: what the funding service reported of cities for the period before; None in facts from before it was
    asked.
    """

    forecasts: tuple[ForecastFacts, ...]
    open_forecasts: int
    coverage: tuple[CoverageFacts, ...]
    refused: tuple[Refusals, ...]
    programmes: tuple[ProgrammeFacts, ...]
    retention: tuple[RetentionFacts, ...] | None = None
    forecasts_before: tuple[ForecastFacts, ...] | None = None
    registered: Registered | None = None
    cities_before: Returns | None = None


@dataclass(frozen=True)
class Correction:
    """The signed report that is corrected, and what is. `revision`: which one of its period it was; None in facts of
    the first two versions.
    """

    report: str
    reason: str
    revision: int | None = None

    @property
    def said(self) -> Text:
        """The report in words."""
        name = f"reports/{self.report}"
        if self.revision is None:
            return Text(name, name)
        return Text(
            f"本期第 {self.revision} 次（{name}）", f"revision {self.revision} of this period ({name})"
        )


@dataclass(frozen=True)
class Facts:
    """All of it.

    `printed`: the release of the period before as it was printed then; `revised`: the newest one of the same quarter.
    Both are None where that period has no signed release. `previous_report`: the signed report that printed it.
    `axes`: the dimensions of the release, as `Axes.document` has them. `returns`: what was reported of its quarters, in
    a public edition with small numbers hidden; None in reports of the first version. `release_parts`: `release_note`
    subject by subject; empty of a release by a method that is no longer known, as in reports of the first three
    versions, which had no `calendar` either. `withheld`: keys of the tables that a public edition leaves empty.
    `stances`: the class of the verb that the document uses of each direction; empty in the first three versions.
    `counting`: how things count for the goals; empty in facts from before it was asked.
    """

    period: str
    edition: Edition
    known_at: datetime
    release: ReleaseFacts
    printed: ReleaseFacts | None
    revised: ReleaseFacts | None
    previous_report: str | None
    trend: tuple[TrendPoint, ...]
    revisions: tuple[RevisionFacts, ...]
    goals: tuple[GoalFacts, ...]
    milestones: tuple[MilestoneFacts, ...]
    goals_note: Text
    release_note: Text
    axes: Mapping[str, tuple[str | int, ...]]
    names: Mapping[str, Text]
    synthetic: bool
    correction: Correction | None
    inner: Inner | None
    returns: Returns | None = None
    release_parts: tuple[Text, ...] = ()
    calendar: tuple[Planned, ...] | None = None
    withheld: tuple[str, ...] = ()
    stances: Mapping[str, str] = field(default_factory=dict)
    counting: Text = NOTHING

    def name(self, code: str) -> Text:
        """What a code was called when the report was drafted."""
        return self.names.get(code, Text(code, code))
