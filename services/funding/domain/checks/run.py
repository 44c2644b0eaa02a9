"""Running all checks over a case."""

from services.funding.domain.case import Case
from services.funding.domain.checks.capital_checks import CAPITAL_CHECKS
from services.funding.domain.checks.check import CheckResult, run_check
from services.funding.domain.checks.firm_checks import FIRM_CHECKS
from services.funding.domain.checks.fund_checks import FUND_CHECKS
from services.funding.domain.checks.surrounding_checks import SURROUNDING_CHECKS
from services.funding.domain.checks.terms_checks import TERMS_CHECKS
from services.funding.domain.checks.waivers import apply_waivers

CHECKS = FIRM_CHECKS + TERMS_CHECKS + FUND_CHECKS + CAPITAL_CHECKS + SURROUNDING_CHECKS
CODES = frozenset(check.code for check in CHECKS)
WAIVABLE = frozenset(check.code for check in CHECKS if check.waivable)


def run_checks(case: Case) -> tuple[CheckResult, ...]:
    """The result of every check, waivers applied, in the order of declaration; the same case gives the same
    results.
    """
    return apply_waivers((run_check(check, case) for check in CHECKS), case.waivers, case.as_of)


def run_standing(case: Case) -> tuple[CheckResult, ...]:
    """The results of the checks that do not look at the fund's balances or its other deals."""
    found = (run_check(check, case) for check in CHECKS if not check.live)
    return apply_waivers(found, case.waivers, case.as_of)
