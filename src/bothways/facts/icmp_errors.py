"""What routers and hosts said of packets that they could not deliver: which error, about which way, and who said it.

Only what is said of the failing connections themselves counts, never of a path tool's probes, whose hops run out by
design. "Packet too big" is left to the facts about sizes: it is an everyday part of a working path.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.evidence.icmp_error import IcmpError, Unreachable
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.icmp_quote import never_sent
from bothways.facts.subject import Subject, seen_at
from bothways.way import Way
from bothways.wire.address import network_of


class Said(StrEnum):
    """What an error says about a packet of a failing connection."""

    NO_HOST = "no-host"
    """ICMP 3/1 and its like: the last router cannot reach the host."""
    NO_ROUTE = "no-route"
    """ICMP 3/0 and its like: a router knows no way there."""
    PROHIBITED = "prohibited"
    """An administrator forbids it. Of TCP, "port unreachable" is a filter's word as well (Linux `reject`)."""
    EXPIRED = "expired"
    """Its hops ran out in transit, though no path tool sent it."""
    OTHER = "other"
    NONE = "none"
    """The capture beside the sender shows other ICMP errors, and none of these kinds about these connections."""


class Reporter(StrEnum):
    """Who said it, by the source address of the error."""

    SERVER = "server"
    SERVERS_NETWORK = "network-of-server"
    """Another address of the network (/24, /64) to which the server belongs."""
    ROUTER = "router"
    CLIENT = "client"
    """The client's own host, which found no way to send the packet."""


ICMP_THERE = Kind(
    id="icmp-there", asks="Which ICMP errors came about the client's packets?", family="icmp", answers=Said
)
ICMP_BACK = Kind(
    id="icmp-back", asks="Which ICMP errors came about the server's packets?", family="icmp-back", answers=Said
)
ICMP_SENDER = Kind(
    id="icmp-sender",
    asks="Who sent the ICMP errors about the client's packets?",
    family="icmp-sender",
    answers=Reporter,
)

_SAID: dict[Unreachable, Said] = {
    Unreachable.HOST: Said.NO_HOST,
    Unreachable.NETWORK: Said.NO_ROUTE,
    Unreachable.PROHIBITED: Said.PROHIBITED,
    Unreachable.PORT: Said.PROHIBITED,
    Unreachable.EXPIRED: Said.EXPIRED,
    Unreachable.OTHER: Said.OTHER,
}

Heard = tuple[Seen, IcmpError]


def icmp_there(subject: Subject) -> Fact:
    """What was said of the client's packets, by the first observer that each error passed."""
    return _said_of(subject, Way.THERE, ICMP_THERE)


def icmp_back(subject: Subject) -> Fact:
    """What was said of the server's packets."""
    return _said_of(subject, Way.BACK, ICMP_BACK)


def icmp_sender(subject: Subject) -> Fact:
    """Who sent the errors about the client's packets. Addresses can be forged and translated: as the packets say."""
    measured = [_sender(*heard[0]) for exchange in subject.exemplars if (heard := _heard(exchange, Way.THERE))]
    return agreed(measured) if measured else unknown(ICMP_SENDER, "no ICMP error is in view", moot=True)


def _said_of(subject: Subject, way: Way, kind: Kind) -> Fact:
    measured = [
        _fact(kind, way, heard) for exchange in subject.exemplars if (heard := _heard(exchange, way)) is not None
    ]
    if measured:
        return agreed(measured)
    return _none(subject, way, kind)


def _heard(exchange: Exchange, way: Way) -> Sequence[Heard] | None:
    """All errors about *way* of a connection as the first observer saw them that saw any; None where nobody did."""
    for seen in exchange.seen:
        listed = [(seen, error) for error in seen.errors if _is_about(error, way, seen)]
        if listed:
            return listed
    return None


def _is_about(error: IcmpError, way: Way, seen: Seen) -> bool:
    sender = seen.sides.client if way is Way.THERE else seen.sides.server
    return error.source == sender and error.says is not Unreachable.TOO_BIG


def _fact(kind: Kind, way: Way, heard: Sequence[Heard]) -> Fact:
    """What the first error says; one that quotes what was never sent may be made up, and settles nothing."""
    seen, first = heard[0]
    forged = never_sent(seen, way, first)
    reporters = sorted({error.reporter for _, error in heard})
    says = (
        f"{' and '.join(reporters[:2])} said `{first.says}` (ICMP type {first.type} code {first.code}) of "
        f"{len(heard)} packets of a connection"
    )
    return Fact(
        kind=kind,
        answer=_SAID[first.says],
        says=says,
        way=way,
        vantage=seen.observer.vantage,
        cites=tuple(seen.cite(error) for _, error in (heard[0], heard[-1])),
        sure=not forged,
        decisive=not forged,
    )


def _sender(seen: Seen, error: IcmpError) -> Fact:
    server, client = seen.sides.server.address, seen.sides.client.address
    if error.reporter == server:
        answer, who = Reporter.SERVER, "the server's own address"
    elif error.reporter == client:
        answer, who = Reporter.CLIENT, "the client's own host"
    elif network_of(error.reporter) == network_of(server):
        answer, who = Reporter.SERVERS_NETWORK, f"{error.reporter}, of the server's network,"
    else:
        answer, who = Reporter.ROUTER, f"{error.reporter}, a router on the way,"
    return Fact(
        kind=ICMP_SENDER,
        answer=answer,
        says=f"{who} sent the ICMP error",
        way=Way.BACK,
        vantage=seen.observer.vantage,
        cites=(seen.cite(error),),
        sure=not never_sent(seen, Way.THERE, error),
    )


def _none(subject: Subject, way: Way, kind: Kind) -> Fact:
    """None came: known only where the same capture shows that errors to the same end would have been kept."""
    for seen in _beside_sender(subject, way):
        if seen.observer.keeps_errors:
            says = "the capture shows other ICMP errors, and none about these connections"
            return Fact(
                kind=kind,
                answer=Said.NONE,
                says=says,
                way=way,
                vantage=seen.observer.vantage,
                cites=(seen.begins,),
                sure=False,
            )
    return unknown(kind, "no ICMP error is in view, and nothing shows that one would have been kept")


def _beside_sender(subject: Subject, way: Way) -> Iterator[Seen]:
    """The view of each failed connection from the end that an error would have gone to."""
    place = Place.CLIENT if way is Way.THERE else Place.SERVER
    for exchange in subject.exemplars:
        seen = seen_at(exchange, place)
        if seen is not None:
            yield seen
