"""How the services stand: which are ready, whose they are, and how far the index of matches has come."""

from bole.common.v1.progress_pb2 import ServiceProgress
from bole.matcher.v1 import matching_service_pb2
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.matcher import matching
from services.cli.running import console_process, levelling, processes, progress
from services.cli.session import Session, token_path
from services.kernel.text import Text


def status(session: Session) -> int:
    """Show readiness, how far each service is, and the index; 0 if all are ready."""
    settings = session.settings
    others = foreign(session)
    ready = {
        name: name not in others and processes.is_ready(processes.address(settings, name), settings.tls_dir)
        for name in processes.SERVICES
    }
    rows = [
        {"service": name, "address": processes.address(settings, name), "ready": ok}
        for name, ok in ready.items()
    ]
    columns = (
        Column("service", Text("服务", "service")),
        Column("address", Text("地址", "address")),
        Column("ready", Text("就绪", "ready"), show=tick),
    )
    session.output.rows(Text("服务", "services"), columns, rows)
    at = settings.console_url
    session.output.note(
        (
            Text(f"控制台 {at} 就绪", f"the console is ready at {at}")
            if console_process.is_ready(settings)
            else Text(f"控制台 {at} 未运行，bole up 会启动", f"no console at {at}; `bole up` starts it")
        ).to(session.language)
    )
    if others:
        session.output.note(of_another(session, others).to(session.language))
    known = token_path(settings).exists()
    for name in (each for each, ok in ready.items() if ok and known):
        session.output.note(_said(name, progress.fetch(session, name)).to(session.language))
    if ready["matcher"] and known:
        found = matching.index_status(session)
        counts = {each.item: each.count for each in found.items}
        waiting, dead = levelling.behind(found), found.dead_letter_count
        coming = _coming(found)
        session.output.note(
            Text(
                f"匹配索引{'已追平' if found.level else '追赶中'}，落后 {waiting} 条，无法处理 {dead} 条；"
                f"{wording.counts(counts, 'zh')}{coming.zh}",
                f"index {'level' if found.level else 'behind'}, {waiting} records to read, {dead} unusable; "
                f"{wording.counts(counts, 'en')}{coming.en}",
            ).to(session.language)
        )
    return 0 if all(ready.values()) else 1


def foreign(session: Session) -> list[str]:
    """The services at whose addresses another installation answers."""
    return [
        name
        for name in processes.SERVICES
        if processes.is_foreign(processes.address(session.settings, name), session.settings)
    ]


def of_another(session: Session, names: list[str]) -> Text:
    """What to do about them."""
    places = [processes.address(session.settings, name) for name in names]
    return Text(
        f"{'、'.join(places)} 上运行的是另一套安装的服务（数据目录不是 {session.settings.data_dir}）；"
        "请先在那里运行 bole down，或用 BOLE_TALENT_ADDRESS、BOLE_TALENT_METRICS_ADDRESS 等设置为各服务换用其他端口",
        f"the services at {', '.join(places)} are of another installation, not of {session.settings.data_dir}; "
        "run `bole down` there first, or take other ports for each service, by BOLE_TALENT_ADDRESS, "
        "BOLE_TALENT_METRICS_ADDRESS and the like",
    )


def _said(name: str, told: ServiceProgress) -> Text:
    """How far a service is, and what of it needs a person."""
    behind, untold, dead = progress.behind(told), told.untold_count, told.dead_letter_count
    stopped = ", ".join(told.stopped)
    return Text(
        f"{name} 落后 {behind} 条，待发出 {untold} 条，无法处理 {dead} 条"
        + (f"；已停止，需人处理：{stopped}" if stopped else ""),
        f"{name}: {behind} records to read, {untold} events to tell, {dead} unusable"
        + (f"; stopped, and in need of a person: {stopped}" if stopped else ""),
    )


def _coming(status: matching_service_pb2.IndexStatus) -> Text:
    """The encoder on its way in, if there is one."""
    if not status.HasField("reencoding"):
        return Text("", "")
    done, total = status.reencoding.encoded_count, status.reencoding.item_count
    version = status.reencoding.encoder_version
    return Text(
        f"；正在换用编码器 {version}：{done}/{total}", f"; changing to encoder {version}: {done} of {total}"
    )
