"""The faults of a storm, drawn by a seed."""

import random
import signal
import threading
from dataclasses import dataclass

from services.cli.running.processes import SERVICES
from tests.storm.house import House
from tests.storm.proxy import Weather

FAULTS = 3
_PAUSE = (0.1, 0.6)
_WEATHER = (Weather.CUT, Weather.SLOW, Weather.HALF_OPEN)
_SERVERS_SHARE = 0.15
_ENGINES = ("database", "broker")
_ORDERS = {"kill": signal.SIGKILL, "term": signal.SIGTERM}


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
    """The faults of one trial; the database and the broker are ended or stopped in few of them only: it takes long."""
    return [_one(rng, servers) for _ in range(FAULTS)]


def _one(rng: random.Random, servers: bool) -> Fault:
    after, seconds = rng.uniform(*_PAUSE), rng.uniform(0.3, 1.2)
    if servers and rng.random() < _SERVERS_SHARE:
        return Fault(rng.choice((*_ORDERS, "pause")), rng.choice(_ENGINES), after, seconds)
    kind = rng.choice(("kill", "kill", "term", "pause", *(each.value for each in _WEATHER)))
    network = kind in {each.value for each in _WEATHER}
    victims = (*SERVICES, *_ENGINES) if network and servers else SERVICES
    return Fault(kind, rng.choice(victims), after, seconds)


def strike(house: House, fault: Fault) -> None:
    """Do it; returns when it is over, with what was ended on its way up again."""
    threading.Event().wait(fault.after)
    if fault.kind in _ORDERS:
        end = house.end_server if fault.victim in _ENGINES else house.end_service
        end(fault.victim, _ORDERS[fault.kind])
    elif fault.kind == "pause" and fault.victim in _ENGINES:
        house.servers[fault.victim].pause(fault.seconds)
    elif fault.kind == "pause":
        house.pause_service(fault.victim, fault.seconds)
    else:
        house.proxies[fault.victim].turn(Weather(fault.kind))
        threading.Event().wait(fault.seconds)
        house.proxies[fault.victim].turn(Weather.FAIR)
