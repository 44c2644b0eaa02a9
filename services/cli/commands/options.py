"""Options that commands share, and the surroundings they make of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.answers.formats import Format

if TYPE_CHECKING:
    from services.cli.session import Session

CHECK: ContextVar[bool] = ContextVar("check", default=False)
"""Whether changes are validated only: `bole --check …`."""
WATCH: ContextVar[bool] = ContextVar("watch", default=False)
"""Whether the command is run again and again: `bole … --watch`."""
WEB: ContextVar[bool] = ContextVar("web", default=False)
"""Whether the page of the console is shown instead of the answer: `bole … --web`."""

Lang = Annotated[str | None, typer.Option("--lang", help="zh 或 en；默认中文，LANG=en… 时为英文")]
Out = Annotated[
    Format,
    typer.Option(
        "--output", "-o", help="table、wide（列全、不折行 all columns, unbroken）、json、yaml、csv、xlsx"
    ),
]
File = Annotated[Path | None, typer.Option("--file", help="写入文件 write to a file")]
Purpose = Annotated[
    str | None,
    typer.Option("--purpose", help="使用目的 why you look: talent-service, contact, due-diligence"),
]
Filter = Annotated[
    str, typer.Option("--filter", help="AIP-160，如 city_code = nantong AND industry_code:hydrogen")
]
OrderBy = Annotated[
    str,
    typer.Option(
        "--order-by", help="字段，可加 desc；字段不对时列出全部 a field, desc after it; a wrong one lists all"
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="行数 rows")]

DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 check, write nothing")]
AllOrNothing = Annotated[
    bool, typer.Option("--all-or-nothing", help="有一行不合格就全部不写 all rows or none")
]
Errors = Annotated[
    Path | None, typer.Option("--errors", help="拒收的行另存为 .csv/.json/.xlsx refused rows to a file")
]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="自有表格：模板列=文件列，可多次 a table of your own: template's column=yours"
    ),
]
Fills = Annotated[
    list[str] | None,
    typer.Option(
        "--fill",
        help="文件没有的列：模板列=全部行的值，可多次；编号则加在每行编号之前 template's column=value of all rows; "
        "for ref, what goes before each",
    ),
]
Encoding = Annotated[
    str,
    typer.Option(help="CSV 的编码，自动识别有疑问时注明：utf-8、gb18030、utf-16-le、big5、shift-jis"),
]


@contextmanager
def session(
    lang: str | None,
    output: Format = Format.TABLE,
    file: Path | None = None,
    purpose: str | None = None,
) -> Iterator["Session"]:
    """A session with the context in use, whose failures are shown as people can use them."""
    with _session(lang, output, file, purpose, here=False) as opened:
        yield opened


@contextmanager
def here(lang: str | None, output: Format = Format.TABLE, file: Path | None = None) -> Iterator["Session"]:
    """A session with this machine's installation, whatever context is in use."""
    with _session(lang, output, file, None, here=True) as opened:
        yield opened


@contextmanager
def _session(
    lang: str | None, output: Format, file: Path | None, purpose: str | None, *, here: bool
) -> Iterator["Session"]:
    from services.cli.answers.errors import shown
    from services.cli.session import language_of, open_session

    asked, again = CHECK.get(), WATCH.get()
    with (
        shown(language_of(lang)),
        open_session(lang, output, file, purpose, check=asked, watch=again, here=here) as opened,
    ):
        yield opened
