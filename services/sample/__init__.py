"""Made-up data of a believable province: reproducible, marked as synthetic, coherent in its texts."""

from services.sample.generating import generate, stream, write_sample
from services.sample.planted import (
    PLANTED_CASES,
    PLANTED_DOUBLES,
    PLANTED_DUPLICATES,
    PLANTED_ERRORS,
    PLANTED_FIRMS,
    PlantedError,
)
from services.sample.profiles import Profile, profile_named

__all__ = [
    "PLANTED_CASES",
    "PLANTED_DOUBLES",
    "PLANTED_DUPLICATES",
    "PLANTED_ERRORS",
    "PLANTED_FIRMS",
    "PlantedError",
    "Profile",
    "generate",
    "profile_named",
    "stream",
    "write_sample",
]
