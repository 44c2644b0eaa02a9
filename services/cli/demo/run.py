"""The steps of the demonstration, in order, each timed and judged."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.chassis.rpc.failures import read_failure
from services.cli import importing, matching, processes
from services.cli.demo import answers, live
from services.cli.demo.facts import Facts, Step
from services.cli.demo.stage import MANAGER, OFFICER, Stage, set_stage
from services.cli.importing import Mode
from services.cli.installation import NEXT_CALLS
from services.cli.output import Format, Output
from services.cli.session import Session
from services.cli.wording import catalogue
from services.kernel.clock import SystemClock, civil_date
from services.kernel.errors import BoleError
from services.kernel.text import Language, Text
from services.sample import PLANTED_ERRORS, write_sample

LEVEL_SECONDS = 60.0
QUIET_LOOKS = 5


class _Halt(Exception):
    """A step failed; those after it make no sense."""


def run(language: Language, *, as_json: bool, data: Path | None, directory: Path, profile: str) -> int:
    """The exit status: 0 if every step did what it should."""
    # With --json the tables go to standard error, so that standard output holds the one document.
    output = Output(Format.TABLE, language)
    if as_json:
        output.console = output.messages
    facts = Facts()
    stage = set_stage(output, directory)
    try:
        _all_steps(facts, stage, data, profile)
    except _Halt:
        pass
    finally:
        with _step(facts, output, Text("7 停止服务", "7 stop the services"), halt=False):
            statuses = stage.close()
            if any(statuses.values()):
                raise live.NotSeen(f"exit statuses {statuses}")
    _summary(output, facts)
    if as_json:
        Output(Format.JSON, language).document(facts.document())
    return 0 if facts.ok else 1


def _all_steps(facts: Facts, stage: Stage, data: Path | None, profile: str) -> None:
    output = stage.output
    with _step(facts, output, Text("1 启动服务", "1 start the services")) as note:
        stage.running.extend(processes.start(stage.settings))
        processes.wait_ready(stage.running)
        note(" · ".join(f"{each.name} {each.address}" for each in stage.running))
    with _step(facts, output, Text("2 载入政策目录", "2 load the policy catalogue")) as note:
        note(_catalogue(facts))
    officer, manager, partner = stage.session(OFFICER), stage.session(MANAGER), stage.partner()
    with _step(facts, output, Text("3 导入工作簿", "3 import the workbook")) as note:
        path = data or _sample(stage, profile)
        note(_import(facts, path, officer, manager, sample=data is None))
    with _step(facts, output, Text("4 等待匹配索引追平", "4 wait until the index is level")) as note:
        note(_wait_level(officer))
    with _step(facts, output, Text("5 紧缺人才图谱", "5 the shortage map")) as note:
        note(answers.show_shortage(facts, officer))
    with _step(facts, output, Text("5 项目筛选", "5 deal flow")) as note:
        note(answers.show_screening(facts, manager))
    with _step(facts, output, Text("5 匹配", "5 matches")) as note:
        note(answers.show_matches(facts, officer, manager))
    with _step(facts, output, Text("6 匹配事件流", "6 the match stream")) as note:
        note(live.run(facts, officer, manager, partner))


@contextmanager
def _step(facts: Facts, output: Output, title: Text, *, halt: bool = True) -> Iterator[Callable[[str], None]]:
    """Announce, time and judge a step; a failure is shown as its reader can use it, and ends the run."""
    output.messages.rule(f"[bold]{title.to(output.language)}", align="left")
    started, notes = time.monotonic(), list[str]()
    problem = ""
    try:
        yield notes.append
    except grpc.RpcError as error:
        failure = read_failure(error)
        problem = f"{failure.code} {failure.reason}: {failure.text.to(output.language)}"
    except BoleError as error:
        problem = error.text.to(output.language)
    except (live.NotSeen, answers.DoesNotAddUp, TimeoutError) as error:
        problem = str(error)
    seconds = time.monotonic() - started
    facts.steps.append(Step(title.en, not problem, seconds, problem or " ".join(notes)))
    mark = f"[red]✗ {problem}" if problem else f"[green]✓[/green] {' '.join(notes)}"
    output.messages.print(f"{mark} [dim]{seconds:.1f} s[/dim]")
    if problem and halt:
        raise _Halt


def _catalogue(facts: Facts) -> str:
    known = catalogue()
    facts.catalogue = {
        "industries": len(known.industries),
        "directions": sum(len(each.directions) for each in known.industries),
        "cities": len(known.cities),
        "categories": len(known.categories),
        "programmes": len(known.programmes),
        "targets": len(known.targets),
    }
    return " · ".join(f"{count} {name}" for name, count in facts.catalogue.items())


def _sample(stage: Stage, profile: str) -> Path:
    path = stage.settings.data_dir / f"sample-{profile}.xlsx"
    write_sample(path, profile, as_of=civil_date(SystemClock().now()))
    return path


def _import(facts: Facts, path: Path, officer: Session, manager: Session, *, sample: bool) -> str:
    """Dry run first, then the good rows; the counts of both must agree."""
    owners = (("talent", officer), ("funding", manager))
    tried = [importing.send(session, name, path, Mode.IMPORT_MODE_DRY_RUN) for name, session in owners]
    importing.show_counts(officer.output, tried, Text("试运行（未写入）", "dry run (nothing written)"))
    importing.show_problems(officer.output, tried)
    done = [importing.send(session, name, path, Mode.IMPORT_MODE_GOOD_ROWS) for name, session in owners]
    importing.show_counts(officer.output, done, Text("导入结果", "imported"))
    if [_counts(each) for each in tried] != [_counts(each) for each in done]:
        raise live.NotSeen("the dry run and the import disagree")
    counts = {name: 0 for names in importing.OWNERS.values() for name in names}
    for report in done:
        counts.update({each.sheet: each.created_count for each in report.sheets})
    refused = [
        {"sheet": each.sheet, "row": each.row, "field": each.field, "reason": each.reason}
        for report in done
        for each in report.problems
    ]
    facts.imported = {**counts, "refused": refused}
    if sample and _told(refused) != sorted((e.sheet, e.header, e.reason) for e in PLANTED_ERRORS):
        raise live.NotSeen("the refused rows are not exactly those that were planted wrong")
    return f"{path.name}: {sum(counts.values())} rows, {len(refused)} problems"


def _told(refused: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return sorted((each["sheet"], each["field"], each["reason"]) for each in refused)


def _counts(report: ImportReport) -> list[tuple[str, int, int]]:
    return [(each.sheet, each.created_count, each.refused_count) for each in report.sheets]


def _wait_level(officer: Session) -> str:
    """Wait until the index is level and has stood still for a moment: the relays bring events in batches."""
    deadline, quiet, last = time.monotonic() + LEVEL_SECONDS, 0, -1
    while quiet < QUIET_LOOKS:
        status = matching.index_status(officer)
        items = {each.item: each.count for each in status.items}
        still = status.level and status.last_sequence == last and status.last_sequence > 0
        quiet, last = (quiet + 1 if still else 0), status.last_sequence
        if time.monotonic() > deadline:
            raise TimeoutError(f"the index is not level after {LEVEL_SECONDS:.0f} s")
        time.sleep(0.3)  # asks a service; there is nothing here to be woken by
    return f"{items}, encoder {status.encoder_version}, sequence {status.last_sequence}"


def _summary(output: Output, facts: Facts) -> None:
    say = output.messages.print
    total = sum(step.seconds for step in facts.steps)
    output.messages.rule(Text("小结", "summary").to(output.language), align="left")
    good = sum(step.ok for step in facts.steps)
    say(
        Text(
            f"{good}/{len(facts.steps)} 步成功，用时 {total:.0f} 秒；数据为演示数据（SYNTHETIC），除非使用了 --data",
            f"{good}/{len(facts.steps)} steps as they should be, in {total:.0f} s; SYNTHETIC unless --data was given",
        ).to(output.language)
    )
    say(Text("接下来可以试试 make up，然后：", "next: make up, and then").to(output.language))
    for line in NEXT_CALLS:
        say(f"  {line}", style="cyan", soft_wrap=True, markup=False)
