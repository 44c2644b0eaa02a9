"""Financing rounds (融资轮次): everybody who took part, so that an outside yuan is counted once.

The parts of a round add up to its total, and our funds together claim no more than what others put in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.funding.domain.capital.commitment import PartyKind
from services.funding.domain.capital.leverage import Ticket, claimed
from services.funding.domain.findings import Findings
from services.funding.domain.wording import amount
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.text import Text

MOST = 100


@dataclass(frozen=True)
class Participant:
    """What one party put into a round, in fen. `fund_id`: the fund, exactly for kind FUND."""

    kind: PartyKind
    party: str
    fund_id: str | None
    fen: int
    lead: bool = False


@dataclass(frozen=True)
class RoundFacts:
    """What is stated of a round; `total_fen` is what the parts add up to."""

    round_name: str
    closed: date
    pre_money_fen: int | None
    total_fen: int
    participants: tuple[Participant, ...]
    document: str


@dataclass(frozen=True)
class RoundRevision:
    """One revision of a round, never changed. `first_at`: when the round was first recorded."""

    id: str
    firm_id: str
    revision: int
    facts: RoundFacts
    actor: str
    at: datetime
    first_at: datetime

    @property
    def outside_fen(self) -> int:
        """What others than our funds put in."""
        return sum(each.fen for each in self.facts.participants if each.fund_id is None)

    @property
    def tickets(self) -> list[Ticket]:
        """What each of our funds put in."""
        return [
            Ticket(each.fund_id, self.id, each.fen, self.facts.total_fen)
            for each in self.facts.participants
            if each.fund_id is not None
        ]

    @property
    def claims_fen(self) -> Mapping[str, int]:
        """The outside money by the fund that may claim it; the parts add up to it."""
        return claimed(self.tickets) if self.tickets else {}


def examine_round(facts: RoundFacts, today: date) -> RoundFacts:
    """The facts with normal texts. Raises InvalidArgument with everything that is wrong with them."""
    findings = Findings()
    name = findings.text("round", facts.round_name, most=60, required=True)
    document = findings.text("document", facts.document, most=300, required=True)
    findings.not_after("close_date", facts.closed, today)
    findings.amount("pre_money", facts.pre_money_fen, least=1)
    findings.amount("total", facts.total_fen, least=1)
    findings.count("participants", len(facts.participants), least=1, most=MOST)
    participants = tuple(
        _examine_participant(f"participants[{place}]", each, findings)
        for place, each in enumerate(facts.participants)
    )
    _examine_whole(facts, findings)
    findings.finish()
    return RoundFacts(name, facts.closed, facts.pre_money_fen, facts.total_fen, participants, document)


def require_our_tickets(facts: RoundFacts, signed_fen: Mapping[str, int]) -> None:
    """Raise FailedPrecondition unless our funds stand in the round with what their deals of it signed.

    `signed_fen`: by fund, what was signed for this firm and round.
    """
    stated = {each.fund_id: each.fen for each in facts.participants if each.fund_id is not None}
    found = [
        _differing(fund, stated.get(fund), signed_fen.get(fund))
        for fund in sorted({*stated, *signed_fen})
        if stated.get(fund) != signed_fen.get(fund)
    ]
    if found:
        raise FailedPrecondition(
            Text("；".join(v.text.zh for v in found), "; ".join(v.text.en for v in found)),
            reason=found[0].reason,
            violations=found,
        )


def _examine_participant(field: str, given: Participant, findings: Findings) -> Participant:
    is_fund = given.kind is PartyKind.FUND
    party = findings.text(f"{field}.party", given.party, most=200, required=not is_fund)
    findings.amount(f"{field}.amount", given.fen, least=1)
    if is_fund and not given.fund_id:
        findings.add(f"{field}.fund", "REQUIRED", "请注明是哪只基金", "name the fund")
    if not is_fund and given.fund_id:
        findings.add(
            f"{field}.fund",
            "NOT_A_FUND",
            "只有类型为基金的出资方才填写基金",
            "only a party of kind FUND names a fund",
        )
    return Participant(given.kind, party, given.fund_id if is_fund else None, given.fen, given.lead)


def _examine_whole(facts: RoundFacts, findings: Findings) -> None:
    funds = [each.fund_id for each in facts.participants if each.fund_id]
    if len(set(funds)) < len(funds):
        findings.add(
            "participants",
            "FUND_REPEATED",
            "同一基金只能列一行，请合并金额",
            "a fund is listed twice; merge the amounts",
        )
    if sum(each.lead for each in facts.participants) > 1:
        findings.add("participants", "SEVERAL_LEADS", "领投方只能有一个", "a round has one lead at most")
    parts = sum(each.fen for each in facts.participants)
    if parts != facts.total_fen:
        summed, total = amount(parts), amount(facts.total_fen)
        findings.add(
            "total",
            "PARTS_DO_NOT_ADD_UP",
            f"各方出资合计{summed.zh}，与本轮总额{total.zh}不一致",
            f"the parts add up to {summed.en}, and the round is of {total.en}",
        )


def _differing(fund: str, stated: int | None, signed: int | None) -> Violation:
    if stated is None:
        due = amount(signed or 0)
        return Violation(
            "participants",
            "FUND_MISSING",
            Text(
                f"funds/{fund} 在本轮已签约{due.zh}，请列入出资方",
                f"funds/{fund} signed {due.en} in this round; list it",
            ),
        )
    given = amount(stated)
    if signed is None:
        return Violation(
            "participants",
            "FUND_WITHOUT_DEAL",
            Text(
                f"funds/{fund} 在本轮没有已签约的项目，不能列{given.zh}",
                f"funds/{fund} has signed nothing in this round and cannot stand in it with {given.en}",
            ),
        )
    due = amount(signed)
    return Violation(
        "participants",
        "FUND_AMOUNT_DIFFERS",
        Text(
            f"funds/{fund} 列{given.zh}，签约金额为{due.zh}",
            f"funds/{fund} is listed with {given.en} and signed {due.en}",
        ),
    )
