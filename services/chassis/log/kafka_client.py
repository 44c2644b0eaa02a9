"""Clients of Kafka that leave nothing behind: no thread of one that never came up, no socket half connected.

kafka-python 3.0 forgets both. A client whose first contact fails raises in its constructor, after its thread and its
loop were started; a connection that is given up on the way, because the broker is silent or the client is closed,
leaves its socket to the collector.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from kafka.net.compat import KafkaNetClient
from kafka.net.inet import KafkaNetSocket

Client = TypeVar("Client")

_SCHEME = "owned"


class _OwnedSocket(KafkaNetSocket):  # type: ignore[misc]  # kafka-python states no types
    """A socket straight to the broker that is closed when connecting ends in anything but a connection."""

    SCHEMES = (_SCHEME,)

    async def sock_connect(self, net: Any, sock: Any, sockaddr: Any, timeout_at: float | None = None) -> Any:
        """Connect; a coroutine that is closed on the way ends in GeneratorExit, which is no Exception."""
        try:
            return await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:  # raised again: GeneratorExit is one
            sock.close()
            raise


def opened(kind: Callable[..., Client], **options: Any) -> Client:
    """A producer, consumer or admin client; whatever it raises, nothing of it goes on running.

    `options` are the client's own, but for `kafka_client` and `proxy_url`, by which it is held here.
    """
    begun: list[KafkaNetClient] = []

    def begin(**configs: Any) -> KafkaNetClient:
        begun.append(KafkaNetClient(**configs))
        return begun[-1]

    try:
        return kind(**options, kafka_client=begin, proxy_url=f"{_SCHEME}:")
    except BaseException:  # raised again; whoever is interrupted leaves nothing running either
        for client in begun:
            client.close()
        raise
