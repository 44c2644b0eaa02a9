"""A question that somebody keeps, and what is told of it: which deals come and go, and what of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain import wording
from services.funding.domain.findings import Findings
from services.kernel.text import Text

MOST_SEARCHES = 100
SCORES = ("composite", "early", "small", "long", "hard")


class AlertKind(StrEnum):
    """What an alert is about."""

    NEW_MATCH = "NEW_MATCH"
    LEFT = "LEFT"
    SCORE_CROSSED = "SCORE_CROSSED"
    GATE_CHANGED = "GATE_CHANGED"
    SLA_DUE = "SLA_DUE"
    HEADROOM_BELOW = "HEADROOM_BELOW"


@dataclass(frozen=True)
class SavedSearch:
    """One question. `pinned_revision` None: judged by the mandate in force. `looked`: whether there is a standing
    that alerts begin from; `headroom_fen` is what the fund had free then. `whole_fund`: its owner may see all of
    the fund's deals.
    """

    id: str
    owner: str
    title: str
    fund_id: str
    filter: str
    order_by: str
    columns: tuple[str, ...]
    pinned_revision: int | None
    crossing_score: str
    crossing_value: float
    headroom_below_fen: int | None
    whole_fund: bool
    created_at: datetime
    looked: bool = False
    headroom_fen: int | None = None
    deal_count: int = 0


@dataclass(frozen=True)
class Seen:
    """What was seen of one deal of a search."""

    score: float | None
    gates: str
    overdue: bool


@dataclass(frozen=True)
class Found:
    """One change; `deal_id` empty where it is about the fund."""

    kind: AlertKind
    deal_id: str
    before: str
    after: str


@dataclass(frozen=True)
class Alert:
    """A change that was noticed on a day, and when its owner took note of it."""

    id: str
    search_id: str
    owner: str
    kind: AlertKind
    deal_id: str
    day: date
    before: str
    after: str
    at: datetime
    acked_at: datetime | None = None

    @property
    def text(self) -> Text:
        """What has changed, in a sentence; of capital that was below from the start, how much there is."""
        already = self.kind is AlertKind.HEADROOM_BELOW and self.before == self.after
        said, before, after = _SAID[self.kind], _shown(self.before), _shown(self.after)
        said = _BELOW_ALREADY if already else said
        return Text(
            said.zh.format(before=before.zh, after=after.zh), said.en.format(before=before.en, after=after.en)
        )


_SAID = {
    AlertKind.NEW_MATCH: Text("新符合条件的项目", "a deal matches that did not"),
    AlertKind.LEFT: Text("项目不再符合条件", "a deal does not match any more"),
    AlertKind.SCORE_CROSSED: Text(
        "得分由{before}变为{after}，越过关注值", "the score went from {before} to {after}"
    ),
    AlertKind.GATE_CHANGED: Text("门槛由{before}变为{after}", "the gates went from {before} to {after}"),
    AlertKind.SLA_DUE: Text("项目在本环节已超过规定时限", "the deal is over the time of its stage"),
    AlertKind.HEADROOM_BELOW: Text(
        "基金可用额度由{before}降至{after}，低于关注值",
        "the fund's free capital fell from {before} to {after}",
    ),
}

_BELOW_ALREADY = Text(
    "基金可用额度为{after}，已低于关注值", "the fund's free capital is {after}, below the value already"
)


def examine_search(search: SavedSearch) -> None:
    """Raise InvalidArgument with everything that is wrong with a search."""
    findings = Findings()
    findings.text("title", search.title, most=120, required=True)
    if search.crossing_score and search.crossing_score not in SCORES:
        findings.add(
            "crossing_score",
            "UNKNOWN_SCORE",
            f"没有得分“{search.crossing_score[:40]}”，可用：{'、'.join(SCORES)}",
            f"there is no score {search.crossing_score[:40]!r}; use {', '.join(SCORES)}",
        )
    if not 0 <= search.crossing_value <= 100:
        findings.add(
            "crossing_value", "OUT_OF_BOUNDS", "关注值应在0至100之间", "the value must be from 0 to 100"
        )
    findings.amount("headroom_below_fen", search.headroom_below_fen, least=1)
    for name in search.columns:
        findings.text("columns", name, most=63, required=True)
    findings.finish()


def changes(
    search: SavedSearch, before: Mapping[str, Seen], now: Mapping[str, Seen], headroom_fen: int
) -> list[Found]:
    """What has changed since the search was last looked at; the first time only that less is free than is watched."""
    if not search.looked:
        return _headroom(search, headroom_fen)
    found = [Found(AlertKind.NEW_MATCH, id_, "", "") for id_ in sorted(now.keys() - before.keys())]
    found += [Found(AlertKind.LEFT, id_, "", "") for id_ in sorted(before.keys() - now.keys())]
    for id_ in sorted(now.keys() & before.keys()):
        was, seen = before[id_], now[id_]
        if search.crossing_score and _over(search, was) is not _over(search, seen):
            found.append(Found(AlertKind.SCORE_CROSSED, id_, _points(was.score), _points(seen.score)))
        if was.gates != seen.gates:
            found.append(Found(AlertKind.GATE_CHANGED, id_, was.gates, seen.gates))
        if seen.overdue and not was.overdue:
            found.append(Found(AlertKind.SLA_DUE, id_, "", ""))
    return found + _headroom(search, headroom_fen)


def _headroom(search: SavedSearch, now_fen: int) -> list[Found]:
    """Less is free than is watched, and was not before."""
    limit, earlier = search.headroom_below_fen, search.headroom_fen
    if limit is None or now_fen >= limit or (earlier is not None and earlier < limit):
        return []
    was_fen = now_fen if earlier is None else earlier
    return [Found(AlertKind.HEADROOM_BELOW, "", f"{was_fen} fen", f"{now_fen} fen")]


def _over(search: SavedSearch, seen: Seen) -> bool:
    """An unknown score is below every value."""
    return seen.score is not None and seen.score >= search.crossing_value


def _shown(value: str) -> Text:
    """An amount in words; anything else as it is."""
    amount, unit, _ = value.partition(" fen")
    return wording.amount(int(amount)) if unit else Text(value, value)


def _points(score: float | None) -> str:
    return "—" if score is None else f"{score:.1f}"
