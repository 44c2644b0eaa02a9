"""Between the funding contract and the funding domain."""

from collections.abc import Sequence
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.funding.v1 import deal_action_pb2, deal_pb2, fund_pb2, screening_pb2
from services.chassis.rpc.wire import (
    date_from_wire,
    date_to_wire,
    etag_of,
    instant_from_wire,
    instant_to_wire,
    text_to_wire,
)
from services.funding.domain.deal.deal import Deal, Transition, origins_of
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.public import public_status
from services.funding.domain.deal.states import PARKED
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.waiting import WAITS_FOR, stands_since
from services.funding.domain.ratio import Ratio
from services.funding.domain.scores.score import Score
from services.funding.events import origin_to_wire
from services.funding.rpc.deals.compliance_wire import check_to_wire
from services.funding.rpc.firms.firm_wire import firm_to_wire
from services.funding.rpc.firms.hiring_wire import expected_to_wire, plan_to_wire
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.service.deals.deals import Lead
from services.funding.service.deals.screening.judging import Judged
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument


def id_of(name: str, collection: str, *, field: str = "name") -> str:
    """The bare id of `collection/{id}`. Raises InvalidArgument (INVALID_NAME)."""
    prefix, _, id_ = name.partition("/")
    if prefix != collection or not id_ or "/" in id_:
        raise InvalidArgument.field(
            field, "INVALID_NAME", f"名称应写成 {collection}/编号", f"the name must read {collection}/{{id}}"
        )
    return id_


def number_of(name: str, collection: str, *, field: str = "name") -> tuple[str, int]:
    """Deal and number of `deals/{id}/{collection}/{number}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    if len(parts) != 4 or (parts[0], parts[2]) != ("deals", collection) or not parts[3].isdecimal():
        raise InvalidArgument.field(
            field,
            "INVALID_NAME",
            f"名称应写成 deals/编号/{collection}/序号",
            f"the name must read deals/{{id}}/{collection}/{{number}}",
        )
    return parts[1], int(parts[3][:9])


def fund_to_wire(fund: Fund, mandate: Mandate | None, ref: str) -> fund_pb2.Fund:
    """The fund with its balance and rules."""
    return fund_pb2.Fund(
        name=f"funds/{fund.id}",
        etag=etag_of(fund.version),
        source_ref=ref,
        display_name=fund.name,
        kind=f"KIND_{fund.kind.name}",
        city_code=fund.city,
        size=yuan(fund.size_fen),
        paid_in=yuan(fund.paid_in_fen),
        government_subscribed=yuan(fund.government_fen),
        reserved=yuan(fund.reserved_fen),
        committed=yuan(fund.committed_fen + fund.invested_fen),
        headroom=yuan(fund.headroom_fen),
        recycled=yuan(fund.recycled_fen),
        established_date=date_to_wire(fund.established),
        life_years=fund.life_years,
        investment_years=fund.investment_years,
        mandate=_mandate_to_wire(mandate) if mandate else None,
        origin=origin_to_wire(fund.origin),
    )


def _mandate_to_wire(mandate: Mandate) -> fund_pb2.Mandate:
    return fund_pb2.Mandate(
        revision=mandate.revision,
        ruleset=mandate.ruleset,
        industry_codes=mandate.industries,
        city_codes=mandate.cities,
        ticket_max=yuan(mandate.ticket_max_fen),
        valuation_max=yuan(mandate.valuation_below_fen),
        concentration_max=_fraction(mandate.concentration_max),
        early_floor=_fraction(mandate.early_floor),
    )


def _fraction(ratio: Ratio | None) -> str:
    return "" if ratio is None else f"{ratio.num}/{ratio.den}"


def deal_to_wire(deal: Deal, ref: str = "", parties: Parties | None = None) -> deal_pb2.Deal:
    """The deal with its terms; durations in whole years. The history tells where a parked deal returns to."""
    terms, origins = deal.terms, origins_of(deal.transitions) if deal.state in PARKED else []
    return deal_pb2.Deal(
        name=f"deals/{deal.id}",
        etag=etag_of(deal.version),
        state=f"STATE_{deal.state.name}",
        return_state=f"STATE_{origins[-1].name}" if origins else None,
        source_ref=ref,
        fund=f"funds/{deal.fund_id}",
        firm=f"firms/{deal.firm_id}",
        round=deal.round_name,
        ticket=yuan(terms.ask_fen),
        pre_money=yuan(terms.pre_money_fen),
        round_total=yuan(terms.round_total_fen),
        holding_years=None if terms.holding_months is None else terms.holding_months // 12,
        redemption_year=None if terms.redemption_months is None else terms.redemption_months // 12,
        fixed_return=terms.fixed_return,
        follow_on_reserve=yuan(terms.follow_on_fen),
        expert_rating=deal.expert_rating,
        submitted_date=date_to_wire(civil_date(deal.submitted_at)) if deal.submitted_at else None,
        owner=deal.owner,
        origin=origin_to_wire(deal.origin),
        create_time=instant_to_wire(deal.created_at),
        update_time=instant_to_wire(deal.updated_at),
        hiring_plan=plan_to_wire(deal.hiring_plan) if deal.hiring_plan else None,
        expected_hires=expected_to_wire(deal.expected_hires) if deal.expected_hires else None,
        public_status=text_to_wire(public_status(deal.state)),
        parties=_parties(parties) if parties else None,
        reopened_from=f"deals/{deal.reopened_from}" if deal.reopened_from else "",
    )


def _parties(parties: Parties) -> deal_pb2.DealParties:
    return deal_pb2.DealParties(
        team=parties.team, representatives=parties.representatives, scouts=parties.scouts
    )


def deal_terms(given: deal_pb2.Deal | deal_pb2.DealTerms, path: str = "deal.") -> DealTerms:
    """The terms that a request states at `path`. Raises InvalidArgument for an amount in another currency."""
    redemption = 12 * given.redemption_year if given.HasField("redemption_year") else None
    return DealTerms(
        ask_fen=fen_of(given, "ticket", path) or 0,
        pre_money_fen=fen_of(given, "pre_money", path),
        round_total_fen=fen_of(given, "round_total", path),
        holding_months=12 * given.holding_years
        if given.HasField("holding_years") and given.holding_years
        else None,
        has_redemption=None if redemption is None else True,
        redemption_months=redemption,
        fixed_return=given.fixed_return if given.HasField("fixed_return") else None,
        follow_on_fen=fen_of(given, "follow_on_reserve", path),
    )


def lead_of(deal: deal_pb2.Deal) -> Lead:
    """What a request states about a new deal. Raises InvalidArgument."""
    sample = deal.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC
    return Lead(
        fund_id=id_of(deal.fund, "funds", field="deal.fund"),
        firm_id=id_of(deal.firm, "firms", field="deal.firm"),
        round_name=deal.round,
        terms=deal_terms(deal),
        origin="SYNTHETIC" if sample else "REAL",
        owner=deal.owner,
        expert_rating=deal.expert_rating if deal.HasField("expert_rating") else None,
        submitted=date_from_wire(deal.submitted_date),
        ref=deal.source_ref,
    )


def evidence_of(items: Any) -> tuple[Evidence, ...]:
    """The documents of a command. Raises InvalidArgument (UNKNOWN_EVIDENCE) for a kind nobody knows."""
    found = []
    for at, item in enumerate(items):
        kind = item.kind.upper().replace("-", "_")
        if kind not in EvidenceKind.__members__:
            known = ", ".join(EvidenceKind.__members__)
            raise InvalidArgument.field(
                f"command.evidence[{at}].kind",
                "UNKNOWN_EVIDENCE",
                f"没有材料类型 {item.kind[:40]}，可用：{known}",
                f"there is no kind of evidence {item.kind[:40]!r}; use {known}",
            )
        received = instant_from_wire(item.receive_time)
        found.append(Evidence(EvidenceKind[kind], item.title, item.sha256.lower(), received))
    return tuple(found)


def transition_to_wire(step: Transition) -> deal_pb2.DealTransition:
    """One step of the history."""
    return deal_pb2.DealTransition(
        sequence=step.sequence,
        action=step.action.name,
        action_title=text_to_wire(step.action.label),
        from_state=f"STATE_{step.source.name}",
        to_state=f"STATE_{step.target.name}",
        actor=step.actor,
        transition_time=instant_to_wire(step.at),
        reason=step.reason,
        evidence=[evidence_to_wire(each) for each in step.evidence],
    )


def evidence_to_wire(evidence: Evidence) -> deal_action_pb2.DealEvidence:
    """One document."""
    return deal_action_pb2.DealEvidence(
        kind=evidence.kind.name,
        kind_title=text_to_wire(evidence.kind.label),
        title=evidence.title,
        sha256=evidence.sha256,
        receive_time=instant_to_wire(evidence.received_at),
    )


def score_to_wire(code: str, score: Score, gate: Outcome) -> screening_pb2.Score:
    """One of the four scores, with its gate beside it."""
    return screening_pb2.Score(
        code=code,
        value=score.value,
        coverage=score.coverage,
        gate=f"OUTCOME_{gate.name}",
        dimensions=[
            screening_pb2.Score.Dimension(
                title=text_to_wire(each.name),
                value=each.value.zh,
                said=text_to_wire(each.value),
                points=each.points,
                weight=each.weight,
                verified=each.factor >= 1,
                missing=each.s is None,
            )
            for each in score.dims
        ],
    )


def screened_to_wire(
    deal: deal_pb2.Deal, judged: Judged, steps: Sequence[Transition] = ()
) -> screening_pb2.ScreenedDeal:
    """A deal as its fund's rules see it; its history has been loaded, of which `steps` are told."""
    opened, screening = judged.opened, judged.screening
    scores, state = screening.scores, opened.deal.state
    return screening_pb2.ScreenedDeal(
        deal=deal,
        firm=firm_to_wire(opened.firm),
        eligible=screening.eligible,
        composite=scores.composite,
        scores=[
            score_to_wire(code, getattr(scores, code.lower()), judged.gates.get(code, Outcome.NOT_APPLICABLE))
            for code in ("EARLY", "SMALL", "LONG", "HARD")
        ],
        checks=[check_to_wire(check) for check in screening.checks],
        reasons_for=[text_to_wire(each) for each in screening.reasons_for],
        reasons_against=[text_to_wire(each) for each in screening.reasons_against],
        stand_time=instant_to_wire(stands_since(opened.deal.created_at, opened.deal.transitions)),
        allowed_day_count=opened.case.mandate.times.days.get(state, 0),
        waiting_for=text_to_wire(WAITS_FOR[state]) if state in WAITS_FOR else None,
        transitions=[transition_to_wire(each) for each in steps],
    )
