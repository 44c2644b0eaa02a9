"""What a server says of itself before anybody has asked whether it is ready."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from grpc_health.v1 import health_pb2

from services.chassis.rpc.health import Health


def test_nobody_is_told_of_a_service_that_was_not_asked_yet() -> None:
    async def told() -> list[int]:
        with ThreadPoolExecutor(1) as pool:
            health = Health(["bole.x.v1.X"], lambda: True, pool, 3600.0)
            await health.begin()
            asked = [health_pb2.HealthCheckRequest(service=name) for name in ("", "bole.x.v1.X")]
            return [(await health.servicer.Check(each, None)).status for each in asked]

    assert asyncio.run(told()) == [health_pb2.HealthCheckResponse.NOT_SERVING] * 2
