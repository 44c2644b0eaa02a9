"""Many runs over one engine."""

from collections.abc import Iterable

from tests.simulation.store import memory_engine
from tests.simulation.world import STEPS, Cores, World

_AS_THEY_ARE = Cores()


def broken_runs(
    seeds: Iterable[int], cores: Cores = _AS_THEY_ARE, *, steps: int = STEPS, enough: int = 20
) -> dict[int, list[str]]:
    """What does not hold, by seed; ends after `enough` of them."""
    engine, broken = memory_engine(), dict[int, list[str]]()
    for seed in seeds:
        if wrong := World(engine, seed, cores).run(steps):
            broken[seed] = wrong
        if len(broken) >= enough:
            break
    engine.dispose()
    return broken


def trace_of(seed: int) -> str:
    """The digest of all that happens in a run."""
    engine = memory_engine()
    world = World(engine, seed, _AS_THEY_ARE)
    world.run()
    engine.dispose()
    return world.chance.trace
