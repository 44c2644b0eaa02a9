"""`bole committee …`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)
Members = Annotated[list[str], typer.Option("--member", help="委员，写作 账号 或 账号=姓名，可多次")]
Observers = Annotated[
    list[str] | None, typer.Option("--observer", help="观察员（仅外部），写法同上 observers")
]
Vote = Annotated[str, typer.Argument(help="sittings/…/votes/…")]
Sitting = Annotated[str, typer.Argument(help="sittings/…")]


@app.command("create")
def create(
    fund: Annotated[str, typer.Argument(help="funds/…，或名称 or its name")],
    tier: Annotated[str, typer.Argument(help="internal 或 external")],
    members: Members,
    observers: Observers = None,
    lang: Lang = None,
) -> None:
    """设立投委会 set up a committee."""
    from services.cli.funding import committees
    from services.cli.funding.funds import named

    with session(lang) as opened:
        committees.set_up(opened, named(opened, fund), tier, members, observers or [])


@app.command("list")
def list_(
    fund: Annotated[str, typer.Option(help="funds/…")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """投委会列表 committees with their seats and rules."""
    from services.cli.funding import committees
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        committees.show(opened, named(opened, fund))


@app.command("seat")
def seat(
    name: Annotated[str, typer.Argument(help="committees/…")],
    members: Members,
    observers: Observers = None,
    lang: Lang = None,
) -> None:
    """调整席位 change the seats."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.reseat(opened, name, members, observers or [])


@app.command("call")
def call(
    committee: Annotated[str, typer.Argument(help="committees/…")],
    at: Annotated[datetime, typer.Argument(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])],
    deals: Annotated[list[str], typer.Argument(help="deals/… …")],
    members: Annotated[
        list[str] | None, typer.Option("--member", help="仅本次会议的委员；不填用投委会席位 this time only")
    ] = None,
    observers: Observers = None,
    lang: Lang = None,
) -> None:
    """召集会议 call a sitting on an agenda."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.call(opened, committee, at, deals, members or [], observers or [])


@app.command("replan", epilog="例 e.g.  bole committee replan sittings/… --at 2026-12-05T09:30")
def replan(
    name: Sitting,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], help="改期 another time"),
    ] = None,
    deals: Annotated[
        list[str] | None, typer.Option("--deal", help="新的议程，可多次 the agenda from now on")
    ] = None,
    members: Annotated[
        list[str] | None, typer.Option("--member", help="新的委员，写法同 create the members from now on")
    ] = None,
    observers: Observers = None,
    lang: Lang = None,
) -> None:
    """改期、改议程或改席位 another time, agenda or seats of a sitting."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.replan(opened, name, at, deals or [], members or [], observers or [])


@app.command("sittings")
def sittings(
    committee: Annotated[str, typer.Option(help="committees/…")] = "",
    deals: Annotated[
        list[str] | None, typer.Option("--deal", help="议程含此项目，可多次 on the agenda")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """会议列表，最近的在前 sittings, the latest first."""
    from services.cli.funding import committees

    with session(lang, output, file) as opened:
        committees.sittings(opened, committee, deals or [], limit)


@app.command("agenda")
def agenda(name: Sitting, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """上会清单 the agenda with what each deal still lacks."""
    from services.cli.funding import committees

    with session(lang, output, file) as opened:
        committees.agenda(opened, name)


@app.command("open")
def open_(
    sitting: Sitting,
    deal: Annotated[str, typer.Argument(help="deals/…")],
    correction: Annotated[bool, typer.Option("--correction", help="更正已有决定 on a correction")] = False,
    lang: Lang = None,
) -> None:
    """开始表决 begin to take ballots."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.open_vote(opened, sitting, deal, correction=correction)


@app.command("vote")
def vote(
    name: Vote,
    choice: Annotated[str, typer.Argument(help="yes、no、abstain")],
    text: Annotated[str, typer.Option(help="理由；反对须写 why, needed for no")] = "",
    lang: Lang = None,
) -> None:
    """投票 cast a ballot; it stays hidden until the vote is closed."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.cast(opened, name, choice, text)


@app.command("veto")
def veto(
    name: Vote,
    check: Annotated[str, typer.Argument(help="合规检查代码，如 NEGATIVE_LIST")],
    text: Annotated[str, typer.Option(help="理由 why")],
    lang: Lang = None,
) -> None:
    """合规一票否决 an observer's veto on grounds of compliance."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.veto(opened, name, check, text)


@app.command("close")
def close(name: Vote, lang: Lang = None) -> None:
    """结束表决并计票 close and count."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.close(opened, name)


@app.command("show")
def show(name: Vote, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """表决情况 one vote with the ballots that may be seen."""
    from services.cli.funding import committees

    with session(lang, output, file) as opened:
        committees.show_vote(opened, name)


@app.command("decisions")
def decisions(
    deal: Annotated[str, typer.Argument(help="deals/…")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """投决记录 all decisions on a deal."""
    from services.cli.funding import committees

    with session(lang, output, file) as opened:
        committees.decisions(opened, deal)


@app.command("correct")
def correct(
    deal: Annotated[str, typer.Argument(help="deals/…")],
    name: Vote,
    reason: Annotated[str, typer.Option(help="更正内容与原因 what and why")],
    conditions: Annotated[str, typer.Option(help="更正后的条件 conditions as corrected")] = "",
    lang: Lang = None,
) -> None:
    """更正决定 a decision that takes the place of the standing one."""
    from services.cli.funding import committees

    with session(lang) as opened:
        committees.correct(opened, deal, name, conditions, reason)
