"""DuplicateService: one person, one record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.talent.v1 import duplicate_pb2, duplicate_service_pb2_grpc, person_pb2
from bole.talent.v1 import duplicate_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.policy import require_city
from services.chassis.request_log import only_validated
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, text_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import NotFound, PermissionDenied
from services.kernel.text import Text
from services.talent.domain.identity.judgement import Judgement
from services.talent.domain.people.person import Person
from services.talent.rpc.people.duplicate_checking import stated_traits
from services.talent.rpc.people.duplicate_wire import (
    COLLECTION,
    JUDGEMENTS,
    candidate_to_wire,
    judgement_to_wire,
    suggestion_to_wire,
    verdict_from_wire,
)
from services.talent.rpc.people.persons import KEEPERS, PersonDesk
from services.talent.rpc.wire import id_of
from services.talent.service.people.duplicates.crowds import Crowds
from services.talent.service.people.duplicates.judging import Judging, already_merged, check_reason
from services.talent.service.people.duplicates.linking import Linking
from services.talent.service.people.duplicates.merging import Merging
from services.talent.service.people.duplicates.visibility import Keeper
from services.talent.store import repository
from services.talent.store.people import duplicate_lists
from services.talent.store.people.duplicates import Suggestion

READERS = (*KEEPERS, "auditor")
_MOST_CANDIDATES = 20
_DEFAULT_LINKED = 100
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class DuplicateRoom(duplicate_service_pb2_grpc.DuplicateServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    desk: PersonDesk
    judging: Judging
    merging: Merging
    linking: Linking
    crowds: Crowds
    digest_key: bytes

    def CheckDuplicates(
        self, request: wire.CheckDuplicatesRequest, context: Any
    ) -> wire.CheckDuplicatesResponse:
        """What a person about to be entered resembles."""
        call = current_call()
        keeper = _keeper(call, KEEPERS)
        if not keeper.may_compare():
            raise _purpose_needed()
        given = stated_traits(request, self.digest_key, self.house.clock.now())
        finding = self.merging.finding
        with self.house.database.read() as session:
            found = finding.resembling(session, [given], keeper)[0][:_MOST_CANDIDATES]
            persons = self._persons(session, call, [each.person_id for each in found])
        return wire.CheckDuplicatesResponse(
            candidates=[candidate_to_wire(each, persons[each.person_id]) for each in found],
            method_note=text_to_wire(finding.method.note),
            method_version=finding.method.version,
        )

    def ListDuplicateSuggestions(
        self, request: wire.ListDuplicateSuggestionsRequest, context: Any
    ) -> wire.ListDuplicateSuggestionsResponse:
        """Pairs that wait for a decision."""
        call = current_call()
        query = Query(request.filter, "", request.page_size, request.page_token)
        keeper = _keeper(call, READERS)
        restrictions = (keeper.pairs(), duplicate_lists.undecided())
        with self.house.database.read() as session:
            page = duplicate_lists.suggestions(self.catalogue).page(
                session, Suggestion, query, self.house.pages, call.principal.subject, *restrictions
            )
            shown = self._side_by_side(session, call, page.items)
            crowded = self.crowds.people(session, keeper.cities)
        return wire.ListDuplicateSuggestionsResponse(
            suggestions=shown,
            next_page_token=page.next_page_token,
            total_size=page.total,
            crowded_count=crowded,
            oldest_compared=self.crowds.oldest,
        )

    def GetDuplicateSuggestion(
        self, request: wire.GetDuplicateSuggestionRequest, context: Any
    ) -> duplicate_pb2.DuplicateSuggestion:
        """One pair side by side."""
        call = current_call()
        with self.house.database.read() as session:
            found = session.get(Suggestion, id_of(request.name, COLLECTION))
            persons = (
                [] if found is None else [self._person(session, id_) for id_ in (found.left, found.right)]
            )
            if found is None or not _keeper(call, READERS).keeps(*persons):
                raise NotFound.resource(request.name)
            return self._side_by_side(session, call, [found])[0]

    def JudgeDuplicate(
        self, request: wire.JudgeDuplicateRequest, context: Any
    ) -> duplicate_pb2.DuplicateJudgement:
        """Decide that two records are of two people, or that it cannot be told."""
        call = current_call()
        verdict, reason = verdict_from_wire(request.verdict), check_reason(request.reason)

        def act(session: Session) -> duplicate_pb2.DuplicateJudgement:
            pair = self._pair(session, call, request.left, request.right)
            made = self.judging.judge(session, pair, verdict, reason, call.principal.subject)
            self._audit(session, call, f"judge {verdict.value.lower()}", made)
            return judgement_to_wire(made)

        return self._once(call, request, duplicate_pb2.DuplicateJudgement, act)

    def ListDuplicateJudgements(
        self, request: wire.ListDuplicateJudgementsRequest, context: Any
    ) -> wire.ListDuplicateJudgementsResponse:
        """Decisions."""
        call = current_call()
        query = Query(request.filter, "", request.page_size, request.page_token)
        kept = _keeper(call, READERS).judgements()
        with self.house.database.read() as session:
            page = duplicate_lists.judgements().page(
                session, Judgement, query, self.house.pages, call.principal.subject, kept
            )
        return wire.ListDuplicateJudgementsResponse(
            judgements=[judgement_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def WithdrawDuplicateJudgement(
        self, request: wire.WithdrawDuplicateJudgementRequest, context: Any
    ) -> duplicate_pb2.DuplicateJudgement:
        """Take a decision back."""
        call = current_call()

        def act(session: Session) -> duplicate_pb2.DuplicateJudgement:
            judgement, _ = self._judgement(session, call, request.name)
            self.judging.take_back(session, judgement, call.principal.subject)
            self._audit(session, call, "take back", judgement)
            return judgement_to_wire(judgement)

        return self._once(call, request, duplicate_pb2.DuplicateJudgement, act)

    def MergePersons(self, request: wire.MergePersonsRequest, context: Any) -> wire.MergePersonsResponse:
        """Merge two people into one record."""
        call = current_call()
        reason = check_reason(request.reason)

        def act(session: Session) -> wire.MergePersonsResponse:
            pair = self._pair(session, call, request.left, request.right)
            if pair[0] is pair[1]:
                raise already_merged(pair[0].id)
            for each, etag, side in zip(
                pair, (request.left_etag, request.right_etag), ("left", "right"), strict=True
            ):
                check_etag(etag, each.version, f"persons/{each.id}", field=f"{side}_etag")
            merged, judgement = self.merging.merge(session, pair, reason, call.principal.subject)
            self._audit(session, call, "merge", judgement)
            person = person_pb2.Person(name=f"persons/{merged.id}")
            return wire.MergePersonsResponse(person=person, judgement=judgement_to_wire(judgement))

        return self._once(call, request, wire.MergePersonsResponse, act, lambda answer: [answer.person])

    def UnmergePersons(
        self, request: wire.UnmergePersonsRequest, context: Any
    ) -> wire.UnmergePersonsResponse:
        """Undo one merge."""
        call = current_call()

        def act(session: Session) -> wire.UnmergePersonsResponse:
            judgement, person = self._judgement(session, call, request.judgement, field="judgement")
            check_etag(request.etag, person.version, f"persons/{person.id}")
            parted = self.merging.unmerge(session, judgement, person, call.principal.subject)
            self._audit(session, call, "unmerge", judgement)
            return wire.UnmergePersonsResponse(
                persons=[person_pb2.Person(name=f"persons/{each.id}") for each in parted]
            )

        return self._once(call, request, wire.UnmergePersonsResponse, act, lambda answer: answer.persons)

    def LinkDuplicates(
        self, request: wire.LinkDuplicatesRequest, context: Any
    ) -> wire.LinkDuplicatesResponse:
        """Merge the pairs that are safe to link."""
        call = current_call()

        def act(session: Session) -> wire.LinkDuplicatesResponse:
            keeper, limit = _keeper(call, KEEPERS), request.limit or _DEFAULT_LINKED
            done = self.linking.run(session, keeper, limit, call.principal.subject)
            detail: dict[str, object] = {"linked": done.linked, "refused": done.refused}
            self.house.audit.append(session, entry_of(call, "link", COLLECTION, "done", detail))
            return wire.LinkDuplicatesResponse(linked_count=done.linked, refused_count=done.refused)

        return self._once(call, request, wire.LinkDuplicatesResponse, act)

    def _once(
        self,
        call: Call,
        request: Any,
        answer: type[M],
        act: Callable[[Session], M],
        people: Callable[[M], Sequence[person_pb2.Person]] = lambda _: (),
    ) -> M:
        """Run a change in one transaction, answered once per request id. `people`: those whom the answer names. What is
        kept of it has their names alone, which no erasure has to find: they are shown as they are by then.
        """
        rehearsed = only_validated(request)
        with self.house.database.write() as session:

            def done() -> M:
                made = act(session)
                if rehearsed:
                    self._show(session, call, people(made))
                return made

            caller = (call.principal.subject, call.method)
            kept = self.house.requests.once(session, caller, request.request_id, request, answer, done)
            if not rehearsed:
                self._show(session, call, people(kept))
        return kept

    def _show(self, session: Session, call: Call, named: Sequence[person_pb2.Person]) -> None:
        """Fill in people by their names; of somebody who is gone the name stays."""
        for each in named:
            person = repository.shown_person(session, id_of(each.name, "persons"))
            if person is not None:
                each.CopyFrom(self.desk.shown(session, call, [person])[0])

    def _pair(self, session: Session, call: Call, left: str, right: str) -> tuple[Person, Person]:
        """Two people whom the caller keeps, to be decided about. Raises NotFound, PermissionDenied, also without a
        purpose for which their records may be read.
        """
        found = [
            self.desk.people.get(session, id_of(name, "persons", field=field))
            for name, field in ((left, "left"), (right, "right"))
        ]
        for person in found:
            require_city(call.principal, KEEPERS, person.city, call.arrived)
        if not _keeper(call, KEEPERS).reads(*found):
            raise _unread()
        return found[0], found[1]

    def _judgement(
        self, session: Session, call: Call, name: str, field: str = "name"
    ) -> tuple[Judgement, Person]:
        """A judgement about people whom the caller keeps, and the person of its older record."""
        judgement = self.judging.get(session, id_of(name, JUDGEMENTS, field=field))
        persons = [self._person(session, id_) for id_ in (judgement.left, judgement.right)]
        if not _keeper(call, KEEPERS).keeps(*persons):
            raise NotFound.resource(name)
        return judgement, persons[0]

    def _person(self, session: Session, id_: str) -> Person:
        return self.desk.people.get(session, id_)

    def _persons(self, session: Session, call: Call, ids: Sequence[str]) -> dict[str, Any]:
        found = [self._person(session, id_) for id_ in ids]
        return dict(zip(ids, self.desk.shown(session, call, found), strict=True))

    def _side_by_side(
        self, session: Session, call: Call, pairs: Sequence[Suggestion]
    ) -> list[duplicate_pb2.DuplicateSuggestion]:
        ids = list(dict.fromkeys(id_ for pair in pairs for id_ in (pair.left, pair.right)))
        persons = self._persons(session, call, ids)
        return [suggestion_to_wire(pair, persons[pair.left], persons[pair.right]) for pair in pairs]

    def _audit(self, session: Session, call: Call, action: str, judgement: Judgement) -> None:
        detail: dict[str, object] = {
            "judgement": f"{JUDGEMENTS}/{judgement.id}",
            "other": f"persons/{judgement.right}",
        }
        self.house.audit.append(session, entry_of(call, action, f"persons/{judgement.left}", "done", detail))


def _keeper(call: Call, roles: Sequence[str]) -> Keeper:
    return Keeper(call.principal.cities(roles, call.arrived), call.clearance)


def _unread() -> PermissionDenied:
    return PermissionDenied(
        Text(
            "判定是不是同一个人，须先看到两条记录的姓名和证据；请声明使用目的（如 talent-service），核对后再判定",
            "whether two records are of one person is decided by who has read their names and the evidence; state a "
            "purpose, such as talent-service, compare them, and decide",
        ),
        reason="PURPOSE_NEEDED",
    )


def _purpose_needed() -> PermissionDenied:
    return PermissionDenied(
        Text(
            "查重会比对个人信息，请声明使用目的（如 talent-service）后再试",
            "to look for duplicates is to compare personal fields; state a purpose, such as talent-service",
        ),
        reason="PURPOSE_NEEDED",
    )
