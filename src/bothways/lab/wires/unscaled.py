"""What a firewall lets pass that minds windows and has not learned their scale."""

from bothways.lab.wires.segment import Segment
from bothways.wire.sequence import advance, later

_MOST_WAYS = 8192
"""Remembered at a time; the one that was first announced a window is forgotten first."""

_SYN, _ACK = 0x02, 0x10

_Ends = tuple[bytes, bytes, int, int]


class Unscaled:
    """Remembers, for each way of each connection, how far its receiver's window reached at most, read unscaled.

    The window of a SYN or a SYN+ACK is never scaled (RFC 7323 section 2.2): it admits up to 65,535 bytes, and so much
    passes before the first segment is kept back. Connections whose beginning it did not see pass.
    """

    def __init__(self) -> None:
        self._offered: dict[_Ends, int] = {}
        self._reach: dict[_Ends, int] = {}

    def lets_pass(self, segment: Segment) -> bool:
        """Tell whether a segment passes; those that do announce their sender's window."""
        tcp, way = segment.tcp, segment.connection
        source, destination, port, other = way
        back = destination, source, other, port
        if tcp.flags & _SYN:
            _remember(self._offered, way, tcp.window)
            if tcp.flags & _ACK:
                _remember(self._reach, way, advance(tcp.seq, 1 + self._offered.get(back, 0)))
                _remember(self._reach, back, advance(tcp.ack, tcp.window))
            return True
        reach, opposite = self._reach.get(way), self._reach.get(back)
        if reach is None or opposite is None:
            return True
        if segment.payload and later(reach, advance(tcp.seq, len(segment.payload))) != reach:
            return False
        if tcp.flags & _ACK:
            self._reach[back] = later(opposite, advance(tcp.ack, tcp.window))
        return True


def _remember(table: dict[_Ends, int], way: _Ends, number: int) -> None:
    if way not in table and len(table) >= _MOST_WAYS:
        del table[next(iter(table))]
    table[way] = number
