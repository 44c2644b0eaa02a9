"""`bole deal …`, `bole mandate …`, `bole compliance …`, `bole search …` against a running house, in both languages."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from rich.cells import cell_len

from bole.funding.v1 import fund_pb2, saved_search_service_pb2, screening_pb2
from services.chassis.identity.identity import Grant
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import (
    asking,
    compliance,
    deal_analysis,
    deal_board,
    deal_flow,
    deal_list,
    deal_timeline,
    funds,
    mandates,
    screening,
    searches,
)
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language
from tests.contract.installation import MANAGER, Installation, staff_token

Show = Callable[[Session], None]
SECRETARY = Grant("committee_secretary")


def opened(whole: Installation, form: Format, language: Language, *grants: Grant) -> Session:
    token = staff_token(whole, *(grants or (MANAGER,)), subject="commander")
    return Session(whole.settings, Output(form, language), token=token)


def open_deals(session: Session) -> list[screening_pb2.ScreenedDeal]:
    """Deals of the busiest fund that are under way."""
    fund = screening.busiest(session, screening.list_funds(session))
    assert fund
    found = screening.screen(session, fund.name, "state != INVESTED AND state != DECLINED", limit=20)
    return list(found.deals)


def deal(session: Session, at: int = 0) -> str:
    return open_deals(session)[at].deal.name


def fund(session: Session) -> str:
    return open_deals(session)[0].deal.fund


def day(later: int) -> date:
    return civil_date(datetime.now(UTC)) + timedelta(days=later)


def propose(session: Session) -> None:
    settings = [
        "concentration_max=20%",
        "ticket_max=2000万",
        "city=苏州",
        "stage=seed",
        "weight.hard=40",
        "quota.suzhou=50%",
        "stale_month_count=6",
    ]
    cited = ["concentration_max=合伙协议第8条"]
    days = (day(500), day(900))
    mandates.propose(session, fund(session), "suzhou-522", days, settings, cited, "试算", check=True)


def keep_and_give_up(session: Session) -> None:
    searches.save(session, fund(session), "硬科技", "hard >= 40", "hard desc", "hard=60", "5000万", 0)
    searches.show(session)
    searches.alerts(session, "", 10, everything=True)
    for each in (
        searches.stub(session)
        .ListSavedSearches(saved_search_service_pb2.ListSavedSearchesRequest())
        .saved_searches
    ):
        searches.show_one(session, each.name)
        searches.delete(session, each.name)


def check_and_again(session: Session) -> None:
    name = deal(session)
    compliance.check(session, name)
    compliance.reports(session, name, 5)
    compliance.report(session, f"{name}/complianceReports/1")
    compliance.recompute(session, f"{name}/complianceReports/1")
    compliance.waivers(session, name)


COMMANDS: dict[str, tuple[Show, tuple[str, ...], tuple[str, ...]]] = {
    "list": (
        lambda s: deal_list.show(s, asking.of_fund(*asking.asked(s, "yxgs", fund(s), "")), "", 500),
        ("企业与轮次", "拟投", "初审"),
        ("firm and round", "ticket", "Screening"),
    ),
    "screen": (
        lambda s: screening.show_fund(
            s, *asking.asked(s, "yxgs", "", ""), "hard desc", 3, ("stage", "band", "early_gate", "eligible")
        ),
        ("合计拟投", "阶段", "得分档", "种子期", "不可推进"),
        ("asked", "stage", "band", "seed", "not eligible"),
    ),
    "board": (
        lambda s: deal_board.show(s, "", "", 2),
        ("初审", "已否决", "个未列出"),
        ("Screening", "Declined", "more: --most"),
    ),
    "timeline": (
        lambda s: deal_timeline.show(s, *asking.asked(s, "yxgs", fund(s), ""), "", 20),
        ("走过的阶段与天数", "导入前", " 天 → ", "共计天数"),
        ("states and days", "before the import", " d → ", "days in all"),
    ),
    "simulate": (
        lambda s: deal_analysis.simulate(s, deal(s), "90000万", "4亿"),
        ("9亿元，不可行", "单笔上限", "额度"),
        ("what if CNY 900m: not possible", "ticket", "quotas"),
    ),
    "headroom": (
        lambda s: deal_analysis.headroom(s, fund(s), [deal(s), f"{deal(s, 1)}=100万"]),
        ("可用额度", "集中度"),
        ("free capital", "concentration"),
    ),
    "why": (
        lambda s: deal_analysis.why(s, deal(s, 2), deal(s)),
        ("排名第", "核实可加", "投硬科技"),
        ("rank", "proof adds", "hard tech"),
    ),
    "show": (lambda s: deal_analysis.show_one(s, deal(s)), ("检查", "余量"), ("checks", "headroom")),
    "compare": (lambda s: deal_analysis.compare(s, [deal(s), deal(s, 1)]), ("项目对比",), ("side by side",)),
    "funnel": (
        lambda s: deal_analysis.funnel(s, "", day(-900), day(1)),
        ("已申报", "进行中"),
        ("submitted", "under way"),
    ),
    "funnel of a year": (
        lambda s: deal_analysis.funnel(s, "", None, None),
        (f"{day(-365)} 至 {day(1)} 申报的项目",),
        (f"deals submitted {day(-365)} to {day(1)}",),
    ),
    "stalled": (lambda s: deal_analysis.stalled(s, fund(s), 5), ("超时项目",), ("over time",)),
    "completion": (
        lambda s: deal_flow.completion(s, fund(s), ""),
        ("在办项目", "初审意见", "完备率"),
        ("under way", "screening memo", "complete"),
    ),
    "forecast": (
        lambda s: deal_flow.forecast(s, fund(s), ""),
        ("年内预计出资", "太少（", "未计入", "威尔逊"),
        ("to be paid in", "too few (", "left out", "Wilson"),
    ),
    "method": (
        lambda s: deal_analysis.method(s, fund(s)),
        ("几何平均", "本授权"),
        ("geometric mean", "this mandate"),
    ),
    "rulesets": (mandates.rule_sets, ("初创科技型企业",), ("Early technology firm",)),
    "mandates": (
        lambda s: mandates.show_list(s, fund(s)),
        ("投资规则修订", "已批准"),
        ("revisions", "approved"),
    ),
    "mandate": (
        lambda s: mandates.show(s, f"{fund(s)}/mandates/1"),
        ("参数", "ruleset"),
        ("parameter", "ruleset"),
    ),
    "propose": (propose, ("待审批", "合伙协议第8条", "1/5"), ("proposed", "合伙协议第8条", "1/5")),
    "compliance": (
        check_and_again,
        ("合规检查", "逐位一致", "可用额度"),
        ("compliance", "bit for bit", "capital"),
    ),
    "search": (
        keep_and_give_up,
        ("保存的筛选", "hard >= 40", "已删除"),
        ("saved searches", "hard >= 40", "deleted"),
    ),
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_speaks_both_languages(
    whole: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    show, zh, en = COMMANDS[name]
    languages: tuple[tuple[Language, tuple[str, ...]], ...] = (("zh", zh), ("en", en))
    for language, words in languages:
        session = opened(whole, Format.TABLE, language)
        show(session)
        session.close()
        printed = "".join(capsys.readouterr())
        for word in words:
            assert word in printed


def test_a_timeline_for_programs_has_a_row_for_every_state_of_a_deal(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    session = opened(whole, Format.JSON, "en")
    deal_timeline.show(session, fund(session), "state != INVESTED AND state != DECLINED", "", 5)
    session.close()
    stages = json.loads(capsys.readouterr().out)
    for name in {each["id"] for each in stages}:
        own = [each for each in stages if each["id"] == name]
        assert [bool(each["until"]) for each in own] == [True] * (len(own) - 1) + [False]
        assert all(before["until"] == after["from"] for before, after in pairwise(own))
    assert len({each["id"] for each in stages}) == 5


def test_a_fund_is_meant_by_its_name_or_a_part_that_only_one_has(whole: Installation) -> None:
    session = opened(whole, Format.TABLE, "zh")
    stated = fund_pb2.Fund()
    stated.CopyFrom(screening.list_funds(session)[0])
    assert funds.named(session, stated.display_name) == funds.named(session, stated.name) == stated.name
    assert funds.named(session, "") == ""
    for part, reason in (("基金", "FUND_AMBIGUOUS"), ("没有的", "NO_SUCH_FUND")):
        with pytest.raises(InvalidArgument) as refusal:
            funds.named(session, part)
        [violation] = refusal.value.violations
        assert violation.reason == reason
        assert stated.display_name in violation.text.zh
        assert stated.name in violation.text.en
    session.close()


def test_the_secretary_records_a_waiver(whole: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    manager = opened(whole, Format.TABLE, "zh")
    name = deal(manager)
    manager.close()
    session = opened(whole, Format.JSON, "zh", SECRETARY)
    compliance.waive(session, name, "evidence_stale", "纪要3号", day(30), "审计在途", check_only=True)
    session.close()
    rows = json.loads(capsys.readouterr().out)
    assert "EVIDENCE_STALE" in json.dumps(rows)


@pytest.mark.parametrize(
    "setting", ["luck=1", "stage=moon", "stale_month_count=x", "weight.luck=1", "nothing"]
)
def test_a_setting_that_means_nothing_is_refused_before_it_is_sent(whole: Installation, setting: str) -> None:
    session = opened(whole, Format.TABLE, "zh")
    with pytest.raises(InvalidArgument):
        mandates.propose(
            session, fund(session), "suzhou-522", (day(1), None), [setting], [], "试", check=True
        )
    session.close()


def test_a_list_has_the_deals_of_all_funds_and_those_that_changed_last_first(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(whole, Format.JSON, "zh") as session:
        deal_list.show(session, "", "", 500)
        told = json.loads(capsys.readouterr().out)
        sizes = [
            screening.screen(session, each.name, limit=1).total_size for each in screening.list_funds(session)
        ]
    assert len({each["id"] for each in told}) == len(told) == sum(sizes)
    assert len({each["fund"] for each in told}) == len([size for size in sizes if size])
    assert [each["changed"] for each in told] == sorted((each["changed"] for each in told), reverse=True)


def test_a_board_has_the_best_deals_of_each_state_once_and_is_a_list_where_there_is_no_room(
    whole: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(whole, Format.JSON, "zh") as session:
        deal_board.show(session, "", "", 20)
        told = json.loads(capsys.readouterr().out)
        found = screening.busiest(session, screening.list_funds(session))
        assert found
        known = screening.screen(session, found.name, limit=100).deals
    assert len({each["id"] for each in told}) == len(told)
    shown = [each["id"] for each in told]
    for state in {each.deal.state for each in known}:
        best = [each.deal.name for each in known if each.deal.state == state][:20]
        first = shown.index(best[0])
        assert shown[first : first + len(best)] == best, "the best first in each state"
    for width, columns in (("60", False), ("200", True)):
        monkeypatch.setenv("COLUMNS", width)
        with opened(whole, Format.TABLE, "zh") as session:
            deal_board.show(session, "", "state = SCREENING", 1)
            deal_board.show(session, "", "", 1)
        lines = capsys.readouterr().out.splitlines()
        assert any("停留天数" in line for line in lines) is not columns
        assert len({cell_len(line) for line in lines if line.startswith("│")}) <= 2


def test_a_board_asks_once(whole: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = screening.screen

    def counted(session: Session, fund: str, *given: object, **more: object) -> object:
        asked.append(fund)
        return ask(session, fund, *given, **more)  # type: ignore[arg-type]  # as it was called

    with opened(whole, Format.JSON, "zh") as session:
        name = fund(session)
        monkeypatch.setattr(screening, "screen", counted)
        deal_board.show(session, name, "", 5)
    assert asked == [name]


def test_a_name_among_words_is_what_it_names(whole: Installation) -> None:
    with opened(whole, Format.JSON, "zh") as session:
        first = open_deals(session)[0]
        name, firm = first.deal.fund, first.firm.name
        assert asking.asked(session, name, "", "stage = SEED") == (name, "stage = SEED")
        fund_, filter_ = asking.asked(session, firm, name, "")
        found = screening.screen(session, fund_, filter_).deals
        assert {each.firm.name for each in found} == {firm}
        for words, given in ((first.deal.name, ""), (name, name), ("persons/p-1", "")):
            with pytest.raises(InvalidArgument) as told:
                asking.asked(session, words, given, "")
            assert told.value.reason == "NAME_FOR_WORDS"
