"""The topics of the house and what each forgets. An entity's state is compacted: the last version stays."""

from typing import Final

from services.chassis.log.log import TopicPolicy
from services.chassis.outbox.journal import Topic

PERSONS: Final = Topic("bole.persons.v1", "person", "persons")
KEYS: Final = Topic("bole.keys.v1", "key", "keys", secret=True)
TEAMS: Final = Topic("bole.teams.v1", "team", "teams")
POSITIONS: Final = Topic("bole.positions.v1", "position", "positions")
NOMINATIONS: Final = Topic("bole.nominations.v1", "nomination", "nominations")
FIRMS: Final = Topic("bole.firms.v1", "firm", "firms")
FUNDS: Final = Topic("bole.funds.v1", "fund", "funds")
DEALS: Final = Topic("bole.deals.v1", "deal", "deals")
INVESTMENTS: Final = Topic("bole.investments.v1", "investment", "investments")
PLEDGES: Final = Topic("bole.pledges.v1", "pledge", "pledges")
REQUESTS: Final = Topic("bole.indicator-requests.v1", "indicator-request", "indicatorRequests")
FIRM_REPORTS: Final = Topic("bole.firm-reports.v1", "firm-report", "firmReports")
SHORTAGES: Final = Topic("bole.shortages.v1", "shortage", "shortages")
WATCHES: Final = Topic("bole.watches.v1", "watch", "shortageWatches")
RELEASES: Final = Topic("bole.shortage-releases.v1", "shortage-release", "shortageReleases")
ALERTS: Final = Topic("bole.screening-alerts.v1", "screening-alert", "screeningAlerts")
PROPOSALS: Final = Topic("bole.proposals.v1", "proposal", "proposals")
RECUSALS: Final = Topic("bole.recusals.v1", "recusal", "recusals")
FUNDING_RETURNS: Final = Topic("bole.funding-returns.v1", "funding-return", "fundingReturns")
MATCHER_RETURNS: Final = Topic("bole.matcher-returns.v1", "matcher-return", "matcherReturns")
MATCHES: Final = Topic("bole.matches.v1", "match", "matches")
TALENT_AUDIT: Final = Topic("bole.talent-audit.v1", "audit-head", "auditHeads")
FUNDING_AUDIT: Final = Topic("bole.funding-audit.v1", "audit-head", "auditHeads")
MATCHER_AUDIT: Final = Topic("bole.matcher-audit.v1", "audit-head", "auditHeads")

TALENT_TELLS: Final = (PERSONS, KEYS, TEAMS, POSITIONS, NOMINATIONS, SHORTAGES, WATCHES, RELEASES)
FUNDING_TELLS: Final = (
    FIRMS,
    FUNDS,
    DEALS,
    INVESTMENTS,
    PLEDGES,
    REQUESTS,
    FIRM_REPORTS,
    ALERTS,
    RECUSALS,
    FUNDING_RETURNS,
)
MATCHER_TELLS: Final = (MATCHES, PROPOSALS, MATCHER_RETURNS)

STATES: Final = tuple(
    topic for topic in (*TALENT_TELLS, *FUNDING_TELLS, *MATCHER_TELLS) if topic is not MATCHES
)
"""What tells the state of something; a match event tells of a change."""

AUDITS: Final = (TALENT_AUDIT, FUNDING_AUDIT, MATCHER_AUDIT)
"""Signed heads of the audits: nobody follows them, so nothing of them can be a dead letter."""


def policies() -> dict[str, TopicPolicy]:
    """Every topic with its policy, dead letters included."""
    found = {topic.name: TopicPolicy.COMPACT for topic in STATES}
    found[MATCHES.name] = TopicPolicy.RETAIN_30_DAYS
    found |= {f"{name}.dlq": TopicPolicy.RETAIN_30_DAYS for name in found}
    return found | {topic.name: TopicPolicy.COMPACT for topic in AUDITS}
