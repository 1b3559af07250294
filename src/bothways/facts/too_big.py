"""Whether the sender of packets that are too big heard of it, and heeded what it heard.

Path MTU discovery lives by one ICMP message (RFC 1191 section 4, RFC 8201 section 4). It is lost on the way, or comes
in and is passed over: a filter of the host's own takes it, or it quotes what the host did not send (`icmp-quote`).
"""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import SEVERAL
from bothways.evidence.icmp_error import IcmpError, Unreachable
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.stuck import segment_size
from bothways.facts.subject import Subject, cite, seen_at
from bothways.way import Way


class Report(StrEnum):
    """What became of the report that packets are too big."""

    HEEDED = "heeded"
    """It came to the sender, who sent nothing larger from then on."""
    IGNORED = "ignored"
    """It came to the sender's capture, and packets went on to leave that are larger than it allows."""
    LOST = "lost"
    """Another observer saw it, and the sender's capture, which shows other ICMP errors, did not."""


TOO_BIG = Kind(
    id="too-big",
    asks="Did the sender of packets that are too big hear of it, and heed it?",
    family="too-big",
    answers=Report,
    # Which sizes die tells the cause by itself; a report can be forged, and may be about a link that was mended since.
    decisive=False,
)

_LEAST_HEADERS = {4: 40, 6: 60}
"""Bytes of an IP header and a TCP header without options."""


def too_big(subject: Subject) -> Fact:
    """What was reported of the failing connections' packets, for the way of which something was reported."""
    measured = [fact for exchange in subject.exemplars for way in Way if (fact := _of(exchange, way)) is not None]
    return agreed(measured) if measured else unknown(TOO_BIG, "nobody is seen to call a packet too big", moot=True)


def _of(exchange: Exchange, way: Way) -> Fact | None:
    """None where nobody saw a report about *way*."""
    heard = [(seen, error) for seen in exchange.seen for error in _reports(seen, way)]
    if not heard:
        return None
    sender = seen_at(exchange, Place.CLIENT if way is Way.THERE else Place.SERVER)
    if sender is None:
        return unknown(TOO_BIG, "no capture shows whether the report came to the sender")
    own = _reports(sender, way)
    if own:
        return _heeded(sender, way, own[0])
    if not sender.observer.keeps_errors:
        return unknown(TOO_BIG, "nothing shows that the sender's capture would have kept the report")
    seen, error = heard[0]
    says = (
        f"{error.reporter} said that packets are too big, which passed the {seen.observer.vantage} and never came to "
        f"the {sender.observer.vantage}"
    )
    cites = (seen.cite(error), sender.begins)
    return Fact(
        kind=TOO_BIG, answer=Report.LOST, says=says, way=way, vantage=sender.observer.vantage, cites=cites, sure=False
    )


def _reports(seen: Seen, way: Way) -> list[IcmpError]:
    source = seen.sides.client if way is Way.THERE else seen.sides.server
    return [error for error in seen.errors if error.says is Unreachable.TOO_BIG and error.source == source]


def _heeded(seen: Seen, way: Way, error: IcmpError) -> Fact:
    """By what left after the report; what a network card cuts up later has no size yet."""
    largest = segment_size(seen)
    if error.next_hop_mtu is None or largest is None:
        return unknown(TOO_BIG, "the report names no size, or the hosts no segment size")
    later = [one for one in seen.segments(way) if one.at > error.at and 0 < one.payload <= largest]
    if len(later) < SEVERAL:
        return unknown(TOO_BIG, "too little was sent after the report")
    headers = _LEAST_HEADERS[6 if ":" in error.source.address else 4]
    larger = [one for one in later if one.payload + headers > error.next_hop_mtu]
    told = f"{error.reporter} said that packets may have {error.next_hop_mtu} bytes"
    if not larger:
        return _fact(Report.HEEDED, f"{told}, and none larger left after that", seen, way, error, later)
    # A first sending may be two packets to the card; a repeat is one.
    again = [one for one in larger if sum(other.seq == one.seq for other in larger) >= SEVERAL]
    if not again:
        return unknown(TOO_BIG, "too little was sent again after the report")
    return _fact(Report.IGNORED, f"{told}, and {len(again)} larger ones left after that", seen, way, error, again)


def _fact(  # noqa: PLR0913, PLR0917 - what the sentence is about and where it stands
    answer: Report, says: str, seen: Seen, way: Way, error: IcmpError, shown: Sequence[Segment]
) -> Fact:
    cites = (seen.cite(error), *cite(seen, shown[0]))
    return Fact(kind=TOO_BIG, answer=answer, says=says, way=way, vantage=seen.observer.vantage, cites=cites)
