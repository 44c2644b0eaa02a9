"""The items of the three tests, each derived from times on record."""

from services.funding.domain.dossier.diligence import due_diligence
from services.funding.domain.dossier.facts import Facts, Item
from services.funding.domain.dossier.integrity import no_private_gain
from services.funding.domain.dossier.procedure import procedure


def items(facts: Facts) -> list[Item]:
    """All items in the order of the tests."""
    return [*due_diligence(facts), *procedure(facts), *no_private_gain(facts)]
