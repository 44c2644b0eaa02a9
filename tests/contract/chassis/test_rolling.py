"""Two replicas restarted in turn while clients with the shipped configuration call: no call fails."""

import threading
from pathlib import Path

import grpc

from tests.contract.chassis.conftest import House
from tests.contract.chassis.trial import contract
from tests.servers.ports import free_port

ROLLS = 3


def test_no_call_fails_while_replicas_are_restarted_in_turn(keys: Path) -> None:
    addresses = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    replicas = [House(keys) for _ in addresses]
    for house, address in zip(replicas, addresses, strict=True):
        house.start(address)
    stop, failed, calls = threading.Event(), list[str](), [0, 0]

    def call(at: int) -> None:
        known = House(keys, address="ipv4:" + ",".join(addresses[at:] + addresses[:at]))
        with known.stub(known.officer()) as stub:
            while not stop.is_set():
                try:
                    stub.GetRecord(contract()[0].GetRecordRequest(name="records/1"), timeout=60)
                except grpc.RpcError as error:
                    failed.append(f"{error.code()} {error.details()}")
                calls[at] += 1

    clients = [threading.Thread(target=call, args=(at,)) for at in range(2)]
    for each in clients:
        each.start()
    try:
        for at in [0, 1] * ROLLS:
            replicas[at].stop()
            replicas[at] = House(keys)
            replicas[at].start(addresses[at])
            seen = list(calls)
            while not all(now > before for now, before in zip(calls, seen, strict=True)):
                stop.wait(0.005)
    finally:
        stop.set()
        for each in clients:
            each.join()
        for house in replicas:
            house.stop()
    assert failed == []
