"""Whether there is a client at all that could answer the SYN+ACK.

A server cannot tell: a lost ACK, a forged source address and a client that went away leave the same packets with it.
Others can: the client's own capture, and the last router before the client, which finds nobody there.
"""

from collections.abc import Iterator
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import PATIENCE, SEVERAL
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.evidence.icmp_error import Unreachable
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stretches import proven
from bothways.facts.subject import Subject, cite, seen_at
from bothways.facts.trust import resting_on_absence
from bothways.units import SECOND, Duration, Instant, between, plain
from bothways.way import Way
from bothways.wire.address import network_of

MEANWHILE = Duration(10 * SECOND)
"""A connection of the client that began so near could be the one in question, seen under other numbers."""


LOOKING = Duration(1 * SECOND)
"""What a router takes at least to find out that it has no such neighbour: it asks three times, a second apart (RFC 4861
section 10; Linux does the same for ARP, arp(7), mcast_solicit). One without a route says so at once."""


class Presence(StrEnum):
    """What tells of the client."""

    GOES_ON = "goes-on"
    """It answered the SYN+ACK in this very connection, wherever that was seen."""
    NEVER_SENT = "never-sent"
    """Its own capture ran, and shows that it did not send that SYN."""
    UNREACHABLE = "unreachable"
    """The router of the client's own link says of the SYN+ACK that there is no such host."""
    IGNORES = "ignores"
    """Its own capture shows one SYN, repeated SYN+ACKs, and no reaction: no ACK, no reset, no further SYN."""
    ALIVE = "alive"
    """More than SYNs of it reach the server in other connections."""
    ONLY_SYNS = "only-syns"
    """Nothing of it but SYNs is in view anywhere."""


CLIENT_PRESENCE = Kind(
    id="client-presence", asks="Is there a client that could answer?", family="client-presence", answers=Presence
)


def client_presence(subject: Subject) -> Fact:
    """What tells of the client of the failing connections."""
    measured = [_in(subject, exchange) for exchange in subject.exemplars]
    return agreed(measured) if measured else unknown(CLIENT_PRESENCE, "no failed connection was captured")


def _in(subject: Subject, exchange: Exchange) -> Fact:
    goes_on = _goes_on(exchange)
    if goes_on is not None:
        return goes_on
    if not any(seen.sides.back.syn_acks for seen in exchange.seen):
        return unknown(CLIENT_PRESENCE, "no SYN+ACK is in view that a client could answer", moot=True)
    for measure in (_never_sent, _unreachable, _ignores, _alive):
        fact = measure(subject, exchange)
        if fact is not None:
            return fact
    seen = exchange.seen[0]
    says = "nothing of the client but SYNs is in view"
    return _fact(seen, Presence.ONLY_SYNS, says, *seen.there[:1])


def _goes_on(exchange: Exchange) -> Fact | None:
    for seen in exchange.seen:
        answer = next((one for one in seen.there if not one.is_syn), None)
        if answer is not None:
            return _fact(seen, Presence.GOES_ON, "the client answered the SYN+ACK", answer)
    return None


def _never_sent(subject: Subject, exchange: Exchange) -> Fact | None:
    """The client's own capture shows its other connections to this very port meanwhile, and not this one."""
    client = subject.observer_at(Place.CLIENT)
    if client is None or seen_at(exchange, Place.CLIENT) is not None or not proven(subject, exchange, client):
        return None
    quality = client.quality
    if quality.shows(Way.THERE, PacketClass.SYN) is not Shows.YES or quality.lossy or _maybe_unjoined(subject):
        return None
    seen = exchange.seen[0]
    says = "the client's own capture shows its other connections meanwhile, and that it never sent this SYN"
    return _fact(seen, Presence.NEVER_SENT, says, *seen.there[:1], sure=client.sure)


def _maybe_unjoined(subject: Subject) -> bool:
    """Whether the client's capture has connections of its own that nobody farther on was seen to have."""
    alone = [item for item in subject.connections if {seen.observer.place for seen in item.seen} == {Place.CLIENT}]
    begun = [one for item in subject.exemplars for one in _begins(item)]
    return any(abs(between(one, other)) <= MEANWHILE for item in alone for one in _begins(item) for other in begun)


def _begins(exchange: Exchange) -> Iterator[Instant]:
    return (seen.sides.there.first for seen in exchange.seen[:1] if seen.sides.there.first is not None)


def _unreachable(_: Subject, exchange: Exchange) -> Fact | None:
    """Only the router of the client's own link knows that nobody answers there: another one may lack a route.

    It has an address there, or it has looked for its neighbour, which takes a second or more.
    """
    for seen in exchange.seen:
        home = network_of(seen.sides.client.address)
        offered = next((one.at for one in seen.back if one.is_syn_ack), None)
        said = [one for one in seen.errors if one.source == seen.sides.server and one.says is Unreachable.HOST]
        if not said or offered is None:
            continue
        error, took = said[0], between(offered, said[0].at)
        if network_of(error.reporter) == home or took >= LOOKING:
            says = f"{error.reporter} reports, {plain(took)} after the first SYN+ACK, that there is no such host"
            return Fact(
                kind=CLIENT_PRESENCE,
                answer=Presence.UNREACHABLE,
                says=says,
                way=Way.BACK,
                vantage=seen.observer.vantage,
                cites=(seen.cite(error),),
            )
    return None


def _ignores(_: Subject, exchange: Exchange) -> Fact | None:
    seen = seen_at(exchange, Place.CLIENT)
    if seen is None:
        return None
    offers = [one for one in seen.back if one.is_syn_ack]
    if len(offers) < SEVERAL or seen.sides.there.syns != 1 or between(offers[0].at, offers[-1].at) < PATIENCE:
        return None
    says = f"{len(offers)} SYN+ACKs came to the client, which sent one SYN and reacted to none of them"
    fact = _fact(seen, Presence.IGNORES, says, offers[0], offers[-1], sure=seen.observer.sure)
    return resting_on_absence(fact, seen, Way.THERE, PacketClass.ACK, PacketClass.RESET)


def _alive(subject: Subject, exchange: Exchange) -> Fact | None:
    for other in subject.beside:
        if other is exchange or other.client.address != exchange.client.address:
            continue
        for seen in other.seen:
            there = seen.sides.there
            if seen.observer.place is Place.SERVER and (there.bare_acks or there.data):
                says = "more than SYNs of the client reaches the server in another connection"
                cites = (seen.begins,)
                return Fact(
                    kind=CLIENT_PRESENCE, answer=Presence.ALIVE, says=says, vantage=seen.observer.vantage, cites=cites
                )
    return None


def _fact(seen: Seen, answer: Presence, says: str, *segments: Segment, sure: bool = True) -> Fact:
    cites = cite(seen, *segments) or (seen.begins,)
    vantage = seen.observer.vantage
    return Fact(kind=CLIENT_PRESENCE, answer=answer, says=says, way=Way.THERE, vantage=vantage, cites=cites, sure=sure)
