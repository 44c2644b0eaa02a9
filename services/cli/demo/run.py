"""The steps of the demonstration, in order, each timed and judged."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from services.chassis.rpc.failures import read_failure
from services.cli.answers import wording
from services.cli.answers.errors import error_lines, failure_lines
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.answers.wording import catalogue
from services.cli.demo import (
    answers,
    deciding,
    evidence_sample,
    judging,
    live,
    loading,
    losing,
    quarter_sample,
)
from services.cli.demo.facts import Facts, Step
from services.cli.demo.stage import MANAGER, OFFICER, Stage, set_stage
from services.cli.running import levelling
from services.cli.running.installation import NEXT_CALLS
from services.cli.session import Session, settings_of_environment
from services.kernel.clock import SystemClock, civil_date
from services.kernel.errors import BoleError
from services.kernel.text import Language, Text
from services.sample import write_sample

LEVEL_SECONDS = 60.0
_ORIGIN = {
    True: Text("数据为演示数据（SYNTHETIC）", "all data are SYNTHETIC"),
    False: Text(
        "数据来自所给工作簿；第5.4步的项目与第6步登记的人才、企业为演示数据（SYNTHETIC）",
        "the data are those of the workbook; the deal of step 5.4, the person and the firm of step 6 are SYNTHETIC",
    ),
}


class _Halt(Exception):
    """A step failed; those after it make no sense."""


def run(language: Language, *, as_json: bool, data: Path | None, directory: Path | None, profile: str) -> int:
    """The exit status: 0 if every step did what it should. Without a `directory` it has its own below that of the data.

    Raises FailedPrecondition as `set_stage`.
    """
    # With --json the tables go to standard error, so that standard output holds the one document.
    output = Output(Format.TABLE, language)
    if as_json:
        output.console = output.messages
    facts = Facts(origin="SYNTHETIC" if data is None else f"own workbook: {data.name}")
    place = directory or settings_of_environment().data_dir / "demo"
    stage = set_stage(output, place, given=directory is not None)
    _end_on_signals()
    try:
        _all_steps(facts, stage, data, profile)
    except _Halt:
        pass
    finally:
        started = facts.ok
        with _step(facts, output, Text("7 停止服务", "7 stop the services"), halt=False) as note:
            note(_stop(stage, started=started))
    _summary(output, facts, stage.settings.data_dir, sample=data is None)
    if as_json:
        Output(Format.JSON, language).document(facts.document())
    return 0 if facts.ok else 1


def _end_on_signals() -> None:
    """A request to end, or a terminal that is closed, ends it as Ctrl-C does: the services are stopped."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN:  # as under nohup
            signal.signal(each, signal.default_int_handler)


def _all_steps(facts: Facts, stage: Stage, data: Path | None, profile: str) -> None:
    output, sample = stage.output, data is None
    with _step(facts, output, Text("1 启动服务", "1 start the services")) as note:
        stage.start()
        listening = " · ".join(f"{each.name} {each.address}" for each in stage.running)
        note(Text(listening, listening))
    with _step(facts, output, Text("2 载入政策目录", "2 load the policy catalogue")) as note:
        note(_catalogue(facts))
    with _step(facts, output, Text("3 导入工作簿", "3 import the workbook")) as note:
        # Inside a step: making the partner may fail, and a failure is shown, never thrown at the reader.
        officer, manager, partner = stage.session(OFFICER), stage.session(MANAGER), stage.partner()
        path = data or _sample(stage, profile)
        note(loading.load(facts, path, {"talent": officer, "funding": manager}, sample=sample))
        if sample:
            quarter_sample.lay(stage.settings)
            second = stage.session(OFFICER, subject=evidence_sample.CONFIRMS)
            note(evidence_sample.send(officer, second, civil_date(SystemClock().now())))
    with _step(facts, output, Text("4 等待匹配索引追平", "4 wait until the index is level")) as note:
        note(_level(officer))
    with _step(facts, output, Text("5.1 紧缺人才图谱", "5.1 the shortage map")) as note:
        note(answers.show_shortage(facts, officer, sample=sample))
    with _step(facts, output, Text("5.2 项目筛选", "5.2 deal flow")) as note:
        note(answers.show_screening(facts, manager))
    with _step(facts, output, Text("5.3 匹配", "5.3 matches")) as note:
        note(answers.show_matches(facts, officer, manager, sample=sample))
    with _step(facts, output, Text("5.4 投决与出资", "5.4 a decision and its payments")) as note:
        note(deciding.run(facts, stage, manager))
    with _step(facts, output, Text("5.5 损失与容错", "5.5 losses and who answers for them")) as note:
        note(losing.run(facts, stage))
    with _step(facts, output, Text("6 匹配事件流", "6 the match stream")) as note:
        note(live.run(facts, officer, manager, partner))


@contextmanager
def _step(
    facts: Facts, output: Output, title: Text, *, halt: bool = True
) -> Iterator[Callable[[Text], None]]:
    """Announce, time and judge a step; a failure is shown as its reader can use it, and ends the run."""
    output.messages.rule(f"[bold]{title.to(output.language)}", align="left")
    started, notes = time.monotonic(), list[Text]()
    problem: Text | None = None
    try:
        yield notes.append
    except grpc.RpcError as error:
        failure = read_failure(error)
        problem = Text(*("\n".join(failure_lines(failure, each)) for each in ("zh", "en")))
    except BoleError as error:
        problem = Text(*("\n".join(error_lines(error, each)) for each in ("zh", "en")))
    except judging.NotAsItShouldBe as error:
        problem = Text(f"✗ {error.text.zh}", f"✗ {error.text.en}")
    seconds = time.monotonic() - started
    said = problem or _joined(notes)
    facts.steps.append(Step(title.en, problem is None, seconds, said.en.removeprefix("✗ ")))
    output.say(Text(*(_ending(text, seconds, problem is None) for text in (said.zh, said.en))))
    if problem is not None and halt:
        raise _Halt


def _ending(text: str, seconds: float, ok: bool) -> str:
    return f"{'✓ ' if ok else ''}{text}  {seconds:.1f} s"


def _joined(notes: list[Text]) -> Text:
    return Text(" ".join(note.zh for note in notes), " ".join(note.en for note in notes))


def _catalogue(facts: Facts) -> Text:
    known = catalogue()
    facts.catalogue = {
        "industries": len(known.industries),
        "directions": sum(len(each.directions) for each in known.industries),
        "cities": len(known.cities),
        "categories": len(known.categories),
        "programmes": len(known.programmes),
        "targets": len(known.targets),
    }
    judging.catalogue(facts.catalogue)
    zh = ("个产业", "个方向", "个设区市", "类人才", "项人才工程", "项指标")
    return Text(
        " · ".join(f"{count} {name}" for count, name in zip(facts.catalogue.values(), zh, strict=True)),
        " · ".join(f"{count} {name}" for name, count in facts.catalogue.items()),
    )


def _sample(stage: Stage, profile: str) -> Path:
    path = stage.settings.data_dir / f"sample-{profile}.xlsx"
    write_sample(path, profile, as_of=civil_date(SystemClock().now()))
    return path


def _level(officer: Session) -> Text:
    status = levelling.wait_level(officer, LEVEL_SECONDS)
    items = {each.item: each.count for each in status.items}
    return Text(
        f"{wording.counts(items, 'zh')}；编码器 {status.encoder_version}，事件序号 {status.last_sequence}",
        f"{wording.counts(items, 'en')}; encoder {status.encoder_version}, sequence {status.last_sequence}",
    )


def _stop(stage: Stage, *, started: bool) -> Text:
    """Stop everything; a service that was ready must end with 0."""
    statuses = stage.close()
    wrong = {name: status for name, status in statuses.items() if status}
    judging.demand(
        not (wrong and started),
        f"服务退出状态异常：{wrong}，日志在 {stage.settings.data_dir / 'logs'}",
        f"services ended with {wrong}; their logs are in {stage.settings.data_dir / 'logs'}",
    )
    return Text("全部停止", "all stopped")


def _summary(output: Output, facts: Facts, directory: Path, *, sample: bool) -> None:
    total = sum(step.seconds for step in facts.steps)
    output.messages.rule(Text("小结", "summary").to(output.language), align="left")
    good = sum(step.ok for step in facts.steps)
    output.say(
        Text(
            f"{good}/{len(facts.steps)} 步成功，用时 {total:.0f} 秒；{_ORIGIN[sample].zh}",
            f"{good}/{len(facts.steps)} steps as they should be, in {total:.0f} s; {_ORIGIN[sample].en}",
        )
    )
    if not facts.ok:
        logs = directory / "logs"
        output.say(
            Text(f"有步骤未成功；服务日志在 {logs}", f"not all went well; the services' logs are in {logs}")
        )
        return
    console = settings_of_environment().console_url
    output.say(
        Text(
            f"接下来可以试试 make up（给出控制台 {console} 的登录链接），然后：",
            f"next: make up (it prints a link that signs you in to the console at {console}), and then",
        )
    )
    for line in NEXT_CALLS:
        output.say(Text(f"  {line}", f"  {line}"), style="cyan")
