"""Connections whose answer nobody looked for: a filter kept their SYNs only, or a tap shows one way.

A client that got no answer repeats its SYN after a second (RFC 6298 section 2.1). One that sends it once and leaves it
at that while the capture runs on was answered, or given up within that second; so it neither failed in view nor worked.
"""

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import PATIENCE, Outcome
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.units import between
from bothways.way import Way


def answered_unseen(exchange: Exchange) -> bool:
    """Whether *exchange* probably went on out of view.

    No observer that would have shown an answer saw none.
    """
    if exchange.outcome is not Outcome.CENSORED:
        return False
    views = [seen for seen in exchange.seen if seen.sides.there.syns]
    return any(map(_asked_once, views)) and not any(map(_got_nothing, views))


def _asked_once(seen: Seen) -> bool:
    there, end = seen.sides.there, seen.observer.survey.end
    return there.syns == 1 and there.last is not None and end is not None and between(there.last, end) >= PATIENCE


def _got_nothing(seen: Seen) -> bool:
    shown = seen.observer.quality.shows(Way.BACK, PacketClass.SYN_ACK) is Shows.YES
    return shown and not seen.sides.back.packets
