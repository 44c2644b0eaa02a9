"""`bole direction …`: the directions of the document and the region's own."""

from collections.abc import Iterable
from pathlib import Path

from services.catalogue import Catalogue, load
from services.catalogue.model import Leaf
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

POLICY, LOCAL = "policy", "local"
_ORIGINS = {POLICY: Text("政策文件", "document"), LOCAL: Text("地方补充", "local")}
_COLUMNS = (
    Column("name", Text("方向", "direction"), wraps=True),
    Column("industry", Text("产业", "industry")),
    Column("origin", Text("来源", "origin"), show=lambda value, language: _ORIGINS[value].to(language)),
    Column("basis", Text("依据", "basis"), wraps=True),
    Column("code", Text("代码", "code"), whole=True),
)
_GONE = (
    Column("code", Text("不再使用", "no longer used"), whole=True),
    Column("places", Text("由谁接替（千分数）", "what takes its place (thousandths)"), wraps=True),
)


def show(session: Session, industry: str, origin: str) -> None:
    """Directions, of one industry or origin if asked. Raises InvalidArgument for an unknown one."""
    known = wording.catalogue()
    within = known.resolve_industry(industry, field="--industry") if industry else ""
    if origin not in ("", *_ORIGINS):
        raise InvalidArgument.field(
            "--origin",
            "UNKNOWN_ORIGIN",
            f"没有来源“{origin}”，可用：policy、local",
            f"no origin {origin!r}; use policy or local",
        )
    chosen = (
        leaf
        for leaf in known.leaves
        if within in ("", leaf.industry) and origin in ("", LOCAL if leaf.local else POLICY)
    )
    _table(session, known, chosen)


def check(session: Session, path: Path) -> None:
    """What a file would add and what it ends. Raises InvalidArgument that names every mistake of it."""
    known = load(path.read_bytes())
    _table(session, known, (leaf for leaf in known.leaves if leaf.local))
    gone = {code: places for code, places in known.succession.former.items() if code.startswith("local-")}
    if gone:
        rows = [
            {"code": code, "places": ", ".join(f"{each} {share}" for each, share in places)}
            for code, places in gone.items()
        ]
        session.output.rows(Text("由其他方向接替", "ended"), _GONE, rows)
    where = session.settings.local_directions
    session.output.say(
        Text(
            f"文件可用，版次 {known.version}。放到 {where} 后，各服务依次 migrate 并重启即生效",
            f"the file can be used: edition {known.version}. Put it at {where}, then migrate and restart the services",
        )
    )


def _table(session: Session, known: Catalogue, leaves: Iterable[Leaf]) -> None:
    basis = {each.id: each.basis for each in known.local_directions}
    rows = [
        {
            "name": leaf.name.to(session.language),
            "industry": wording.industry(leaf.industry, session.language),
            "origin": LOCAL if leaf.local else POLICY,
            "basis": basis.get(leaf.code, known.document.number),
            "code": leaf.code,
        }
        for leaf in leaves
    ]
    session.output.rows(Text("方向", "directions"), _COLUMNS, rows)
