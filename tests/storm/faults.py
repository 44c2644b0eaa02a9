"""The faults of a storm, drawn by a seed."""

import random
import signal
import threading
from dataclasses import dataclass

from services.cli.processes import SERVICES
from tests.storm.house import House
from tests.storm.proxy import Weather

FAULTS = 3
_PAUSE = (0.1, 0.6)
_WEATHER = (Weather.CUT, Weather.SLOW, Weather.HALF_OPEN)
_SERVERS_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to whom, `after` so many seconds, and for how long where it lasts."""

    kind: str
    victim: str
    after: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.kind} {self.victim}"


def draw(rng: random.Random, servers: bool) -> list[Fault]:
    """The faults of one trial; the database and the broker are killed in few of them only."""
    return [_one(rng, servers) for _ in range(FAULTS)]


def _one(rng: random.Random, servers: bool) -> Fault:
    after, seconds = rng.uniform(*_PAUSE), rng.uniform(0.3, 1.2)
    if servers and rng.random() < _SERVERS_SHARE:
        return Fault("kill", rng.choice(("database", "broker")), after, seconds)
    kind = rng.choice(("kill", "kill", "term", "pause", *(each.value for each in _WEATHER)))
    network = kind in {each.value for each in _WEATHER}
    victims = (*SERVICES, "database") if network and servers else SERVICES
    return Fault(kind, rng.choice(victims), after, seconds)


def strike(house: House, fault: Fault) -> None:
    """Do it; returns when it is over, with what was ended on its way up again."""
    threading.Event().wait(fault.after)
    if fault.victim in house.servers and fault.kind == "kill":
        house.crash_server(fault.victim)
    elif fault.kind == "kill":
        house.end_service(fault.victim, signal.SIGKILL)
    elif fault.kind == "term":
        house.end_service(fault.victim, signal.SIGTERM)
    elif fault.kind == "pause":
        house.pause_service(fault.victim, fault.seconds)
    else:
        house.proxies[fault.victim].turn(Weather(fault.kind))
        threading.Event().wait(fault.seconds)
        house.proxies[fault.victim].turn(Weather.FAIR)
