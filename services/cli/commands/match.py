"""`bole match find|text|explain|watch`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Kind = Annotated[
    str,
    typer.Option(
        help="person-direction、firm-direction、team-direction、person-position、team-position、person-firm、"
        "firm-fund、person-cell、person-team（补团队所缺）、similar-persons、similar-firms"
    ),
]
Ask = Annotated[str, typer.Option(help="企业融资额 the ticket a firm asks for: 500万元")]
Order = Annotated[
    str,
    typer.Option(
        "--order",
        help="score、shortage（紧缺）、policy（政策）、stars、change_time、contributions.city …，可加 desc，逗号分隔 "
        "what to order by, several by commas; the score is the default",
    ),
]
Category = Annotated[
    str, typer.Option(help="文字的人才类别（人才、岗位）talent category of the text: 卓越工程师…")
]
Direction = Annotated[
    str,
    typer.Option(help="文字的方向或产业，不给则看其用词 of the text; else its words tell"),
]
Facets = Annotated[bool, typer.Option("--facets", help="按城市、产业、类别、阶段计数 counts beside the list")]
PerEmployer = Annotated[
    int,
    typer.Option("--max-per-employer", min=0, max=1000, help="每个用人单位至多几个 most of one employer"),
]
Probability = Annotated[
    float, typer.Option("--min-probability", min=0, max=1, help="最低概率 least probability, 0–1")
]
Broaden = Annotated[
    int,
    typer.Option(
        "--broaden-below",
        min=0,
        max=1000,
        help="不足此数时逐步放宽筛选 widen the filter while fewer pass",
    ),
]
Role = Annotated[
    str,
    typer.Option(
        help="在企业中的角色 role at a firm: FOUNDER、TECHNICAL_LEAD、ADVISER（创始人、技术负责人、顾问）"
    ),
]
PageToken = Annotated[
    str,
    typer.Option("--page-token", help="接着上一页：其末尾所给的记号 go on where the page before says"),
]
Valuation = Annotated[str, typer.Option(help="投前估值 valuation before the round: 1亿元")]


@app.command("find")
def find(
    anchor: Annotated[
        str, typer.Argument(help="persons/…、teams/…、positions/…、firms/…、funds/…、shortageCells/…")
    ],
    kind: Kind,
    filter_: Filter = "",
    ask: Ask = "",
    valuation: Valuation = "",
    role: Role = "",
    order: Order = "",
    facets: Facets = False,
    max_per_employer: PerEmployer = 0,
    min_probability: Probability = 0.0,
    broaden_below: Broaden = 0,
    page_token: PageToken = "",
    limit: Limit = 10,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """最佳匹配 the best candidates of an entity."""
    from services.cli.matcher import matching
    from services.kernel.text import Text

    with session(lang, output, file, purpose) as opened:
        search = matching.search_of(
            kind,
            anchor,
            limit,
            filter_,
            (ask, valuation),
            order,
            facets=matching.FACETS if facets else (),
            max_per_employer=max_per_employer,
            min_probability=min_probability,
            broaden_below=broaden_below,
            page_token=page_token,
            role=matching.role_given(role),
        )
        matching.show_found(opened, search, Text(f"{anchor} 的匹配", f"matches of {anchor}"))


@app.command("batch")
def batch(
    anchors: Annotated[list[str], typer.Argument(help="最多100个 at most 100: positions/… firms/…")],
    kind: Kind,
    filter_: Filter = "",
    order: Order = "",
    max_per_employer: PerEmployer = 0,
    min_probability: Probability = 0.0,
    broaden_below: Broaden = 0,
    limit: Limit = 5,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一次为多个对象找匹配 the best candidates of several entities in one call."""
    from services.cli.matcher import match_beside, matching

    with session(lang, output, file, purpose) as opened:
        answers = matching.find_all(
            opened,
            kind,
            anchors,
            limit,
            filter_,
            order,
            max_per_employer=max_per_employer,
            min_probability=min_probability,
            broaden_below=broaden_below,
        )
        matching.show_batch(opened, anchors, answers)
        for anchor, answer in zip(anchors, answers, strict=True):
            match_beside.note(opened, answer, anchor)
        matching.note_calibration(opened, (each for answer in answers for each in answer.candidates))
        matching.note_beside(opened)


@app.command("text")
def text(
    words: Annotated[str, typer.Argument(help="任意文字，不会保存 any text; it is not stored")],
    kind: Kind,
    side: Annotated[str, typer.Option(help="文字代表哪一方 person、team、position、firm")],
    direction: Direction = "",
    city: Annotated[str, typer.Option(help="城市 city")] = "",
    category: Category = "",
    stage: Annotated[str, typer.Option(help="企业阶段 stage of a firm: SEED、STARTUP…")] = "",
    filter_: Filter = "",
    ask: Ask = "",
    valuation: Valuation = "",
    role: Role = "",
    order: Order = "",
    facets: Facets = False,
    max_per_employer: PerEmployer = 0,
    min_probability: Probability = 0.0,
    broaden_below: Broaden = 0,
    page_token: PageToken = "",
    limit: Limit = 10,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """为一段文字找匹配 the best candidates of a text."""
    from services.cli.answers.searching import words_of
    from services.cli.matcher import matching
    from services.kernel.text import Text

    with session(lang, output, file, purpose) as opened:
        anchor = matching.text_anchor(words_of(words), city, stage, (ask, valuation), direction, category)
        search = matching.search_of_text(
            kind,
            side,
            anchor,
            limit,
            filter_,
            order,
            facets=matching.FACETS if facets else (),
            max_per_employer=max_per_employer,
            min_probability=min_probability,
            broaden_below=broaden_below,
            page_token=page_token,
            role=matching.role_given(role),
        )
        matching.show_found(opened, search, Text("匹配结果", "matches"))


@app.command("place")
def place(
    said: Annotated[
        str,
        typer.Argument(
            metavar="words",
            help="任意文字，不会保存；或名称 any text, it is not stored; or a name: persons/…、positions/…、firms/…",
        ),
    ],
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """文字属于哪些方向 which directions a text belongs to, or none of them."""
    from services.cli.matcher import matching

    with session(lang, output, file, purpose) as opened:
        given = matching.named_or_text(said)
        matching.show_placement(opened, matching.place(opened, given))


@app.command("explain")
def explain(
    anchor: Annotated[
        str, typer.Argument(help="名称，或与 --side 一起给出的文字 a name; with --side a text")
    ],
    candidate: Annotated[str, typer.Argument(help="persons/…、positions/…、firms/…、funds/…")],
    kind: Kind,
    side: Annotated[str, typer.Option(help="文字代表哪一方 person、team、position、firm")] = "",
    direction: Direction = "",
    city: Annotated[str, typer.Option(help="文字的城市 city of the text")] = "",
    category: Category = "",
    stage: Annotated[str, typer.Option(help="文字的企业阶段 stage of the text: SEED、STARTUP…")] = "",
    filter_: Filter = "",
    ask: Ask = "",
    valuation: Valuation = "",
    role: Role = "",
    order: Order = "",
    limit: Annotated[
        int, typer.Option(help="搜索的条数；不给则看常备名单 of a search; without it the standing list")
    ] = 0,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """为什么（不）匹配，或为什么（不）在某次搜索的结果里 one pair in full, or one of a search."""
    from services.cli.matcher import match_explanation, matching

    with session(lang, output, file, purpose) as opened:
        as_what = matching.role_given(role)
        if side:
            text = matching.text_anchor(anchor, city, stage, (ask, valuation), direction, category)
            search = matching.search_of_text(kind, side, text, limit, filter_, order, role=as_what)
        else:
            search = matching.search_of(kind, anchor, limit, filter_, (ask, valuation), order, role=as_what)
        if side or filter_ or ask or valuation or role or order or limit:
            found = matching.explain_found(opened, search, candidate)
        else:
            found = matching.explain(opened, kind, anchor, candidate)
        match_explanation.show(opened, found, matching.origin_of(opened, search))


@app.command("watch")
def watch(
    kind: Annotated[list[str] | None, typer.Option(help="只看这些类型 these kinds alone")] = None,
    anchor: Annotated[
        str, typer.Option(help="只看此对象的名单 the lists of this one alone: positions/…")
    ] = "",
    direction: Annotated[
        list[str] | None, typer.Option(help="只看这些方向或产业 these directions or industries alone")
    ] = None,
    city: Annotated[list[str] | None, typer.Option(help="只看这些城市 these cities alone")] = None,
    resume: Annotated[str, typer.Option(help="从此令牌之后继续 resume after this token")] = "",
    from_start: Annotated[
        bool, typer.Option("--from-start", help="从保留的最早事件开始 begin with the oldest event kept")
    ] = False,
    from_: Annotated[
        int,
        typer.Option(
            "--from",
            min=-1000,
            max=0,
            help="先给出现有的最后几条，如 -10 begin with the last ones that there are, e.g. -10",
        ),
    ] = 0,
    since: Annotated[
        str,
        typer.Option(
            help="从此时刻的事件开始，如 2026-11-29 或 2026-11-29T08:30 begin with the events of this time"
        ),
    ] = "",
    until_end: Annotated[
        bool,
        typer.Option("--until-end", "-e", help="到现有的最后一条为止 end with the last event that there is"),
    ] = False,
    key: Annotated[str, typer.Option(envvar="BOLE_KEY", help="合作方密钥 partner key")] = "",
    lang: Lang = None,
) -> None:
    """匹配事件流，一行一条JSON the stream of changes, one JSON object a line."""
    from services.cli.matcher import watching

    with session(lang) as opened:
        opened.speak_as_partner(key)
        asked = watching.asked(
            kind or [],
            city or [],
            resume,
            from_start=from_start,
            since=since,
            anchor=anchor,
            directions=direction or [],
            latest=-from_,
        )
        watching.follow(opened, asked, until_end=until_end, latest=-from_)
