"""Notes on deals (备注): written once, never changed; with a day, somebody is reminded of it (提醒)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.funding.domain.findings import Findings
from services.kernel.errors import AlreadyExists, FailedPrecondition
from services.kernel.text import Text

MOST_WORDS = 2000
MOST_YEARS = 10


@dataclass(frozen=True, kw_only=True)
class Note:
    """One note. `commitment` binds the words without holding them: what they say of people can be erased.

    `remind_on` None: nobody is reminded, and `reminded` is empty; else it is the account that is. `documents`: numbers
    on the register of the deal.
    """

    deal_id: str
    number: int
    commitment: str
    remind_on: date | None
    reminded: str
    documents: tuple[int, ...]
    actor: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Who settled the reminder of a note, and when."""

    deal_id: str
    number: int
    actor: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StatedFile:
    """A file that comes with a note."""

    file_name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class StatedNote:
    """What is stated of a note."""

    text: str
    remind_on: date | None = None
    reminded: str = ""
    documents: Sequence[int] = ()
    file: StatedFile | None = None


def examine_note(stated: StatedNote, known: Collection[int], today: date) -> StatedNote:
    """The note with its texts normalised and each document once. `known`: numbers on the deal's register.

    Raises InvalidArgument, all at once: REQUIRED, TOO_LONG or CONTROL_CHARACTER for its texts, DATE_IN_PAST,
    DATE_TOO_FAR, ACCOUNT_WITHOUT_DAY, UNKNOWN_DOCUMENT.
    """
    findings = Findings()
    text = findings.text("note.text", stated.text, most=MOST_WORDS, required=True)
    reminded = findings.text("note.remind_account", stated.reminded, most=128)
    _examine_day(stated.remind_on, today, findings)
    if reminded and stated.remind_on is None:
        findings.add(
            "note.remind_account",
            "ACCOUNT_WITHOUT_DAY",
            "填写了提醒对象，还须填写提醒日期",
            "somebody is to be reminded; say on which day",
        )
    for at, number in enumerate(stated.documents):
        if number not in known:
            findings.add(
                f"note.documents[{at}]",
                "UNKNOWN_DOCUMENT",
                f"该项目没有第 {number} 号材料",
                f"the deal has no document {number}",
            )
    findings.finish()
    return StatedNote(
        text=text,
        remind_on=stated.remind_on,
        reminded=reminded,
        documents=tuple(dict.fromkeys(stated.documents)),
        file=stated.file,
    )


def settle(note: Note, known: Settled | None, *, actor: str, at: datetime) -> Settled:
    """The reminder as it is settled. Raises FailedPrecondition (NO_REMINDER), AlreadyExists (SETTLED)."""
    if note.remind_on is None:
        raise FailedPrecondition(Text("这条备注没有提醒", "this note reminds nobody"), reason="NO_REMINDER")
    if known is not None:
        raise AlreadyExists(
            Text(f"该提醒已由 {known.actor} 办结", f"the reminder was settled by {known.actor}"),
            reason="SETTLED",
        )
    return Settled(deal_id=note.deal_id, number=note.number, actor=actor, at=at)


def _examine_day(day: date | None, today: date, findings: Findings) -> None:
    if day is None:
        return
    if day < today:
        findings.add(
            "note.remind_date",
            "DATE_IN_PAST",
            f"提醒日期 {day} 早于今天 {today}",
            f"the day {day} is before today, {today}",
        )
    if (day.year - MOST_YEARS, day.month, day.day) > (today.year, today.month, today.day):
        findings.add(
            "note.remind_date",
            "DATE_TOO_FAR",
            f"提醒日期 {day} 在 {MOST_YEARS} 年以后",
            f"the day {day} is more than {MOST_YEARS} years away",
        )
