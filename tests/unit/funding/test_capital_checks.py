from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.funding.domain.checks.check import CheckResult, Severity, blocks
from services.funding.domain.checks.run import CHECKS, CODES, WAIVABLE, run_checks
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.waiver import Waiver, examine_waiver
from services.funding.domain.fund.mandate import PARAMETERS, Citation
from services.funding.domain.fund.portfolio import Portfolio, Position
from services.funding.domain.outcomes import Outcome
from services.funding.domain.ratio import Ratio, percent
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.live import Held, live_limits
from services.funding.domain.screening.rulesets import YI
from services.funding.domain.screening.surroundings import CapitalView, InterestsView, RightsView, SubFund
from services.kernel.errors import InvalidArgument
from tests.unit.funding.cases import AS_OF, case

P, F, U, N, W = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE, Outcome.WAIVED


def check(code: str, of: Case) -> CheckResult:
    return next(each for each in run_checks(of) if each.code == code)


def capital(province: int, unattributed: int | None, *subs: tuple[int, int]) -> CapitalView:
    funds = tuple(SubFund(f"子基金{at}", ours, size) for at, (ours, size) in enumerate(subs))
    return CapitalView(province, unattributed, funds)


@pytest.mark.parametrize(
    ("view", "outcome"),
    [
        (capital(YI // 2, 0), P),  # exactly 25 % of 2亿
        (capital(YI // 2 + 1, 0), F),
        (capital(YI // 4, YI // 4), P),
        (capital(YI // 4, YI // 4 + 1), U),
        (capital(YI // 2 + 1, YI), F),
        (CapitalView(), U),
    ],
)
def test_the_province_may_hold_what_its_share_allows_and_what_nobody_explains_could_be_its(
    view: CapitalView, outcome: Outcome
) -> None:
    judged = replace(case(mandate={"province_share_max": percent(25)}), capital=view)
    assert check("PROVINCE_SHARE", judged).outcome is outcome
    limits = live_limits(judged.fund, judged.mandate, Held(0, 0), view, AS_OF)
    assert ("PROVINCE_SHARE" in limits.always) is (outcome is not P)
    assert check("PROVINCE_SHARE", case()).outcome is N


@pytest.mark.parametrize(
    ("subs", "outcome"), [(((30, 100),), P), (((31, 100),), F), (((30, 100), (31, 100)), F), ((), N)]
)
def test_no_sub_fund_is_over_its_share(subs: tuple[tuple[int, int], ...], outcome: Outcome) -> None:
    judged = replace(case(mandate={"subfund_share_max": percent(30)}), capital=capital(0, 0, *subs))
    assert check("SINGLE_SUBFUND_SHARE", judged).outcome is outcome
    limits = live_limits(judged.fund, judged.mandate, Held(0, 0), judged.capital, AS_OF)
    assert ("SINGLE_SUBFUND_SHARE" in limits.always) is (outcome is F)


def test_direct_investments_cities_and_losses_are_measured_to_the_fen() -> None:
    held = Portfolio((Position("other", 70, Outcome.PASS, "suzhou", True),))
    base = replace(
        case(
            terms={"ask_fen": 30},
            mandate={
                "direct_share_max": percent(50),
                "city_quotas": (("suzhou", percent(100)), ("nantong", percent(1))),
                "loss_tolerance": percent(20),
            },
            portfolio=held,
            fund_values={"invested_fen": 100},
        ),
        capital=capital(0, 0, (100, 1000)),
    )
    assert check("DIRECT_SHARE", base).outcome is P
    assert check("DIRECT_SHARE", replace(base, capital=capital(0, 0, (99, 1000)))).outcome is F
    assert check("CITY_QUOTA", base).headroom is not None
    assert check("CITY_QUOTA", base).outcome is P
    base.fund.written_off_fen = 20
    assert check("LOSS_TOLERANCE_TRACK", base).outcome is P
    base.fund.written_off_fen = 21
    assert check("LOSS_TOLERANCE_TRACK", base).outcome is F
    assert not [each.code for each in run_checks(base) if blocks(each)]


def test_interests_stop_a_deal_once_people_work_on_it() -> None:
    asked = replace(case(), interests=InterestsView(undeclared=("张三",), related=()))
    assert check("COI_UNDECLARED", asked).outcome is N
    working = replace(asked, state=DealState.DUE_DILIGENCE)
    assert blocks(check("COI_UNDECLARED", working))
    assert "张三" in check("COI_UNDECLARED", working).text.zh
    assert check("RELATED_PARTY", working).outcome is P
    related = replace(working, interests=InterestsView(undeclared=(), related=("李四",)))
    assert blocks(check("RELATED_PARTY", related))
    unknown = check("RELATED_PARTY", case())
    assert (unknown.outcome, unknown.severity) == (U, Severity.WARN)


@pytest.mark.parametrize("code", ["COI_UNDECLARED", "RELATED_PARTY", "IP_OWNERSHIP_UNCLEAR"])
def test_what_due_diligence_may_still_look_up_passes_no_committee(code: str) -> None:
    nothing = replace(case(), rights=RightsView(), interests=InterestsView())
    looking = check(code, replace(nothing, state=DealState.DUE_DILIGENCE))
    assert (looking.outcome, looking.severity) == (U, Severity.WARN)
    for state in (DealState.IC_INTERNAL, DealState.IC_EXTERNAL):
        before = replace(nothing, state=state)
        assert check(code, before).outcome is U
        assert blocks(check(code, before))
        if check(code, before).waivable:
            waived = replace(before, waivers=(Waiver(code, "文", "投委会", AS_OF),))
            assert check(code, waived).outcome is W


def test_unclear_rights_warn_and_stop_a_deal_before_a_committee() -> None:
    unclear = replace(case(), rights=RightsView(unclear=("ZL2023",), pledged=("ZL2022",)))
    assert not blocks(check("IP_OWNERSHIP_UNCLEAR", unclear))
    assert blocks(check("IP_OWNERSHIP_UNCLEAR", replace(unclear, state=DealState.IC_INTERNAL)))
    assert check("IP_PLEDGED", unclear).severity is Severity.INFO
    assert check("IP_OWNERSHIP_UNCLEAR", replace(case(), rights=RightsView((), ()))).outcome is P


def test_every_check_says_what_it_reads_and_a_cited_limit_says_where_it_stands() -> None:
    assert all(each.inputs and each.parameter in ("", *PARAMETERS) for each in CHECKS)
    assert len(CODES) == len(CHECKS)
    cited = case(mandate={"citations": (Citation("ticket_max", "合伙协议第8条", "agreement, 8"),)})
    assert check("TICKET_TOO_LARGE", cited).citation.zh == "合伙协议第8条"
    result = check("TICKET_TOO_LARGE", cited)
    assert (result.ruleset, result.as_of) == ("national-2025", AS_OF)


def test_a_waiver_turns_a_breach_until_its_day_and_nothing_else() -> None:
    late = case(snapshot={"abnormal": True}, terms={"fixed_return": True})
    waivers = tuple(Waiver(code, "文", "投委会", AS_OF) for code in ("FIRM_ABNORMAL", "FIXED_RETURN_TERMS"))
    waived = replace(late, waivers=waivers)
    assert check("FIRM_ABNORMAL", waived).outcome is W
    assert check("FIRM_ABNORMAL", waived).waiver == waivers[0]
    assert check("FIXED_RETURN_TERMS", waived).outcome is F
    assert check("FIRM_ABNORMAL", replace(waived, as_of=AS_OF + timedelta(days=1))).outcome is F


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "LUCK"}, "UNKNOWN_CHECK"),
        ({"code": "INSUFFICIENT_FUND_CAPITAL"}, "NOT_WAIVABLE"),
        ({"until": AS_OF - timedelta(days=1)}, "WAIVER_PERIOD"),
        ({"until": AS_OF + timedelta(days=367)}, "WAIVER_PERIOD"),
        ({"document": " "}, "REQUIRED"),
        ({"reason": ""}, "REQUIRED"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(changes: dict[str, Any], reason: str) -> None:
    good = Waiver("EVIDENCE_STALE", "纪要〔2026〕3号", "secretary", AS_OF, "审计报告下月出具")
    examine_waiver(good, WAIVABLE, CODES, AS_OF)
    with pytest.raises(InvalidArgument) as refused:
        examine_waiver(replace(good, **changes), WAIVABLE, CODES, AS_OF)
    assert reason in {each.reason for each in refused.value.violations}


def test_the_ownership_of_rights_is_judged_by_the_register_and_what_the_firm_declares() -> None:
    own = case()
    claimed = own.snapshot.inventions or 0
    assert claimed

    def outcome(**known: Any) -> Outcome:
        register: dict[str, Any] = {"unclear": (), "pledged": (), "recorded": claimed, "inventions": claimed}
        rights = RightsView(**register | known)
        return check("IP_OWNERSHIP_UNCLEAR", replace(own, rights=rights)).outcome

    assert outcome() is Outcome.PASS
    assert outcome(unclear=("密封结构",), unstated=("控制方法",)) is Outcome.FAIL
    assert outcome(unstated=("控制方法",)) is Outcome.UNKNOWN
    assert outcome(inventions=claimed - 1) is Outcome.UNKNOWN
    assert outcome(recorded=0, inventions=0) is Outcome.UNKNOWN
    nothing = replace(own.firm, snapshot=replace(own.snapshot, inventions=0))
    bare = replace(own, firm=nothing, rights=RightsView((), (), recorded=0))
    unsaid = replace(bare, firm=replace(own.firm, snapshot=replace(own.snapshot, inventions=None)))
    assert check("IP_OWNERSHIP_UNCLEAR", unsaid).outcome is Outcome.UNKNOWN
    assert check("IP_OWNERSHIP_UNCLEAR", bare).outcome is Outcome.NOT_APPLICABLE
    assert check("IP_PLEDGED", bare).outcome is Outcome.NOT_APPLICABLE


def test_related_parties_are_looked_at_from_the_team_on() -> None:
    nobody = replace(case(), interests=InterestsView(staffed=False))
    judged = check("RELATED_PARTY", nobody)
    assert (judged.outcome, "团队" in judged.text.zh or "项目组" in judged.text.zh) == (
        Outcome.NOT_APPLICABLE,
        True,
    )
    for code in ("RELATED_PARTY", "COI_UNDECLARED"):
        late = check(code, replace(nobody, state=DealState.DUE_DILIGENCE))
        assert late.outcome is Outcome.UNKNOWN
        assert "请基金管理人或投资分析登记项目组" in late.text.zh
        assert "the fund manager or an analyst records it" in late.text.en
    tied = InterestsView(undeclared=(), related=("zhang",), staffed=True)
    assert blocks(check("RELATED_PARTY", replace(nobody, interests=tied)))


def test_local_reinvestment_counts_what_was_credited() -> None:
    own = case()
    ruled = replace(own.mandate, reinvestment_min=Ratio(1, 1))
    fund = replace(own.fund, government_fen=own.terms.ask_fen * 2, city=own.firm.city)
    for credited, outcome in ((0, Outcome.FAIL), (own.terms.ask_fen, Outcome.PASS)):
        capital = replace(own.capital, credited_fen=credited)
        found = check("LOCAL_REINVESTMENT", replace(own, mandate=ruled, fund=fund, capital=capital))
        assert found.outcome is outcome, found.text
