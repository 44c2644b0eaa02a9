"""What a new day brings to single records: each has its turn, whatever becomes of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.chassis.process.background import each_by_itself
from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import Database
from services.kernel.errors import Unavailable


@dataclass(frozen=True)
class AtTurn:
    """`due`: the ids of the records that `turn` changes on that day or has not changed yet, in transactions of their
    own; safe to repeat.
    """

    due: Callable[[Session, date], Sequence[str]]
    turn: Callable[[Session, Sequence[str]], object]

    def follow(self, database: Database, day: date) -> int:
        """Turn all that is due; how many that were. Where a portion cannot be, its records are, one by one.

        Raises, once all have had their turn, what was raised first; and at once Unavailable.
        """
        with database.read() as session:
            ids = list(self.due(session, day))

        def portion(part: Sequence[str]) -> int:
            try:
                return self._turned(database, part)
            except Unavailable:
                raise
            except Exception:  # whatever it is of, the others have their turn
                if len(part) == 1:
                    raise
            return each_by_itself(lambda each: self._turned(database, [each]), part)

        return each_by_itself(portion, chunks(ids))

    def _turned(self, database: Database, ids: Sequence[str]) -> int:
        with database.write() as session:
            self.turn(session, ids)
        return len(ids)
