"""DossierService: duty dossiers, their export, and determinations of the competent authority."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import dossier_pb2, dossier_service_pb2_grpc
from bole.funding.v1 import dossier_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.policy import Level
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import date_from_wire, date_to_wire, instant_to_wire, text_to_wire
from services.funding.domain.deal.document import Document
from services.funding.domain.deal.erasure import Erasure
from services.funding.domain.dossier.facts import Determination, Item, Verdict
from services.funding.domain.fund.fund import Fund
from services.funding.rpc.changing import changed
from services.funding.rpc.deals.acting import open_to_act
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of, number_of
from services.funding.service.dossier.assembling import dossier_of
from services.funding.service.dossier.bundle import bundle
from services.funding.service.dossier.determining import Determining

_PIECE = 512 * 1024


@dataclass(frozen=True)
class DossierRoom(dossier_service_pb2_grpc.DossierServiceServicer):
    """The servicer."""

    house: House
    determining: Determining

    def GetDutyDossier(self, request: wire.GetDutyDossierRequest, context: Any) -> dossier_pb2.DutyDossier:
        """The dossier as of now."""
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, id_of(request.name, "dutyDossiers"))
            found = dossier_of(session, deal, self.house.clock.now())
        return dossier_pb2.DutyDossier(
            name=request.name,
            deal=f"deals/{deal.id}",
            items=[_item(each) for each in found.items],
            dissents=[
                dossier_pb2.Dissent(vote=vote, member=member, text=text)
                for vote, member, text in found.dissents
            ],
            determinations=[_determination(each) for each in found.determinations],
            trail_count=found.head.sequence,
            trail_head=found.head.hash.hex(),
            trail_intact=found.broken is None,
            as_of_time=instant_to_wire(found.facts.as_of),
            erasures=[_erasure(*each) for each in found.erased],
        )

    async def ExportDutyDossier(
        self, request: wire.ExportDutyDossierRequest, context: Any
    ) -> AsyncIterator[wire.ExportDutyDossierResponse]:
        """The bundle, made whole and audited, then sent piece by piece."""
        data = await asyncio.to_thread(self._bundle, request, current_call())
        for start in range(0, len(data), _PIECE):
            yield wire.ExportDutyDossierResponse(data=data[start : start + _PIECE])

    def CreateDetermination(
        self, request: wire.CreateDeterminationRequest, context: Any
    ) -> dossier_pb2.Determination:
        """Enter what the competent authority determined."""
        call, given = current_call(), request.determination

        def act(session: Session) -> dossier_pb2.Determination:
            deal = open_to_act(session, call, id_of(request.parent, "dutyDossiers", field="parent"))
            outcome = dossier_pb2.Determination.Outcome.Name(given.outcome).removeprefix("OUTCOME_")
            made = self.determining.enter(
                session,
                deal,
                Verdict[outcome],
                organ=given.organ,
                document_number=given.document_number,
                document_date=date_from_wire(given.document_date),
                text=given.text,
                actor=call.principal.subject,
            )
            return _determination(made)

        return changed(self.house, "determine", request, dossier_pb2.Determination, act)

    def EraseDealWords(
        self, request: wire.EraseDealWordsRequest, context: Any
    ) -> wire.EraseDealWordsResponse:
        """Erase words about people; the trail keeps its commitment."""
        call = current_call()

        def act(session: Session) -> wire.EraseDealWordsResponse:
            of = "notes" if "/notes/" in request.name else "interests"
            deal_id, number = number_of(request.name, of)
            deal = open_to_act(session, call, deal_id)
            gone = self.determining.erase_words(
                session, deal, of, number, reason=request.reason, actor=call.principal.subject
            )
            return wire.EraseDealWordsResponse(commitment=gone)

        return changed(self.house, "erase-words", request, wire.EraseDealWordsResponse, act)

    def _bundle(self, request: wire.ExportDutyDossierRequest, call: Call) -> bytes:
        with self.house.database.read() as session:
            deal = Sight.of(call).open(session, id_of(request.name, "dutyDossiers"))
            city = session.get_one(Fund, deal.fund_id).city
            words = call.clearance.level(city) >= Level.PERSONAL
            found = dossier_of(session, deal, self.house.clock.now())
            data, seal = bundle(session, found, call.principal.subject, with_words=words)
        detail: dict[str, object] = {
            "seal": seal,
            "head": found.head.hash.hex(),
            "entries": found.head.sequence,
            "words": words,
        }
        with self.house.database.write() as session:
            self.house.audit.append(session, entry_of(call, "export-dossier", request.name, "done", detail))
        return data


def _item(item: Item) -> dossier_pb2.DossierItem:
    return dossier_pb2.DossierItem(
        test=f"TEST_{item.test.name}",
        code=item.code,
        title=text_to_wire(item.title),
        standing=f"STANDING_{item.finding.name}",
        text=text_to_wire(item.text),
        evidence_time=instant_to_wire(item.evidence_at) if item.evidence_at else None,
        decision_time=instant_to_wire(item.decided_at) if item.decided_at else None,
        evidence=item.evidence,
    )


def _erasure(document: Document, erasure: Erasure) -> dossier_pb2.DealDocumentErasure:
    return dossier_pb2.DealDocumentErasure(
        document=f"deals/{document.deal_id}/documents/{document.number}",
        sha256=document.sha256,
        reason=erasure.reason,
        requester=erasure.requester,
        eraser=erasure.eraser,
        erase_time=instant_to_wire(erasure.erased_at) if erasure.erased_at else None,
    )


def _determination(made: Determination) -> dossier_pb2.Determination:
    return dossier_pb2.Determination(
        name=f"dutyDossiers/{made.deal_id}/determinations/{made.number}",
        number=made.number,
        outcome=f"OUTCOME_{made.verdict.name}",
        organ=made.organ,
        document_number=made.document_number,
        document_date=date_to_wire(made.document_date),
        text=made.text,
        actor=made.actor,
        create_time=instant_to_wire(made.at),
        trail_head=made.trail_head,
    )
