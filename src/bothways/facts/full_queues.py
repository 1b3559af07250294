"""Ports that nobody can get into at the moment of a listing: their accept queue is full, and has overflowed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bothways.evidence.case import CounterEvidence, SocketEvidence
from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.socket import Socket, SocketState

OVERFLOWS = "TcpExtListenOverflows"
"""Counts of the host at which an accept queue was full when a connection came (snmp_counter.rst)."""


class FullQueue(Struct, frozen=True, kw_only=True):
    """One listening socket with more connections waiting than it allows."""

    file: str
    socket: Socket
    server: Endpoint

    def cite(self) -> Citation:
        """Its line."""
        return Citation(file=self.file, line=self.socket.line)


def is_full(socket: Socket) -> bool:
    """Whether *socket* listens and at this moment ignores every opening and every last ACK (sk_acceptq_is_full)."""
    return socket.state is SocketState.LISTEN and socket.received > socket.pending


def full_queues(listings: Sequence[SocketEvidence], counters: Sequence[CounterEvidence]) -> list[FullQueue]:
    """Full accept queues of hosts that counted overflows, where it is known at which address they listen.

    A program that allows nobody to wait has a full queue whenever anybody is there, so that full alone is no failure.
    """
    return [
        FullQueue(file=item.listing.file, socket=socket, server=server)
        for item in listings
        for socket in item.listing.sockets
        if is_full(socket) and (socket.dropped or _overflowed(item, counters))
        for server in _address(socket, item, listings)
    ]


def _overflowed(listing: SocketEvidence, counters: Sequence[CounterEvidence]) -> bool:
    """Whether the host of *listing*, as far as files are named after it, counted overflows."""
    vantage = listing.role.vantage
    return vantage is not None and any(
        counter.value
        for item in counters
        if item.role.vantage == vantage
        for snapshot in item.log.snapshots
        if (counter := snapshot.get(OVERFLOWS)) is not None
    )


def _address(socket: Socket, listing: SocketEvidence, listings: Sequence[SocketEvidence]) -> Iterator[Endpoint]:
    """At which address clients find *socket*: its own, else the one that most connections to its port have."""
    if socket.local is not None:
        yield socket.local
        return
    used = Counter(
        other.local_address
        for item in listings
        if item is listing or (item.role.vantage is not None and item.role.vantage == listing.role.vantage)
        for other in item.listing.sockets
        if other.peer is not None and other.local_port == socket.local_port and other.local_address is not None
    )
    for address, _ in used.most_common(1):
        if address is not None:
            yield Endpoint(address, socket.local_port)
