"""`bole matcher …`: weights learnt from outcomes, beside those that stand, and those that stood before."""

import json
from datetime import datetime
from typing import Any

from services.cli.answers import wording
from services.cli.answers.columns import Column, number
from services.cli.running import processes
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Language, Text
from services.wording.groups import ATTRIBUTES, group

_LEARNT_OR_NOT = {
    True: Text("学得的权重", "weight learnt"),
    False: Text("现行权重（未学）", "standing weight (nothing was learnt)"),
}
_FIGURES = (
    Column("name", Text("指标（留出数据）", "figure on held-back outcomes")),
    Column("standing", Text("现行", "standing"), right=True, show=number(4)),
    Column("learnt", Text("学得", "learnt"), right=True, show=number(4)),
)


def _share(value: float, _language: Language) -> str:
    return f"{value:.1%}"


def _points(value: float, _language: Language) -> str:
    return f"{100 * value:+.1f}"


_GROUPS = (
    Column("attribute", Text("属性", "attribute")),
    Column("group", Text("分组", "group")),
    Column("candidates", Text("候选人占比", "share of candidates"), right=True, show=_share),
)
_LEARNT = Column("learnt", Text("学得曝光占比", "exposure, learnt"), right=True, show=_share)
_MOVED = Column("moved", Text("变动（百分点）", "change, points"), right=True, show=_points)
_EXPOSURES = (
    *_GROUPS,
    Column("standing", Text("现行曝光占比", "exposure, standing"), right=True, show=_share),
    _LEARNT,
    _MOVED,
)
_SINCE = (
    *_GROUPS,
    Column("standing", Text("当时权重曝光占比", "exposure, by those weights"), right=True, show=_share),
    _LEARNT,
    _MOVED,
)
_BY_HAND = Text("人工设定", "set by hand")


def _whose(version: object, language: Language) -> str:
    return _BY_HAND.to(language) if version == "by-hand" else str(version)


def _ticked(value: object, _language: Language) -> str:
    return "✓" if value else ""


def _when(written: str, _language: Language) -> str:
    return f"{datetime.fromisoformat(written).astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"


def _listed(versions: list[str], _language: Language) -> str:
    return ", ".join(versions)


_HISTORY = (
    Column("version", Text("版本", "version")),
    Column("create_time", Text("时间", "time"), show=_when),
    Column("standing", Text("现行", "standing"), show=_ticked),
    Column("adopted", Text("曾采用", "adopted"), show=_ticked),
    Column(
        "restored",
        Text("恢复自", "put back from"),
        show=_whose,
    ),
    Column("signed_by", Text("署名", "signed by")),
    Column("signed_reason", Text("理由", "reason")),
)
_RESTORED = (
    Column("restored", Text("恢复自", "put back from"), show=_whose),
    Column("versions", Text("新版本", "new versions"), show=_listed),
)
_NAMES = {
    "log_loss": Text("对数损失", "log loss"),
    "calibration_error": Text("校准误差", "calibration error"),
    "ranking": Text("排序正确率", "ranked rightly"),
}


def train(session: Session, kind: str, *, dry_run: bool, signed: tuple[str, str] = ("", "")) -> None:
    """Train by the service's own tool and show what came of it; `signed`: by whom, and why. Raises InvalidArgument for
    one without the other, FailedPrecondition with the tool's words.
    """
    _require_whole(signed)
    signature = _signature(signed) if signed[0] else []
    arguments = ["train", kind, *(["--dry-run"] if dry_run else []), *signature]
    refused = Text("训练未完成", "the training did not end"), "TRAINING_FAILED"
    show(session, _asked(session, arguments, *refused), dry_run=dry_run)


def history(session: Session, kind: str) -> None:
    """All weights of a kind that were ever learnt or put back. Raises FailedPrecondition with the tool's words."""
    refused = Text("未能列出", "nothing was listed"), "WEIGHTS_NOT_LISTED"
    rows = _asked(session, ["weights", kind], *refused)["weights"]
    title = Text(f"{kind} 的权重版本 {len(rows)}", f"{len(rows)} versions of the weights of {kind}")
    session.output.rows(title, _HISTORY, rows)
    if session.output.for_people and not any(row["standing"] and not row["by_hand"] for row in rows):
        session.output.note(
            Text("现行的是人工设定的权重", "the weights set by hand stand").to(session.language)
        )


def restore(session: Session, kind: str, version: str, signed: tuple[str, str], *, dry_run: bool) -> None:
    """Put weights back, `signed` by whom and why. Raises InvalidArgument for one without the other, FailedPrecondition
    with the tool's words.
    """
    _require_whole(signed)
    arguments = ["restore-weights", kind, version, *(["--dry-run"] if dry_run else []), *_signature(signed)]
    done = _asked(session, arguments, Text("未恢复", "nothing was put back"), "WEIGHTS_NOT_RESTORED")
    session.output.rows(Text(f"{kind} 的权重", f"weights of {kind}"), _RESTORED, [done])
    if session.output.for_people:
        session.output.note(_restored(done).to(session.language))


def _require_whole(signed: tuple[str, str]) -> None:
    if bool(signed[0].strip()) == bool(signed[1].strip()):
        return
    raise InvalidArgument.field(
        "--reason" if signed[0].strip() else "--signed-by",
        "SIGNATURE_INCOMPLETE",
        "署名须同时给出账号（--signed-by）与理由（--reason）",
        "a signature takes an account (--signed-by) and a reason (--reason)",
    )


def _signature(signed: tuple[str, str]) -> list[str]:
    return [f"--signed-by={signed[0]}", f"--reason={signed[1]}"]


def _asked(session: Session, arguments: list[str], refused: Text, reason: str) -> dict[str, Any]:
    """What the service's own tool prints. Raises FailedPrecondition with its words where it prints nothing."""
    done = processes.run_tool("matcher", arguments, session.settings)
    if not done.stdout.strip():
        said = done.stderr.strip().splitlines()[-1:] or ["?"]
        raise FailedPrecondition(Text(f"{refused.zh}：{said[0]}", f"{refused.en}: {said[0]}"), reason=reason)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _restored(done: dict[str, Any]) -> Text:
    if not done["kept"]:
        return Text("可以恢复（仅校验，未恢复）", "can be put back (checked only)")
    return Text("已恢复；名单随后重算", "put back; the lists are made anew")


def show(session: Session, report: dict[str, Any], *, dry_run: bool) -> None:
    """Weights, figures and exposures. Machine formats hold the weights alone."""
    output, language = session.output, session.language
    before = report.get("standing_weights", {})
    weights = [
        {"name": name, "standing": before.get(name), "weight": weight}
        for name, weight in report["weights"].items()
    ]
    standing = Column(
        "standing", Text("现行权重", "weight that stands"), right=True, show=number(3, signed=True)
    )
    columns = (
        Column("name", Text("项", "part"), show=wording.contribution),
        *([standing] if before else []),
        Column("weight", _LEARNT_OR_NOT[bool(report["learnt"])], right=True, show=number(3, signed=True)),
    )
    output.rows(Text(f"{report['kind']} 的权重", f"weights of {report['kind']}"), columns, weights)
    if not output.for_people:
        return
    if report["learnt"]:
        figures = [
            {
                "name": text.to(language),
                "standing": report["standing"][name],
                "learnt": report["learnt"][name],
            }
            for name, text in _NAMES.items()
        ]
        title = Text(f"{report['judged_by']} 个留出结果", f"{report['judged_by']} held-back outcomes")
        output.rows(title, _FIGURES, figures)
    if report["exposures"]:
        output.rows(
            Text("公平性：谁被排在前面", "fairness: whom the first places go to"),
            _EXPOSURES,
            _told(report["exposures"], language),
        )
    if report["since"]:
        output.rows(
            Text(
                "公平性：相对上次署名（或人工设定）的权重",
                "fairness: since the last signature (or weights set by hand)",
            ),
            _SINCE,
            _told(report["since"], language),
        )
    if report["coverage"]:
        output.note(_coverage(report["coverage"]).to(language))
        for zh, en in report["not_held"].values():
            output.note(Text(zh, en).to(language))
    for zh, en in report["objections"]:
        output.note(Text(zh, en).to(language))
    output.note(_outcome(report, dry_run=dry_run).to(language))


def _told(exposures: list[dict[str, Any]], language: Language) -> list[dict[str, Any]]:
    """Exposures with the names of their groups and by how much each changes."""
    return [
        {
            **each,
            "attribute": ATTRIBUTES[each["attribute"]].to(language),
            "group": group(wording.catalogue(), each["attribute"], each["group"], language),
            "moved": each["learnt"] - each["standing"],
        }
        for each in exposures
    ]


def _coverage(known: dict[str, float | None]) -> Text:
    """Of how many candidates each attribute is known; what is held of nobody cannot be reported."""
    shares = {
        name: Text("不显示", "not shown") if share is None else Text(f"{share:.0%}", f"{share:.0%}")
        for name, share in known.items()
    }
    zh = "，".join(f"{ATTRIBUTES[name].zh} {share.zh}" for name, share in shares.items())
    en = ", ".join(f"{ATTRIBUTES[name].en} {share.en}" for name, share in shares.items())
    return Text(
        f"已知比例：{zh}；未提供或不同意的归入“未提供”，为 0% 的无从报告；人数少的组合并列示，比例由此可推算的不显示",
        f"known of: {en}; who does not tell or allow it is under “not told”, and what is known of nobody is not "
        "reported; groups of few people are shown together, and a share that would tell how many is not shown",
    )


def _outcome(report: dict[str, Any], *, dry_run: bool) -> Text:
    if not report["adopted"]:
        return Text("未采用；现行权重不变", "not adopted; the standing weights stay")
    if dry_run:
        return Text("可以采用（仅比较，未采用）", "fit to be adopted (compared only)")
    if report["signature"]:
        by = report["signature"]["by"]
        return Text(
            f"已采用 {report['version']}，由 {by} 署名", f"adopted as {report['version']}, signed by {by}"
        )
    return Text(f"已采用 {report['version']}", f"adopted as {report['version']}")
