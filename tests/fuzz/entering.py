"""Requests as far as the door of every method: decoded and checked as the services do it, without a service behind."""

import random
from collections.abc import Iterator
from itertools import count, islice

from google.protobuf.message import DecodeError

from services.chassis.rpc.status import to_status
from services.chassis.rpc.validation import Validator
from services.kernel.errors import InvalidArgument
from tests.contract.noise import Noise, message_of
from tests.fuzz.calling import Way, ways
from tests.fuzz.mangling import mangled


def enter(seed: int, requests: int) -> list[str]:
    """What so many requests over all methods end as, that are neither let in nor refused by their fields."""
    noise, chance, validator = Noise(seed), random.Random(seed), Validator()
    found = []
    for way in islice(_in_turn(chance), requests):
        encoded: bytes = noise.request(way.method).SerializeToString()
        if chance.randrange(10) < 4:
            encoded = mangled(encoded, chance)
        try:
            validator.check(message_of(way.method.input_type).FromString(encoded))
        except DecodeError:
            continue
        except InvalidArgument as error:
            if not to_status(error, "r").details:
                found.append(f"{way.path} {encoded!r}: refused without a field")
        except Exception as error:  # noqa: BLE001 - the promise is that nothing else is ever raised
            found.append(f"{way.path} {encoded!r}: {type(error).__name__}: {error}")
    return found


def _in_turn(chance: random.Random) -> Iterator[Way]:
    known = ways()
    for _ in count():
        yield from chance.sample(known, len(known))
