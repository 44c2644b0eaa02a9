"""The dossier of a deal that goes its way, and what the tests of dossiers ask of it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Stated
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.dossier.facts import Finding
from services.funding.service.dossier.assembling import Dossier, dossier_of
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import WAY, step, take

UNTIL_APPROVED = WAY[:7]


PAPER = b"%PDF-1.7 legal"


def advance(funding: Funding, id_: str, way: Sequence[tuple[Action, object]] = WAY) -> None:
    for action, actor in way:
        funding.clock.advance(timedelta(minutes=1))
        funding.people_do(action, id_)
        funding.clock.advance(timedelta(minutes=1))
        take(funding, id_, step(funding, action, actor))  # type: ignore[arg-type]


def deal_of(funding: Funding, session: Session, id_: str) -> Deal:
    return funding.deals.get(session, id_)


def dossier(funding: Funding, id_: str) -> Dossier:
    with funding.database.read() as session:
        return dossier_of(session, deal_of(funding, session, id_), funding.clock.now())


def found(of: Dossier) -> dict[str, Finding]:
    return {each.code: each.finding for each in of.items}


def stated(kind: EvidenceKind, content: bytes = PAPER) -> Stated:
    return Stated(
        kind=kind,
        title="材料",
        sha256="",
        size=0,
        file_name="",
        issued=date(2026, 1, 1),
        content=content,
    )
