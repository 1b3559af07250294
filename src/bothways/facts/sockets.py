"""What hosts' own sockets say: how the server's kernel holds the connection, and whether its accept queue is full."""

from collections.abc import Iterator
from enum import StrEnum

from bothways.connections.outcome import SEVERAL
from bothways.evidence.case import SocketEvidence
from bothways.evidence.citation import Citation
from bothways.evidence.socket import SYNCHRONISED, Socket, SocketState
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.full_queues import is_full
from bothways.facts.stuck_sockets import End, HostSocket, sockets_of
from bothways.facts.subject import Subject
from bothways.way import Way


class Held(StrEnum):
    """How the server's kernel holds the connection."""

    HALF_OPEN = "half-open"
    """It repeats its SYN+ACK: no ACK completed the connection. Whether one arrived is not said."""
    UNREAD = "unread"
    """Established, and data of the client waits for the program to read it."""
    TAKEN = "taken"
    """Established; nothing waits to be read."""


class Queue(StrEnum):
    """The accept queue of the target's port, at the moment of the listing."""

    FULL = "full"
    """More wait than its backlog: at this moment every opening and every last ACK is ignored."""
    HAS_DROPPED = "has-dropped"
    """It has room now, and this listening socket dropped packets before."""
    ROOM = "room"
    NOBODY = "nobody"
    """Nobody listens on the port, though others are listed."""


SERVER_SOCKET = Kind(
    id="server-socket",
    asks="How does the server's own kernel hold the connection?",
    family="acceptance",
    answers=Held,
)
ACCEPT_QUEUE = Kind(
    id="accept-queue", asks="Is the accept queue of the server's port full?", family="server-queue", answers=Queue
)


def server_socket(subject: Subject) -> Fact:
    """How the server's kernel holds the failing connections."""
    if not subject.sockets:
        return unknown(SERVER_SOCKET, "no list of the server's sockets is at hand")
    facts = [_held(item) for item in sockets_of(subject, End.SERVER)]
    return agreed(facts) if facts else unknown(SERVER_SOCKET, "no list of sockets shows the server's end of it")


def _held(item: HostSocket) -> Fact:
    socket = item.socket
    if socket.state is SocketState.SYN_RECEIVED:
        return _half_open(item)
    if socket.state not in SYNCHRONISED:
        return unknown(SERVER_SOCKET, f"the server's socket is in {socket.state}, which says nothing of how it began")
    if socket.received:
        says = f"the server's kernel holds the connection for made; {socket.received} bytes wait for the program"
        return _socket_fact(item, Held.UNREAD, says)
    return _socket_fact(item, Held.TAKEN, "the server's kernel holds the connection for made")


def _half_open(item: HostSocket) -> Fact:
    retries = item.socket.retries
    if retries is None:
        # It may have begun a moment ago.
        return _socket_fact(item, Held.HALF_OPEN, "the server's socket waits for the client's ACK", sure=False)
    if retries < SEVERAL:
        return unknown(SERVER_SOCKET, "the server's sockets were listed before it could repeat its SYN+ACK twice")
    says = f"the server's socket waits for the client's ACK and has repeated its SYN+ACK {retries} times"
    return _socket_fact(item, Held.HALF_OPEN, says)


def _socket_fact(item: HostSocket, answer: Held, says: str, *, sure: bool = True) -> Fact:
    cites = (item.cite(),)
    return Fact(kind=SERVER_SOCKET, answer=answer, says=says, way=Way.THERE, vantage="server", cites=cites, sure=sure)


def accept_queue(subject: Subject) -> Fact:
    """Whether the accept queue of the target's port was full when the server's sockets were listed."""
    listening = list(_listening(subject))
    mine = [(file, socket) for file, socket in listening if socket.local_port == subject.server.port]
    if not mine:
        return _nobody(listening)
    for answer, says in (
        (Queue.FULL, "{received} connections wait to be accepted, {pending} are allowed: the accept queue is full"),
        (Queue.HAS_DROPPED, "the listening socket of the port has dropped {dropped} packets"),
        (Queue.ROOM, "{received} connections wait to be accepted, {pending} are allowed"),
    ):
        found = [(file, socket) for file, socket in mine if _is(answer, socket)]
        if found:
            file, socket = found[0]
            words = says.format(received=socket.received, pending=socket.pending, dropped=socket.dropped)
            return _queue_fact(answer, words, file, socket)
    return unknown(ACCEPT_QUEUE, "no list of the server's sockets shows who listens")


def _is(answer: Queue, socket: Socket) -> bool:
    match answer:
        case Queue.FULL:
            return is_full(socket)
        case Queue.HAS_DROPPED:
            return bool(socket.dropped)
        case _:
            return True


def _listening(subject: Subject) -> Iterator[tuple[str, Socket]]:
    """Listening sockets of the server's host that can be reached at its address."""
    for item in subject.sockets:
        if not _is_servers(item, subject):
            continue
        for socket in item.listing.sockets:
            if socket.state is SocketState.LISTEN and socket.local_address in {None, subject.server.address}:
                yield item.listing.file, socket


def _is_servers(item: SocketEvidence, subject: Subject) -> bool:
    """Whether a list is of the server's host: by the role of its file, else by the server's address in it."""
    if item.role.vantage is not None:
        return item.role.vantage == "server"
    return any(socket.local_address == subject.server.address for socket in item.listing.sockets)


def _nobody(listening: list[tuple[str, Socket]]) -> Fact:
    if not listening:
        return unknown(ACCEPT_QUEUE, "no list of the server's sockets shows who listens")
    file, socket = listening[0]
    # A container's sockets are not in its host's list.
    fact = _queue_fact(Queue.NOBODY, "nobody listens on the port, as far as the list of sockets goes", file, socket)
    return Fact(
        kind=fact.kind,
        answer=fact.answer,
        says=fact.says,
        vantage="server",
        cites=fact.cites,
        sure=False,
        decisive=False,
    )


def _queue_fact(answer: Queue, says: str, file: str, socket: Socket) -> Fact:
    cites = (Citation(file=file, line=socket.line),)
    return Fact(kind=ACCEPT_QUEUE, answer=answer, says=says, vantage="server", cites=cites)
