"""The tables of the funding service, a module for each subject."""

from services.funding.store.schema.capital import capital_call, capital_call_part, capital_receipt, commitment
from services.funding.store.schema.committees import ballot, committee, decision, sitting, veto, vote
from services.funding.store.schema.compliance import compliance_report, waiver
from services.funding.store.schema.deals import deal, deal_ref, deal_transition
from services.funding.store.schema.dossiers import (
    deal_document,
    deal_document_check,
    determination,
    document_content,
    document_erasure,
)
from services.funding.store.schema.exports import export_sum, exports
from services.funding.store.schema.firm_reports import firm_report
from services.funding.store.schema.firms import (
    firm,
    firm_direction,
    firm_snapshot,
    firm_text,
    firm_version,
    read_image,
)
from services.funding.store.schema.funds import (
    fund,
    fund_ref,
    mandate,
    mandate_decision,
    mandate_proposal,
    mandate_scope,
)
from services.funding.store.schema.identity import firm_block, firm_merge, firm_person
from services.funding.store.schema.imports import amount_approval, imports, taken_back
from services.funding.store.schema.indicators import indicator_answer, indicator_report, indicator_request
from services.funding.store.schema.interests import deal_party, interest, interest_resolution, known_link
from services.funding.store.schema.investments import investment, investment_step, tranche_plan
from services.funding.store.schema.ledger import journal, journal_line
from services.funding.store.schema.notes import deal_note, reminder_settled
from services.funding.store.schema.property import (
    credit_check,
    first_loan,
    ip_right,
    loan,
    pledge,
    pledge_step,
    pledged_right,
)
from services.funding.store.schema.registry import metadata, shared
from services.funding.store.schema.reinvestment import reinvestment_credit
from services.funding.store.schema.rounds import financing_round, round_revision
from services.funding.store.schema.screened import screened, screening_day
from services.funding.store.schema.searches import saved_search, screening_alert, search_match
from services.funding.store.schema.trails import private_text, trail

__all__ = [
    "amount_approval",
    "ballot",
    "capital_call",
    "capital_call_part",
    "capital_receipt",
    "commitment",
    "committee",
    "compliance_report",
    "credit_check",
    "deal",
    "deal_document",
    "deal_document_check",
    "deal_note",
    "deal_party",
    "deal_ref",
    "deal_transition",
    "decision",
    "determination",
    "document_content",
    "document_erasure",
    "export_sum",
    "exports",
    "financing_round",
    "firm",
    "firm_block",
    "firm_direction",
    "firm_merge",
    "firm_person",
    "firm_report",
    "firm_snapshot",
    "firm_text",
    "firm_version",
    "first_loan",
    "fund",
    "fund_ref",
    "imports",
    "indicator_answer",
    "indicator_report",
    "indicator_request",
    "interest",
    "interest_resolution",
    "investment",
    "investment_step",
    "ip_right",
    "journal",
    "journal_line",
    "known_link",
    "loan",
    "mandate",
    "mandate_decision",
    "mandate_proposal",
    "mandate_scope",
    "metadata",
    "pledge",
    "pledge_step",
    "pledged_right",
    "private_text",
    "read_image",
    "reinvestment_credit",
    "reminder_settled",
    "round_revision",
    "saved_search",
    "screened",
    "screening_alert",
    "screening_day",
    "search_match",
    "shared",
    "sitting",
    "taken_back",
    "trail",
    "tranche_plan",
    "veto",
    "vote",
    "waiver",
]
