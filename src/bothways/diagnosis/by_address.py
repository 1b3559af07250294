"""Sockets and logged packets by address, found once for all targets: a busy host has thousands of both."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from bothways.evidence.case import Case, LogEvidence, SocketEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import ProbeLog, ProbeTrace, Sends
from bothways.evidence.socket import SocketState


class ByAddress:
    """What the hosts and filters of a case say, to be asked about a target's addresses."""

    def __init__(self, case: Case) -> None:
        """Index the lists and logs of *case*."""
        self._case = case
        self._sockets: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
        for which, item in enumerate(case.sockets):
            for place, socket in enumerate(item.listing.sockets):
                # Who listens tells of every socket of the host whether it is the server's end.
                ends = {"" if socket.state is SocketState.LISTEN else socket.local_address}
                for address in ends | ({socket.peer.address} if socket.peer else set()):
                    self._sockets[(which, address or "")].add(place)
        self._packets: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
        for which, log in enumerate(case.logs):
            for place, packet in enumerate(log.log.packets):
                for address in {packet.source.address, packet.destination.address}:
                    self._packets[(which, address)].add(place)

    def sockets(self, addresses: Collection[str]) -> tuple[SocketEvidence, ...]:
        """All lists, with the sockets that listen and those of a connection with one of *addresses*."""
        found = []
        for which, item in enumerate(self._case.sockets):
            places = _places(self._sockets, which, ("", *addresses))
            sockets = tuple(item.listing.sockets[place] for place in places)
            found.append(replace(item, listing=replace(item.listing, sockets=sockets)))
        return tuple(found)

    def logs(self, addresses: Collection[str]) -> tuple[LogEvidence, ...]:
        """All logs, with the packets from or to one of *addresses*."""
        found = []
        for which, item in enumerate(self._case.logs):
            places = _places(self._packets, which, addresses)
            packets = tuple(item.log.packets[place] for place in places)
            found.append(replace(item, log=replace(item.log, packets=packets)))
        return tuple(found)

    def probes(self, server: Endpoint) -> tuple[tuple[ProbeLog, ...], tuple[ProbeLog, ...]]:
        """The traces that went to *server*, and those to anything else; logs with none of them are left out."""
        mine = [[_went_to(trace, server) for trace in log.traces] for log in self._case.probes]
        return _split(self._case.probes, mine, wanted=True), _split(self._case.probes, mine, wanted=False)


def _went_to(trace: ProbeTrace, server: Endpoint) -> bool:
    # Datagrams go to ports where nobody listens, and show the way to the address.
    here = trace.destination.address == server.address
    return here and (trace.destination.port == server.port or trace.sends is Sends.UDP)


def _split(logs: Iterable[ProbeLog], mine: Iterable[Sequence[bool]], *, wanted: bool) -> tuple[ProbeLog, ...]:
    parts = (
        replace(log, traces=tuple(trace for trace, is_mine in zip(log.traces, marks, strict=True) if is_mine is wanted))
        for log, marks in zip(logs, mine, strict=True)
    )
    return tuple(part for part in parts if part.traces)


def _places(index: dict[tuple[int, str], set[int]], which: int, addresses: Iterable[str]) -> list[int]:
    empty: set[int] = set()
    return sorted(set().union(*(index.get((which, address), empty) for address in addresses)))
