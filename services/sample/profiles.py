"""How large a sample is."""

from dataclasses import dataclass, replace

from services.kernel.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts of the sample. `employers` (firms) and `pool` (persons) are what others may refer to: fixed
    apart from the counts, so that adding one firm or person changes nothing else.

    `planted` says whether the special cases and the wrong rows are included.
    """

    name: str
    firms: int
    persons: int
    positions: int
    teams: int
    deals: int
    employers: int
    pool: int
    planted: bool = True


_PROFILES = {
    "small": Profile("small", 60, 300, 120, 12, 64, 48, 200),
    "demo": Profile("demo", 600, 5_000, 1_500, 150, 640, 500, 2_000),
    "bench": Profile("bench", 20_000, 100_000, 30_000, 500, 5_000, 2_000, 2_000, planted=False),
}


def profile_named(name: str, *, persons: int | None = None, positions: int | None = None) -> Profile:
    """The profile with this name, its counts of persons and positions replaced where given (to 1,000,000).

    Raises InvalidArgument: UNKNOWN_PROFILE, OUT_OF_RANGE.
    """
    if name not in _PROFILES:
        names = "、".join(_PROFILES)
        raise InvalidArgument.field(
            "profile",
            "UNKNOWN_PROFILE",
            f"没有样例规模“{name}”，可选：{names}",
            f"no profile {name!r}; choose {names}",
        )
    found = _PROFILES[name]
    wanted = replace(found, persons=persons or found.persons, positions=positions or found.positions)
    if not found.pool <= wanted.persons <= 1_000_000 or not 1 <= wanted.positions <= 1_000_000:
        raise InvalidArgument.field(
            "persons",
            "OUT_OF_RANGE",
            f"人才数应在{found.pool}至1000000之间，岗位数应在1至1000000之间",
            f"persons must lie between {found.pool} and 1,000,000, positions between 1 and 1,000,000",
        )
    return wanted
