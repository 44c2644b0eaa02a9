"""`bole move DIR`: an embedded installation moved to the engines that the settings name."""

from pathlib import Path

from services.chassis.process.occupied import vacated
from services.cli.answers.columns import Column
from services.cli.running import processes
from services.cli.running.backup import require_down
from services.cli.session import Session
from services.kernel.errors import FailedPrecondition, Unavailable
from services.kernel.text import Text


def move(session: Session, directory: Path) -> None:
    """Move every row and record of the installation in `directory`, which must be down, into empty engines.

    Raises FailedPrecondition for settings that name embedded engines and for services that run on either side, wherever
    they listen; Unavailable in the words of a tool that failed, or died. Repeated, it goes on where it ended.
    """
    _require_others(session)
    require_down(session.settings)
    with vacated(directory / f"{name}.db" for name in processes.SERVICES):
        rows = [_taken(session, name, "take-over", directory, name) for name in processes.SERVICES]
        rows.append(_taken(session, "talent", "take-over-log", directory, "log"))
    columns = (
        Column("what", Text("内容", "what")),
        Column("count", Text("条数", "rows"), right=True),
        Column("digest", Text("两边一致的校验和", "digest, the same on both sides")),
    )
    session.output.rows(Text("已迁入", "moved"), columns, rows)


def _taken(session: Session, service: str, tool: str, directory: Path, what: str) -> dict[str, object]:
    session.output.say(Text(f"迁移 {what} ……", f"moving {what} …"), style="dim")
    done = processes.run_tool(service, [tool, str(directory)], session.settings)
    if done.returncode:
        raise Unavailable(Text(done.stderr.strip(), done.stderr.strip()), reason="MOVE_FAILED")
    count, digest = done.stdout.split()
    return {"what": what, "count": int(count), "digest": digest[:16]}


def _require_others(session: Session) -> None:
    settings = session.settings
    urls = [settings.log_url, *(settings.database_url(name) for name in processes.SERVICES)]
    if any(url.startswith("sqlite:") for url in urls):
        raise FailedPrecondition(
            Text(
                "请先用 BOLE_*_DATABASE_URL 与 BOLE_LOG_URL 写明要迁入的 PostgreSQL 与 Kafka",
                "name the PostgreSQL and Kafka to move into with BOLE_*_DATABASE_URL and BOLE_LOG_URL first",
            ),
            reason="TARGET_EMBEDDED",
        )
