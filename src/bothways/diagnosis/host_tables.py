"""Whose a connection-tracking table is: a firewall's, or that of one of the two ends' own hosts.

A host tracks its own connections as a firewall tracks those that pass it, and prints them in the same form. But what a
host saw come in says nothing of what a firewall on the way saw. That a table is a host's is told by the user's word;
by a connection of the host with itself, whose ports its list of sockets shows as well; or by the file's name, as far as
nothing in it contradicts: an entry between others shows that it was forwarded. That one end takes part in all entries
proves nothing, for so it is on a firewall that guards it alone.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from bothways.connections.observer import Place
from bothways.evidence.case import Case, SocketEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.session import Session, SessionLog

_ENDS = frozenset({Place.CLIENT.value, Place.SERVER.value})

Pair = frozenset[Endpoint]


def apart(case: Case) -> tuple[tuple[SessionLog, ...], tuple[SessionLog, ...]]:
    """The tables of *case* that are taken for a firewall's, and those that are a host's own."""
    judged = [(log, _is_of_host(log, case.sockets)) for log in case.sessions]
    return tuple(log for log, own in judged if not own), tuple(log for log, own in judged if own)


def told_apart(hosts: Iterable[SessionLog]) -> tuple[str, ...]:
    """A sentence on each table that is not read as a firewall's."""
    return tuple(
        f"{log.file} is taken for the {log.vantage if log.vantage in _ENDS else 'host'}'s own table of connections, "
        "which says nothing of a firewall on the way"
        for log in hosts
    )


def _is_of_host(log: SessionLog, sockets: Sequence[SocketEvidence]) -> bool:
    if log.decided:
        return log.vantage in _ENDS
    if sockets and _with_itself(log) & set(chain.from_iterable(map(_pairs, sockets))):
        return True
    return log.vantage in _ENDS and not _forwards(log, [item for item in sockets if item.role.vantage == log.vantage])


def _with_itself(log: SessionLog) -> set[Pair]:
    """Connections over the loopback interface, which never leave their host."""
    return {frozenset(one.original) for one in _tcp(log) if all(_is_loopback(end.address) for end in one.original)}


def _pairs(item: SocketEvidence) -> set[Pair]:
    ends = (
        (Endpoint(socket.local_address, socket.local_port), socket.peer)
        for socket in item.listing.sockets
        if socket.local_address is not None and socket.peer is not None
    )
    return {frozenset(pair) for pair in ends}


def _forwards(log: SessionLog, own: Sequence[SocketEvidence]) -> bool:
    """Whether an entry is between others: no address of one family takes part in all, nor does one that `ss` shows."""
    named = {
        socket.local_address
        for item in own
        for socket in item.listing.sockets
        if socket.local_address is not None and not _is_loopback(socket.local_address)
    }
    for six in (False, True):
        taking_part = [
            ends
            for one in _tcp(log)
            if (":" in one.original[0].address) is six
            and not any(map(_is_loopback, ends := {end.address for end in (*one.original, *one.reply)}))
        ]
        if not taking_part or all(ends & named for ends in taking_part):
            continue
        if not set.intersection(*taking_part):
            return True
    return False


def _tcp(log: SessionLog) -> list[Session]:
    return [session for session in log.sessions if session.protocol == "tcp"]


def _is_loopback(address: str) -> bool:
    """127.0.0.0/8 and ::1 (RFC 6890 section 2.2.2 and 2.2.3)."""
    return address.startswith("127.") or address == "::1"
