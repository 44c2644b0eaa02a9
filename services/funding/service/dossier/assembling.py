"""Assembling a dossier: everything on record of a deal, the items of the three tests, and the trail checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.funding.domain.committee.vote import Choice
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Document
from services.funding.domain.deal.erasure import Erasure
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.trail import ORIGIN, Head, chained
from services.funding.domain.dossier.facts import Determination, Facts, Item, KeptRun, Poll, Said
from services.funding.domain.dossier.items import items
from services.funding.service.deals.interests import judged
from services.funding.store import erasures
from services.funding.store.deals import committees, dossiers, interests, reports, trails
from services.funding.store.deals.reports import Report, recompute


@dataclass(frozen=True)
class Dossier:
    """A dossier as of now. `broken`: the first entry of the trail that is not as written, None if all are."""

    facts: Facts
    items: Sequence[Item]
    determinations: Sequence[Determination]
    head: Head
    broken: int | None

    @property
    def dissents(self) -> list[tuple[str, str, str]]:
        """Vote, member and reason of every vote against."""
        return [
            (poll.vote.name, ballot.member, ballot.text)
            for poll in self.facts.polls
            for ballot in poll.ballots
            if ballot.choice is Choice.NO
        ]

    @property
    def erased(self) -> list[tuple[Document, Erasure]]:
        """Documents of which only the digest is left."""
        known = ((each, self.facts.erasures.get(each.number)) for each in self.facts.documents)
        return [(each, erasure) for each, erasure in known if erasure and erasure.erased_at]


def dossier_of(session: Session, deal: Deal, as_of: datetime) -> Dossier:
    """The dossier of a deal whose history is loaded."""
    parties = interests.parties(session, [deal.id]).get(deal.id, Parties())
    facts = Facts(
        deal=deal,
        documents=dossiers.documents(session, deal.id),
        decisions=committees.decisions(session, deal.id),
        polls=[
            Poll(vote, tuple(committees.ballots(session, vote)))
            for vote in committees.votes_of_deal(session, deal.id)
            if vote.tally is not None
        ],
        interests=[
            Said(each.declaration, each.standing) for each in judged(session, [deal]).get(deal.id, [])
        ],
        team=parties.team,
        as_of=as_of,
        runs=[_kept(each) for each in reversed(reports.of_deal(session, deal.id))],
        erasures=erasures.of_deal(session, deal.id),
    )
    return Dossier(
        facts,
        items(facts),
        dossiers.determinations(session, deal.id),
        trails.head(session, deal.id),
        first_broken(session, deal.id),
    )


def _kept(report: Report) -> KeptRun:
    return KeptRun(
        name=f"deals/{report.deal_id}/complianceReports/{report.number}",
        occasion=report.occasion,
        standing=report.standing.name,
        digest=report.digest,
        at=report.at,
        same=recompute(report).same,
    )


def first_broken(session: Session, deal_id: str) -> int | None:
    """The number of the first entry of a trail that does not follow from the one before; None if all do."""
    last = ORIGIN
    for expected, link in enumerate(trails.links(session, deal_id), start=1):
        last = chained(last, link.text)
        if link.sequence != expected or link.hash != last:
            return expected
    return None
