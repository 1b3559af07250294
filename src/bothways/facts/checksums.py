"""Whether the packets that a host ignored arrived there with a wrong checksum.

Only what comes in is judged: on the sender, captures show checksums that its network card has yet to complete. A
receiver that sits in the same machine, or whose card merges segments, shows such checksums too; where even a packet
that the host answered looks wrong, the capture's checksums say nothing (Linux,
Documentation/networking/checksum-offloads.rst).
"""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.exchange import Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import SEVERAL
from bothways.evidence.segment import Checksum, Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite, seen_at
from bothways.way import Way

ETHERNET_PAYLOAD = 1460
"""Bytes of TCP payload in an ordinary frame; a longer segment was merged on its way in, and its checksum is no
sender's."""


class Sums(StrEnum):
    """How the checksums are of what a host ignored."""

    GOOD = "good"
    BAD = "bad"


CHECKSUM_AT_SERVER = Kind(
    id="checksum-at-server",
    asks="Are the checksums right of the client's packets that the server ignored?",
    family="server-discards",
    answers=Sums,
)
CHECKSUM_AT_CLIENT = Kind(
    id="checksum-at-client",
    asks="Are the checksums right of the SYN+ACKs that the client ignored?",
    family="client-discards",
    answers=Sums,
)


def checksum_at_server(subject: Subject) -> Fact:
    """Checksums of the client's packets as the server's card got them."""
    return _measured(CHECKSUM_AT_SERVER, subject, Place.SERVER, Way.THERE)


def checksum_at_client(subject: Subject) -> Fact:
    """Checksums of the server's packets as the client's card got them."""
    return _measured(CHECKSUM_AT_CLIENT, subject, Place.CLIENT, Way.BACK)


def _measured(kind: Kind, subject: Subject, place: Place, way: Way) -> Fact:
    if subject.observer_at(place) is None:
        return unknown(kind, f"there is no capture at the {place.value}")
    seen = [view for exchange in subject.exemplars if (view := seen_at(exchange, place)) is not None]
    facts = [_in_one(kind, view, way) for view in seen]
    return agreed(facts) if facts else unknown(kind, f"the {place.value}'s capture shows no failed connection")


def _in_one(kind: Kind, seen: Seen, way: Way) -> Fact:
    """A connection in which the host answered the opening and nothing after it, or not even that."""
    arrived = [segment for segment in seen.segments(way) if segment.payload <= ETHERNET_PAYLOAD]
    ignored = _ignored(seen, arrived, way)
    if len(ignored) < SEVERAL:
        return unknown(kind, "it ignored too few packets")
    sums = {segment.checksum for segment in ignored}
    if sums == {Checksum.GOOD}:
        return _fact(kind, Sums.GOOD, "the packets that it ignored have right checksums", seen, ignored, way)
    heard = {segment.checksum for segment in arrived if segment not in ignored}
    if sums == {Checksum.BAD} and heard <= {Checksum.GOOD}:
        says = f"{len(ignored)} packets that it ignored arrived with a wrong TCP checksum"
        return _fact(kind, Sums.BAD, says, seen, ignored, way)
    return unknown(kind, "the capture does not hold whole segments whose checksums tell")


def _ignored(seen: Seen, arrived: Sequence[Segment], way: Way) -> list[Segment]:
    """What came and had no effect: at the server all but answered SYNs, at the client SYN+ACKs before another SYN."""
    if way is Way.THERE:
        if any(not segment.is_syn_ack and not segment.is_reset for segment in seen.back):
            return []
        answered = any(segment.is_syn_ack for segment in seen.back)
        return [segment for segment in arrived if not (answered and segment.is_syn) and not segment.is_reset]
    again = max((segment.number for segment in seen.there if segment.is_syn), default=0)
    return [segment for segment in arrived if segment.is_syn_ack and segment.number < again]


def _fact(kind: Kind, answer: Sums, says: str, seen: Seen, shown: Sequence[Segment], way: Way) -> Fact:  # noqa: PLR0913, PLR0917 - the fields of a fact
    return Fact(
        kind=kind,
        answer=answer,
        says=says,
        way=way,
        vantage=seen.observer.vantage,
        cites=cite(seen, shown[0], shown[-1]),
        sure=seen.observer.sure,
    )
