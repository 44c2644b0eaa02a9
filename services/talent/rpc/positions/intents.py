"""Acts on people as requests name them: who means what, and whose officers judge it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import act_approval_service_pb2 as wire
from services.chassis import policy
from services.chassis.imports.batches import Batches
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.people.person import Person
from services.talent.domain.privacy.four_eyes import Act, Intent
from services.talent.domain.privacy.wordless import without_people
from services.talent.rpc.wire import id_of
from services.talent.service.people.people import People
from services.talent.service.privacy.approving import Approving

APPROVERS = ("talent_officer", "supervisor")
FIELDS = {"people": "max_people"}
"""What a field of the domain is called in requests."""
_OF_EXPORTS = ("sheet", "purpose", "filter", "max_people")
_FIELDS_OF = {Act.EXPORT: _OF_EXPORTS, Act.ERASE: ("person",), Act.UNDO: ("batch",)}
_SAID = {
    Act.EXPORT: Text("导出", "an export"),
    Act.ERASE: Text("彻底删除", "an erasure"),
    Act.UNDO: Text("撤销导入", "an undo"),
}


@dataclass(frozen=True, slots=True)
class Meant:
    """An act with the city whose officers judge it (empty: those of the province) and the reason as it may be kept."""

    intent: Intent
    city: str
    reason: str


@dataclass(frozen=True)
class Intents:
    """Reads requests that have the fields of ApproveActRequest."""

    people: People
    approving: Approving
    batches: Batches

    def read(self, session: Session, request: Any, account: str, creator: str | None) -> Meant:
        """What `request` means, done by `account`. `creator`: whose imports alone the caller may see, unless None.

        Raises InvalidArgument, NotFound, FailedPrecondition (NOT_NEEDED) for what the account may do by itself.
        """
        act = Act(wire.PersonAct.Name(request.act).removeprefix("PERSON_ACT_"))
        for other, fields in _FIELDS_OF.items():
            for field in fields if other is not act else ():
                if getattr(request, field):
                    raise _misplaced(field, _SAID[other])
        readers: dict[Act, Callable[[], Meant]] = {
            Act.EXPORT: lambda: self._export(request, account),
            Act.ERASE: lambda: self._erasure(session, request, account),
            Act.UNDO: lambda: self._undo(session, request, account, creator),
        }
        return readers[act]()

    def kept(self, session: Session, intent: Intent, reason: str) -> str:
        """A reason as it may be kept: of an erasure without what tells who the person is."""
        return _unnamed(reason, self.people.get(session, intent.person)) if intent.person else reason

    def _export(self, request: Any, account: str) -> Meant:
        if request.purpose and request.purpose not in policy.PURPOSES:
            known = ", ".join(sorted(policy.PURPOSES))
            raise InvalidArgument.field(
                "purpose",
                "UNKNOWN_PURPOSE",
                f"未知的使用目的，可选：{known}",
                f"unknown purpose; one of: {known}",
            )
        intent = Intent(
            account=account,
            act=Act.EXPORT,
            sheet=request.sheet,
            purpose=request.purpose,
            filter=request.filter.strip(),
            people=request.max_people,
        )
        return Meant(intent, "", request.reason)

    def _erasure(self, session: Session, request: Any, account: str) -> Meant:
        person = self.people.get(session, id_of(request.person, "persons", field="person"))
        if self.approving.may_erase_alone(session, person, account):
            raise _not_needed(
                f"本人撤回已由他人登记，{account} 删除无需复核",
                f"the withdrawal was taken down by somebody else; an erasure by {account} needs no approval",
            )
        intent = Intent(account=account, act=Act.ERASE, person=person.id)
        return Meant(intent, person.city, _unnamed(request.reason, person))

    def _undo(self, session: Session, request: Any, account: str, creator: str | None) -> Meant:
        batch = self.batches.get(session, id_of(request.batch, "imports", field="batch"), creator)
        batch.require_undoable()
        if self.approving.may_undo_alone(session, batch, account):
            raise _not_needed(
                f"{account} 撤销这次导入无需复核", f"{account} undoes this import without an approval"
            )
        return Meant(Intent(account=account, act=Act.UNDO, batch=batch.id), "", request.reason)


def told(intent: Intent) -> dict[str, Any]:
    """The fields of an act, as messages have them."""
    return {
        "account": intent.account,
        "act": f"PERSON_ACT_{intent.act}",
        "sheet": intent.sheet,
        "purpose": intent.purpose,
        "filter": intent.filter,
        "max_people": intent.people,
        "person": f"persons/{intent.person}" if intent.person else "",
        "batch": f"imports/{intent.batch}" if intent.batch else "",
    }


def _unnamed(reason: str, person: Person) -> str:
    return without_people(reason, (person.name, *(each.text for each in person.other_names)))


def _not_needed(zh: str, en: str) -> FailedPrecondition:
    return FailedPrecondition(Text(zh, en), reason="NOT_NEEDED")


def _misplaced(field: str, of: Text) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "MISPLACED",
        f"只在复核{of.zh}时填写，请留空",
        f"is for the approval of {of.en} alone; leave it empty",
    )
