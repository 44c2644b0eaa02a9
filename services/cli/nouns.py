"""The nouns of the command line, each imported when it is used: `bole --help` lists them without."""

import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer import Abort
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer.core import TyperGroup

from services.cli import choosing
from services.cli.commands.options import WEB
from services.cli.completing import answer_when_loaded, attach, keep_apostrophes


class Noun(NamedTuple):
    """Where a noun is found (module below `services.cli.commands`, and the name in it), and what it is about."""

    module: str
    name: str
    help: str


NOUNS = {
    "news": Noun("news", "news", "上次查看以来的变化 what changed in your own work since you last looked"),
    "talent": Noun("talent", "app", "核心人才库 the core-talent library"),
    "statement": Noun("statement", "app", "信息来源 who says what of a person"),
    "consent": Noun("consent", "app", "同意与查看记录 what people allow, and who looked"),
    "team": Noun("team", "app", "团队 teams"),
    "nomination": Noun("nomination", "app", "人才工程申报 nominations for the talent programmes"),
    "import": Noun("imports", "app", "导入批次 what was imported, and the way back"),
    "export": Noun("exports", "app", "导出与登记 files of records, and who took them"),
    "approval": Noun("approval", "app", "复核导出、删除与撤销导入 a second person's word for acts on people"),
    "position": Noun("position", "app", "岗位需求 open positions"),
    "training": Noun("flows", "training", "培养名额 training places"),
    "mobility": Noun("flows", "mobility", "人才流动 moves"),
    "hire": Noun("flows", "hires", "投资带动用人 hires expected of funded deals"),
    "direction": Noun("direction", "app", "技术方向与地方补充方向 directions, a region's own among them"),
    "shortage": Noun("shortage", "app", "紧缺人才图谱 the shortage map"),
    "report": Noun("reports", "app", "运行情况报告 reports of quarters and years"),
    "evidence": Noun("evidence", "app", "佐证台账 the evidence register"),
    "target": Noun("evidence", "target", "政策目标 the policy's goals"),
    "firm": Noun("firm", "app", "企业 early-stage firms"),
    "firm-report": Noun("firm_report", "app", "企业自报 what firms report of themselves"),
    "amount": Noun("amounts", "app", "超限金额复核 amounts over the sanity caps"),
    "fund": Noun("fund", "app", "基金 funds and their mandates"),
    "mandate": Noun("mandate", "app", "投资规则 rules of funds and their revisions"),
    "search": Noun("search", "app", "保存的筛选与提醒 saved searches of the deal flow, and alerts"),
    "compliance": Noun("compliance", "app", "合规 checks, waivers and kept runs of a deal"),
    "deal": Noun("deal", "app", "项目 the deal flow"),
    "note": Noun("note", "app", "备注与提醒 notes and reminders on deals"),
    "investment": Noun("investment", "app", "投后 what funds hold, from payment to exit"),
    "indicator": Noun("indicator", "app", "投后指标 what firms report after an investment"),
    "ip": Noun("rights", "app", "知识产权、质押与首贷 rights, pledges and first loans"),
    "round": Noun("rounds", "app", "融资轮次 financing rounds"),
    "committee": Noun("committee", "app", "投委会与表决 committees, sittings and votes"),
    "dossier": Noun("dossier", "app", "尽职免责材料 duty dossiers"),
    "interest": Noun("interest", "app", "利益冲突 conflicts of interest"),
    "match": Noun("match", "app", "匹配 matches and their reasons"),
    "match-run": Noun("match_run", "app", "批量匹配 matches of all anchors of a kind, as files"),
    "matcher": Noun("matcher", "app", "从结果学习 learning from outcomes"),
    "proposal": Noun("proposal", "app", "推荐与结果 pairs put forward, and what becomes of them"),
    "partner": Noun("partner", "app", "合作方 partners"),
    "partner-key": Noun("partner", "keys", "合作方密钥 keys of partners"),
    "partner-certificate": Noun("partner_certificate", "app", "客户端证书 partners' certificates"),
    "partner-erasure": Noun("partner_erasure", "app", "合作方确认删除 erasures that partners acknowledge"),
    "partner-topic": Noun("partner_topic", "app", "合作方专属主题 partners' own topics on the log"),
    "conformance": Noun(
        "conformance",
        "conformance",
        "检查事件流：遗漏、重复、续传、删除 check the stream: gaps, duplicates, resuming, erasure",
    ),
    "webhook": Noun("webhook", "app", "回调 match events sent to partners' endpoints"),
    "context": Noun("context", "app", "连接：与哪个安装通信 which installation the commands talk to"),
    "rpc": Noun("rpc", "app", "以 JSON 调用任一方法 any method of the contract, by JSON"),
    "explain": Noun(
        "explain", "explain", "契约怎么说：服务、方法、消息与字段 what the contract says of a name"
    ),
}

FORMER = {"imports": "import", "exports": "export", "hires": "hire", "reports": "report", "amounts": "amount"}
"""Nouns as they were called once: understood still, so that scripts go on, and shown nowhere. A noun is singular."""


class Commands(MutableMapping[str, Any]):
    """Commands by name: what is there already, and the nouns, which are loaded when one asks for them.

    A former name finds its noun and is not listed.
    """

    def __init__(self, known: MutableMapping[str, Any]) -> None:
        self._known = dict(known)

    def __getitem__(self, name: str) -> Any:
        name = FORMER.get(name, name)
        if name not in self._known:
            self._known[name] = _loaded(name, NOUNS[name])
        return self._known[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._known, **NOUNS})

    def __len__(self) -> int:
        return len({**self._known, **NOUNS})

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in NOUNS or name in FORMER


class _AsTyped:
    """How the framework reads an option that is a text."""

    def coerce(self, value: str, **_: Any) -> str:
        return value


class Nouns(TyperGroup):
    """The root of all commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        answer_when_loaded()
        keep_apostrophes()
        for name, command in self.commands.items():
            attach(command, name)
            choosing.attach(command, name)
        self.commands = Commands(self.commands)

    def main(self, *given: Any, **more: Any) -> Any:
        """Run a command; one that cannot be read is told of in the reader's language."""
        try:
            status = super().main(*given, **{**more, "standalone_mode": False})
        except NoArgsIsHelpError as error:
            error.show()
            raise SystemExit(error.exit_code) from None
        except UsageError as error:
            from services.cli.usage import tell

            tell(error)
            raise SystemExit(error.exit_code) from None
        except Abort:
            sys.stderr.write("\n已取消 cancelled\n")
            raise SystemExit(1) from None
        raise SystemExit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        """Run a command, or show the console's page of it."""
        if WEB.get() or ctx.params.get("web"):
            from services.cli.web import show

            return show(self, ctx)
        return super().invoke(ctx)

    def get_params(self, ctx: Any) -> list[Any]:
        """The options. A flag that is None and a text would be read by pydantic, which takes longer to load than all
        else, and for which the help of every noun would wait (see `_know_help`).
        """
        found: list[Any] = super().get_params(ctx)
        for each in found:
            if each.default is None:
                each.default = False
            if each.type_descriptor.annotation is str:
                each._runtime_param = _AsTyped()
        return found

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 (the framework's)
        """The list of the help page, nouns by what they are about alone."""
        rows = [
            (name, NOUNS[name].help if name in NOUNS else self.commands[name].get_short_help_str(200))
            for name in self.commands
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _loaded(name: str, noun: Noun) -> Any:
    """The command or group of a noun, as the framework makes it."""
    found = getattr(import_module(f"services.cli.commands.{noun.module}"), noun.name)
    around = typer.Typer(rich_markup_mode=None)
    around.callback()(_nothing)
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name, help=noun.help)
    else:
        around.command(name)(found)
    group: Any = typer.main.get_command(around)
    command = group.commands[name]
    attach(command, name)
    choosing.attach(command, name)
    _know_help(command)
    return command


def _know_help(command: Any) -> None:
    """Have the groups among these commands know whether their own help is asked for: a flag that is None would be read
    by pydantic, for which the help of every command would wait.
    """
    if hasattr(command, "commands"):
        command.get_help_option(typer.Context(command)).default = False
        for each in command.commands.values():
            _know_help(each)


def _nothing() -> None:
    """What a group with one member needs to be one."""
