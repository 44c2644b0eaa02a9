"""`python -m services.funding verify-ledger`: whether every balance is what its journals add up to, and
every holding what its steps and journals do.
"""

import sys
from collections.abc import Sequence

from services.chassis.house import House
from services.funding.store.funds import investments, ledger
from services.funding.store.mapping import map_aggregates


def verify_ledger(house: House, _arguments: Sequence[str]) -> int:
    """0 for a ledger that agrees with the balances to the fen; 1 with a line for each difference."""
    map_aggregates()
    with house.database.read() as session:
        count, found = (
            ledger.count_journals(session),
            [
                *ledger.differences(session),
                *investments.differences(session),
            ],
        )
    for each in found:
        sys.stdout.write(
            f"不符 differs: funds/{each.fund_id} {each.what}: "
            f"分录 ledger {each.ledger_fen}, 余额 balance {each.balance_fen}\n"
        )
    if not found:
        sys.stdout.write(f"完整 intact: {count} journals\n")
    return 1 if found else 0
