"""Whether the packets that the server's host ignored arrived there with a wrong checksum.

Only what comes in is judged: on the sender, captures show checksums that its network card has yet to complete. A
receiver that sits in the same machine, or whose card merges segments, shows such checksums too, and whoever changed
addresses in a capture may have left them wrong. So the SYN that the server answered must have a right one; else the
capture's checksums say nothing (Linux, Documentation/networking/checksum-offloads.rst).
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


def checksum_at_server(subject: Subject) -> Fact:
    """Checksums of the client's packets as the server's card got them, where it answered the SYN and nothing after."""
    if subject.observer_at(Place.SERVER) is None:
        return unknown(CHECKSUM_AT_SERVER, "there is no capture at the server")
    seen = [view for exchange in subject.exemplars if (view := seen_at(exchange, Place.SERVER)) is not None]
    if not seen:
        return unknown(CHECKSUM_AT_SERVER, "the server's capture shows no failed connection")
    return agreed([_in_one(view) for view in seen])


def _in_one(seen: Seen) -> Fact:
    if any(not segment.is_syn_ack and not segment.is_reset for segment in seen.back):
        return unknown(CHECKSUM_AT_SERVER, "the server took what the client sent", moot=True)
    arrived = [segment for segment in seen.there if segment.payload <= ETHERNET_PAYLOAD and not segment.is_reset]
    answered = [segment for segment in arrived if segment.is_syn] if seen.back else []
    ignored = [segment for segment in arrived if not segment.is_syn]
    if not answered or len(ignored) < SEVERAL:
        return unknown(CHECKSUM_AT_SERVER, "the server's capture shows too little that it answered and ignored")
    if {segment.checksum for segment in answered} != {Checksum.GOOD}:
        return unknown(CHECKSUM_AT_SERVER, "the capture's checksums say nothing: that of the answered SYN is not right")
    # A short snap length leaves bare ACKs whole, of which each would have completed the handshake.
    whole = [segment for segment in ignored if segment.checksum is not None]
    sums = {segment.checksum for segment in whole} if len(whole) >= SEVERAL else set()
    if sums == {Checksum.GOOD}:
        return _fact(Sums.GOOD, "the packets that the server ignored have right checksums", seen, whole)
    if sums == {Checksum.BAD}:
        says = f"{len(whole)} packets that the server ignored arrived with a wrong TCP checksum"
        return _fact(Sums.BAD, says, seen, whole)
    return unknown(CHECKSUM_AT_SERVER, "the capture does not hold whole segments whose checksums agree")


def _fact(answer: Sums, says: str, seen: Seen, shown: Sequence[Segment]) -> Fact:
    return Fact(
        kind=CHECKSUM_AT_SERVER,
        answer=answer,
        says=says,
        way=Way.THERE,
        vantage=seen.observer.vantage,
        cites=cite(seen, shown[0], shown[-1]),
        sure=seen.observer.sure,
    )
