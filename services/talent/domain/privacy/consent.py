"""The consent ledger (同意台账): what a person allowed, on what basis, and when that ended. It only grows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from services.kernel.text import Text
from services.talent.domain.people.person import Purpose


class ConsentKind(StrEnum):
    """What an entry does."""

    GIVEN = "GIVEN"
    WITHDRAWN = "WITHDRAWN"
    ANNULLED = "ANNULLED"

    @property
    def label(self) -> Text:
        """As the screens show it."""
        return _KINDS[self]


class Basis(StrEnum):
    """On what the use rests (个人信息保护法 13)."""

    CONSENT = "CONSENT"
    STATUTORY_DUTY = "STATUTORY_DUTY"

    @property
    def label(self) -> Text:
        """As the screens show it."""
        return _BASES[self]


_KINDS = {
    ConsentKind.GIVEN: Text("同意", "given"),
    ConsentKind.WITHDRAWN: Text("撤回", "withdrawn"),
    ConsentKind.ANNULLED: Text("作废", "annulled"),
}
_BASES = {
    Basis.CONSENT: Text("本人同意", "consent"),
    Basis.STATUTORY_DUTY: Text("履行法定职责", "statutory duty"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One entry before it is recorded. `effective_at` is when it was said, which may lie before the entry;
    `annuls` is the number of an entry that was entered by mistake or belongs to a batch that was undone.
    """

    record_id: str
    kind: ConsentKind
    purposes: frozenset[Purpose]
    effective_at: datetime
    basis: Basis = Basis.CONSENT
    document: str = ""
    batch: str | None = None
    annuls: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded entry; numbers grow in the order of recording."""

    number: int
    consent: Consent
    entered_by: str
    recorded_at: datetime


def purposes_of(
    entries: Iterable[Entry],
    records: Iterable[str],
    joined: Mapping[tuple[str, str], datetime] = MappingProxyType({}),
) -> frozenset[Purpose]:
    """What the person of these records allows now.

    Entries count in the order in which they were said: an old form that arrives late does not bring back what
    was withdrawn after it. Of the entries of several records that were merged into one, the strictest counts:
    a purpose stands only if every record allows it. What was recorded after two records were `joined` counts
    for both: that is how a stricter record is reviewed.
    """
    counting = sorted(_standing(entries), key=lambda each: (each.consent.effective_at, each.number))
    allowed = [_allowed_by(record, counting, joined) for record in records]
    return frozenset.intersection(*allowed) if allowed else frozenset()


def _standing(entries: Iterable[Entry]) -> list[Entry]:
    """Those that were not annulled."""
    listed = list(entries)
    annulled = {entry.consent.annuls for entry in listed if entry.consent.kind is ConsentKind.ANNULLED}
    return [entry for entry in listed if entry.number not in annulled]


def _allowed_by(
    record: str, entries: Iterable[Entry], joined: Mapping[tuple[str, str], datetime]
) -> frozenset[Purpose]:
    """What one record allows by its own entries, and by those recorded of the person since they were joined."""
    allowed: frozenset[Purpose] = frozenset()
    for entry in entries:
        consent = entry.consent
        since = joined.get((record, consent.record_id))
        if consent.record_id != record and (since is None or entry.recorded_at <= since):
            continue
        if consent.kind is ConsentKind.GIVEN:
            allowed |= consent.purposes
        elif consent.kind is ConsentKind.WITHDRAWN:
            allowed -= consent.purposes
    return allowed


def withdrawn_by_another(
    entries: Iterable[Entry],
    records: Iterable[str],
    account: str,
    joined: Mapping[tuple[str, str], datetime] = MappingProxyType({}),
) -> bool:
    """Whether nothing is allowed by what was entered, even without the withdrawals that `account` entered itself,
    because somebody else took a withdrawal down: of everything, or of what would be allowed without any.
    """
    others = [
        entry
        for entry in entries
        if entry.consent.kind is not ConsentKind.WITHDRAWN or entry.entered_by != account
    ]
    withdrawn = [entry for entry in _standing(others) if entry.consent.kind is ConsentKind.WITHDRAWN]
    if not withdrawn or purposes_of(others, records, joined):
        return False
    given = [entry for entry in others if entry.consent.kind is not ConsentKind.WITHDRAWN]
    whole = any(entry.consent.purposes >= frozenset(Purpose) for entry in withdrawn)
    return whole or bool(purposes_of(given, records, joined))
