"""What a search says beside its candidates: counts, how many were left out, how the filter was widened."""

from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.cli.answers.facets import note_facets
from services.cli.session import Session
from services.kernel.text import Text
from services.wording.codes import BROADENINGS


def broadening(number: match_pb2.Broadening) -> str:
    """The step of widening by its name in the contract, without its prefix; empty for none."""
    return "" if not number else match_pb2.Broadening.Name(number).removeprefix("BROADENING_")


def note(session: Session, found: service.FindMatchesResponse, anchor: str = "") -> None:
    """What was asked for beside the list; `anchor` says whose it is, where there are several."""
    whose = f"{anchor}: " if anchor else ""
    note_facets(session, found.facets)
    if found.shut_gates:
        shut = [gate.reason for gate in found.shut_gates]
        said = Text(
            f"没有候选通过硬条件：{'；'.join(each.zh for each in shut)}",
            f"nobody passes the gates: {'; '.join(each.en for each in shut)}",
        )
        session.output.note(whose + said.to(session.language))
    if found.left_out_count:
        said = Text(
            f"因每个用人单位的上限，另有{found.left_out_count}个候选未列出",
            f"{found.left_out_count} candidates left out by the limit per employer",
        )
        session.output.note(whose + said.to(session.language))
    if found.unordered_count:
        said = Text(
            f"该排序只排得分最高的一万个，其后的{found.unordered_count}个候选不在其中",
            f"this order has the ten thousand best by score, "
            f"without the {found.unordered_count} candidates behind them",
        )
        session.output.note(whose + said.to(session.language))
    if found.broadened:
        steps = [BROADENINGS[broadening(each)] for each in found.broadened]
        said = Text(
            f"通过的候选不足，筛选已放宽：{'；'.join(each.zh for each in steps)}（现为 {found.widened_filter}）",
            f"few passed, so the filter was widened: {'; '.join(each.en for each in steps)} "
            f"(now {found.widened_filter})",
        )
        session.output.note(whose + said.to(session.language))
