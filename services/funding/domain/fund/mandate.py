"""A mandate (投资授权): what a fund may invest in. Revisions are immutable; a change is a new revision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.deal.states import DealState
from services.funding.domain.findings import Findings
from services.funding.domain.firm.stages import Stage
from services.funding.domain.pipeline.stage_times import ALLOWED_DAYS, StageTimes
from services.funding.domain.ratio import Ratio
from services.funding.domain.screening.rulesets import ruleset
from services.kernel.text import Text

SHARES = (
    "concentration_max",
    "early_floor",
    "ownership_below",
    "government_share_max",
    "province_share_max",
    "subfund_share_max",
    "direct_share_max",
    "jiangsu_floor",
    "loss_tolerance",
    "recycling_max",
)
MULTIPLES = ("reinvestment_min", "leverage_min")
PARAMETERS = (
    *SHARES,
    *MULTIPLES,
    "ticket_max",
    "valuation_below",
    "stages",
    "city_quotas",
    "project_count_min",
    "scope_permille_min",
    "exit_buffer_month_count",
    "redemption_free_month_count",
    "stale_month_count",
    "stage_day_limits",
    "approval_day_count",
    "voting",
)


@dataclass(frozen=True)
class Weights:
    """Weights of the four scores in the composite; any positive scale."""

    early: int = 25
    small: int = 25
    long: int = 25
    hard: int = 25


_EVEN = Weights()
_TWO_THIRDS = VotingRule()


@dataclass(frozen=True)
class Citation:
    """Where a limit stands. `parameter` is one of `PARAMETERS`."""

    parameter: str
    zh: str
    en: str = ""

    @property
    def text(self) -> Text:
        """In both languages; in Chinese where nobody has translated it."""
        return Text(self.zh, self.en or self.zh)


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """One revision, in force on [effective_from, effective_to). A limit of None is not set.

    `leaves` are all catalogue leaves that the mandate covers (industries already expanded, sorted), so that a
    report can be recomputed when the catalogue has moved on. Empty `cities` or `stages` mean any.
    `valuation_below_fen` and `ownership_below` are strict, the other limits inclusive.
    `reinvestment_min` is a ratio to the government's contribution, `leverage_min` social over government
    money, `loss_tolerance` what may be written off of what was ever invested, `recycling_max` how much of the
    subscribed capital may stand recycled (None: nothing is). `city_quotas`: the largest share of a city in the money
    invested. `citations` say where a limit stands, in place of the usual source.
    `voting` is the rule of its committees; an approval holds for `approval_days`. `stage_days`: how long a deal
    may stand in a state, where that is not what the house proposes; `due_days`: when it counts as due before that.
    """

    fund: str
    revision: int
    ruleset: str
    industries: tuple[str, ...]
    leaves: tuple[str, ...]
    effective_from: date
    effective_to: date | None = None
    cities: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    ticket_max_fen: int | None = None
    valuation_below_fen: int | None = None
    concentration_max: Ratio | None = None
    early_floor: Ratio | None = None
    ownership_below: Ratio | None = None
    government_share_max: Ratio | None = None
    jiangsu_floor: Ratio | None = None
    reinvestment_min: Ratio | None = None
    leverage_min: Ratio | None = None
    min_projects: int | None = None
    scope_share_min: int = 500
    exit_buffer_months: int = 12
    redemption_free_months: int = 60
    stale_months: int = 12
    weights: Weights = _EVEN
    voting: VotingRule = _TWO_THIRDS
    approval_days: int = 180
    province_share_max: Ratio | None = None
    subfund_share_max: Ratio | None = None
    direct_share_max: Ratio | None = None
    loss_tolerance: Ratio | None = None
    recycling_max: Ratio | None = None
    city_quotas: tuple[tuple[str, Ratio], ...] = ()
    citations: tuple[Citation, ...] = ()
    stage_days: tuple[tuple[DealState, int], ...] = ()
    due_days: int = 3

    @property
    def times(self) -> StageTimes:
        """How long deals may stand in each state."""
        return StageTimes.of(self.stage_days, self.due_days)

    def citation(self, parameter: str) -> Text | None:
        """Where this limit stands, if the mandate says so."""
        return next((each.text for each in self.citations if each.parameter == parameter), None)

    def over(self, leaves: tuple[str, ...] | None) -> "Mandate":
        """The same rules with their directions in the codes of today's catalogue; None if these are the same."""
        return self if leaves is None else replace(self, leaves=leaves)

    @property
    def name(self) -> str:
        """The revision's name in reports: `fund/mandates/revision`."""
        return f"{self.fund}/mandates/{self.revision}"


def in_force(revisions: Sequence[Mandate], day: date) -> Mandate | None:
    """The revision in force on a day: of those that have begun, the highest, unless it has ended."""
    begun = [each for each in revisions if each.effective_from <= day]
    newest = max(begun, key=lambda each: each.revision, default=None)
    return newest if newest and (newest.effective_to is None or day < newest.effective_to) else None


def with_published_limits(mandate: Mandate) -> Mandate:
    """The mandate with the limits that it leaves open filled from its rule set."""
    rules = ruleset(mandate.ruleset)
    return replace(
        mandate,
        stages=mandate.stages or tuple(sorted(rules.early.stages)),
        ticket_max_fen=_first(mandate.ticket_max_fen, rules.small.ticket_max_fen),
        valuation_below_fen=_first(mandate.valuation_below_fen, rules.small.valuation_below_fen),
        early_floor=mandate.early_floor or rules.early_floor,
    )


def _first(own: int | None, published: int | None) -> int | None:
    return published if own is None else own


def examine_mandate(mandate: Mandate) -> None:
    """Raise InvalidArgument with everything that is wrong with a revision before it is put in force."""
    ruleset(mandate.ruleset)
    findings = Findings()
    findings.count("revision", mandate.revision, least=1)
    if not mandate.leaves:
        findings.add(
            "leaves", "REQUIRED", "授权须至少覆盖一个方向", "a mandate covers at least one direction"
        )
    if mandate.effective_to is not None and mandate.effective_to <= mandate.effective_from:
        findings.add(
            "effective_to", "EMPTY_PERIOD", "失效日期须晚于生效日期", "the mandate ends before it begins"
        )
    findings.amount("ticket_max_fen", mandate.ticket_max_fen, least=1)
    findings.amount("valuation_below_fen", mandate.valuation_below_fen, least=1)
    for name in SHARES:
        ratio: Ratio | None = getattr(mandate, name)
        if ratio is not None and not ratio.is_valid():
            findings.add(
                name, "RATIO_OUT_OF_BOUNDS", f"{name} 应在0%至100%之间", f"{name} must be from 0% to 100%"
            )
    for name in MULTIPLES:
        ratio = getattr(mandate, name)
        if ratio is not None and (ratio.num < 0 or ratio.den <= 0):
            findings.add(name, "RATIO_OUT_OF_BOUNDS", f"{name} 不得为负", f"{name} may not be negative")
    _examine_parameters(mandate, findings)
    _examine_citations(mandate, findings)
    findings.finish()


def _examine_citations(mandate: Mandate, findings: Findings) -> None:
    cited = [each.parameter for each in mandate.citations]
    unknown = sorted(set(cited) - set(PARAMETERS))
    if unknown:
        known = ", ".join(PARAMETERS)
        findings.add(
            "citations",
            "UNKNOWN_PARAMETER",
            f"没有参数 {'、'.join(unknown)}，可引用：{known}",
            f"there is no parameter {', '.join(unknown)}; use {known}",
        )
    if len(set(cited)) < len(cited):
        findings.add("citations", "PARAMETER_REPEATED", "同一参数只能引用一次", "a parameter is cited twice")
    cities = [city for city, _ in mandate.city_quotas]
    if len(set(cities)) < len(cities):
        findings.add("city_quotas", "CITY_REPEATED", "同一城市只能填写一次", "a city has two quotas")
    if not all(quota.is_valid() for _, quota in mandate.city_quotas):
        findings.add(
            "city_quotas", "RATIO_OUT_OF_BOUNDS", "占比应在0%至100%之间", "a share must be from 0% to 100%"
        )


def _examine_parameters(mandate: Mandate, findings: Findings) -> None:
    findings.count("scope_share_min", mandate.scope_share_min, least=1, most=1000)
    findings.count("exit_buffer_months", mandate.exit_buffer_months, most=120)
    findings.count("redemption_free_months", mandate.redemption_free_months, most=240)
    findings.count("stale_months", mandate.stale_months, least=1, most=60)
    findings.count("approval_days", mandate.approval_days, least=1, most=730)
    findings.count("due_days", mandate.due_days, most=60)
    for state, days in mandate.stage_days:
        if state not in ALLOWED_DAYS or not 1 <= days <= 730:
            findings.add(
                "stage_days",
                "STAGE_DAYS_OUT_OF_BOUNDS",
                f"{state.label.zh}的办理时限应为1至730天，且该状态须有时限",
                f"a limit of days is from 1 to 730, for a state that has one; not {state.name}",
            )
    if len({state for state, _ in mandate.stage_days}) < len(mandate.stage_days):
        findings.add("stage_days", "STATE_REPEATED", "同一状态只能填写一次", "a state has two limits")
    findings.count("voting.least_ballots", mandate.voting.least_ballots, least=1, most=60)
    for name, ratio in (("quorum", mandate.voting.quorum), ("majority", mandate.voting.majority)):
        if not ratio.is_valid():
            findings.add(
                f"voting.{name}",
                "RATIO_OUT_OF_BOUNDS",
                f"voting.{name} 应在0%至100%之间",
                f"voting.{name} must be from 0% to 100%",
            )
    findings.count("min_projects", mandate.min_projects, least=1, most=10_000)
    weights = vars(mandate.weights)
    for name, weight in weights.items():
        findings.count(f"weights.{name}", weight, most=1000)
    if not any(weights.values()):
        findings.add("weights", "ALL_ZERO", "四项权重不能同时为0", "the four weights cannot all be nought")
