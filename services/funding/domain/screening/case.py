"""A case: one firm, one fund, one set of terms, on one day. All that scores, gates and checks may look at."""

from dataclasses import dataclass
from datetime import date

from services.funding.domain.civil import completed_months
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.fund.portfolio import Portfolio
from services.funding.domain.screening.rulesets import RuleSet, ruleset
from services.funding.domain.screening.surroundings import CapitalView, InterestsView, RightsView
from services.kernel.text import Text

OUTSIDE = "outside"


@dataclass(frozen=True)
class TechnicalView:
    """What others know of the firm's technology; None is unknown.

    `expert_rating`: mean of outside experts, 1 to 5. From 0 to 1: `team`, the best verified level of its
    people; `similarity`: of its technology to the key technologies of the catalogue, an estimate of a
    model that stands in while no expert has rated the firm.
    """

    expert_rating: float | None = None
    team: float | None = None
    similarity: float | None = None


_NOTHING_KNOWN = TechnicalView()
_CAPITAL, _RIGHTS, _INTERESTS = CapitalView(), RightsView(), InterestsView()
# Where a deal has a team, and where a committee sits over it.
_IN_DILIGENCE = frozenset(
    {
        DealState.DUE_DILIGENCE,
        DealState.IC_INTERNAL,
        DealState.IC_EXTERNAL,
        DealState.APPROVED,
        DealState.SIGNED,
    }
)
_AT_COMMITTEE = frozenset({DealState.IC_INTERNAL, DealState.IC_EXTERNAL})


@dataclass(frozen=True)
class Case:
    """Everything that a screening reads; the same case always screens to the same result.

    `held_fen` is what the fund has already reserved or committed for this very deal, `state` where it stands
    (None: only thought of), `waivers` what the committee has accepted of it, `places` what the cities that it speaks of
    are called, by their codes.
    """

    mandate: Mandate
    fund: Fund
    firm: Firm
    terms: DealTerms
    portfolio: Portfolio
    as_of: date
    technical: TechnicalView = _NOTHING_KNOWN
    held_fen: int = 0
    state: DealState | None = None
    capital: CapitalView = _CAPITAL
    rights: RightsView = _RIGHTS
    interests: InterestsView = _INTERESTS
    waivers: tuple[Waiver, ...] = ()
    places: tuple[tuple[str, Text], ...] = ()

    @property
    def in_diligence(self) -> bool:
        """Whether people of the fund have begun to work on it."""
        return self.state in _IN_DILIGENCE

    @property
    def at_committee(self) -> bool:
        """Whether a committee sits over it."""
        return self.state in _AT_COMMITTEE

    def place(self, code: str) -> Text:
        """What a city is called; its code where the case does not say."""
        return dict(self.places).get(code, Text(code, code))

    @property
    def rules(self) -> RuleSet:
        """The rule set of the mandate."""
        return ruleset(self.mandate.ruleset)

    @property
    def snapshot(self) -> FirmSnapshot:
        """The firm's snapshot, or one that knows nothing."""
        return self.firm.snapshot or FirmSnapshot(as_of=self.as_of)

    @property
    def age_months(self) -> int | None:
        """Completed months since the firm was founded, by which limits of age are read."""
        return None if self.firm.founded is None else completed_months(self.firm.founded, self.as_of)

    @property
    def life_left_months(self) -> int:
        """Completed months until the fund ends; negative after its end."""
        return completed_months(self.as_of, self.fund.ends)
