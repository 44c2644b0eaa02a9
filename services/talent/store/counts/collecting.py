"""Every change of a record that counts and that a session flushes is remembered there until it is counted.

Attribute histories tell what a record was before, so no use case can change a record and forget to count it.
Statements that bypass the mapped classes are counted by who executes them.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.orm.attributes import get_history

from services.talent.domain.shortage.counts.tally import Counted

Value = Callable[[str], Any]
_KEY = "counted-records"


class Collected(NamedTuple):
    """What records were (`before`) and what they are (`after`)."""

    before: list[Counted]
    after: list[Counted]


def collect(aggregate: type[Any], reduce: Callable[[Value], Counted | None]) -> None:
    """From now on remember the changes of `aggregate`, each record reduced to what is counted of it."""

    def changed(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
        _remember(target, reduce(_stored(target)), reduce(lambda name: getattr(target, name)))

    def inserted(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
        _remember(target, None, reduce(lambda name: getattr(target, name)))

    def deleted(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
        _remember(target, reduce(_stored(target)), None)

    for name, listener in (("insert", inserted), ("update", changed), ("delete", deleted)):
        event.listen(aggregate, f"before_{name}", listener)


def remember_new(session: Session, after: Iterable[Counted | None]) -> None:
    """Remember records that were added past the mapped classes; None for one that does not count."""
    session.info.setdefault(_KEY, Collected([], [])).after.extend(each for each in after if each is not None)


def collected(session: Session) -> Collected:
    """What was remembered since the last call, and no more: a record changed back and forth is not in it."""
    return session.info.pop(_KEY, None) or Collected([], [])


def _remember(target: Any, before: Counted | None, after: Counted | None) -> None:
    session = object_session(target)
    if session is None or before == after:
        return
    found = session.info.setdefault(_KEY, Collected([], []))
    if before is not None:
        found.before.append(before)
    if after is not None:
        found.after.append(after)


def _stored(target: Any) -> Value:
    def value(name: str) -> Any:
        added, unchanged, deleted = get_history(target, name)
        return [*(deleted or ()), *(unchanged or ()), *(added or ())][0]

    return value
