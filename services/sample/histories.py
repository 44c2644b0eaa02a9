"""The past deals of the sample: how far each came and in how many days, so that what past deals say has something to
say. All of it SYNTHETIC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from services.sample.draws import generator

SEED = 20260701
FUND_REF = "f-suzhou"
"""The fund whose past is told; the others say that they have too few."""
TEAM = ("demo-analyst-1", "demo-analyst-2")
MEMBERS = ("demo-member-1", "demo-member-2", "demo-member-3", "demo-member-4")
"""Accounts that work on past deals and decide on them; the demonstration's committees are the same people."""
WAY = (
    ("SUBMIT", 4, 20),
    ("START_SCREENING", 2, 12),
    ("INITIATE", 8, 30),
    ("START_DUE_DILIGENCE", 4, 16),
    ("SUBMIT_TO_COMMITTEE", 20, 60),
    ("PASS_INTERNAL", 4, 20),
    ("APPROVE", 6, 24),
    ("SIGN", 12, 40),
    ("CLOSE", 6, 30),
)
"""The steps of a deal from lead to payment, and between how many days each comes after the one before."""
_COME_BY_STEP = (46, 40, 32, 25, 21, 18, 16, 15, 15)
"""How many of `DEALS` take each step; the rest end where they stand."""
DEALS = 54
_FIRST, _LAST = 630, 380
"""How many days ago the first and the last of them began: after the fund was set up, and so that all have ended."""


_HIRES = (("outstanding-engineer", 2, 8), ("highly-skilled", 1, 6))
"""Who firms that were paid say that they will hire: talent categories, and between how many heads of each."""
HIRING_MONTHS = 30
"""Within so many months of the payment: long enough that some of them are still to be hired today."""


@dataclass(frozen=True, slots=True)
class SamplePast:
    """One past deal, numbered from 1. It began `began` days ago; `steps` are those it took, with the days each came
    after the one before; one that was not paid was declined, or withdrawn where `withdrawn`, after `ended` more.
    `hires`: heads by talent category that its firm plans to hire.
    """

    number: int
    began: int
    steps: tuple[tuple[str, int], ...]
    ended: int
    withdrawn: bool
    hires: tuple[tuple[str, int], ...]

    @property
    def ref(self) -> str:
        """Its number in its source."""
        return f"past-{self.number:04d}"

    @property
    def paid(self) -> bool:
        """Whether it came to the end of the way."""
        return len(self.steps) == len(WAY)


def past_deals() -> Sequence[SamplePast]:
    """All of them, the oldest first: the same on every machine and day."""
    random = generator(SEED, "past", 0)
    lengths = [sum(number < count for count in _COME_BY_STEP) for number in range(DEALS)]
    random.shuffle(lengths)
    return [_past(random, number, length) for number, length in enumerate(lengths)]


def _past(random: Random, number: int, length: int) -> SamplePast:
    return SamplePast(
        number=number + 1,
        began=_FIRST - (_FIRST - _LAST) * number // (DEALS - 1),
        steps=tuple((name, random.randint(least, most)) for name, least, most in WAY[:length]),
        ended=random.randint(5, 40),
        withdrawn=random.random() < 0.25,
        hires=tuple((category, random.randint(least, most)) for category, least, most in _HIRES),
    )
