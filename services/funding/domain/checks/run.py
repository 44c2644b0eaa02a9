"""Running all checks over a case."""

from services.funding.domain.case import Case
from services.funding.domain.checks.check import CheckResult, run_check
from services.funding.domain.checks.firm_checks import FIRM_CHECKS
from services.funding.domain.checks.fund_checks import FUND_CHECKS
from services.funding.domain.checks.terms_checks import TERMS_CHECKS

CHECKS = FIRM_CHECKS + TERMS_CHECKS + FUND_CHECKS


def run_checks(case: Case) -> tuple[CheckResult, ...]:
    """The result of every check, in the order of declaration; the same case gives the same results."""
    return tuple(run_check(check, case) for check in CHECKS)


def run_standing(case: Case) -> tuple[CheckResult, ...]:
    """The results of the checks that do not look at the fund's balances or its other deals."""
    return tuple(run_check(check, case) for check in CHECKS if not check.live)
