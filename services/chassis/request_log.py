"""Idempotency (AIP-155): a request id is answered once; a repeated attempt gets the first answer.

The first answer is kept in the transaction of the change: a crash keeps both or neither. An attempt that
fails leaves nothing and may be repeated under the same id.
"""

import hashlib
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    delete,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.storage.columns import UtcInstant
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists
from services.kernel.text import Text

RETENTION = timedelta(days=7)
PORTION = 500
Key = tuple[str, str, str]
"""Who sent which method under which request id."""
BEFORE_ALL: Key = ("", "", "")
R = TypeVar("R", bound=Message)


def define_request_log(metadata: MetaData) -> Table:
    """Define the table `request_log`. `resource` names what the answer is about, so that erasure finds it."""
    return Table(
        "request_log",
        metadata,
        Column("subject", String(128), nullable=False),
        Column("method", String(128), nullable=False),
        Column("request_id", String(36), nullable=False),
        Column("fingerprint", String(64), nullable=False),
        Column("resource", String(128), index=True),
        Column("answer", LargeBinary),
        Column("created_at", UtcInstant, nullable=False, index=True),
        PrimaryKeyConstraint("subject", "method", "request_id"),
    )


class RequestLog:
    """Answers each request id once, per caller and method."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def once(
        self,
        session: Session,
        caller: tuple[str, str],
        request_id: str,
        request: Message,
        answer_type: type[R],
        act: Callable[[], R],
    ) -> R:
        """The answer of `act`, or the first answer if (subject, method) `caller` sent this id before.

        Without a request id `act` simply runs. Raises AlreadyExists (REQUEST_ID_REUSED) if the id came with
        other content. A request that is to be validated only runs like any other and is rolled back, whatever its
        id: nothing is left of it, and the session is at its end.
        """
        if only_validated(request):
            return _rehearsed(session, act)
        if not request_id:
            return act()
        fingerprint = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()
        key = {"subject": caller[0], "method": caller[1], "request_id": request_id.lower()}
        if not self._claim(session, key, fingerprint):
            return self._first_answer(session, key, fingerprint, answer_type)
        answer = act()
        statement = update(self._table).where(*self._is(key))
        values = {"answer": answer.SerializeToString(), "resource": getattr(answer, "name", None) or None}
        session.execute(statement.values(values))
        return answer

    def forget(self, session: Session, resource: str) -> None:
        """Delete the answers about one resource: for erasure."""
        session.execute(delete(self._table).where(self._table.c.resource == resource))

    def revise(
        self, session: Session, way: Callable[[str, bytes], bytes], methods: Collection[str], after: Key
    ) -> tuple[int, Key | None]:
        """Keep `way(method, answer)` in place of the next answers after `after`, of these methods; how many that
        changed, and the last one looked at, None where there is no further one.
        """
        table, names = self._table, ("subject", "method", "request_id")
        place = tuple_(*(table.c[name] for name in names))
        kept = (place > after, table.c.method.in_(sorted(methods)), table.c.answer.is_not(None))
        rows = session.execute(select(table).where(*kept).order_by(*place.clauses).limit(PORTION)).all()
        changed = 0
        for row in rows:
            answer = way(row.method, row.answer)
            if answer != row.answer:
                mine = self._is({name: getattr(row, name) for name in names})
                session.execute(update(table).where(*mine).values(answer=answer))
                changed += 1
        last = (rows[-1].subject, rows[-1].method, rows[-1].request_id) if rows else None
        return changed, last

    def clean(self, session: Session) -> None:
        """Delete what is older than the retention."""
        session.execute(delete(self._table).where(self._table.c.created_at < self._clock.now() - RETENTION))

    def _claim(self, session: Session, key: dict[str, str], fingerprint: str) -> bool:
        """Insert the id; False if it was there. A concurrent attempt waits here for the first one's end."""
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = {**key, "fingerprint": fingerprint, "created_at": self._clock.now()}
        statement = insert(self._table).values(row).on_conflict_do_nothing()
        return session.execute(statement.returning(self._table.c.request_id)).first() is not None

    def _first_answer(
        self, session: Session, key: dict[str, str], fingerprint: str, answer_type: type[R]
    ) -> R:
        table = self._table
        row = session.execute(select(table.c.fingerprint, table.c.answer).where(*self._is(key))).one()
        if row.fingerprint != fingerprint:
            raise AlreadyExists(
                Text(
                    "该 request_id 已用于内容不同的请求，请换一个新的 UUID",
                    "this request_id came with other content before; use a new UUID",
                ),
                reason="REQUEST_ID_REUSED",
                metadata={"requestId": key["request_id"]},
            )
        return answer_type.FromString(row.answer or b"")

    def _is(self, key: dict[str, str]) -> list[ColumnElement[bool]]:
        return [self._table.c[name] == value for name, value in key.items()]


def only_validated(request: Message) -> bool:
    """Whether a request, or the command in it, asks to be checked and not to be done."""
    said = getattr(request, "command", request)
    return bool(getattr(said, "validate_only", False))


def _rehearsed(session: Session, act: Callable[[], R]) -> R:
    """The answer of what is not to stay."""
    answer = act()
    session.flush()
    session.rollback()
    return answer
