"""`bole accept-log`: whoever runs the installation states that a log, begun anew or cut, is the one now."""

from services.chassis.process.occupied import embedded, vacated
from services.cli.answers.columns import Column, tick
from services.cli.running import processes
from services.cli.running.backup import require_down
from services.cli.session import Session
from services.kernel.text import Text


def accept_log(session: Session) -> int:
    """Let every service take the log as it is; 1 if one could not. Raises FailedPrecondition for services that run,
    wherever those listen that work on an embedded database; none of them starts meanwhile.
    """
    settings = session.settings
    require_down(settings)
    with vacated(embedded(settings.database_url(name) for name in processes.SERVICES)):
        runs = {name: processes.run_tool(name, ["accept-log"], settings) for name in processes.SERVICES}
    rows = [
        {"service": name, "accepted": not done.returncode, "said": (done.stdout or done.stderr).strip()}
        for name, done in runs.items()
    ]
    columns = (
        Column("service", Text("服务", "service")),
        Column("accepted", Text("已接受", "accepted"), show=tick),
        Column("said", Text("说明", "what it did"), wraps=True),
    )
    session.output.rows(Text("事件日志", "event log"), columns, rows)
    return max(1 if done.returncode else 0 for done in runs.values())
