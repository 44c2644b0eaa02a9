"""`bole`: the command line of Bole (伯乐). Nouns and verbs; data on stdout, messages on stderr."""

from typing import Annotated

import typer

from services.cli.commands import (
    amounts,
    committee,
    compliance,
    conformance,
    consent,
    deal,
    direction,
    dossier,
    evidence,
    exports,
    firm,
    firm_report,
    flows,
    fund,
    house,
    imports,
    indicator,
    interest,
    investment,
    mandate,
    match,
    match_run,
    matcher,
    nomination,
    partner,
    partner_certificate,
    position,
    proposal,
    reports,
    rights,
    rounds,
    search,
    shortage,
    statement,
    talent,
    team,
    webhook,
)
from services.cli.commands.options import CHECK

app = typer.Typer(
    name="bole",
    help="伯乐：人才、早期企业与未来产业方向的匹配平台。Matches people and early-stage firms with priority industries.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    check: Annotated[
        bool,
        typer.Option("--check", help="变更只校验，不写入 changes are checked only, nothing is written"),
    ] = False,
) -> None:
    """伯乐：人才、早期企业与未来产业方向的匹配平台。Matches people and early-stage firms with priority industries."""
    CHECK.set(check)


house.register(app)
app.add_typer(talent.app, name="talent", help="核心人才库 the core-talent library")
app.add_typer(statement.app, name="statement", help="信息来源 who says what of a person")
app.add_typer(consent.app, name="consent", help="同意与查看记录 what people allow, and who looked")
app.add_typer(team.app, name="team", help="团队 teams")
app.add_typer(nomination.app, name="nomination", help="人才工程申报 nominations for the talent programmes")
app.add_typer(imports.app, name="imports", help="导入批次 what was imported, and the way back")
app.add_typer(exports.app, name="exports", help="导出与登记 files of records, and who took them")
app.add_typer(position.app, name="position", help="岗位需求 open positions")
app.add_typer(flows.training, name="training", help="培养名额 training places")
app.add_typer(flows.mobility, name="mobility", help="人才流动 moves")
app.add_typer(flows.hires, name="hires", help="投资带动用人 hires expected of funded deals")
app.add_typer(
    direction.app, name="direction", help="技术方向与地方补充方向 directions, a region's own among them"
)
app.add_typer(shortage.app, name="shortage", help="紧缺人才图谱 the shortage map")
app.add_typer(reports.app, name="reports", help="运行情况报告 reports of quarters and years")
app.add_typer(evidence.app, name="evidence", help="佐证台账 the evidence register")
app.add_typer(evidence.target, name="target", help="政策目标 the policy's goals")
app.add_typer(firm.app, name="firm", help="企业 early-stage firms")
app.add_typer(firm_report.app, name="firm-report", help="企业自报 what firms report of themselves")
app.add_typer(amounts.app, name="amounts", help="超限金额复核 amounts over the sanity caps")
app.add_typer(fund.app, name="fund", help="基金 funds and their mandates")
app.add_typer(mandate.app, name="mandate", help="投资规则 rules of funds and their revisions")
app.add_typer(search.app, name="search", help="保存的筛选与提醒 saved searches of the deal flow, and alerts")
app.add_typer(compliance.app, name="compliance", help="合规 checks, waivers and kept runs of a deal")
app.add_typer(deal.app, name="deal", help="项目 the deal flow")
app.add_typer(investment.app, name="investment", help="投后 what funds hold, from payment to exit")
app.add_typer(indicator.app, name="indicator", help="投后指标 what firms report after an investment")
app.add_typer(rights.app, name="ip", help="知识产权、质押与首贷 rights, pledges and first loans")
app.add_typer(rounds.app, name="round", help="融资轮次 financing rounds")
app.add_typer(committee.app, name="committee", help="投委会与表决 committees, sittings and votes")
app.add_typer(dossier.app, name="dossier", help="尽职免责材料 duty dossiers")
app.add_typer(interest.app, name="interest", help="利益冲突 conflicts of interest")
app.add_typer(match.app, name="match", help="匹配 matches and their reasons")
app.add_typer(match_run.app, name="match-run", help="批量匹配 matches of all anchors of a kind, as files")
app.add_typer(matcher.app, name="matcher", help="从结果学习 learning from outcomes")
app.add_typer(proposal.app, name="proposal", help="推荐与结果 pairs put forward, and what becomes of them")
app.add_typer(partner.app, name="partner", help="合作方 partners")
app.add_typer(partner.keys, name="partner-key", help="合作方密钥 keys of partners")
app.add_typer(partner_certificate.app, name="partner-certificate", help="客户端证书 partners' certificates")
app.command("conformance")(conformance.conformance)
app.add_typer(webhook.app, name="webhook", help="回调 match events sent to partners' endpoints")


def main() -> None:
    """Entry point of the console script."""
    app()
