"""`bole talent duplicates …`, `merge`, `unmerge`: one person, one record."""

from typing import Any, NamedTuple
from uuid import uuid4

from bole.talent.v1 import duplicate_pb2, duplicate_service_pb2_grpc, person_pb2
from bole.talent.v1 import duplicate_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.cli.talent.people import get
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text, counted
from services.wording import library
from services.wording.chances import CAREFUL, share_in_hundredths
from services.wording.crowds import in_crowds

TIMEOUT_SECONDS = 60.0
_PAIRS = (
    Column("band", Text("建议", "suggestion")),
    Column("chance", Text("可能性", "chance"), right=True),
    Column("left", Text("较早的记录", "older record"), wraps=True),
    Column("right", Text("较新的记录", "newer record"), wraps=True),
    Column("id", Text("编号", "pair"), below=True),
)
_EVIDENCE = (
    Column("text", Text("证据", "evidence"), wraps=True),
    Column("bits", Text("分值", "bits"), right=True),
)
_CANDIDATES = (
    Column("band", Text("建议", "suggestion")),
    Column("chance", Text("可能性", "chance"), right=True),
    Column("person", Text("已有记录", "record"), wraps=True),
    Column("evidence", Text("证据", "evidence"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_JUDGEMENTS = (
    Column("time", Text("时间", "time")),
    Column("verdict", Text("判定", "verdict")),
    Column("pair", Text("两条记录", "records"), wraps=True),
    Column("author", Text("判定人", "author")),
    Column("standing", Text("状态", "state")),
    Column("reason", Text("理由", "reason"), wraps=True),
    Column("id", Text("编号", "judgement"), below=True),
)


class Known(NamedTuple):
    """What is known of a person who is about to be entered."""

    name: str
    employer: str = ""
    phone: str = ""
    email: str = ""
    orcid: str = ""


def stub(session: Session) -> duplicate_service_pb2_grpc.DuplicateServiceStub:
    """The service."""
    return duplicate_service_pb2_grpc.DuplicateServiceStub(session.channel("talent"))


def list_pairs(session: Session, filter_: str, limit: int) -> None:
    """Pairs that wait for a decision, strongest first."""
    request = service.ListDuplicateSuggestionsRequest(filter=filter_, page_size=min(limit, 200))
    found = stub(session).ListDuplicateSuggestions(request, timeout=TIMEOUT_SECONDS)
    rows = [_pair(each, session.language) for each in found.suggestions]
    title = Text(
        f"疑似重复 {found.total_size} 对", f"{counted(found.total_size, 'pair')} that may be one person"
    )
    session.output.rows(title, _PAIRS, rows)
    if said := in_crowds(found.crowded_count, found.oldest_compared).to(session.language):
        session.output.note(said)


def show_pair(session: Session, name: str) -> None:
    """One pair with its evidence; the bits add up to the pair's."""
    request = service.GetDuplicateSuggestionRequest(name=name)
    pair = stub(session).GetDuplicateSuggestion(request, timeout=TIMEOUT_SECONDS)
    session.output.rows(Text(pair.name, pair.name), _PAIRS, [_pair(pair, session.language)])
    rows = [_piece(each, session.language) for each in pair.evidence]
    total = Text("合计", "sum").to(session.language)
    if rows:
        session.output.rows(
            Text("证据", "evidence"), _EVIDENCE, [*rows, {"text": total, "bits": f"{pair.bits:+.1f}"}]
        )
    else:
        session.output.note(
            Text("查看证据请声明使用目的", "state a purpose to see the evidence").to(session.language)
        )


def check(session: Session, known: Known, *, quiet: bool = False) -> bool:
    """Records that a person about to be entered resembles, if there are any; `quiet`: nothing if there are none."""
    request = service.CheckDuplicatesRequest(
        display_name=known.name,
        employers=[known.employer] if known.employer else [],
        phone=known.phone,
        email=known.email,
        orcid=known.orcid,
    )
    answer = stub(session).CheckDuplicates(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "band": _band(each.band, session.language) if each.band else "",
            "chance": share_in_hundredths(CAREFUL.estimate(each.probability), 1),
            "person": _person(each.person, session.language),
            "evidence": [_text(piece.text, session.language) for piece in each.evidence[1:]],
            "id": each.person.name,
            "origin": wording.origin(each.person.origin),
        }
        for each in answer.candidates
    ]
    if rows or not quiet:
        title = Text(f"相似记录 {len(rows)} 条", f"{len(rows)} similar records")
        session.output.rows(title, _CANDIDATES, rows)
    return bool(rows)


def judge(session: Session, left: str, right: str, verdict: str, reason: str) -> None:
    """Decide that two records are of two people (`NEGATIVE`), or that it cannot be told (`UNSURE`)."""
    request = service.JudgeDuplicateRequest(
        left=left,
        right=right,
        verdict=f"DUPLICATE_VERDICT_{verdict}",
        reason=reason,
        request_id=str(uuid4()),
    )
    made = stub(session).JudgeDuplicate(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已记录判定 {made.name}", f"recorded {made.name}"))


def list_judgements(session: Session, filter_: str, limit: int) -> None:
    """Decisions, newest first."""
    request = service.ListDuplicateJudgementsRequest(filter=filter_, page_size=min(limit, 200))
    found = stub(session).ListDuplicateJudgements(request, timeout=TIMEOUT_SECONDS)
    rows = [_judgement(each, session.language) for each in found.judgements]
    title = Text(f"判定 {found.total_size} 条", counted(found.total_size, "judgement"))
    session.output.rows(title, _JUDGEMENTS, rows)


def take_back(session: Session, name: str) -> None:
    """A decision counts no longer."""
    request = service.WithdrawDuplicateJudgementRequest(name=name, request_id=str(uuid4()))
    stub(session).WithdrawDuplicateJudgement(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已撤回", f"{name} is taken back"))


def link(session: Session, limit: int, *, dry_run: bool) -> None:
    """Merge the pairs that are safe to link."""
    request = service.LinkDuplicatesRequest(limit=limit, request_id=str(uuid4()), validate_only=dry_run)
    done = stub(session).LinkDuplicates(request, timeout=TIMEOUT_SECONDS)
    zh, en = ("将合并", "would be merged") if dry_run else ("已合并", "merged")
    session.output.say(
        Text(
            f"{zh} {done.linked_count} 对，{done.refused_count} 对留待审核",
            f"{counted(done.linked_count, 'pair')} {en}, {done.refused_count} stay for review",
        )
    )


def merge(session: Session, left: str, right: str, reason: str) -> None:
    """Merge two people as they are now."""
    request = service.MergePersonsRequest(
        left=left,
        right=right,
        left_etag=get(session, left).etag,
        right_etag=get(session, right).etag,
        reason=reason,
        request_id=str(uuid4()),
    )
    done = stub(session).MergePersons(request, timeout=TIMEOUT_SECONDS)
    session.output.say(
        Text(
            f"已合并为 {done.person.name}；撤销：bole talent unmerge {done.judgement.name}",
            f"merged into {done.person.name}; to undo: bole talent unmerge {done.judgement.name}",
        )
    )


def unmerge(session: Session, name: str) -> None:
    """Undo a merge, named by its decision or by one of its records."""
    judgement = _merge_of(session, name)
    request = service.UnmergePersonsRequest(
        judgement=judgement.name, etag=get(session, judgement.left).etag, request_id=str(uuid4())
    )
    parted = stub(session).UnmergePersons(request, timeout=TIMEOUT_SECONDS).persons
    names = "、".join(each.name for each in parted)
    session.output.say(Text(f"已撤销合并：{names}", f"apart again: {names}"))


def _merge_of(session: Session, name: str) -> duplicate_pb2.DuplicateJudgement:
    """The merge that a name means. Raises InvalidArgument if there is none, or more than one."""
    kind, _, id_ = name.partition("/")
    by_person = f"person_id:{id_} AND " if kind == "persons" else ""
    request = service.ListDuplicateJudgementsRequest(
        filter=f"{by_person}standing = true AND verdict = POSITIVE", page_size=200
    )
    found = list(stub(session).ListDuplicateJudgements(request, timeout=TIMEOUT_SECONDS).judgements)
    meant = found if by_person else [each for each in found if each.name == name]
    if len(meant) != 1:
        names = ", ".join(each.name for each in meant)
        raise InvalidArgument.field(
            "name",
            "NOT_ONE_MERGE",
            f"{name} 没有唯一的合并可撤销{'：' + names if names else ''}，请给出 duplicateJudgements/…",
            f"{name} does not name one merge that stands{': ' + names if names else ''}; "
            "give duplicateJudgements/…",
        )
    return meant[0]


def _pair(pair: duplicate_pb2.DuplicateSuggestion, language: Language) -> dict[str, Any]:
    unsure = Text("（曾判无法判断）", " (could not be told)").to(language) if pair.unsure else ""
    return {
        "band": _band(pair.band, language) + unsure,
        "chance": share_in_hundredths(CAREFUL.estimate(pair.probability), 1),
        "left": _person(pair.left, language),
        "right": _person(pair.right, language),
        "id": pair.name,
        "origin": wording.origin(max(pair.left.origin, pair.right.origin)),
    }


def _band(band: "duplicate_pb2.DuplicateBand", language: Language) -> str:
    name = duplicate_pb2.DuplicateBand.Name(band).removeprefix("DUPLICATE_BAND_")
    return library.DUPLICATE_BANDS[name].to(language)


def _person(person: person_pb2.Person, language: Language) -> str:
    parts = [
        person.display_name,
        wording.city(person.city_code, language),
        person.employer,
        person.job_title,
        *(wording.direction(each.code, language) for each in person.direction_shares),
    ]
    return " · ".join(filter(None, parts))


def _piece(piece: duplicate_pb2.DuplicateEvidence, language: Language) -> dict[str, Any]:
    return {"text": _text(piece.text, language), "bits": f"{piece.bits:+.1f}"}


def _judgement(judgement: duplicate_pb2.DuplicateJudgement, language: Language) -> dict[str, Any]:
    gone = judgement.HasField("delete_time")
    verdict = duplicate_pb2.DuplicateVerdict.Name(judgement.verdict).removeprefix("DUPLICATE_VERDICT_")
    return {
        "time": wording.minute(judgement.create_time),
        "verdict": library.DUPLICATE_VERDICTS[verdict].to(language),
        "pair": f"{judgement.left} {judgement.right}",
        "author": judgement.author,
        "standing": (Text("已撤回", "taken back") if gone else Text("有效", "stands")).to(language),
        "reason": judgement.reason,
        "id": judgement.name,
    }


def _text(text: Any, language: Language) -> str:
    return str(text.zh if language == "zh" else text.en)
