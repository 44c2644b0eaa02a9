"""`bole match …`: the best candidates of an anchor, and one pair explained."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from google.type import money_pb2

from bole.funding.v1 import firm_pb2
from bole.matcher.v1 import anchor_pb2, match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, number, probability
from services.cli.answers.wrapping import JOINER
from services.cli.matcher.match_beside import broadening, note
from services.cli.session import Session
from services.kernel.money import parse_amount
from services.kernel.sums import that_add_up
from services.kernel.text import Language, Text
from services.wording.codes import FIRM_ROLES
from services.workbook.cells import choice
from services.workbook.choices import STAGE, Choice

FACETS = ("city_code", "industry_code", "category_code", "stage")
_REASONS_SHOWN = 3
_DIGITS = 2
_NAME = re.compile(r"[a-z][A-Za-z]*/\S+")


def _parts(parts: Mapping[str, float], language: Language) -> str:
    shown = zip(parts, that_add_up(list(parts.values()), _DIGITS), strict=True)
    return "  ".join(
        JOINER.join(f"{wording.contribution(name, language)}\u00a0{value:+.{_DIGITS}f}")
        for name, value in shown
    )


def _shortage(value: dict[str, Any], language: Language) -> str:
    stars = wording.stars(value["stars"], language)
    return f"{_ROUGHLY.to(language)}{stars or _AMPLE.to(language)}" if value["hidden"] else stars


_WHO_COLUMNS = (
    Column("rank", Text("名次", "rank"), right=True),
    Column("candidate", Text("候选", "candidate"), wraps=True),
    Column("city", Text("城市", "city")),
)
_WHY_COLUMNS = (
    Column("log_odds", Text("对数几率", "log-odds"), right=True, show=number(_DIGITS, signed=True)),
    Column(
        "contributions",
        Text("贡献（合计等于对数几率）", "contributions (they add up)"),
        wraps=True,
        show=_parts,
    ),
    Column("reasons", Text("理由", "reasons"), wraps=True),
)
_BESIDE_COLUMNS = (
    Column("shortage", Text("紧缺星级†", "shortage†"), show=_shortage),
    Column("policy", Text("政策†", "policy†")),
)
_PLACED_COLUMNS = (
    Column("code", Text("代码", "code"), whole=True),
    Column("title", Text("方向", "direction")),
    Column("share", Text("占比", "share"), right=True, show=number(2)),
    Column("words", Text("文中的词", "words in the text"), wraps=True),
)
_ROUGHLY, _AMPLE = Text("约", "~"), Text("充足", "ample")
_NONE = Text("都不属于", "none of them")
_NAMED = Text("点名", "named")
_ROLES = tuple(Choice(code, said.zh, said.en) for code, said in FIRM_ROLES.items())
_ANCHOR = Column("anchor", Text("对象", "anchor"), whole=True)
_ID = Column("id", Text("编号", "resource"), whole=True)
BESIDE = Text(
    "† 仅供参考，不计入得分；“约”表示该单元人数少，只说大概；“点名”表示政策为该产业点名此城市",
    "† shown beside the score, never in it; ~: few people in the cell, said roughly; named: the policy names the city "
    "for the industry",
)
UNCALIBRATED = Text(
    "* 概率未经真实结果校准；对数几率等于各项贡献之和",
    "* not yet calibrated on real outcomes; the contributions add up to the log-odds",
)


def stub(session: Session) -> service_grpc.MatchingServiceStub:
    """The matching service."""
    return service_grpc.MatchingServiceStub(session.channel("matcher"))


def index_status(session: Session) -> service.IndexStatus:
    """How level the index is."""
    return stub(session).GetIndexStatus(service.GetIndexStatusRequest(), timeout=30)


def search_of(
    kind: str,
    anchor: str,
    limit: int = 5,
    filter_: str = "",
    amounts: tuple[str, str] = ("", ""),
    order: str = "",
    **beside: Any,
) -> service.FindMatchesRequest:
    """A search from a stored entity; `amounts` are a firm's ask and valuation, `beside` further fields of the request.
    Raises InvalidArgument.
    """
    return service.FindMatchesRequest(
        kind=kind,
        anchor=anchor_pb2.Anchor(name=anchor),
        limit=limit,
        filter=filter_,
        ask=amount_given(amounts[0], "--ask"),
        valuation=amount_given(amounts[1], "--valuation"),
        order_by=order,
        **beside,
    )


def search_of_text(
    kind: str,
    side: str,
    text: anchor_pb2.TextAnchor,
    limit: int = 5,
    filter_: str = "",
    order: str = "",
    **beside: Any,
) -> service.FindMatchesRequest:
    """A search from a text that is not stored; `beside` are further fields of the request."""
    return service.FindMatchesRequest(
        kind=kind,
        anchor=anchor_pb2.Anchor(text=text),
        anchor_side=side,
        limit=limit,
        filter=filter_,
        order_by=order,
        **beside,
    )


def find(session: Session, search: service.FindMatchesRequest) -> service.FindMatchesResponse:
    """The best candidates, as `search_of` or `search_of_text` asks for them."""
    return stub(session).FindMatches(search, timeout=30)


def find_all(
    session: Session,
    kind: str,
    anchors: Sequence[str],
    limit: int,
    filter_: str = "",
    order: str = "",
    **beside: Any,
) -> Sequence[service.FindMatchesResponse]:
    """The best candidates of several stored entities, in their order; `beside` are further fields of each request."""
    asked = [search_of(kind, anchor, limit, filter_, order=order, **beside) for anchor in anchors]
    request = service.BatchFindMatchesRequest(requests=asked)
    return stub(session).BatchFindMatches(request, timeout=60).responses


def show_batch(
    session: Session, anchors: Sequence[str], answers: Sequence[service.FindMatchesResponse]
) -> None:
    """The candidates of all of them in one table, with whose they are."""
    rows = [
        {"anchor": anchor, **_row(each, session.language), "origin": wording.origin(answer.origin)}
        for anchor, answer in zip(anchors, answers, strict=True)
        for each in answer.candidates
    ]
    columns = _columns(each for answer in answers for each in answer.candidates)
    session.output.rows(Text("匹配结果", "matches"), (_ANCHOR, *columns, *_BESIDE_COLUMNS, _ID), rows)


def stage_named(word: str) -> Any:
    """A stage by its code or name; unspecified for none. Raises InvalidArgument."""
    code = choice(word, field="--stage", choices=STAGE) if word else "UNSPECIFIED"
    return firm_pb2.FirmStage.Value(f"FIRM_STAGE_{code}")


def role_given(word: str) -> Any:
    """A role at a firm by its code or name; unspecified for none. Raises InvalidArgument."""
    code = choice(word, field="--role", choices=_ROLES) if word else "UNSPECIFIED"
    return match_pb2.FirmRole.Value(f"FIRM_ROLE_{code}")


def amount_given(text: str, option: str) -> money_pb2.Money | None:
    """An amount of an option; None where it is not given. Raises InvalidArgument."""
    return money_to_wire(parse_amount(text, field=option)) if text else None


def text_anchor(
    words: str, city: str, stage: str, amounts: tuple[str, str], direction: str = "", category: str = ""
) -> anchor_pb2.TextAnchor:
    """A text with what is known beside it; `amounts` are the ask and the valuation. Raises InvalidArgument."""
    return anchor_pb2.TextAnchor(
        text=words,
        direction_code=direction,
        city_code=wording.catalogue().resolve_city(city, field="--city") if city else "",
        category_code=category,
        stage=stage_named(stage),
        ask=amount_given(amounts[0], "--ask"),
        valuation=amount_given(amounts[1], "--valuation"),
    )


def explain(session: Session, kind: str, anchor: str, candidate: str) -> match_pb2.MatchExplanation:
    """One pair in full."""
    request = service.ExplainMatchRequest(kind=kind, anchor=anchor, candidate=candidate)
    return stub(session).ExplainMatch(request, timeout=30)


def explain_found(
    session: Session, search: service.FindMatchesRequest, candidate: str
) -> match_pb2.MatchExplanation:
    """One that a search finds, or does not, in full."""
    request = service.ExplainMatchRequest(search=search, candidate=candidate)
    return stub(session).ExplainMatch(request, timeout=30)


def origin_of(session: Session, search: service.FindMatchesRequest) -> int:
    """Whether sample data is in what a search finds, its filter aside."""
    asked = service.FindMatchesRequest()
    asked.MergeFrom(search)
    asked.filter, asked.limit = "", 1
    return find(session, asked).origin


def named_or_text(said: str) -> anchor_pb2.Anchor:
    """What is meant by words: a resource name is one word of `collection/id`, all else is a text."""
    if _NAME.fullmatch(said):
        return anchor_pb2.Anchor(name=said)
    return anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text=said))


def place(session: Session, anchor: anchor_pb2.Anchor) -> service.PlaceAnchorResponse:
    """Which directions a text belongs to."""
    return stub(session).PlaceAnchor(service.PlaceAnchorRequest(anchor=anchor), timeout=30)


def show_placement(session: Session, found: service.PlaceAnchorResponse) -> None:
    """The shares, `none of them` last; they add up to 1."""
    rows: list[dict[str, Any]] = [
        {
            "code": each.code,
            "title": wording.say(each.title, session.language),
            "share": each.share,
            "words": list(each.words),
        }
        for each in found.shares
    ]
    rows.append({"code": "", "title": _NONE.to(session.language), "share": found.none, "words": []})
    session.output.rows(
        Text("方向归类（仅依据文字）", "placement (by the words alone)"), _PLACED_COLUMNS, rows
    )


def show(session: Session, found: service.FindMatchesResponse, title: Text, *, ids: bool = False) -> None:
    """Candidates with what their scores are made of; with `ids`, how the other commands name them."""
    origin = wording.origin(found.origin)
    rows = [{**_row(each, session.language), "origin": origin} for each in found.candidates]
    columns = _columns(found.candidates)
    session.output.rows(title, (*columns, *_BESIDE_COLUMNS, _ID) if ids else columns, rows)


def show_found(session: Session, search: service.FindMatchesRequest, title: Text) -> None:
    """Search, and show what was found with all that is to be said of it."""
    found = find(session, search)
    show(session, found, title, ids=True)
    note(session, found)
    note_calibration(session, found.candidates)
    note_beside(session)
    if found.next_page_token:
        token = found.next_page_token
        session.output.note(
            Text(f"下一页：--page-token {token}", f"next page: --page-token {token}").to(session.language)
        )


def note_calibration(session: Session, shown: Iterable[match_pb2.Candidate]) -> None:
    """What the signs at the columns mean; nothing of calibration where all were calibrated."""
    if not all_calibrated(shown):
        session.output.note(UNCALIBRATED.to(session.language))


def all_calibrated(shown: Iterable[match_pb2.Candidate]) -> bool:
    """Whether no probability of these needs the note."""
    return all(each.calibrated for each in shown)


def note_beside(session: Session) -> None:
    """What stands beside the score."""
    session.output.note(BESIDE.to(session.language))


def label(candidate: match_pb2.Candidate, language: Language) -> str:
    """What people call a candidate: a masked name, its title, or else its resource name."""
    return candidate.person_name or wording.say(candidate.title, language) or candidate.name


def reasons(candidate: match_pb2.Candidate, language: Language) -> list[str]:
    """What tells most of a candidate, strongest first."""
    telling = sorted(candidate.contributions, key=lambda each: -abs(each.value))
    said = [wording.say(each.reason, language) for each in telling if each.name != "constant"]
    return said[:_REASONS_SHOWN]


def _columns(shown: Iterable[match_pb2.Candidate]) -> tuple[Column, ...]:
    return (*_WHO_COLUMNS, probability(calibrated=all_calibrated(shown)), *_WHY_COLUMNS)


def _row(candidate: match_pb2.Candidate, language: Language) -> dict[str, Any]:
    return {
        "rank": candidate.rank,
        "id": candidate.name,
        "candidate": label(candidate, language),
        "city": wording.city(candidate.city_code, language) if candidate.city_code else "",
        "probability": candidate.probability,
        "calibrated": candidate.calibrated,
        "log_odds": candidate.log_odds,
        "contributions": {each.name: each.value for each in candidate.contributions},
        "reasons": reasons(candidate, language),
        "shortage": {"stars": candidate.priority.stars, "hidden": candidate.priority.hidden},
        "policy": _policy(candidate.priority, language),
        "let_in_by": broadening(candidate.let_in_by),
    }


def _policy(priority: match_pb2.Priority, language: Language) -> str:
    """The tier of the industry, and whether the city is named for it."""
    tiers = [wording.tier(priority.tier_code, language)] if priority.tier_code else []
    return " ".join([*tiers, *([_NAMED.to(language)] if priority.city_named else [])])


def facts(kind: str, anchor: str, candidates: Sequence[match_pb2.Candidate]) -> dict[str, Any]:
    """A list of matches as the demonstration's JSON has it."""
    return {
        "kind": kind,
        "anchor": anchor,
        "candidates": [
            {
                "id": each.name,
                "score": each.probability,
                "calibrated": each.calibrated,
                "log_odds": each.log_odds,
                "contributions": [{"name": part.name, "value": part.value} for part in each.contributions],
            }
            for each in candidates
        ],
    }
