"""Checks of the firm: what it does, where, how far it is, and whether it is in good standing."""

from dataclasses import replace

from services.funding.domain.checks.check import (
    Check,
    Judgement,
    Severity,
    label,
    months,
    not_set,
    per_mille,
    unknown,
)
from services.funding.domain.checks.limits import stated
from services.funding.domain.civil import add_months, completed_months
from services.funding.domain.outcomes import Outcome, outcome_of
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.gates import Gate, early_gate, hard_gate, small_gate
from services.kernel.text import Text, in_per_cent

_MANDATE = Text("本基金投资授权", "the fund's mandate")
_GUIDELINE = Text("苏政发〔2023〕104号", "Su Zheng Fa [2023] No. 104")
_RULESET = Text("授权所引用的规则集", "the rule set that the mandate names")
_CONDUCT = Text("发改财金规〔2025〕1752号", "NDRC rule [2025] No. 1752")


def _direction(case: Case) -> Judgement:
    covered = sum(share for leaf, share in case.firm.direction_shares if leaf in case.mandate.leaves)
    needed = case.mandate.scope_share_min
    if not case.firm.direction_shares:
        return unknown(Text("企业业务方向", "the firm's directions"), per_mille(needed))
    return Judgement(
        outcome_of(covered >= needed),
        Text(
            f"企业业务有{in_per_cent(covered)}属于授权覆盖的方向，须不低于{in_per_cent(needed)}",
            f"{in_per_cent(covered)} of the business is in directions of the mandate, {in_per_cent(needed)} needed",
        ),
        per_mille(covered),
        per_mille(needed),
        per_mille(covered - needed),
    )


def _negative_list(case: Case) -> Judgement:
    """Nobody declares it on application: until due diligence has looked it up, its absence warns."""
    name = Text(
        "业务属于限制类、淘汰类或明令禁止", "business of the restricted, obsolete or forbidden classes"
    )
    judged = stated(name, case.snapshot.restricted, good=False)
    return replace(judged, severity=Severity.WARN) if judged.outcome is Outcome.UNKNOWN else judged


def _city(case: Case) -> Judgement:
    cities, city = case.mandate.cities, case.firm.city
    if not cities:
        return not_set(Text("地域限制", "limit by city"))
    here, within = case.place(city), [case.place(each) for each in cities]
    covered = Text("、".join(each.zh for each in within), ", ".join(each.en for each in within))
    return Judgement(
        outcome_of(city in cities),
        Text(
            f"企业所在地 {here.zh}，授权范围 {covered.zh}",
            f"the firm is in {here.en}, the mandate covers {covered.en}",
        ),
        label(here, city),
        label(covered, ",".join(cities)),
    )


def _stage(case: Case) -> Judgement:
    stages, stage = case.mandate.stages, case.firm.stage
    if not stages:
        return not_set(Text("阶段限制", "limit by stage"))
    zh, en = "、".join(s.label.zh for s in stages), ", ".join(s.label.en for s in stages)
    limit = label(Text(zh, en), ",".join(stages))
    if stage is None:
        return unknown(Text("企业所处阶段", "the firm's stage"), limit)
    text = Text(
        f"企业处于{stage.label.zh}，授权限于{zh}", f"the firm is at {stage.label.en}, the mandate takes {en}"
    )
    return Judgement(outcome_of(stage in stages), text, label(stage.label, stage), limit)


def _gate(gate: Gate, case: Case) -> Judgement:
    name = case.rules.name
    return Judgement(
        gate.outcome,
        Text(f"按{name.zh}：{gate.text.zh}", f"by {name.en}: {gate.text.en}"),
        label(gate.outcome.label, gate.outcome),
        label(name, case.rules.id),
    )


def _abnormal(case: Case) -> Judgement:
    name = Text("列入经营异常或严重违法名单", "listed for abnormal operation or serious offences")
    return stated(name, case.snapshot.abnormal, good=False)


def _stale(case: Case) -> Judgement:
    most = case.mandate.stale_months
    if case.firm.snapshot is None:
        return unknown(Text("企业数据快照", "a snapshot of the firm"), months(most))
    day = case.firm.snapshot.as_of
    return Judgement(
        outcome_of(case.as_of <= add_months(day, most)),
        Text(
            f"企业数据截至 {day}，有效期{most}个月",
            f"the firm's data are of {day} and hold for {most} months",
        ),
        label(Text(str(day), str(day)), day.isoformat()),
        months(most),
        months(most - completed_months(day, case.as_of)),
    )


FIRM_CHECKS = (
    Check(
        "DIRECTION_OUT_OF_SCOPE",
        Text("产业方向", "direction"),
        Severity.BLOCK,
        True,
        _GUIDELINE,
        _direction,
        parameter="scope_permille_min",
        inputs=("firm.direction_shares", "mandate.direction_codes"),
    ),
    Check(
        "NEGATIVE_LIST",
        Text("负面清单", "negative list"),
        Severity.BLOCK,
        False,
        _CONDUCT,
        _negative_list,
        inputs=("firm.snapshot.restricted",),
    ),
    Check(
        "CITY_OUT_OF_SCOPE",
        Text("地域", "city"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _city,
        inputs=("firm.city_code", "mandate.city_codes"),
    ),
    Check(
        "STAGE_NOT_ELIGIBLE",
        Text("企业阶段", "stage"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _stage,
        parameter="stages",
        inputs=("firm.stage", "mandate.stages"),
    ),
    Check(
        "NOT_EARLY",
        Text("投早", "early"),
        Severity.BLOCK,
        True,
        _RULESET,
        lambda case: _gate(early_gate(case), case),
        inputs=("firm.founded_date", "firm.stage", "firm.snapshot.external_round_count"),
    ),
    Check(
        "NOT_SMALL",
        Text("投小", "small"),
        Severity.BLOCK,
        True,
        _RULESET,
        lambda case: _gate(small_gate(case), case),
        inputs=(
            "firm.snapshot.staff_count",
            "firm.snapshot.assets",
            "firm.snapshot.net_assets",
            "firm.snapshot.revenue",
            "deal.pre_money",
            "deal.ticket",
        ),
    ),
    Check(
        "NOT_HARD_TECH",
        Text("投硬科技", "hard tech"),
        Severity.BLOCK,
        True,
        _RULESET,
        lambda case: _gate(hard_gate(case), case),
        inputs=(
            "firm.snapshot.rd_cost",
            "firm.snapshot.invention_count",
            "firm.snapshot.rd_staff_count",
            "deal.expert_rating",
        ),
    ),
    Check(
        "FIRM_ABNORMAL",
        Text("信用状况", "good standing"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _abnormal,
        inputs=("firm.snapshot.abnormal",),
    ),
    Check(
        "EVIDENCE_STALE",
        Text("数据时效", "age of the data"),
        Severity.WARN,
        True,
        _MANDATE,
        _stale,
        parameter="stale_month_count",
        inputs=("firm.snapshot.as_of_date",),
    ),
)
