"""The installation on this machine: starting, stopping, signing in, and what keeps running between commands."""

from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.files.directories import require_writable
from services.chassis.keys import ensure_local_keys
from services.cli.answers.columns import Column, tick
from services.cli.demo import (
    evidence_sample,
    flow_sample,
    fund_sample,
    hire_sample,
    history_sample,
    holding_sample,
    nomination_sample,
    quarter_sample,
    tolerance_sample,
)
from services.cli.rehearsing import not_checked
from services.cli.running import console_process, levelling, processes, signing_in, standing
from services.cli.running.in_turn import in_turn
from services.cli.running.processes import Running
from services.cli.running.started import StartedProcesses
from services.cli.session import Session, token_path
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.clock import SystemClock, civil_date
from services.kernel.errors import FailedPrecondition, Unavailable
from services.kernel.text import Text, counted
from services.sample import write_sample
from services.workbook.whole import whole_file

LEVEL_SECONDS = 60.0
_STARTED = (console_process.NAME, *processes.SERVICES)


def up(session: Session, profile: str) -> None:
    """Start what does not run, sign in, and load the sample into an empty installation."""
    require_writable("BOLE_DATA_DIR", session.settings.data_dir)
    with in_turn(session):
        _up(session, profile)


def _up(session: Session, profile: str) -> None:
    settings, say = session.settings, session.output.say
    ensure_local_keys(settings.keys_dir)
    _require_own(session)
    absent = [
        name
        for name in processes.SERVICES
        if not processes.is_ready(_address(session, name), settings.tls_dir)
    ]
    if absent:
        # one that runs and is not ready holds its ports, and nobody would know its number any more
        _started(session).end(absent)
        running = processes.start(settings, absent)
        _started(session).note(running)
        processes.wait_ready(running)
        try:
            _require_own(session)  # one that was starting too may have taken the ports meanwhile
        except FailedPrecondition:
            _started(session).end(absent)
            raise
    else:
        say(Text("服务已在运行", "the services run already"))
    signing_in.login(session, [], ("", "", ""), 12)
    if _is_new(session):
        path = settings.data_dir / f"sample-{profile}.xlsx"
        write_sample(path, profile, as_of=civil_date(SystemClock().now()), owner=signing_in.account())
        for name in ("talent", "funding"):
            report = importing.send(session, name, path, Mode.IMPORT_MODE_GOOD_ROWS)
            importing.show_counts(session.output, [report], Text("装入演示数据", "sample data"))
        today = civil_date(SystemClock().now())
        say(hire_sample.send(session, profile, today))
        say(flow_sample.send(session, profile, today))
        say(_nominate(session, profile, today))
        quarter_sample.lay(settings)
        history_sample.lay(settings)
        fund_sample.send(session)
        holding_sample.send(session, today)
        say(_lose(session, today))
        second = signing_in.beside(session, evidence_sample.CONFIRMS, "talent_officer")
        say(evidence_sample.send(session, second, today))
        second.close()
        say(Text("等待匹配索引追平……", "waiting until the index of matches is level …"), style="dim")
        levelling.wait_level(session, LEVEL_SECONDS)
    else:
        say(Text("库中已有数据，不再装入", "there is data already; nothing is loaded"))
    for name in processes.SERVICES:
        say(Text(f"{name} {_address(session, name)}", f"{name} {_address(session, name)}"))
    _open_console(session)
    say(Text("可以试试：", "try:"))
    for line in NEXT_CALLS:
        say(Text(f"  {line}", f"  {line}"))


def _lose(session: Session, today: date) -> Text:
    """The losses of the sample, by the three people that they take."""
    with (
        closing(signing_in.beside(session, tolerance_sample.FINANCE, "finance")) as finance,
        closing(signing_in.beside(session, tolerance_sample.AUDITOR, "auditor")) as auditor,
    ):
        return tolerance_sample.send(tolerance_sample.Hands(session, finance, auditor), today).said


def _nominate(session: Session, profile: str, today: date) -> Text:
    """The nominations of the sample, by the three people that they take."""
    accounts = (nomination_sample.NOMINATES, nomination_sample.REVIEWS, nomination_sample.DECIDES)
    with ExitStack() as open_ones:
        hands = [
            open_ones.enter_context(closing(signing_in.beside(session, each, "talent_officer")))
            for each in accounts
        ]
        return nomination_sample.send(nomination_sample.Hands(*hands), profile, today)


def _require_own(session: Session) -> None:
    """Raises FailedPrecondition (OTHER_INSTALLATION) where another installation answers at our addresses."""
    if foreign := standing.foreign(session):
        raise FailedPrecondition(standing.of_another(session, foreign), reason="OTHER_INSTALLATION")


def _open_console(session: Session) -> None:
    """Start the console if it does not run, and say how to enter it."""
    settings = session.settings
    if console_process.is_foreign(settings):
        raise FailedPrecondition(console_process.of_another(settings), reason="OTHER_INSTALLATION")
    if not console_process.is_ready(settings):
        process = console_process.start(settings)
        name, address = console_process.NAME, settings.console_address
        _started(session).note([Running(name, address, process, processes.log_of(settings, name))])
        console_process.wait_ready(settings, process)
    tell_link(session)


def tell_link(session: Session) -> None:
    """Say where the console is entered with the token of this installation."""
    settings = session.settings
    link = console_process.sign_in_link(settings, token_path(settings).read_text().strip())
    session.output.say(
        Text(
            f"控制台（一次性链接，10 分钟内有效）：{link}",
            f"console (one-time link, good for 10 minutes): {link}",
        )
    )


NEXT_CALLS = (
    ".venv/bin/bole shortage top",
    ".venv/bin/bole deal screen --filter 'industry_code:hydrogen AND eligible = true'",
    ".venv/bin/bole match text --kind person-position --side position '氢燃料电池电堆设计，熟悉膜电极'",
)


def down(session: Session) -> None:
    """Stop what `up` started."""
    with in_turn(session):
        names = ", ".join(_started(session).end(_STARTED))
    session.output.say(Text(f"已停止：{names or '无'}", f"stopped: {names or 'nothing'}"))


def write_audit_heads(session: Session, path: Path) -> None:
    """Sign the head of every service's trail and write all signed heads. Raises Unavailable in the tool's words."""
    runs = [processes.run_tool(name, ["audit-heads"], session.settings) for name in processes.SERVICES]
    for done in runs:
        if done.returncode:
            raise Unavailable(Text(done.stderr.strip(), done.stderr.strip()))
    lines = [line for done in runs for line in done.stdout.splitlines()]
    with whole_file(path) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
    session.output.say(
        Text(f"已写入 {path}，共 {len(lines)} 个链头", f"wrote {path}: {counted(len(lines), 'head')}")
    )


def verify_audit(session: Session, heads: Path | None = None) -> int:
    """Show the verdict on every service's trail; 1 if one was changed or could not be read. `heads`: signed ones that
    were kept elsewhere.
    """
    checked = ["verify-audit", "--language", session.language]
    checked += [] if heads is None else ["--heads", str(heads)]
    runs = {name: processes.run_tool(name, checked, session.settings) for name in processes.SERVICES}
    rows = [
        {"service": name, "intact": not done.returncode, "verdict": (done.stdout or done.stderr).strip()}
        for name, done in runs.items()
    ]
    columns = (
        Column("service", Text("服务", "service")),
        Column("intact", Text("完整", "intact"), show=tick),
        Column("verdict", Text("结论", "verdict"), wraps=True),
    )
    session.output.rows(Text("审计链", "audit trail"), columns, rows)
    return max(1 if done.returncode else 0 for done in runs.values())


def add_partner(session: Session, name: str) -> None:
    """Register a partner and print the key, this once. Raises FailedPrecondition (NOT_REGISTERED) as the tool says."""
    if session.rehearsing is not None:
        raise not_checked("partner add")
    done = processes.run_tool("matcher", ["add-partner", name], session.settings)
    if done.returncode:
        zh, _, en = done.stderr.strip().partition(" / ")
        raise FailedPrecondition(Text(zh, en or zh), reason="NOT_REGISTERED")
    session.output.console.print(done.stdout.strip(), soft_wrap=True, markup=False)
    session.output.say(
        Text(
            "密钥不再显示，请妥善保存。下一步：export BOLE_KEY=此密钥，再 bole match watch --from-start；"
            "HTTP 接入见 docs/http.md",
            "The key is not shown again; keep it. Next: export BOLE_KEY=THIS_KEY, then `bole match watch "
            "--from-start`; over HTTP as docs/http.md says",
        )
    )


def _is_new(session: Session) -> bool:
    """Whether nothing is in it yet."""
    people = library_service_pb2_grpc.LibraryServiceStub(session.channel("talent"))
    firms = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    known = people.ListPersons(library_service_pb2.ListPersonsRequest(page_size=1)).total_size
    return not known and not firms.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).total_size


def _started(session: Session) -> StartedProcesses:
    return StartedProcesses(session.settings.data_dir)


def _address(session: Session, name: str) -> str:
    return str(getattr(session.settings, f"{name}_address"))


def recount(session: Session, *, check: bool) -> int:
    """Count the shortage map anew, or only compare; 1 if the kept counts differed from a recount."""
    arguments = ["recount", *(["check"] if check else [])]
    done = processes.run_tool("talent", arguments, session.settings)
    rows = [{"intact": not done.returncode, "verdict": (done.stdout or done.stderr).strip()}]
    columns = (
        Column("intact", Text("一致", "same"), show=tick),
        Column("verdict", Text("结论", "verdict"), wraps=True),
    )
    session.output.rows(Text("紧缺人才图谱的计数", "counts of the shortage map"), columns, rows)
    return 1 if done.returncode else 0
