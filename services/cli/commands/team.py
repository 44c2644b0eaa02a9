"""`bole team list|show|create|change|gaps|dissolve`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="teams/…")]
Members = Annotated[
    list[str] | None,
    typer.Option("--member", help="persons/…[:角色[:占比%]]，可多次 with role and share of time"),
]
Needs = Annotated[list[str] | None, typer.Option("--need", help="方向=人数，如 海水制氢=2 heads wanted")]


@app.command("list")
def list_(
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """团队列表 teams by filter."""
    from services.cli.talent import teams

    with session(lang, output, file) as opened:
        teams.show(opened, filter_, limit)


@app.command("show")
def show(
    name: Name,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一个团队的成员 the people of a team."""
    from services.cli.talent import teams

    with session(lang, output, file, purpose) as opened:
        teams.show_members(opened, name)


@app.command("create")
def create(
    ref: Annotated[str, typer.Option(help="来源编号 number in its source")],
    name: Annotated[str, typer.Option(help="团队名称 its name")],
    lead: Annotated[str, typer.Option(help="persons/…：负责人 the lead")],
    city: Annotated[str, typer.Option(help="城市 city")],
    direction: Annotated[list[str], typer.Option(help="方向，可多次 directions")],
    member: Members = None,
    need: Needs = None,
    profile: Annotated[str, typer.Option(help="简介 what it does")] = "",
    lang: Lang = None,
) -> None:
    """登记团队 register a team."""
    from services.cli.talent import teams

    with session(lang) as opened:
        given = teams.Given(ref, name, lead, city, direction, member, need, profile)
        teams.create(opened, given)


@app.command("change")
def change(
    team: Name,
    name: Annotated[str | None, typer.Option(help="团队名称 its name")] = None,
    lead: Annotated[str | None, typer.Option(help="persons/…：负责人 the lead")] = None,
    member: Members = None,
    need: Needs = None,
    profile: Annotated[str | None, typer.Option(help="简介 what it does")] = None,
    lang: Lang = None,
) -> None:
    """修改团队；给出成员即替换全部成员 change a team; members that are given replace all."""
    from services.cli.talent import teams

    with session(lang) as opened:
        teams.change(opened, team, name, lead, member, need, profile)


@app.command("gaps")
def gaps(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """团队各方向缺口 what a team has and lacks, by direction."""
    from services.cli.talent import teams

    with session(lang, output, file) as opened:
        teams.show_gaps(opened, name)


@app.command("dissolve")
def dissolve(name: Name, lang: Lang = None) -> None:
    """解散团队 end a team; its members stay."""
    from services.cli.talent import teams

    with session(lang) as opened:
        teams.dissolve(opened, name)
