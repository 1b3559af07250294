"""Puts the fragments of datagrams together, within bounds (RFC 791 section 3.2, RFC 8200 section 4.5).

What is made of a datagram is cited at the frame that completed it: that is where its receiver could first use it, and
where tshark shows it. Of one that stays incomplete its first fragment is given out in the end, with the headers that it
holds: a filter for a port lets only first fragments through, and what was seen must not count as unseen.
"""

from bisect import bisect_left
from collections.abc import Iterator

from msgspec.structs import replace

from bothways.captures.found import Found
from bothways.units import SECOND, Instant, between
from bothways.wire.ip import Fragment, reassembled

_MOST_OPEN = 256
"""Datagrams that may wait for fragments at a time: 16 MiB of them."""

_LONGEST_WAIT = SECOND
"""From a datagram's first fragment in the capture to its last. Fragments leave their sender back to back; hosts wait 15
to 60 s, but a fast sender uses a 16-bit identification again within a second (RFC 4963), and what is put together from
two datagrams is wrong."""

_LONGEST_DATAGRAM = 65_535

_Key = tuple[bytes, bytes, int, int, tuple[str, ...]]


class Fragments:
    """The datagrams of one capture that are not complete yet, the oldest first."""

    def __init__(self) -> None:
        self.open: dict[_Key, _Datagram] = {}
        self.given_up = 0
        """Datagrams of which not all fragments were seen."""

        self.overlapping = 0
        """Datagrams that were refused because their fragments overlap."""

        self._first_ones: list[Found] = []

    def add(self, found: Found, part: Fragment) -> Found | None:
        """Take in a fragment; gives the whole datagram if this was the last one that it lacked."""
        key = _key(found, part)
        datagram = self.open.get(key)
        if datagram is None:
            if len(self.open) >= _MOST_OPEN:
                self._give_up(next(iter(self.open)))
            datagram = self.open[key] = _Datagram(found.packet.at)
        if datagram.refused:
            return None
        if not datagram.take(found, part):
            datagram.refuse()
            self.overlapping += 1
            return None
        whole = datagram.whole(found)
        if whole is not None:
            del self.open[key]
            if datagram.copy is not None:
                self.open[key] = datagram.copy
        return whole

    def expire(self, now: Instant) -> None:
        """Give up what has waited too long at *now*."""
        while self.open:
            key = next(iter(self.open))
            if abs(between(self.open[key].since, now)) <= _LONGEST_WAIT:
                return
            self._give_up(key)

    def give_up_all(self) -> None:
        """Give up everything, as at the end of a capture."""
        for key in tuple(self.open):
            self._give_up(key)

    def first_ones(self) -> Iterator[Found]:
        """The first fragments of what was given up since the last call."""
        given, self._first_ones = self._first_ones, []
        return iter(given)

    def _give_up(self, key: _Key) -> None:
        datagram = self.open.pop(key)
        if datagram.refused or datagram.is_copy:
            return
        self.given_up += 1
        if datagram.first is not None:
            self._first_ones.append(replace(datagram.first, partial=True))


def _key(found: Found, part: Fragment) -> _Key:
    """What fragments of one datagram have in common.

    Addresses and identification, and in IPv4 the protocol (RFC 791 section 3.2), which IPv6 does not count (RFC 8200
    section 4.5). A mirrored copy may come through another tunnel or tag, and is another datagram.
    """
    protocol = part.protocol if len(found.ip.source) == 4 else -1
    return found.ip.source, found.ip.destination, protocol, part.identification, found.layers


class _Datagram:
    """The fragments of one datagram that were seen."""

    __slots__ = ("_pieces", "_seen", "_total", "copy", "first", "is_copy", "refused", "since")

    def __init__(self, since: Instant, *, is_copy: bool = False) -> None:
        self.since = since
        self.is_copy = is_copy
        self.first: Found | None = None
        """The fragment with the headers."""

        self.refused = False
        self.copy: _Datagram | None = None
        """Fragments that came twice: of a mirrored copy that runs beside it, whose last one is still to come."""

        self._pieces: list[tuple[int, int, bytes]] = []
        """Start, end and kept bytes, in order of their starts; none overlap."""

        self._seen = 0
        self._total: int | None = None

    def refuse(self) -> None:
        """Forget everything, and take nothing more."""
        self.refused = True
        self._pieces, self.first, self.copy = [], None, None

    def take(self, found: Found, part: Fragment) -> bool:
        """Take in a fragment; False where the datagram must be refused.

        "if any of its constituent fragments is determined to be an overlapping fragment, the entire datagram [...] MUST
        be silently discarded" (RFC 5722 section 4), which hosts have come to do for IPv4 as well; an exact duplicate
        need not count as one (RFC 8200 section 4.5).
        """
        if part.offset + part.length > _LONGEST_DATAGRAM or (part.more and part.length % 8) or not part.length:
            return True  # the fragment "must be discarded" (RFC 8200 section 4.5), not the datagram
        piece = (part.offset, part.offset + part.length, found.data[part.start : part.start + part.length])
        at = bisect_left(self._pieces, piece)
        if at < len(self._pieces) and self._pieces[at] == piece:
            self._note_copy(found, part)
            return True
        if not self._fits(piece, at, last=not part.more):
            return False
        self._pieces.insert(at, piece)
        self._seen += part.length
        if not part.more:
            self._total = piece[1]
        if not part.offset:
            self.first = found
        return True

    def _note_copy(self, found: Found, part: Fragment) -> None:
        if self.is_copy:
            return
        if self.copy is None:
            self.copy = _Datagram(found.packet.at, is_copy=True)
        self.copy.take(found, part)

    def _fits(self, piece: tuple[int, int, bytes], at: int, *, last: bool) -> bool:
        """Tell whether a piece lies between its neighbours, and within the datagram's length if that is known."""
        start, end, _ = piece
        if at and self._pieces[at - 1][1] > start:
            return False
        if at < len(self._pieces) and (last or self._pieces[at][0] < end):
            return False
        return self._total is None or (not last and end <= self._total)

    def whole(self, latest: Found) -> Found | None:
        """The datagram, if nothing lacks; of what the snap length cut off nothing stands behind the cut."""
        if self.first is None or self.first.ip.fragment is None or self._seen != self._total:
            return None
        data = b"".join(_kept(self._pieces))
        ip = reassembled(self.first.ip, self.first.ip.fragment.protocol, data, self._seen)
        return replace(self.first, packet=latest.packet, data=data, ip=ip)


def _kept(pieces: list[tuple[int, int, bytes]]) -> Iterator[bytes]:
    """The pieces' bytes up to the first that was not kept."""
    for start, end, data in pieces:
        yield data
        if len(data) < end - start:
            return
