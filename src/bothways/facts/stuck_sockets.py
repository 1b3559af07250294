"""Sockets by the place of their host on the connection, and those among them that wait in vain."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.outcome import PATIENCE, SEVERAL, Outcome
from bothways.evidence.case import SocketEvidence
from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.socket import SYNCHRONISED, Socket, SocketState
from bothways.facts.subject import Subject

EPHEMERAL = 32768
"""Where Linux begins to choose a client's port (ip-sysctl, ip_local_port_range); servers listen below it by custom."""

REPEATED_SYN = 3
"""Repeats of a SYN after which it has waited for 3 s at least: each waits a second or more (RFC 6298 section 2.1)."""

REPEATED_DATA = 4
"""Repeats of data after which it has waited for 3 s at least: 0.2, 0.4, 0.8 and 1.6 s with Linux's shortest timeout
(TCP_RTO_MIN)."""


class End(StrEnum):
    """Whose socket it is."""

    CLIENT = "client"
    SERVER = "server"


class Stuck(StrEnum):
    """In what a connection is stuck."""

    UNANSWERED = "unanswered"
    """The client's SYN, repeated."""
    HALF_OPEN = "half-open"
    """The server's SYN+ACK, repeated: no ACK completed the connection. Whether one arrived is not said."""
    NEVER_ACKNOWLEDGED = "never-acknowledged"
    """This end holds the connection for made, and none of the data that it sent was ever acknowledged."""
    NO_LONGER_ACKNOWLEDGED = "no-longer-acknowledged"
    """Some of its data was acknowledged, or that is not told; what it sends now is not."""


class HostSocket(Struct, frozen=True, kw_only=True):
    """One connected socket with the end that it is of."""

    file: str
    socket: Socket
    end: End
    peer: Endpoint
    local: Endpoint

    @property
    def client(self) -> Endpoint:
        """The client's end as this host has it."""
        return self.local if self.end is End.CLIENT else self.peer

    @property
    def server(self) -> Endpoint:
        """The server's end as this host has it."""
        return self.peer if self.end is End.CLIENT else self.local

    @property
    def stuck(self) -> Stuck | None:
        """In what it is stuck; None where it is not known to be."""
        return stuck_in(self.socket)

    def cite(self) -> Citation:
        """Its line."""
        return Citation(file=self.file, line=self.socket.line)


def stuck_in(socket: Socket) -> Stuck | None:
    """In what *socket* has waited in vain for at least `PATIENCE`; None where that is not known."""
    progress = socket.progress
    match socket.state:
        case SocketState.SYN_SENT:
            repeats = max(socket.retries or 0, (progress.retransmitted or 0) if progress else 0)
            return Stuck.UNANSWERED if repeats >= REPEATED_SYN else None
        case SocketState.SYN_RECEIVED:
            # A server that defers accepting repeats once although the ACK came.
            return Stuck.HALF_OPEN if (socket.retries or 0) >= SEVERAL else None
        case SocketState.ESTABLISHED | SocketState.FIN_WAIT_1 | SocketState.CLOSE_WAIT | SocketState.LAST_ACK:
            return _unacknowledged(socket)
        case _:
            return None


def _unacknowledged(socket: Socket) -> Stuck | None:
    progress = socket.progress
    since = progress.since_acknowledgement if progress else None
    backoff = max(socket.retries or 0, (progress.backoff or 0) if progress else 0)
    waited = backoff >= REPEATED_DATA or (backoff > 0 and since is not None and since >= PATIENCE)
    if not waited or not (socket.pending or (progress and progress.unacked)):
        return None
    # A client's SYN counts as one.
    never = progress is not None and progress.bytes_acked is not None and progress.bytes_acked <= 1
    return Stuck.NEVER_ACKNOWLEDGED if never else Stuck.NO_LONGER_ACKNOWLEDGED


def stuck_sockets(listings: Sequence[SocketEvidence]) -> list[HostSocket]:
    """All sockets that are stuck and of which it is known whether their host is client or server."""
    return [item for item in host_sockets(listings) if item.stuck is not None]


def host_sockets(listings: Sequence[SocketEvidence]) -> list[HostSocket]:
    """All connected sockets of which it is known whether their host is client or server."""
    return [item for listing in listings for item in _of(listing, listening_ports(_same_host(listing, listings)))]


def listening_ports(listings: Iterable[SocketEvidence]) -> frozenset[int]:
    """Ports on which *listings* show somebody listen."""
    return frozenset(
        socket.local_port for item in listings for socket in item.listing.sockets if socket.state is SocketState.LISTEN
    )


def _same_host(listing: SocketEvidence, listings: Sequence[SocketEvidence]) -> list[SocketEvidence]:
    """Listings of the host of *listing*, as far as names tell; itself at least."""
    vantage = listing.role.vantage
    return [item for item in listings if item is listing or (vantage is not None and item.role.vantage == vantage)]


def _of(listing: SocketEvidence, listening: frozenset[int]) -> Iterator[HostSocket]:
    for socket in listing.listing.sockets:
        end = _end(socket, listing.role.vantage, listening)
        if end is not None and socket.local is not None and socket.peer is not None:
            yield HostSocket(file=listing.listing.file, socket=socket, end=end, local=socket.local, peer=socket.peer)


def _end(socket: Socket, vantage: str | None, listening: frozenset[int]) -> End | None:
    """Which end *socket* is: by its state, by who listens, by the role of its file, by the ports' ranges."""
    if socket.state is SocketState.SYN_SENT:
        return End.CLIENT
    if socket.state is SocketState.SYN_RECEIVED or socket.local_port in listening:
        return End.SERVER
    if vantage in {"client", "server"}:
        return End(vantage)
    if socket.peer is None or (socket.local_port < EPHEMERAL) == (socket.peer.port < EPHEMERAL):
        return None
    return End.CLIENT if socket.local_port >= EPHEMERAL else End.SERVER


_NEVER_MADE = frozenset({Outcome.UNANSWERED, Outcome.REFUSED, Outcome.UNREACHABLE})
_MADE = frozenset({Outcome.WORKED, Outcome.SILENT, Outcome.STALLED_BACK, Outcome.WINDOW_CLOSED})
"""What the server's data or its acknowledgement of the client's show."""


def sockets_of(subject: Subject, end: End) -> list[HostSocket]:
    """The sockets of one end of the failing connections.

    With captures exactly those, under any address that an observer saw, but for those that the packets contradict: a
    list does not say when it was made, and the ports may have been another connection's then. Without, those to the
    target that either end has stuck in what fails earliest in a connection's life: others may be doing well.
    """
    known = host_sockets(subject.sockets)
    if subject.exemplars:
        ends = {
            (seen.sides.client, seen.sides.server): item.outcome for item in subject.exemplars for seen in item.seen
        }
        mine = [item for item in known if item.end is end and (item.client, item.server) in ends]
        return [item for item in mine if _fits(item, ends[item.client, item.server])]
    mine = [item for item in known if item.server == subject.server]
    stuck = next((found for way in Stuck if (found := [item for item in mine if item.stuck is way])), [])
    pairs = {(item.client, item.server) for item in stuck}
    return [item for item in mine if item.end is end and (item.client, item.server) in pairs]


def _fits(item: HostSocket, outcome: Outcome) -> bool:
    """Whether the socket can be of a connection that went so, at some time of it."""
    if item.socket.state in SYNCHRONISED:
        unmade = _NEVER_MADE | {Outcome.HALF_OPEN} if item.end is End.SERVER else _NEVER_MADE
        return outcome not in unmade
    return item.stuck not in {Stuck.HALF_OPEN, Stuck.UNANSWERED} or outcome not in _MADE
