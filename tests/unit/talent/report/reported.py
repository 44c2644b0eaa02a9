"""Reports of made-up releases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from services.kernel.text import Text
from services.talent.domain.disclosure.patterns import Pattern
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.evidence.counting import CountingRules
from services.talent.domain.release import content
from services.talent.domain.release.content import Row
from services.talent.domain.release.hiding import safe
from services.talent.domain.report.calendar import Planned
from services.talent.domain.report.facts import (
    CoverageFacts,
    Facts,
    ForecastFacts,
    GoalFacts,
    GoalProgress,
    Inner,
    MilestoneFacts,
    ProgrammeFacts,
    ReleaseFacts,
    RevisionFacts,
    TrendPoint,
)
from services.talent.domain.report.printed import Printed
from services.talent.domain.report.publishing import published
from services.talent.domain.report.registered import (
    Ages,
    Instrument,
    Presence,
    Proof,
    Proven,
    Registered,
    Stayed,
    StayedBy,
)
from services.talent.domain.report.retention import RetentionFacts
from services.talent.domain.report.returns import Return, Returns, Source
from services.talent.domain.report.view import View
from services.talent.domain.shortage.table import Address, ShortageTable
from tests.unit.talent.library import AXES
from tests.unit.talent.release.test_release import NOTHING, table

KNOWN = datetime(2026, 7, 2, 1, tzinfo=UTC)
PROOF = Proof(
    "SC-7",
    Text("港口氢能场景", "港口氢能场景"),
    "nantong",
    date(2026, 5, 4),
    "苏工信〔2026〕7 号",
    Text("省工业和信息化厅", "the Industry Department"),
)
SEEDS = {Edition.INTERNAL: (1, 2, 3), Edition.PUBLIC: (1, 1, 1)}
"""Of the release, the one before as printed, and as revised."""
_SAFE: dict[tuple[Edition, int], tuple[ShortageTable, tuple[Row, ...]]] = {}


def released(edition: Edition, seed: int) -> tuple[ShortageTable, tuple[Row, ...]]:
    """A release's table with its rows, made once."""
    if (edition, seed) not in _SAFE:
        made = safe(table(edition, seed, people=120), NOTHING)
        rows = tuple(content.rows(made))
        hidden = np.ones(AXES.shape, bool)
        for row in rows:
            hidden[made.at(Address(*row.key))] = row.symbol == "c"
        reach = made.patterns.reach(made.cube, edition)
        _SAFE[edition, seed] = made.with_pattern(Pattern(edition, hidden, reach)), rows
    return _SAFE[edition, seed]


def release(quarter: str, revision: int, rows: tuple[Row, ...]) -> ReleaseFacts:
    """What is said of a release."""
    hidden = sum(row.symbol == "c" for row in rows)
    name = f"{quarter}-{revision}"
    day = date(2026, 6, 30)
    return ReleaseFacts(
        name, quarter, revision, day, KNOWN, "m-1", "d-1", "c-1", len(rows), hidden, f"{name:0<64}"
    )


def goal(told: bool, **further: Any) -> GoalFacts:
    """A goal of the document, with its progress if it is told."""
    text = Text("开放应用场景 100 个", "100 open scenarios")
    why = Text("尚未确认", "not confirmed")
    proven = Proven(date(2026, 6, 30), (PROOF,), ((why, 2),))
    progress = GoalProgress(37, 31, 63, None, 18.4, 9.5, 0.31, "RED", 37, 2, proven, "YELLOW")
    made = GoalFacts(
        "T1",
        text,
        "三(二)",
        100,
        Text("个", "items"),
        date(2030, 12, 31),
        Text("已批准并启用的计一个。", "Counts when approved and opened."),
        progress if told else None,
    )
    return replace(made, **further)


def facts(edition: Edition, **further: Any) -> Facts:
    """The facts of the second quarter of 2026."""
    internal = edition is Edition.INTERNAL
    told = returns(*Source)
    now, before, later = (released(edition, seed)[1] for seed in SEEDS[edition])
    made = Facts(
        period="2026Q2",
        edition=edition,
        known_at=KNOWN,
        release=release("2026Q2", 1, now),
        printed=release("2026Q1", 1, before),
        revised=release("2026Q1", 2, later),
        previous_report="reports/before",
        trend=(TrendPoint("2026Q1", "2026Q1-2", 40, 80.0, 41.0, 35.5, 47.25, ""),),
        revisions=(RevisionFacts("2026Q1", 1, 2, {"NUMBER": 17, "STAR": 3}, 300),),
        goals=(goal(internal),),
        milestones=(_milestone(internal),),
        goals_note=Text("概率：泊松。", "Probability: Poisson.") if internal else Text("", ""),
        release_note=Text("指数说明", "how the index is made"),
        axes={name: tuple(codes) for name, codes in AXES.document().items()},
        names={
            "programme/double-plan": Text("双创计划", "entrepreneurs"),
            "hydrogen": Text("氢能", "hydrogen"),
            "nantong": Text("南通", "Nantong"),
        },
        synthetic=True,
        correction=None,
        inner=_inner() if internal else None,
        returns=told if internal else Returns(told.quarters, tuple(published(each) for each in told.told)),
        counting=CountingRules().note,
        release_parts=(Text("指数", "the index"), Text("星级", "stars")),
        stances=dict.fromkeys(AXES.policy_leaves[:2], "scale")
        | dict.fromkeys(AXES.policy_leaves[2:], "forward"),
        calendar=(
            Planned("2026Q2", date(2026, 8, 14), None),
            Planned("2025", date(2026, 3, 31), date(2026, 4, 2)),
        ),
    )
    return replace(made, **further)


def _milestone(internal: bool) -> MilestoneFacts:
    proofs = (PROOF,) if internal else None
    return MilestoneFacts(Text("形成体系", "a system"), "二", 2030, 2 if internal else None, proofs)


def _registered() -> Registered:
    sandbox = Text("沙盒监管", "Regulatory sandbox")
    people = Text("人才记录", "records of people")
    return Registered(
        presence=tuple(Presence(code, 9, 2, 4, 1, 11) for code in AXES.industries),
        instruments=(Instrument(sandbox, 2, 1, 3, 180, 77),),
        ages=(Ages(people, (70, 20, 10, 5, 1), 66),),
        doubles=((Text("待核定", "to be decided"), 13),),
        stayed=Stayed(6, 3, 1, 2),
        stayed_by=(
            StayedBy("person-position", "text", 3, 2, 0, 1),
            StayedBy("firm-fund", "in_scope", 1, 1, 0, 0),
        ),
    )


def _inner() -> Inner:
    unknown = Text("未知", "unknown")
    return Inner(
        forecasts=(ForecastFacts("f1", date(2025, 12, 31), 24, 0.875, 2.25, 3.5),),
        open_forecasts=1,
        coverage=(
            CoverageFacts("all", 0.62, 0.5, 0.74, None),
            CoverageFacts("highly-skilled", None, None, None, unknown),
        ),
        refused=(),
        programmes=(ProgrammeFacts(Text("双创计划", "entrepreneurs"), 7, 2, 3, 5),),
        retention=(RetentionFacts(Text("双创计划", "entrepreneurs"), 1, 5, 2, 1, 1, 1),),
        forecasts_before=(ForecastFacts("f1", date(2025, 12, 31), 16, 0.75, 3.0, 3.5),),
        registered=_registered(),
        cities_before=Returns(("2026Q1",), (_before(),)),
    )


def _before() -> Return:
    """What the funding service reported of cities for the first quarter of 2026."""
    figures = (("city", "nantong", 5), ("city_fen", "nantong", 20_000_000_000))
    return Return(Source.FUNDING, "2026Q1", 1, "funding-return-5", KNOWN, False, figures)


def case(
    deal: str, begun: date, ended: date | None, test: tuple[int, int, int]
) -> list[tuple[str, str, int]]:
    """The figures of a case of 容错, one of its tests among them."""
    days = [("case_begun_day", begun), *([("case_ended_day", ended)] if ended else [])]
    tests = zip(("case_items", "case_met", "case_records"), test, strict=True)
    return [(code, deal, day.toordinal()) for code, day in days] + [
        (code, f"{deal}/PROCEDURE", value) for code, value in tests
    ]


def returns(*sources: Source) -> Returns:
    """What these services reported of the second quarter of 2026."""
    figures: dict[Source, tuple[tuple[str, str, int], ...]] = {
        Source.FUNDING: (
            ("invested", "", 4),
            ("invested_fen", "", 200_000_000_000),
            ("early", "PASS", 3),
            ("early_fen", "PASS", 150_000_000_000),
            ("early", "NO_RUN", 1),
            ("first_time", "", 4),
            *((gate, "NO_RUN", 4) for gate in ("small", "long", "hard")),
            ("approved", "", 17),
            ("approved_firms", "", 12),
            ("determined", "EXEMPT", 1),
            ("industry", "hydrogen", 2),
            ("industry_fen", "hydrogen", 30_000_000_000),
            ("industry_other", "hydrogen", 2),
            ("industry_submitted", "hydrogen", 6),
            ("industry_approved", "hydrogen", 3),
            ("firms", "nantong", 41),
            ("firms_founded", "nantong", 3),
            ("city_submitted", "nantong", 6),
            ("city_approved", "nantong", 3),
            ("city", "nantong", 2),
            ("city_fen", "nantong", 80_000_000_000),
            ("year_due", "", 5),
            ("year_held", "", 4),
            *case("d1", date(2026, 1, 5), None, (3, 2, 4)),
            *case("d2", date(2025, 11, 30), date(2026, 6, 9), (5, 5, 7)),
            ("case_verdict", "d2/EXEMPT", 1),
        ),
        Source.TALENT: (
            ("nominated", "double-plan/2026", 33),
            ("undecided", "double-plan/2026", 12),
            ("awarded", "double-plan/2026", 21),
            ("due", "double-plan/1", 40),
            ("in_post", "double-plan/1", 21),
            ("moved", "double-plan/1", 17),
            ("left", "double-plan/1", 2),
        ),
        Source.MATCHER: (
            ("proposed", "person-position", 8),
            ("viewed", "person-position", 5),
            ("accepted", "person-position", 2),
            ("done", "person-position", 2),
            ("rejected", "person-position", 1),
            ("reason_proposed", "text", 8),
            ("reason_viewed", "text", 5),
            ("reason_accepted", "text", 2),
            ("reason_done", "text", 2),
            ("refused", "CITY", 1),
            ("industry_proposed", "hydrogen", 7),
            ("industry_done", "hydrogen", 2),
        ),
    }
    told = tuple(
        Return(each, "2026Q2", 2, f"{each.value}-return-5", KNOWN, False, figures[each]) for each in sources
    )
    return Returns(("2026Q2",), told)


def view(edition: Edition = Edition.INTERNAL, **further: Any) -> View:
    """What the report is composed of."""
    known = facts(edition, **further)
    made, rows = released(edition, 1)
    before, later = (Printed(released(edition, seed)[1]) for seed in SEEDS[edition][1:])
    return View(
        known,
        Printed(rows),
        before if known.printed else None,
        later if known.revised else None,
        made if edition is Edition.INTERNAL else None,
    )
