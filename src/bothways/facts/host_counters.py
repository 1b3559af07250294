"""What the hosts' kernels counted. Counters are of a whole host: other connections may have raised them.

Since a host's start a little of everything was counted, so that a count says little; that nothing was counted says
much, where it is certain whose count it is. What came between two snapshots says most. Meanings: Linux
Documentation/networking/snmp_counter.rst.
"""

from enum import StrEnum

from msgspec.structs import replace

from bothways.connections.observer import Place
from bothways.evidence.case import Role
from bothways.facts.counts import Count, count
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.full_queues import OVERFLOWS
from bothways.facts.sockets import accept_queue
from bothways.facts.stuck_sockets import End, sockets_of
from bothways.facts.subject import Subject, seen_at
from bothways.way import Way


class Counted(StrEnum):
    """What a counter says."""

    RISEN = "risen"
    """It rose between two snapshots."""
    COUNTED = "counted"
    """It has counted at some time."""
    NONE = "none"
    """It has counted nothing."""


class Discarded(StrEnum):
    """For what a host's kernel discarded packets, whatever connection they were of."""

    WRONG_INTERFACE = "wrong-interface"
    """They came in by another interface than the way back goes out (reverse path filter)."""
    CHECKSUM = "checksum"
    TIMESTAMP = "timestamp"
    """Older than what was received (PAWS)."""
    SYN_QUEUE = "syn-queue"
    """Too many connections were half open."""
    NOTHING = "nothing"


LISTEN_OVERFLOWS = Kind(
    id="listen-overflows",
    asks="Did the server's kernel count overflows of accept queues?",
    family="server-queue",
    answers=Counted,
)
SERVER_DISCARDS = Kind(
    id="server-discards",
    asks="Did the server's kernel count packets that it discarded?",
    family="server-discards",
    answers=Discarded,
)
CLIENT_DISCARDS = Kind(
    id="client-discards",
    asks="Did the client's kernel count packets that it discarded?",
    family="client-discards",
    answers=Discarded,
)
REPEATS_AT_CLIENT = Kind(
    id="repeats-at-client",
    asks="Did the client's kernel count SYN+ACKs that came again to connections that it holds for made?",
    family="acceptance",
    answers=Counted,
    decisive=False,
)

DISCARDS = {
    "TcpExtIPReversePathFilter": (Discarded.WRONG_INTERFACE, "for the interface that they came in by"),
    "TcpInCsumErrors": (Discarded.CHECKSUM, "for their checksum"),
    "TcpExtPAWSEstab": (Discarded.TIMESTAMP, "for their timestamp"),
    "TcpExtTCPReqQFullDrop": (Discarded.SYN_QUEUE, "as too many connections were half open"),
}


def _at_server(role: Role) -> bool:
    return role.vantage == "server"


def _at_client(role: Role) -> bool:
    return role.vantage == "client"


def listen_overflows(subject: Subject) -> Fact:
    """Whether an accept queue of the server overflowed; with SYN cookies it counts them too."""
    overflows = count(subject, OVERFLOWS, _at_server)
    if overflows is None:
        return unknown(LISTEN_OVERFLOWS, "no counters of the server are at hand that have ListenOverflows")
    says = f"the server's kernel {_how_often(overflows, 'an accept queue was full (ListenOverflows)')}"
    cookies = count(subject, "TcpExtSyncookiesSent", _at_server)
    if cookies is not None and cookies.value:
        says += f", and sent {cookies.value} SYN cookies"
    answer = _answer(overflows)
    return Fact(
        kind=LISTEN_OVERFLOWS,
        answer=answer,
        says=says,
        vantage="server",
        cites=overflows.cites,
        sure=answer is not Counted.NONE or _covers_failure(overflows, subject),
    )


def _covers_failure(counted: Count, subject: Subject) -> bool:
    """Whether a count is of the target's own network namespace, and of the time of the failure.

    Each namespace counts for itself: a container's host counts nothing of it. The server's sockets, listed beside the
    counters, show the failing connection itself; or they show the port, and there are snapshots from before and after.
    """
    if sockets_of(subject, End.SERVER):
        return counted.from_start
    return counted.between and accept_queue(subject).known


def _answer(counted: Count) -> Counted:
    if not counted.value:
        return Counted.NONE
    return Counted.RISEN if counted.between else Counted.COUNTED


def _how_often(counted: Count, what: str) -> str:
    """`counted 3 times since it began that ...`, `counted never that ...`."""
    if not counted.value:
        return (
            f"counted never that {what}" if counted.from_start else f"counted never that {what}, since when is untold"
        )
    since = "between two snapshots" if counted.between else "since it began" if counted.from_start else "in all"
    return f"counted {counted.value} times {since} that {what}"


def server_discards(subject: Subject) -> Fact:
    """What the server's kernel discarded most packets for."""
    return _discards(SERVER_DISCARDS, subject, Place.SERVER)


def client_discards(subject: Subject) -> Fact:
    """What the client's kernel discarded most packets for."""
    return _discards(CLIENT_DISCARDS, subject, Place.CLIENT)


def _discards(kind: Kind, subject: Subject, place: Place) -> Fact:
    whose = place.value
    counts = {name: count(subject, name, lambda role: role.vantage == whose) for name in DISCARDS}
    known = {name: counted for name, counted in counts.items() if counted is not None}
    name = max(known, key=lambda key: known[key].value, default=None)
    if name is None:
        return unknown(kind, f"no counters of the {whose} are at hand")
    most = known[name]
    if most.value:
        answer, why = DISCARDS[name]
        since = " between two snapshots" if most.between else ""
        says = f"the {whose}'s kernel discarded {most.value} packets{since} {why} ({name})"
        return Fact(
            kind=kind,
            answer=answer,
            says=says,
            vantage=whose,
            cites=most.cites,
            decisive=_covers(most, subject, place),
        )
    if len(known) < len(DISCARDS):
        return unknown(kind, f"only some of the {whose}'s counters of discarded packets are at hand")
    why = "interface, checksum, timestamp or half-open connections"
    says = f"the {whose}'s kernel counted no packet discarded for {why}"
    none = Fact(kind=kind, answer=Discarded.NOTHING, says=says, vantage=whose, cites=most.cites)
    return replace(none, sure=False, decisive=False)


MOSTLY_OTHERS = 50
"""A count since the host's start that exceeds by this factor what came is mostly of other packets."""


def _covers(counted: Count, subject: Subject, place: Place) -> bool:
    """Whether a count can be of what the host's own capture shows to have come in the failed connections.

    Fewer cannot be the cause; without a capture nobody knows.
    """
    views = [seen for item in subject.exemplars if (seen := seen_at(item, place)) is not None]
    came = sum(len(seen.segments(Way.THERE if place is Place.SERVER else Way.BACK)) for seen in views)
    # The opening SYN of each may have been taken.
    enough = 0 < came - len(views) <= counted.value
    return enough and (counted.between or counted.value <= MOSTLY_OTHERS * came)


def repeats_at_client(subject: Subject) -> Fact:
    """Whether the client's kernel answered SYNs in connections that it holds for made (RFC 5961 section 4.2)."""
    challenges = count(subject, "TcpExtTCPSYNChallenge", _at_client)
    if challenges is None:
        return unknown(REPEATS_AT_CLIENT, "no counters of the client are at hand that have TCPSYNChallenge")
    what = "a SYN or SYN+ACK came again to a connection that it holds for made (TCPSYNChallenge)"
    says = f"the client's kernel {_how_often(challenges, what)}"
    answer = _answer(challenges)
    return Fact(kind=REPEATS_AT_CLIENT, answer=answer, says=says, vantage="client", cites=challenges.cites, sure=False)
