"""What can be shown years later: the dossier and its bundle; approvals that lapse, deals taken up again."""

import hashlib
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from services.funding.domain.committee.committee import Tier
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.dossier.facts import Finding, Verdict
from services.funding.service.deals.documents import Documents, as_registered, is_late
from services.funding.service.dossier import verifier
from services.funding.service.dossier.assembling import dossier_of
from services.funding.service.dossier.bundle import bundle
from services.funding.service.dossier.determining import Determining
from services.funding.service.dossier.recomputing import main as recomputing
from services.funding.service.dossier.recomputing import recompute_runs
from services.funding.service.erasing import Erasing
from services.funding.store.deals import dossiers, reports, trails
from services.kernel.errors import AlreadyExists, FailedPrecondition, PermissionDenied
from tests.integration.funding.dossier import PAPER, advance, deal_of, dossier, found, stated
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import SECRETARY, WAY, leads, step


def test_the_dossier_of_a_failed_project_can_be_printed_and_verified_offline(
    stocked: Funding, tmp_path: Path
) -> None:
    """项目失败了，把尽职免责材料打出来."""
    [id_] = leads(stocked, 1)
    advance(stocked, id_)
    whole = dossier(stocked, id_)
    assert set(found(whole).values()) <= {Finding.SATISFIED, Finding.NOT_APPLICABLE}
    assert whole.broken is None
    register = Documents(stocked.deals.trail, stocked.clock)
    determining = Determining(stocked.deals.trail, stocked.clock)
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
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
    with stocked.database.read() as session:
        deal = deal_of(stocked, session, id_)
        now = dossier_of(session, deal, stocked.clock.now())
        packed, seal = bundle(session, now, "auditor", with_words=True)
        assert found(now)["DISCIPLINE_STATEMENT"] is Finding.SATISFIED
    manifest = verifier.verify(packed, seal, head)
    assert manifest["trail_count"] == now.head.sequence
    assert f"documents/{hashlib.sha256(PAPER).hexdigest()}" in manifest["files"]
    [compliance] = [each for each in now.items if each.code == "COMPLIANCE"]
    [run] = compliance.evidence
    with stocked.database.read() as session:
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


def test_an_erased_content_is_gone_unless_another_deal_keeps_it(stocked: Funding) -> None:
    ids, digest = leads(stocked, 2), hashlib.sha256(PAPER).hexdigest()
    register = Documents(stocked.deals.trail, stocked.clock)
    erasing = Erasing(stocked.deals.trail, stocked.clock)

    def kept() -> bool:
        with stocked.database.read() as session:
            return dossiers.content_of(session, digest) is not None

    with stocked.database.write() as session:
        for id_ in ids:
            for _ in range(2):
                register.register(
                    session, deal_of(stocked, session, id_), stated(EvidenceKind.DD_LEGAL), "li"
                )
    for id_, still in zip(ids, (True, False), strict=True):
        with stocked.database.write() as session:
            deal = deal_of(stocked, session, id_)
            erasing.ask(session, deal, 2, "本人要求", "wang")
            erasing.carry_out(session, deal, 2, "zhao")
        assert kept() is still
        now = dossier(stocked, id_)
        assert [(each.number, erasure.requester) for each, erasure in now.erased] == [
            (1, "wang"),
            (2, "wang"),
        ]
        assert now.broken is None
        with stocked.database.read() as session:
            packed, seal = bundle(session, now, "auditor", with_words=True)
        assert f"documents/{digest}" not in verifier.verify(packed, seal)["files"]
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, ids[0])
        by_digest = replace(stated(EvidenceKind.DD_LEGAL, b""), sha256=digest, size=5, file_name="a.pdf")
        assert not register.register(session, deal, by_digest, "li").stored
        assert register.register(session, deal, stated(EvidenceKind.DD_LEGAL), "li").stored
    assert kept()


def test_what_came_late_or_was_never_there_is_shown_as_it_is(stocked: Funding) -> None:
    with stocked.database.write() as session:
        row = session.execute(text("SELECT id FROM deal WHERE state = 'IC_INTERNAL'")).first()
        assert row
        deal = deal_of(stocked, session, row.id)
        stocked.vote(session, deal, Tier.INTERNAL, yes=1)
    of = dossier(stocked, row.id)
    said = {each.code: each.text.zh for each in of.items}
    assert said["INTERNAL_VOTE"].endswith("，没有在案的批准决定")
    assert said["INTERNAL_VOTE"].startswith("最近一次表决")
    assert said["EXTERNAL_VOTE"] == "没有在案的表决"
    shown = found(of)
    assert shown["LEGAL_PATH"] is Finding.MISSING
    assert shown["DD_LEGAL"] is Finding.MISSING
    assert shown["INTERNAL_VOTE"] is Finding.MISSING
    assert shown["INTERESTS_DECLARED"] is Finding.SATISFIED
    register = Documents(stocked.deals.trail, stocked.clock)
    [id_] = leads(stocked, 1)
    advance(stocked, id_, WAY[:4])
    stocked.clock.advance(timedelta(minutes=1))
    with stocked.database.write() as session:
        deal = deal_of(stocked, session, id_)
        register.register(session, deal, stated(EvidenceKind.DD_LEGAL, b"%PDF registered"), "analyst")
        wanted = step(stocked, Action.SUBMIT_TO_COMMITTEE, SECRETARY).evidence
        earlier = [
            type(each)(
                each.kind, each.title, hashlib.sha256(b"%PDF registered").hexdigest(), each.received_at
            )
            for each in wanted[:1]
        ]
        [corrected] = as_registered(session, deal, earlier)
        assert corrected.received_at == stocked.clock.now()
        with pytest.raises(FailedPrecondition, match="decided on this deal"):
            Determining(stocked.deals.trail, stocked.clock).enter(
                session,
                deal,
                Verdict.EXEMPT,
                organ="机关",
                document_number="1",
                document_date=date(2026, 1, 1),
                text="",
                actor="auditor",
            )
