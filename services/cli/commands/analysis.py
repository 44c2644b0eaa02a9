"""`bole shortage trend|compare|forecast|what-if|reweigh|allocate|plan|plans|publish-forecast|…`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session

Dimension = Annotated[str, typer.Option(help="industry、direction、city、category")]
Industry = Annotated[str, typer.Option(help="产业 industry, any spelling the catalogue knows")]
Direction = Annotated[str, typer.Option(help="方向 direction")]
City = Annotated[str, typer.Option(help="城市 city")]
Category = Annotated[str, typer.Option(help="人才类别 talent category")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="截至哪一天，默认今天 as of which day, today")
]
Recruits = Annotated[int, typer.Option(min=0, help="引进人数 people recruited")]
Places = Annotated[int, typer.Option(min=0, help="培养名额 training places")]
Firms = Annotated[int, typer.Option(min=0, help="获投企业数 firms that are funded")]
Quarters = Annotated[int, typer.Option(min=0, max=8, help="未来第几个季末 quarters' ends ahead")]
Name = Annotated[str, typer.Argument(help="名称或编号 name or id")]


def register(app: typer.Typer) -> None:
    """Add the commands to `bole shortage`."""
    for name, command in (
        ("trend", trend),
        ("compare", compare),
        ("forecast", forecast),
        ("what-if", what_if),
        ("reweigh", reweigh),
        ("allocate", allocate),
        ("plan", plan),
        ("plans", plans),
        ("publish-forecast", publish_forecast),
        ("published", published),
        ("forecasts", forecasts),
    ):
        app.command(name)(command)


def trend(
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    quarters: Annotated[int, typer.Option(min=1, max=20, help="季度数 quarters")] = 8,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """走势与同比 a cell by quarter and since last year."""
    from services.cli.talent import analysis, shortage

    with session(lang, output, file) as opened:
        analysis.show_trend(opened, shortage.scope_of(industry, direction, city, category), quarters)


def compare(
    cities: Annotated[list[str], typer.Argument(help="2–4 个城市 cities")],
    industry: Industry = "",
    direction: Direction = "",
    category: Category = "",
    day: Day = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """城市比较 two to four cities side by side."""
    from services.cli.talent import analysis, shortage

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, "", category)
        analysis.show_comparison(opened, scope, cities, day and day.date())


def forecast(
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    months: Annotated[int, typer.Option(min=1, max=24, help="月数 months")] = 24,
    threshold: Annotated[int, typer.Option(min=0, help="缺口阈值（人） gap that is to be passed")] = 0,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """需求预测与缺口弥合月份 the demand to come and the month in which the gap closes."""
    from services.cli.talent import analysis, shortage

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        analysis.show_forecast(opened, scope, months, threshold)


def what_if(
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    recruits: Recruits = 0,
    places: Places = 0,
    firms: Firms = 0,
    exits_avoided: Annotated[float, typer.Option(help="少流失的比例 0–1 share of exits avoided")] = 0.0,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """情景推演 what if: recruit, train, fund, keep."""
    from bole.talent.v1.shortage_analysis_service_pb2 import SimulateShortageRequest
    from services.cli.talent import analysis, shortage

    with session(lang, output, file) as opened:
        request = SimulateShortageRequest(
            scope=shortage.scope_of(industry, direction, city, category),
            recruits=recruits,
            training_places=places,
            funded_firms=firms,
            exits_avoided=exits_avoided,
        )
        analysis.show_what_if(opened, request)


def reweigh(
    weight: Annotated[list[str], typer.Option(help="分项=权重，可多次 component=weight, repeatable")],
    rows: Dimension = "industry",
    columns: Dimension = "city",
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """换权重与稳健度 other weights, and how much they matter."""
    from services.cli.talent import analysis, shortage

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        analysis.show_reweighed(opened, rows, columns, weight, limit, scope)


def allocate(
    rows: Dimension = "industry",
    columns: Dimension = "city",
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    recruits: Recruits = 0,
    places: Places = 0,
    amount: Annotated[str, typer.Option(help="金额，如 500万元 an amount instead")] = "",
    recruitment_cost: Annotated[str, typer.Option(help="每引进一人 cost of one recruitment")] = "",
    place_cost: Annotated[str, typer.Option(help="每个培养名额 cost of one place")] = "",
    quarters: Quarters = 4,
    keep: Annotated[
        bool, typer.Option("--keep", help="保存方案，到期评分 keep the plan, score it later")
    ] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """名额、引才或资金配置 where people, places or money close the most expected gap."""
    from services.cli.talent import planning, shortage

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        given = planning.means(recruits, places, amount, recruitment_cost, place_cost)
        planning.show_allocation(opened, rows, columns, given, quarters, scope, keep=keep)


def plan(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一个方案 one plan, with what came of it."""
    from services.cli.talent import planning

    with session(lang, output, file) as opened:
        planning.show_plan(opened, planning.fetch_plan(opened, name))


def plans(limit: Limit = 20, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """方案列表 plans."""
    from services.cli.talent import planning

    with session(lang, output, file) as opened:
        planning.show_plans(opened, limit)


def publish_forecast(
    rows: Dimension = "industry",
    columns: Dimension = "city",
    quarters: Quarters = 4,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """发布预测，到期评分 publish a forecast, to be scored later."""
    from services.cli.talent import planning

    with session(lang, output, file) as opened:
        planning.publish(opened, rows, columns, quarters)


def published(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一次预测与得分 one published forecast and its score."""
    from services.cli.talent import planning

    with session(lang, output, file) as opened:
        planning.show_forecast(opened, planning.fetch_forecast(opened, name))


def forecasts(limit: Limit = 20, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """已发布的预测 published forecasts."""
    from services.cli.talent import planning

    with session(lang, output, file) as opened:
        planning.show_forecasts(opened, limit)
