"""Receipts: a packet by which one end acknowledges the other's data, whoever saw it.

What was acknowledged arrived, also where the captures that should show it missed it.
"""

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import SYN_AND_FIN
from bothways.evidence.segment import Segment
from bothways.way import Way
from bothways.wire.sequence import distance


def receipt(exchange: Exchange, way: Way) -> tuple[Seen, Segment] | None:
    """The first packet that acknowledges more of *way* than a SYN and a FIN take up, with who saw it.

    Where a SYN was answered with a bare ACK and with nothing else, that acknowledges an older connection of the same
    ports (RFC 5961 section 4.2).
    """
    senders = (seen.sides.there if way is Way.THERE else seen.sides.back for seen in exchange.seen)
    answers = [seen.sides.back if way is Way.THERE else seen.sides.there for seen in exchange.seen]
    if not any(answer.syns or answer.syn_acks or answer.payload for answer in answers):
        return None
    isn = next((sender.isn for sender in senders if sender.isn is not None), None)
    heard = (
        (seen, segment)
        for seen in exchange.seen
        for segment in seen.segments(way.other)
        if segment.has_ack and not segment.is_reset
    )
    return next((item for item in heard if isn is not None and distance(isn, item[1].ack) > SYN_AND_FIN), None)
