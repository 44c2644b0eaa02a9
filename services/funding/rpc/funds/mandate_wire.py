"""Between the contract of mandates and their domain."""

from datetime import date
from typing import Any

from bole.funding.v1 import deal_pb2, firm_pb2, mandate_pb2
from services.catalogue import Catalogue
from services.chassis.rpc.wire import date_from_wire, date_to_wire, instant_to_wire
from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.deal.states import DealState
from services.funding.domain.findings import Findings
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.mandate import MULTIPLES, SHARES, Citation, Mandate, Weights
from services.funding.domain.fund.mandate_revision import Revision
from services.funding.domain.ratio import Ratio, parse_ratio
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.kernel.errors import InvalidArgument

PATH = "mandate_revision"
# Fields of the contract by those of the domain, where they differ.
_COUNTS = {
    "scope_permille_min": "scope_share_min",
    "exit_buffer_month_count": "exit_buffer_months",
    "redemption_free_month_count": "redemption_free_months",
    "stale_month_count": "stale_months",
    "approval_day_count": "approval_days",
    "due_day_count": "due_days",
}
_VOTING = {"quorum": "quorum", "majority": "majority", "least_ballots": "ballot_count_min"}
FIELDS = {
    "reason": "reason",
    "document": "document",
    "ruleset": f"{PATH}.ruleset",
    "effective_from": f"{PATH}.effective_from_date",
    "effective_to": f"{PATH}.effective_to_date",
    "ticket_max_fen": f"{PATH}.ticket_max",
    "valuation_below_fen": f"{PATH}.valuation_below",
    "min_projects": f"{PATH}.project_count_min",
    **{inner: f"{PATH}.{outer}" for outer, inner in _COUNTS.items()},
    **{
        name: f"{PATH}.{name}"
        for name in (*SHARES, *MULTIPLES, "citations", "city_quotas", "weights", "leaves")
    },
    **{f"weights.{name}": f"{PATH}.weights.{name}" for name in vars(Weights())},
    **{f"voting.{inner}": f"{PATH}.voting.{outer}" for inner, outer in _VOTING.items()},
    "stage_days": f"{PATH}.stage_day_limits",
}


def rules_of(stated: mandate_pb2.MandateRevision, catalogue: Catalogue) -> Mandate:
    """The rules that a request states, not yet numbered. Raises InvalidArgument for what cannot be read."""
    findings = Findings()
    ratios: dict[str, Any] = {
        name: _ratio(getattr(stated, name), name, findings) for name in (*SHARES, *MULTIPLES)
    }
    quotas = [
        (
            catalogue.resolve_city(each.city_code, f"{PATH}.city_quotas.city_code"),
            _ratio(each.share_max, "city_quotas.share_max", findings),
        )
        for each in stated.city_quotas
    ]
    voting = _voting(stated.voting, findings)
    findings.finish()
    counts: dict[str, Any] = {
        inner: getattr(stated, outer) for outer, inner in _COUNTS.items() if stated.HasField(outer)
    }
    weights = {name: getattr(stated.weights, name) for name in vars(Weights())}
    return Mandate(
        fund="",
        revision=1,
        ruleset=stated.ruleset,
        industries=tuple(
            sorted(
                {catalogue.resolve_industry(each, f"{PATH}.industry_codes") for each in stated.industry_codes}
            )
        ),
        leaves=(),
        effective_from=date_from_wire(stated.effective_from_date),
        effective_to=_day(stated, "effective_to_date"),
        cities=tuple(
            sorted({catalogue.resolve_city(each, f"{PATH}.city_codes") for each in stated.city_codes})
        ),
        stages=tuple(sorted({_stage(each) for each in stated.stages})),
        ticket_max_fen=fen_of(stated, "ticket_max", f"{PATH}."),
        valuation_below_fen=fen_of(stated, "valuation_below", f"{PATH}."),
        min_projects=stated.project_count_min if stated.HasField("project_count_min") else None,
        weights=Weights(**weights) if stated.HasField("weights") else Weights(),
        city_quotas=tuple(sorted((city, share) for city, share in quotas if share is not None)),
        citations=tuple(Citation(each.parameter, each.text_zh, each.text_en) for each in stated.citations),
        voting=voting,
        stage_days=tuple(sorted((_state(each.state), each.day_count) for each in stated.stage_day_limits)),
        **ratios,
        **counts,
    )


def revision_to_wire(revision: Revision) -> mandate_pb2.MandateRevision:
    """The rules, and who proposed and decided them."""
    rules, decision = revision.rules, revision.decision
    numbers: dict[str, Any] = {name: _written(getattr(rules, name)) for name in (*SHARES, *MULTIPLES)}
    numbers |= {outer: getattr(rules, inner) for outer, inner in _COUNTS.items()}
    return mandate_pb2.MandateRevision(
        name=f"funds/{rules.fund}/mandates/{rules.revision}",
        state=f"STATE_{revision.state.name}",
        revision=rules.revision,
        ruleset=rules.ruleset,
        industry_codes=rules.industries,
        direction_codes=rules.leaves,
        city_codes=rules.cities,
        stages=[f"FIRM_STAGE_{each.name}" for each in rules.stages],
        effective_from_date=date_to_wire(rules.effective_from),
        effective_to_date=date_to_wire(rules.effective_to) if rules.effective_to else None,
        ticket_max=yuan(rules.ticket_max_fen),
        valuation_below=yuan(rules.valuation_below_fen),
        city_quotas=[
            mandate_pb2.MandateRevision.CityQuota(city_code=city, share_max=_written(share))
            for city, share in rules.city_quotas
        ],
        project_count_min=rules.min_projects,
        weights=mandate_pb2.MandateRevision.Weights(**vars(rules.weights)),
        citations=[
            mandate_pb2.MandateRevision.Citation(parameter=each.parameter, text_zh=each.zh, text_en=each.en)
            for each in rules.citations
        ],
        voting=mandate_pb2.MandateRevision.Voting(
            quorum=_written(rules.voting.quorum),
            majority=_written(rules.voting.majority),
            ballot_count_min=rules.voting.least_ballots,
        ),
        stage_day_limits=[
            mandate_pb2.MandateRevision.StageLimit(state=f"STATE_{state.name}", day_count=days)
            for state, days in rules.times.days.items()
        ],
        proposer=revision.proposer,
        propose_time=instant_to_wire(revision.at) if revision.at else None,
        reason=revision.reason,
        decider=decision.decider if decision else "",
        decide_time=instant_to_wire(decision.at) if decision else None,
        decision_document=decision.document if decision else "",
        **numbers,
    )


def _voting(stated: mandate_pb2.MandateRevision.Voting, findings: Findings) -> VotingRule:
    usual = VotingRule()
    return VotingRule(
        quorum=_ratio(stated.quorum, "voting.quorum", findings) or usual.quorum,
        majority=_ratio(stated.majority, "voting.majority", findings) or usual.majority,
        least_ballots=stated.ballot_count_min if stated.HasField("ballot_count_min") else usual.least_ballots,
    )


def _state(value: Any) -> DealState:
    name = deal_pb2.Deal.State.Name(value).removeprefix("STATE_")
    if name not in DealState.__members__:
        raise InvalidArgument.field(
            f"{PATH}.stage_day_limits", "UNKNOWN_STATE", "请选择一个项目状态", "choose a state of a deal"
        )
    return DealState[name]


def _written(ratio: Ratio | None) -> str:
    return "" if ratio is None else f"{ratio.num}/{ratio.den}"


def _ratio(text: str, name: str, findings: Findings) -> Ratio | None:
    if not text:
        return None
    try:
        return parse_ratio(text)
    except ValueError:
        findings.add(
            f"{PATH}.{name}",
            "INVALID_RATIO",
            f"“{text[:40]}”不是比例，请写成 20% 或 1/5",
            f"{text[:40]!r} is no ratio; write 20% or 1/5",
        )
        return None


def _stage(value: Any) -> Stage:
    name = firm_pb2.FirmStage.Name(value).removeprefix("FIRM_STAGE_")
    if name not in Stage.__members__:
        raise InvalidArgument.field(
            f"{PATH}.stages", "UNKNOWN_STAGE", "请选择一个企业阶段", "choose a stage of a firm"
        )
    return Stage[name]


def _day(stated: mandate_pb2.MandateRevision, field: str) -> date | None:
    return date_from_wire(getattr(stated, field)) if stated.HasField(field) else None
