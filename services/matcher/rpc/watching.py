"""WatchMatches: a stream that resumes without a gap and proves it.

A stream reads the stored events until it is level, then the hub's memory, which is the bounded queue of all
streams. One that was level and falls out of that memory for long is closed with its last token: a slow reader
holds back only itself.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import instant_from_wire
from services.kernel.errors import (
    BoleError,
    InvalidArgument,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
    Violation,
)
from services.kernel.text import Text
from services.matcher.domain import recusal
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import STANDING
from services.matcher.domain.partners.subscription import Subscription
from services.matcher.hub import Hub
from services.matcher.rpc.anchors import leaves_named, parse_name, watched_kind
from services.matcher.rpc.recused import Recused
from services.matcher.rpc.restrictions import require_possible
from services.matcher.rpc.seeing import Sight, closed_to, unspoken
from services.matcher.rpc.watch_messages import METHOD, Messages, Position, Shared, binding
from services.matcher.service.partners.partners import secret_of
from services.matcher.service.telling import moment
from services.matcher.store import matches

CHECKPOINT_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 1.0
_LEAST_SECONDS = 0.05
_PAGE = 500
_STARTS = ("resume_token", "from_start", "start_time")


class _Pace:
    """When a stream last said where it is, and since when it is behind. Seconds on the monotonic clock."""

    def __init__(self, sequence: int) -> None:
        self._sequence = sequence
        self._told = time.monotonic()
        self._level = math.inf
        self._was_level = False

    def told(self, sequence: int) -> None:
        """A message went out that says how far the stream has come."""
        self._sequence, self._told = sequence, time.monotonic()

    def behind(self, patience: float, *, in_memory: bool) -> bool:
        """Whether it was level once, and for longer than `patience` wants what memory no longer holds."""
        if in_memory:
            self._level = time.monotonic()
        return not in_memory and time.monotonic() - self._level > patience

    def rest(self) -> float:
        """How long nothing need be said."""
        return max(_LEAST_SECONDS, self._told + CHECKPOINT_SECONDS - time.monotonic())

    def owes_checkpoint(self, sequence: int, *, level: bool) -> bool:
        """The first time that nothing more waits, unless that is known, and whenever nothing was said for long."""
        first, self._was_level = level and not self._was_level, self._was_level or level
        return (first and sequence != self._sequence) or time.monotonic() - self._told >= CHECKPOINT_SECONDS


class Watching:
    """Serves the streams of one process. `patience`: seconds that a stream may stay behind the hub's memory."""

    def __init__(
        self, house: House, hub: Hub, catalogue: Catalogue, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._house = house
        self._hub = hub
        self._catalogue = catalogue
        self._patience = patience
        self._shared = Shared()
        self._recused = Recused(house.database)

    async def stream(self, request: wire.WatchMatchesRequest) -> AsyncGenerator[wire.WatchMatchesResponse]:
        """Events and checkpoints until the caller goes.

        Raises InvalidArgument (unknown kind or code, restrictions that no list meets), PermissionDenied (a token that
        is not of this subscription, a partner asks for a person, staff for a kind that they may not see, or for a firm
        in which they have an interest, from when they have one), OutOfRange (token older than the oldest event, or of
        before the database was put back), ResourceExhausted (the caller reads too slowly), Unavailable (the service
        ends).
        """
        call = current_call()
        closed = self._recused.known(call.principal.subject)
        subscription, secret = await asyncio.to_thread(self._subscription, request, call)
        position = await asyncio.to_thread(self._start, request, call)
        messages = Messages(self._house, self._shared, request, call, secret)
        yield messages.checkpoint(position)
        pace, put_back = _Pace(position.scanned), self._hub.put_back
        while not self._hub.closed:
            if self._hub.put_back != put_back:
                raise _gone(None, None)
            rows = self._hub.recent(position.scanned, _PAGE)
            if pace.behind(self._patience, in_memory=rows is not None):
                raise _too_slow(messages.token(position))
            if rows is None:
                rows = await asyncio.to_thread(self._stored, position.scanned)
            if rows and call.principal.kind != "partner":  # who is recused from nothing
                known, closed = closed, await self._recused.now(call.principal.subject)
                if closed != known:
                    subscription = _but(subscription, unspoken(call, closed))
            for message in messages.of([row for row in rows if subscription.wants(row)], position):
                yield message
                pace.told(position.scanned)
            if rows:
                position.follow(rows[-1])
            if pace.owes_checkpoint(position.scanned, level=not rows):
                yield messages.checkpoint(position)
                pace.told(position.scanned)
            if not rows:
                await self._hub.wait(
                    position.scanned, pace.rest() if self._hub.follows_writer else _POLL_SECONDS
                )
        raise _stopping(messages.token(position))

    def _stored(self, scanned: int) -> list[Any]:
        with self._house.database.read() as session:
            rows = matches.events_after(session, scanned, _PAGE)
            last = scanned if rows else matches.mark(session).last
        if last < scanned:
            raise _gone(None, last)
        return rows

    def _subscription(
        self, request: wire.WatchMatchesRequest, call: Call
    ) -> tuple[Subscription, bytes | None]:
        """What is wanted, and what a partner's pseudonyms are made with."""
        anchor = parse_name(request.anchor, "anchor") if request.anchor else None
        partner = call.principal.kind == "partner"
        if partner and anchor and anchor[0] is ItemKind.PERSON:
            raise PermissionDenied(
                Text("合作方不能按个人订阅", "a partner cannot subscribe to a person"), reason="PERSON_ANCHOR"
            )
        with self._house.database.read() as session:
            secret = secret_of(session, call.principal.subject) if partner else None
            sight = Sight.of(call, closed_to(call, session))
        kinds = [watched_kind(key) for key in request.kinds]
        for kind in kinds:
            sight.require(kind.anchor, kind.candidate)
        if anchor:
            sight.require_free(*anchor)
        directions = [
            leaf
            for text in request.direction_codes
            for leaf in leaves_named(self._catalogue, text, "direction_codes")
        ]
        require_possible(
            kinds, anchor, self._catalogue, directions=directions, cities=bool(request.city_codes)
        )
        wanted = Subscription(
            frozenset(kind.key for kind in kinds or STANDING if sight.shows(kind)),
            anchor,
            frozenset(directions),
            frozenset(self._catalogue.resolve_place(text, field="city_codes") for text in request.city_codes),
            lambda city, fund: sight.funds.covers(city, fund=fund),
            self._catalogue.succession.former,
            sight.closed,
        )
        return wanted, secret

    def _start(self, request: wire.WatchMatchesRequest, call: Call) -> Position:
        given = [field.name for field, _ in request.ListFields() if field.name in _STARTS]
        if len(given) > 1:
            raise InvalidArgument.field(
                given[-1],
                "TOKEN_AND_START",
                "resume_token、from_start 与 start_time 只能用其一",
                "use one of resume_token, from_start and start_time",
            )
        with self._house.database.read() as session:
            first, last = matches.first_sequence(session), matches.mark(session).last
            if request.from_start:
                return Position((first or 1) - 1, 0)
            if request.HasField("start_time"):
                return Position(matches.last_before(session, instant_from_wire(request.start_time)), 0)
            position = self._read(request, call) if request.resume_token else Position(last, 0)
            at = self._moment(session, position.scanned)
        if position.at not in (0, at) and at:
            raise _gone(first, last)
        if position.scanned > last or (first is not None and position.scanned < first - 1):
            raise _gone(first, last)
        position.at = position.at or at
        return position

    def _moment(self, session: Session, sequence: int) -> int:
        rows = matches.events_after(session, sequence - 1, 1)
        return moment(rows[0]) if rows and rows[0].sequence == sequence else 0

    def _read(self, request: wire.WatchMatchesRequest, call: Call) -> Position:
        try:
            cursor = self._house.pages.read(
                request.resume_token, method=METHOD, query=binding(request), subject=call.principal.subject
            )
        except BoleError as error:
            reason = error.reason.replace("PAGE_TOKEN", "RESUME_TOKEN")
            text = Text(
                "续传令牌无效，或不属于该订阅；请带回原样的令牌与相同的筛选条件",
                "the resume token is not valid for this subscription; send it unchanged, with the same restrictions",
            )
            told = [Violation("resume_token", reason, text)]
            raise PermissionDenied(text, reason=reason, violations=told) from error
        scanned, sent, *at = cursor or (0, 0)  # tokens of the program before do not say when
        return Position(int(str(scanned)), int(str(sent)), int(str(at[0])) if at else 0)


def _but(subscription: Subscription, closed: frozenset[str]) -> Subscription:
    """A subscription that tells nothing of these firms. Raises PermissionDenied (RECUSED) if it is of one of them."""
    sort, id_ = subscription.anchor or (None, "")
    if sort is ItemKind.FIRM and id_ in closed:
        raise recusal.closed(id_)
    return replace(subscription, closed=closed)


def _gone(first: int | None, last: int | None) -> OutOfRange:
    """The place of a stream is no longer there; what is there is said where it is known."""
    return OutOfRange(
        Text(
            "令牌所指位置已不可用；请用 FindMatches 取当前名单，再不带令牌重新订阅",
            "the token's position is gone; read the present lists with FindMatches, then subscribe anew",
        ),
        reason="RESUME_TOKEN_EXPIRED",
        metadata={"earliestSequence": str(first or 0), "latestSequence": str(last or 0)},
    )


def _too_slow(token: str) -> ResourceExhausted:
    return ResourceExhausted(
        Text(
            "读取过慢，积压的事件已超出上限；请带上最后的令牌重新连接",
            "events are read too slowly and more wait than is kept; connect again with the last token",
        ),
        reason="STREAM_TOO_SLOW",
        metadata={"resumeToken": token},
    )


def _stopping(token: str) -> Unavailable:
    return Unavailable(
        Text(
            "服务正在停止；请带上最后的令牌重新连接",
            "the service is stopping; connect again with the last token",
        ),
        reason="SERVICE_STOPPING",
        metadata={"resumeToken": token},
    )
