"""Losses of the demonstration (容错): a deal with a whole dossier found exempt, an imported one not."""

from services.chassis.identity.identity import Grant
from services.cli.demo import judging, tolerance_sample
from services.cli.demo.board import MANAGER
from services.cli.demo.facts import Facts
from services.cli.demo.stage import DUE_DILIGENCE, Stage
from services.cli.demo.tolerance_sample import AUDITOR, FINANCE, Hands, Losses, lacking_of
from services.kernel.clock import SystemClock, civil_date
from services.kernel.text import Text

_ROLES = {MANAGER: "fund_manager", FINANCE: "finance", AUDITOR: "auditor"}


def run(facts: Facts, stage: Stage) -> Text:
    """Write sample holdings off and have them judged. Raises NotAsItShouldBe where a dossier is not what it was judged
    by: nothing lacks in one that was found exempt, and something in one that was not.
    """
    purposes = frozenset({DUE_DILIGENCE})
    manager, finance, auditor = (
        stage.session(Grant(role, purposes=purposes), subject=who, purpose=DUE_DILIGENCE)
        for who, role in _ROLES.items()
    )
    lost = tolerance_sample.send(Hands(manager, finance, auditor), civil_date(SystemClock().now()))
    lacking = {deal: sorted(lacking_of(auditor, deal)) for deal in (*lost.whole, *lost.imported)}
    _judge(lost, lacking)
    facts.losses = {
        "exempt": list(lost.whole),
        "not_exempt": list(lost.imported[:1]),
        "waiting": list(lost.imported[1:]),
        "lacking": lacking,
    }
    return lost.said


def _judge(lost: Losses, lacking: dict[str, list[str]]) -> None:
    judging.demand(
        not any(lacking[deal] for deal in lost.whole),
        "认定免责的项目，材料仍有缺失",
        "something lacks in the dossier of a deal that was found exempt",
    )
    judging.demand(
        all(lacking[deal] for deal in lost.imported),
        "认定不予免责的项目，材料并无缺失",
        "nothing lacks in the dossier of a deal that was found not exempt",
    )
