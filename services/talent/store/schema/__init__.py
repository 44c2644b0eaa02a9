"""The tables of the talent service, a module for each subject."""

from services.talent.store.schema.analysis import (
    closed_quarter,
    recruitment_plan,
    recruitment_plan_line,
    shortage_forecast,
    shortage_forecast_target,
)
from services.talent.store.schema.approvals import act_answer, act_application, act_approval, act_approval_use
from services.talent.store.schema.counts import (
    shortage_concentration,
    shortage_count,
    shortage_coverage,
    shortage_employer,
    shortage_employer_size,
    shortage_period,
    shortage_public,
    shortage_snapshot,
    shortage_state,
)
from services.talent.store.schema.duplicates import (
    duplicate_block,
    duplicate_judgement,
    duplicate_suggestion,
    duplicate_team,
    merged_record,
)
from services.talent.store.schema.evidence import evidence
from services.talent.store.schema.exports import export_person, export_register
from services.talent.store.schema.flows import funded_deal, funded_firm, funded_hire, move, training_place
from services.talent.store.schema.nominations import nomination, nomination_quota, nomination_step
from services.talent.store.schema.people import person, person_direction, person_key
from services.talent.store.schema.positions import position, position_direction, position_outcome
from services.talent.store.schema.registry import exports, imports, is_sample, metadata, shared, taken_back
from services.talent.store.schema.releases import (
    shortage_release,
    shortage_release_content,
    shortage_release_step,
)
from services.talent.store.schema.reports import report, report_content, report_step
from services.talent.store.schema.returns import done_proposal, statistical_return
from services.talent.store.schema.search import person_text, position_text
from services.talent.store.schema.statements import (
    consent_entry,
    record_link,
    statement,
    statement_retraction,
)
from services.talent.store.schema.teams import team, team_direction
from services.talent.store.schema.watches import shortage_standing, shortage_told, shortage_watch

__all__ = [
    "act_answer",
    "act_application",
    "act_approval",
    "act_approval_use",
    "closed_quarter",
    "consent_entry",
    "done_proposal",
    "duplicate_block",
    "duplicate_judgement",
    "duplicate_suggestion",
    "duplicate_team",
    "evidence",
    "export_person",
    "export_register",
    "exports",
    "funded_deal",
    "funded_firm",
    "funded_hire",
    "imports",
    "is_sample",
    "merged_record",
    "metadata",
    "move",
    "nomination",
    "nomination_quota",
    "nomination_step",
    "person",
    "person_direction",
    "person_key",
    "person_text",
    "position",
    "position_direction",
    "position_outcome",
    "position_text",
    "record_link",
    "recruitment_plan",
    "recruitment_plan_line",
    "report",
    "report_content",
    "report_step",
    "shared",
    "shortage_concentration",
    "shortage_count",
    "shortage_coverage",
    "shortage_employer",
    "shortage_employer_size",
    "shortage_forecast",
    "shortage_forecast_target",
    "shortage_period",
    "shortage_public",
    "shortage_release",
    "shortage_release_content",
    "shortage_release_step",
    "shortage_snapshot",
    "shortage_standing",
    "shortage_state",
    "shortage_told",
    "shortage_watch",
    "statement",
    "statement_retraction",
    "statistical_return",
    "taken_back",
    "team",
    "team_direction",
    "training_place",
]
