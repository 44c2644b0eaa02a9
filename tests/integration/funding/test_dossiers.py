"""What can be shown years later: the dossier and its bundle; approvals that lapse, deals taken up again."""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bole.events.v1 import deal_event_pb2
from services.funding.domain.committee.committee import Seat, Tier
from services.funding.domain.committee.vote import Purpose
from services.funding.domain.deal.actions import Action, DeclineCode
from services.funding.domain.deal.deal import Deal, replay
from services.funding.domain.deal.document import Stated
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.states import DealState
from services.funding.domain.dossier.facts import Finding, Verdict
from services.funding.domain.firm_people import FirmPerson, Part
from services.funding.domain.interest import InterestKind, Standing
from services.funding.service.committees import Committees
from services.funding.service.documents import Documents, as_registered, is_late
from services.funding.service.dossier import verifier
from services.funding.service.dossier.assembling import Dossier, dossier_of, first_broken
from services.funding.service.dossier.bundle import bundle
from services.funding.service.dossier.determining import Determining
from services.funding.service.dossier.recomputing import main as recomputing
from services.funding.service.dossier.recomputing import recompute_runs
from services.funding.service.erasing import Erasing
from services.funding.service.interests import Interests, standings
from services.funding.service.lapsing import Lapser
from services.funding.store import committees, dossiers, reports, trails
from services.funding.store.identity import save_people
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound, PermissionDenied
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import SECRETARY, WAY, fund_of, leads, step, take

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


def test_the_dossier_of_a_failed_project_can_be_printed_and_verified_offline(
    funding: Funding, workbook: bytes, tmp_path: Path
) -> None:
    """项目失败了，把尽职免责材料打出来."""
    funding.load(workbook)
    [id_] = leads(funding, 1)
    advance(funding, id_)
    whole = dossier(funding, id_)
    assert set(found(whole).values()) <= {Finding.SATISFIED, Finding.NOT_APPLICABLE}
    assert whole.broken is None
    register = Documents(funding.deals.trail, funding.clock)
    determining = Determining(funding.deals.trail, funding.clock)
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        first = register.register(session, deal, stated(EvidenceKind.DISCIPLINE_STATEMENT), "auditor")
        again = register.register(session, deal, stated(EvidenceKind.DD_LEGAL), "auditor")
        assert (first.duplicate_of, again.duplicate_of) == (0, 1)
        assert is_late(deal, again)
        assert not is_late(deal, first)
        with pytest.raises(PermissionDenied):
            register.verify(session, deal, 1, "auditor")
        register.verify(session, deal, 1, "manager")
        with pytest.raises(AlreadyExists):
            register.verify(session, deal, 1, "lawyer")
        head = trails.head(session, id_).hash.hex()
        made = determining.enter(
            session,
            deal,
            Verdict.EXEMPT,
            organ="省纪委监委驻厅纪检组",
            document_number="苏纪〔2026〕1号",
            document_date=date(2026, 6, 30),
            text="",
            actor="auditor",
        )
        assert made.trail_head == head
    with funding.database.read() as session:
        deal = deal_of(funding, session, id_)
        now = dossier_of(session, deal, funding.clock.now())
        packed, seal = bundle(session, now, "auditor", with_words=True)
        assert found(now)["DISCIPLINE_STATEMENT"] is Finding.SATISFIED
    manifest = verifier.verify(packed, seal, head)
    assert manifest["trail_count"] == now.head.sequence
    assert f"documents/{hashlib.sha256(PAPER).hexdigest()}" in manifest["files"]
    [compliance] = [each for each in now.items if each.code == "COMPLIANCE"]
    [run] = compliance.evidence
    with funding.database.read() as session:
        kept = reports.one(session, id_, int(run.rpartition("/")[2]))
    assert kept is not None
    assert (kept.occasion, kept.digest in compliance.text.en) == ("APPROVE", True)
    file = tmp_path / "dossier.zip"
    file.write_bytes(packed)
    recomputed = recompute_runs(file)
    assert recomputed[f"compliance/{kept.number}.json"].digest == kept.digest
    assert all(each.same for each in recomputed.values())
    assert recomputing([str(file)]) == 0
    with zipfile.ZipFile(file) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    name = f"compliance/{kept.number}.json"
    forged = files[name].replace(b"PASS", b"FAIL", 1)
    file.write_bytes(verifier.pack({**files, name: forged}))
    assert recomputing([str(file)]) == 1
    with pytest.raises(verifier.Broken):
        verifier.verify(file.read_bytes())
    assert recomputing([str(tmp_path / "none.zip")]) == 2


def test_an_erased_content_is_gone_unless_another_deal_keeps_it(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    ids, digest = leads(funding, 2), hashlib.sha256(PAPER).hexdigest()
    register = Documents(funding.deals.trail, funding.clock)
    erasing = Erasing(funding.deals.trail, funding.clock)

    def kept() -> bool:
        with funding.database.read() as session:
            return dossiers.content_of(session, digest) is not None

    with funding.database.write() as session:
        for id_ in ids:
            for _ in range(2):
                register.register(
                    session, deal_of(funding, session, id_), stated(EvidenceKind.DD_LEGAL), "li"
                )
    for id_, still in zip(ids, (True, False), strict=True):
        with funding.database.write() as session:
            deal = deal_of(funding, session, id_)
            erasing.ask(session, deal, 2, "本人要求", "wang")
            erasing.carry_out(session, deal, 2, "zhao")
        assert kept() is still
        now = dossier(funding, id_)
        assert [(each.number, erasure.requester) for each, erasure in now.erased] == [
            (1, "wang"),
            (2, "wang"),
        ]
        assert now.broken is None
        with funding.database.read() as session:
            packed, seal = bundle(session, now, "auditor", with_words=True)
        assert f"documents/{digest}" not in verifier.verify(packed, seal)["files"]
    with funding.database.write() as session:
        deal = deal_of(funding, session, ids[0])
        by_digest = replace(stated(EvidenceKind.DD_LEGAL, b""), sha256=digest, size=5, file_name="a.pdf")
        assert not register.register(session, deal, by_digest, "li").stored
        assert register.register(session, deal, stated(EvidenceKind.DD_LEGAL), "li").stored
    assert kept()


def test_what_came_late_or_was_never_there_is_shown_as_it_is(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    with funding.database.write() as session:
        row = session.execute(text("SELECT id FROM deal WHERE state = 'IC_INTERNAL'")).first()
        assert row
        deal = deal_of(funding, session, row.id)
        funding.vote(session, deal, Tier.INTERNAL, yes=1)
    shown = found(dossier(funding, row.id))
    assert shown["LEGAL_PATH"] is Finding.MISSING
    assert shown["DD_LEGAL"] is Finding.MISSING
    assert shown["INTERNAL_VOTE"] is Finding.MISSING
    assert shown["INTERESTS_DECLARED"] is Finding.SATISFIED
    register = Documents(funding.deals.trail, funding.clock)
    [id_] = leads(funding, 1)
    advance(funding, id_, WAY[:4])
    funding.clock.advance(timedelta(minutes=1))
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        register.register(session, deal, stated(EvidenceKind.DD_LEGAL, b"%PDF registered"), "analyst")
        wanted = step(funding, Action.SUBMIT_TO_COMMITTEE, SECRETARY).evidence
        earlier = [
            type(each)(
                each.kind, each.title, hashlib.sha256(b"%PDF registered").hexdigest(), each.received_at
            )
            for each in wanted[:1]
        ]
        [corrected] = as_registered(session, deal, earlier)
        assert corrected.received_at == funding.clock.now()
        with pytest.raises(FailedPrecondition, match="decided on this deal"):
            Determining(funding.deals.trail, funding.clock).enter(
                session,
                deal,
                Verdict.EXEMPT,
                organ="机关",
                document_number="1",
                document_date=date(2026, 1, 1),
                text="",
                actor="auditor",
            )


def test_words_about_people_are_erased_and_the_chain_stays_whole(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    [id_] = leads(funding, 1)
    people = Interests(funding.deals.trail, funding.clock, funding.deals.ids)
    determining = Determining(funding.deals.trail, funding.clock)
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        people.declare(session, deal, "li", [InterestKind.KINSHIP], "其兄为董事")
        [commitment] = trails.private_texts(session, id_)
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        assert determining.erase_words(session, deal, 1, "本人要求", "auditor") == commitment
        with pytest.raises(NotFound):
            determining.erase_words(session, deal, 1, "本人要求", "auditor")
    with funding.database.read() as session:
        deal = deal_of(funding, session, id_)
        assert first_broken(session, id_) is None
        now = dossier_of(session, deal, funding.clock.now())
        packed, seal = bundle(session, now, "auditor", with_words=True)
        assert "其兄为董事".encode() not in packed
        assert any(commitment in link.text for link in trails.links(session, id_))
    verifier.verify(packed, seal)


def test_an_entry_cannot_be_changed_and_a_forged_one_is_found(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    [id_] = leads(funding, 1)
    advance(funding, id_, WAY[:2])
    for statement in ("DELETE FROM trail", "UPDATE trail SET actor = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), funding.database.write() as session:
            session.execute(text(statement))
    with funding.database.write() as session:
        last = trails.head(session, id_)
        forged = {"deal_id": id_, "sequence": last.sequence + 1, "kind": "X", "actor": "x"}
        session.execute(
            text(
                "INSERT INTO trail (deal_id, sequence, kind, actor, at, text, hash) "
                "VALUES (:deal_id, :sequence, :kind, :actor, CURRENT_TIMESTAMP, '{}', :hash)"
            ),
            {**forged, "hash": bytes(32)},
        )
    assert dossier(funding, id_).broken == last.sequence + 1


def test_an_approval_lapses_by_itself_and_its_capital_is_free_again(
    funding: Funding, workbook: bytes
) -> None:
    funding.load(workbook)
    ids = leads(funding, 2)
    for id_ in ids:
        advance(funding, id_, UNTIL_APPROVED)
    held = fund_of(funding, ids[0]).headroom_fen
    lapser = Lapser(funding.database, funding.deals, funding.clock)
    funding.clock.advance(timedelta(days=180))
    assert lapser.lapse_due() == 0
    funding.clock.advance(timedelta(days=1))
    take(funding, ids[1], step(funding, Action.HOLD, WAY[0][1], review_on=date(2027, 2, 1)))
    assert lapser.lapse_due() >= 2
    assert lapser.lapse_due() == 0
    with funding.database.read() as session:
        for id_ in ids:
            deal = deal_of(funding, session, id_)
            assert (deal.state, deal.transitions[-1].actor) == (DealState.LAPSED, "system")
    ticket = deal.terms.ask_fen
    assert fund_of(funding, ids[0]).headroom_fen >= held + 2 * ticket


def test_a_declined_deal_is_taken_up_again_as_a_new_one(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    [id_] = leads(funding, 1)
    with funding.database.write() as session:
        with pytest.raises(FailedPrecondition) as caught:
            funding.deals.reopen(session, deal_of(funding, session, id_), "条件变化", "manager")
        assert caught.value.reason == "NOT_ENDED"
    take(funding, id_, step(funding, Action.DECLINE, WAY[0][1], decline_codes=(DeclineCode.TEAM,)))
    with funding.database.write() as session:
        old = deal_of(funding, session, id_)
        version = old.version
        new = funding.deals.reopen(session, old, "团队补强", "manager")
        assert (new.state, new.reopened_from, new.terms) == (DealState.LEAD, id_, old.terms)
        assert (old.state, old.version) == (DealState.DECLINED, version)
        with pytest.raises(AlreadyExists):
            funding.deals.reopen(session, old, "再来", "manager")


def test_votes_are_counted_once_and_decisions_supersede(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    [id_] = leads(funding, 1)
    advance(funding, id_, UNTIL_APPROVED)
    funding.clock.advance(timedelta(minutes=1))
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        vote = funding.vote(session, deal, Tier.EXTERNAL, purpose=Purpose.CORRECTION)
        said = {"conditions": "完成专利转让", "reason": "补充条件", "actor": "secretary"}
        made = funding.deals.voting.correct(session, deal, vote, **said)
        assert (made.number, made.supersedes) == (3, 2)
        assert [each.supersedes for each in committees.decisions(session, id_)] == [0, 0, 2]


def test_every_step_leaves_one_event_in_order_and_the_head_of_the_trail_goes_with_it(
    funding: Funding, workbook: bytes
) -> None:
    funding.load(workbook)
    [id_] = leads(funding, 1)
    advance(funding, id_)
    with funding.database.read() as session:
        deal = deal_of(funding, session, id_)
        query = text(
            "SELECT payload FROM outbox WHERE aggregateid = :id AND aggregatetype = 'deal' ORDER BY position"
        )
        events = session.execute(query, {"id": id_}).all()
        known = {link.sequence: link.hash for link in trails.links(session, id_)}
    states = [deal_event_pb2.DealState.FromString(event.payload) for event in events]
    assert [each.version for each in states] == list(range(2, deal.version + 1))
    assert len(states) == len(deal.transitions) + 1  # the team was set once
    assert all(known[each.trail_sequence] == each.trail_hash for each in states)
    assert [each.trail_sequence for each in states] == sorted({each.trail_sequence for each in states})
    assert replay(deal.transitions) is deal.state


def test_interests_are_asked_about_again_when_the_firms_people_change(
    funding: Funding, workbook: bytes
) -> None:
    funding.load(workbook)
    [id_] = leads(funding, 1)
    people = Interests(funding.deals.trail, funding.clock, funding.deals.ids)

    def standing_of(member: str) -> Standing:
        with funding.database.read() as session:
            deal = deal_of(funding, session, id_)
            return standings(session, [deal])[id_][member]

    def people_are(*names: str) -> None:
        with funding.database.write() as session:
            firm_id = deal_of(funding, session, id_).firm_id
            save_people(session, firm_id, [FirmPerson(Part.SHAREHOLDER, name, 1) for name in names])

    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        seats = [Seat(member="li", name="李明"), *(Seat(member=each) for each in ("wang", "zhao"))]
        Committees(funding.clock, funding.deals.ids).set_up(session, deal.fund_id, Tier.INTERNAL, seats)
        for member in ("li", "wang"):
            people.declare(session, deal, member, [InterestKind.NONE], "")
    assert (standing_of("li"), standing_of("wang")) == (Standing.CLEAR, Standing.CLEAR)
    people_are("陈晨")
    assert (standing_of("li"), standing_of("wang")) == (Standing.ASK_AGAIN, Standing.ASK_AGAIN)
    people_are("陈晨", "李明")
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        for member in ("li", "wang"):
            made = people.declare(session, deal, member, [InterestKind.NONE], "")
        assert made.standing is Standing.CLEAR
    assert (standing_of("li"), standing_of("wang")) == (Standing.CONTRADICTED, Standing.CLEAR)
    with funding.database.write() as session:
        deal = deal_of(funding, session, id_)
        settled = people.resolve(session, deal, 3, recused=False, reason="同名，非本人", actor="secretary")
        assert settled.standing is Standing.CLEAR
        assert "李明" not in str(settled.against)
