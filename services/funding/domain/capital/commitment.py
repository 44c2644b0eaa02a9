"""A commitment (认缴): what one party subscribes to one fund."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.clock import civil_date
from services.kernel.text import Text


class PartyKind(StrEnum):
    """Who subscribes."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"
    SOE = "SOE"
    SOCIAL_STATE = "SOCIAL_STATE"
    SOCIAL_PRIVATE = "SOCIAL_PRIVATE"
    FOREIGN = "FOREIGN"
    FUND = "FUND"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]

    @property
    def is_government(self) -> bool:
        """Whether it is public money of a province, city or district; a fund's is that of its own investors."""
        return self in (PartyKind.PROVINCE, PartyKind.CITY, PartyKind.DISTRICT)


_LABELS = {
    PartyKind.PROVINCE: Text("省级财政", "province"),
    PartyKind.CITY: Text("市级财政", "city"),
    PartyKind.DISTRICT: Text("区县财政", "district"),
    PartyKind.SOE: Text("国有企业", "state-owned enterprise"),
    PartyKind.SOCIAL_STATE: Text("社会资本（国有）", "social capital, state-owned"),
    PartyKind.SOCIAL_PRIVATE: Text("社会资本（民营）", "social capital, private"),
    PartyKind.FOREIGN: Text("外资", "foreign capital"),
    PartyKind.FUND: Text("基金", "fund"),
}


@dataclass(frozen=True)
class Commitment:
    """One party's subscription, never changed: more of it is a commitment of its own.

    `investor_fund`: the id of the subscribing fund, exactly for kind FUND. `new_capital`: whether it adds to the
    fund's size; otherwise it tells whose part of the size this is. `city`: whose city's money it is, for a CITY or
    DISTRICT; empty: the fund's.
    """

    id: str
    fund_id: str
    kind: PartyKind
    party: str
    investor_fund: str | None
    fen: int
    signed: date
    document: str
    new_capital: bool
    at: datetime
    actor: str
    city: str = ""


def examine_commitment(commitment: Commitment) -> None:
    """Raise InvalidArgument with everything that is wrong with it."""
    findings = Findings()
    findings.text("party", commitment.party, most=200, required=commitment.kind is not PartyKind.FUND)
    findings.text("document", commitment.document, most=300, required=True)
    findings.amount("amount", commitment.fen, least=1)
    findings.not_after("signed_date", commitment.signed, civil_date(commitment.at))
    if commitment.city and commitment.kind not in (PartyKind.CITY, PartyKind.DISTRICT):
        findings.add(
            "city_code",
            "NOT_OF_A_CITY",
            "只有市级、区县财政出资才填写城市",
            "only money of a city or district names a city",
        )
    is_fund = commitment.kind is PartyKind.FUND
    if is_fund and not commitment.investor_fund:
        findings.add("investor_fund", "REQUIRED", "基金出资须注明出资基金", "name the fund that subscribes")
    if not is_fund and commitment.investor_fund:
        findings.add(
            "investor_fund",
            "NOT_A_FUND",
            "出资人类型不是基金，不能注明出资基金",
            "only a party of kind FUND has an investing fund",
        )
    findings.finish()
