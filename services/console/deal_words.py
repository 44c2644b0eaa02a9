"""The words of the deal flow as pages need them: amounts of the wire, outcomes, states, days."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from google.type.money_pb2 import Money

from bole.funding.v1 import (
    committee_pb2,
    deal_pb2,
    dossier_pb2,
    fund_pb2,
    indicator_pb2,
    interest_pb2,
    investment_pb2,
    screening_pb2,
)
from bole.funding.v1.capital_pb2 import PartyKind
from bole.funding.v1.intellectual_property_pb2 import IpRight
from bole.funding.v1.saved_search_pb2 import ScreeningAlert
from bole.matcher.v1.proposal_pb2 import Proposal
from bole.talent.v1.shortage_pb2 import ShortageScope
from services.chassis.rpc.wire import money_from_wire
from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.wording import codes, deals, holdings, rights, words
from services.wording.rounds import round_name

Check = screening_pb2.CheckResult
OVER = ("INVESTED", "DECLINED", "WITHDRAWN", "LAPSED")
"""States of a deal in which it waits for nobody."""
FUND_KINDS = {
    "PROVINCIAL_MOTHER": Text("省级母基金", "provincial mother fund"),
    "FUTURE_ANGEL": Text("未来产业天使基金", "future-industry angel fund"),
    "CITY_SPECIAL": Text("设区市专项基金", "special fund of a city"),
    "SUB_FUND": Text("子基金", "sub-fund"),
    "SOE_SPECIAL": Text("省属企业专项基金", "special fund of a state-owned firm"),
    "OTHER": Text("其他", "other"),
}


class DealWords(words.Words):
    """Enum values of the funding contract, in words."""

    def yuan(self, given: Money) -> str:
        """An amount of the wire; a dash without one."""
        return self.money(money_from_wire(given).fen) if given.currency_code else "—"

    def money(self, fen: int) -> str:
        """An amount in fen."""
        raise NotImplementedError  # `console.words.Words`, the one that is made, writes amounts

    def state(self, number: int) -> str:
        """Where a deal stands."""
        return self.deal_state(deal_pb2.Deal.State.Name(deal_pb2.Deal.State.ValueType(number)))

    def state_code(self, number: int) -> str:
        """The code of a state, without its prefix."""
        return deal_pb2.Deal.State.Name(deal_pb2.Deal.State.ValueType(number)).removeprefix("STATE_")

    def round(self, written: str) -> str:
        """A financing round as it is called."""
        return round_name(written, self.language)

    def is_over(self, number: int) -> bool:
        """Whether a deal stands where nothing more comes of it."""
        return self.state_code(number) in OVER

    def outcome(self, number: int) -> str:
        """What came out of a check."""
        return self._of(deals.CHECK_OUTCOMES, Check.Outcome, number, "OUTCOME_")

    def outcome_code(self, number: int) -> str:
        """The code of an outcome in small letters, for what it looks like."""
        return Check.Outcome.Name(Check.Outcome.ValueType(number)).removeprefix("OUTCOME_").lower()

    def severity(self, number: int) -> str:
        """How much a check weighs."""
        return self._of(deals.SEVERITIES, Check.Severity, number, "SEVERITY_")

    def score(self, code: str) -> str:
        """One of the four scores."""
        return self.code(deals.SCORES, code)

    def interest(self, number: int) -> str:
        """What ties somebody to a firm."""
        return self._of(deals.INTEREST_KINDS, interest_pb2.InterestKind, number, "INTEREST_KIND_")

    def interest_code(self, number: int) -> str:
        """The code of what ties somebody to a firm, without its prefix."""
        kind = interest_pb2.InterestKind
        return kind.Name(kind.ValueType(number)).removeprefix("INTEREST_KIND_")

    def interest_state(self, number: int) -> str:
        """What a declaration means."""
        return self._of(deals.INTEREST_STATES, interest_pb2.InterestDeclaration.State, number)

    def tier(self, code: str | int) -> str:
        """Which committee, by its number on the wire; a tier of the policy by its code."""
        if isinstance(code, int):
            return self._of(deals.TIERS, committee_pb2.Committee.Tier, code)
        return super().tier(code)

    def vote_result(self, number: int) -> str:
        """How a vote ended."""
        return self._of(deals.VOTE_RESULTS, committee_pb2.Vote.Result, number)

    def ballot(self, number: int) -> str:
        """What a member said."""
        return self._of(deals.CHOICES, committee_pb2.Ballot.Choice, number)

    def decision(self, number: int) -> str:
        """What a committee decided."""
        return self._of(deals.DECISIONS, committee_pb2.Decision.Outcome, number)

    def duty_test(self, number: int) -> str:
        """Which of the three statutory tests."""
        return self._of(deals.DUTY_TESTS, dossier_pb2.DossierItem.Test, number)

    def duty_standing(self, number: int) -> str:
        """What the record says of an item of the dossier."""
        return self._of(deals.DUTY_STANDINGS, dossier_pb2.DossierItem.Standing, number)

    def determination(self, number: int) -> str:
        """What the authority found."""
        return self._of(deals.DETERMINATIONS, dossier_pb2.Determination.Outcome, number)

    def holding_state(self, number: int) -> str:
        """Where a holding stands."""
        return self._of(holdings.STATES, investment_pb2.Investment.State, number)

    def tranche_state(self, number: int) -> str:
        """Where a payment stands."""
        return self._of(holdings.TRANCHES, investment_pb2.Tranche.State, number)

    def mark_method(self, number: int) -> str:
        """How a holding was valued."""
        return self._of(holdings.METHODS, investment_pb2.MarkMethod, number)

    def exit_kind(self, number: int) -> str:
        """How a holding was sold."""
        return self._of(holdings.EXITS, investment_pb2.ExitKind, number)

    def right_kind(self, number: int) -> str:
        """What kind of right."""
        return self._of(rights.KINDS, IpRight.Kind, number)

    def ownership(self, number: int) -> str:
        """Whose a right is."""
        return self._of(rights.OWNERSHIPS, IpRight.Ownership, number)

    def report_state(self, number: int) -> str:
        """Where a report stands that a firm owes."""
        return self._of(holdings.REPORTS, indicator_pb2.IndicatorRequest.State, number)

    def alert(self, number: int) -> str:
        """What an alert is about."""
        return self._of(deals.ALERTS, ScreeningAlert.Kind, number, "KIND_")

    def party(self, number: int) -> str:
        """Who subscribes to a fund."""
        return self._of(deals.PARTIES, PartyKind, number, "PARTY_KIND_")

    def fund_kind(self, number: int) -> str:
        """What kind of fund."""
        return self._of(FUND_KINDS, fund_pb2.Fund.Kind, number, "KIND_")

    def leverage(self, code: str) -> str:
        """A definition of leverage."""
        return self.code(deals.LEVERAGE, code)

    def leverage_source(self, code: str) -> str:
        """Where its figures come from."""
        return self.code(deals.LEVERAGE_SOURCES, code)

    def kind(self, code: str) -> str:
        """Kind of a pair."""
        return self.code(codes.KINDS, code)

    def proposal_state(self, number: int) -> str:
        """Where a proposal stands."""
        return self._of(codes.PROPOSAL_STATES, Proposal.State, number, "STATE_")

    def proposal_reason(self, number: int) -> str:
        """Why it was refused; empty for none."""
        found = self._of(codes.PROPOSAL_REASONS, Proposal.Reason, number, "REASON_")
        return "" if found == "UNSPECIFIED" else found

    def item(self, code: str) -> str:
        """A kind of record in the matcher's index."""
        return self.code(codes.ITEMS, code)

    def facet(self, field: str) -> str:
        """What a counted dimension is called."""
        return self.code(codes.FACETS, field)

    def _of(self, known: Mapping[str, Text], enum: Any, number: int, prefix: str = "") -> str:
        return self.code(known, enum.Name(number).removeprefix(prefix))

    def local(self, instant: datetime) -> str:
        """An instant as civil date and time of day."""
        return f"{instant.astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"

    def scope(self, scope: ShortageScope) -> str:
        """A cell of the map: its place, field and category."""
        place = self.city(scope.city_code) if scope.city_code else Text("全省", "Province").to(self.language)
        field = (
            self.direction(scope.direction_code)
            if scope.direction_code
            else self.industry(scope.industry_code)
            if scope.industry_code
            else Text("全部产业", "all industries").to(self.language)
        )
        category = self.category(scope.category_code) if scope.category_code else ""
        return " · ".join(part for part in (place, field, category) if part)

    def scope_query(self, scope: ShortageScope) -> str:
        """The same as the map's address asks for it."""
        names = ("industry", "direction", "city", "category")
        return urlencode({name: code for name in names if (code := getattr(scope, f"{name}_code"))})
