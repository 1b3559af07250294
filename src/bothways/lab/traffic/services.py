"""All services of a network."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bothways.lab.model.traffic import Service
from bothways.lab.traffic.certificates import server_context
from bothways.lab.traffic.listener import Listener


class Services:
    """Services that listen, as threads of this process, until `close`."""

    def __init__(self, listeners: ExitStack) -> None:
        self._listeners = listeners

    @classmethod
    def open(cls, services: Sequence[Service], work: Path) -> Self:
        """Make every service listen; *work* is a folder for certificates, which do not stay there.

        Raises:
            OSError: a node does not exist, or one of its ports is taken. None of the services listens then.
            ProgramError: openssl could not make a certificate; the same holds.
        """
        with ExitStack() as listeners:
            for service in services:
                tls = server_context(service, work) if service.speaks == "tls" else None
                listeners.callback(Listener(service, tls).close)
            return cls(listeners.pop_all())

    def close(self) -> None:
        """Stop listening, cut off what is connected, and wait for the threads; may be called again."""
        self._listeners.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
