"""Packets to a host that opened nothing here: backscatter of forged SYNs, or what is left of a connection from before.

Absence needs a proven observer, and here the SYN's counts. Two things prove it:

* the host resets a SYN+ACK that no SYN of its own was seen to ask for, and its reset is in view: so is its way there;
* the observer stood beside the host to which only SYN+ACKs or resets came, and showed at least `WATCHED` handshakes
  whole and none in part. One that misses a packet of ten shows twenty whole ones in less than one case of five hundred.

A SYN+ACK that is repeated after such a reset is none of that: its server got no reset, and the SYN may have gone before
the capture began. Anything else of that kind is an observer that does not see both ways, and not counted here.
"""

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Observer, Place
from bothways.connections.outcome import PATIENCE
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.connections.sides import Sides, sides_of
from bothways.units import between
from bothways.way import Way

WATCHED = 20
"""Whole handshakes; 0.9 to the power of 60, their packets, is 0.2 %."""


class Strays:
    """Tells stray packets from connections."""

    def __init__(self) -> None:
        self._proven: dict[int, bool] = {}
        """By the identity of the observers that were asked about: most captures hold nothing stray."""

    def has(self, exchange: Exchange) -> bool:
        """Whether *exchange* is nothing but stray packets."""
        if not _has_no_opening(exchange.seen[0].sides):
            return False  # So it is with nearly all.
        sides = [seen.sides for seen in exchange.seen]
        if not all(map(_has_no_opening, sides)):
            return False
        if any(one.there.resets and one.back.syn_acks for one in sides):
            return all(one.back.syn_acks <= 1 for one in sides)
        return any(_beside(seen) and self._is_proven(seen.observer) for seen in exchange.seen)

    def _is_proven(self, observer: Observer) -> bool:
        """Whether what *observer* does not show was not there."""
        key = id(observer)
        if key not in self._proven:
            self._proven[key] = _watched_well(observer)
        return self._proven[key]


def _has_no_opening(sides: Sides) -> bool:
    """Resets, and SYN+ACKs that nobody was seen to ask for."""
    there, back = sides.there, sides.back
    return there.packets == there.resets and back.packets == back.resets + back.syn_acks


def _beside(seen: Seen) -> bool:
    """Whether the observer would have seen the opening: at either end of resets, at the client of SYN+ACKs."""
    observer, place = seen.observer, seen.observer.place
    if not observer.sure or observer.quality.shows(Way.THERE, PacketClass.SYN) is not Shows.YES:
        return False
    return place is Place.CLIENT or (place is Place.SERVER and not seen.sides.back.syn_acks)


def _watched_well(observer: Observer) -> bool:
    """Whether many handshakes are whole in its capture, and none is there in part."""
    survey = observer.survey
    if observer.quality.lossy or survey.dropped or survey.first is None:
        return False
    whole = 0
    for sides in map(sides_of, survey.rows):
        there, back = sides.there, sides.back
        if not (there.bare_acks or there.data) or not sides.opened_in_view:
            continue
        if there.syns and back.syn_acks:
            whole += 1
        elif between(survey.first, sides.first or survey.first) >= PATIENCE:
            return False
    return whole >= WATCHED
