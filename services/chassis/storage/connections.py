"""The connections that a process has to a PostgreSQL, and how to give them up while others wait on them.

A server that stands still (stopped, its storage frozen) takes what it is sent and says nothing, and its system keeps
the connections alive: no time limit of libpq ends that, and a limit on statements is kept by the server itself.
"""

import os
import socket
from contextlib import suppress
from threading import Lock
from typing import Any
from weakref import WeakSet

import psycopg
from sqlalchemy import Engine, event


class Connections:
    """Those of `engine` and `asking`, from their first statement on; the second one is who asks whether there is an
    answer again. Engines that are no PostgreSQL's have none.
    """

    def __init__(self, engine: Engine, asking: Engine) -> None:
        self._known: WeakSet[psycopg.Connection] = WeakSet()
        self._lock = Lock()
        self._given_up = False
        if engine.dialect.name == "postgresql":
            event.listen(engine, "do_connect", self._refuse)
            for each in (engine, asking):
                # first of all: what the dialect asks a new connection for is waited for, too
                event.listen(each, "connect", self._note, insert=True)

    def answered(self) -> None:
        """New ones may be made again."""
        self._given_up = False

    def hang_up(self) -> None:
        """Close them below the driver, and make no new one until `answered`: whoever waits on one, in whatever thread,
        or asks for one gets an OperationalError at once.
        """
        self._given_up = True
        with self._lock:
            known = list(self._known)
        for each in known:
            _cut(each)

    def _refuse(self, *_how: object) -> None:
        if self._given_up:
            raise psycopg.OperationalError("the server gives no answer")

    def _note(self, connection: Any, _entry: object) -> None:
        with self._lock:
            self._known.add(connection)


def _cut(connection: psycopg.Connection) -> None:
    # The number of the socket is the driver's, which closes it in its own thread: what is closed here is a copy.
    with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)
