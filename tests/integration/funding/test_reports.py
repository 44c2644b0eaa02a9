"""Reports of the checks, made again from what they kept."""

import io
import zipfile
from dataclasses import replace

from sqlalchemy import update

from services.catalogue import load
from services.funding.domain.deal.deal import Deal
from services.funding.service.deals.compliance import Compliance
from services.funding.service.dossier.assembling import dossier_of
from services.funding.service.dossier.bundle import bundle
from services.funding.service.dossier.verifier import RUNS
from services.funding.store import repository, schema
from services.funding.store.deals import reports
from tests.integration.funding.screening import Kept
from tests.integration.funding.test_deals import leads


def test_a_report_is_made_again_from_what_it_kept_and_a_change_of_it_is_seen(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.write() as session:
        made = Compliance(load(), kept.funding.clock).report(session, session.get_one(Deal, id_), "auditor")
    with kept.funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        session.execute(update(schema.fund).where(schema.fund.c.id == deal.fund_id).values(paid_in_fen=100))
    with kept.funding.database.read() as session:
        found = reports.one(session, id_, 1)
    assert found == made
    assert reports.recompute(made).same
    changed = replace(made, results=made.results.replace("FAIL", "PASS").replace("UNKNOWN", "PASS"))
    again = reports.recompute(replace(changed, digest=reports.digest_of(changed.inputs, changed.results)))
    assert not again.same
    assert again.differing


def test_a_dossier_has_every_run_however_many_were_asked_for(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.write() as session:
        made = Compliance(load(), kept.funding.clock).report(session, session.get_one(Deal, id_), "auditor")
        for _ in range(101):
            reports.save(session, made)
        deal = session.get_one(Deal, id_)
        repository.load_transitions(session, [deal])
        dossier = dossier_of(session, deal, kept.funding.clock.now())
        assert len(dossier.facts.runs) == 102
        with zipfile.ZipFile(io.BytesIO(bundle(session, dossier, "auditor", with_words=False)[0])) as archive:
            assert sum(name.startswith(RUNS) for name in archive.namelist()) == 102
