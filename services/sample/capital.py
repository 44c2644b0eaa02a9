"""Who has subscribed to the funds of the sample: the mother fund, cities and social capital. All of it SYNTHETIC."""

from dataclasses import dataclass

from services.sample.holdings import MARKED


@dataclass(frozen=True, slots=True)
class SampleSubscription:
    """One party's part of a fund's size, in fen. `kind`: its name in the contract, `FUND` for the mother fund."""

    kind: str
    party: str
    fen: int


def subscriptions(size_fen: int, government_fen: int, city: str, *, mother: bool) -> list[SampleSubscription]:
    """Parts that add up to a fund's size; public ones, the mother fund's among them, to what governments have in it.

    The mother fund itself is the province's.
    """
    if mother:
        return [SampleSubscription("PROVINCE", f"省级财政{MARKED}", size_fen)]
    from_mother = min(size_fen // 4, government_fen)
    parts = [
        SampleSubscription("FUND", "", from_mother),
        SampleSubscription("CITY", f"{city}财政{MARKED}", government_fen - from_mother),
        SampleSubscription("SOCIAL_PRIVATE", f"社会资本{MARKED}", size_fen - government_fen),
    ]
    return [each for each in parts if each.fen]
