"""Which packets of the failing connections a filter's log calls dropped.

A filter logs a packet and decides about it in two steps: that it was dropped is what the rule's author wrote in front.
The log is limited in rate as a rule, so that what is missing from it says nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.logged_packet import LoggedPacket, Said
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.way import Way


class Logged(StrEnum):
    """What the log calls dropped."""

    OPENING = "opening"
    """The client's SYN."""
    LATER = "later"
    """What the client sent after its SYN."""
    LATER_AS_INVALID = "later-as-invalid"
    """The same, for it fits no connection that the filter knows."""
    BACK = "back"
    """What the server sent."""


LOGGED_DROPS = Kind(
    id="logged-drops",
    asks="Which packets of the connection does a filter's log call dropped?",
    family="rule",
    answers=Logged,
    decisive=False,
)

_WORDS = {
    Logged.OPENING: "the client's SYN",
    Logged.LATER: "the client's packets after its SYN",
    Logged.LATER_AS_INVALID: "the client's packets after its SYN, as invalid",
    Logged.BACK: "the server's packets",
}


class _Mention(Struct, frozen=True, kw_only=True):
    file: str
    packet: LoggedPacket
    way: Way

    def cite(self) -> Citation:
        return Citation(file=self.file, line=self.packet.line)


def logged_drops(subject: Subject) -> Fact:
    """What of the failing connections the log calls dropped; a lost opening says more than what follows it."""
    if not subject.logs:
        return unknown(LOGGED_DROPS, "no log of a packet filter is at hand")
    mentions = list(_mentions(subject))
    dropped: defaultdict[Logged, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.packet.said in {Said.DROPPED, Said.REJECTED}:
            dropped[_class(mention)].append(mention)
    if not dropped:
        why = "speaks of packets of the connection, but not of dropping them" if mentions else "does not mention it"
        return unknown(LOGGED_DROPS, f"the filter's log {why}")
    answer = Logged.OPENING if Logged.OPENING in dropped else max(dropped, key=lambda key: len(dropped[key]))
    found = dropped[answer]
    first = found[0].packet
    says = f"a log line that begins with `{first.prefix}` tells {len(found)} times of {_WORDS[answer]} {_where(first)}"
    cites = tuple(mention.cite() for mention in found[:3])
    return Fact(kind=LOGGED_DROPS, answer=answer, says=says, way=found[0].way, vantage="firewall", cites=cites)


def _class(mention: _Mention) -> Logged:
    if mention.way is Way.BACK:
        return Logged.BACK
    if "SYN" in mention.packet.flags:
        return Logged.OPENING
    return Logged.LATER_AS_INVALID if mention.packet.stateful else Logged.LATER


def _where(packet: LoggedPacket) -> str:
    came, went = packet.came_in, packet.went_out
    if came and went:
        return f"from {came} to {went}"
    return f"in by {came}" if came else f"out by {went}" if went else "there"


def _mentions(subject: Subject) -> Iterator[_Mention]:
    """Packets of the failing connections, under any addresses that an observer saw them with."""
    pairs = {(seen.sides.client, seen.sides.server) for item in subject.exemplars for seen in item.seen}
    for item in subject.logs:
        for packet in item.log.packets:
            if packet.protocol != "TCP":
                continue
            way = _way(packet, pairs, subject)
            if way is not None:
                yield _Mention(file=item.log.file, packet=packet, way=way)


def _way(packet: LoggedPacket, pairs: set[tuple[Endpoint, Endpoint]], subject: Subject) -> Way | None:
    """Which way of a failing connection *packet* goes; None where it is of none."""
    source, destination = packet.source, packet.destination
    if pairs:
        if (source, destination) in pairs:
            return Way.THERE
        return Way.BACK if (destination, source) in pairs else None
    if destination == subject.server and subject.client in {"", source.address}:
        return Way.THERE
    return Way.BACK if source == subject.server and subject.client in {"", destination.address} else None
