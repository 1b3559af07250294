"""A box on a wire that looks for names of servers in TLS ClientHellos, and answers those that it does not like."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bothways.lab.wires.reset import resets
from bothways.lab.wires.segment import Segment, segment_in
from bothways.wire.sequence import advance, distance
from bothways.wire.tls import is_client_hello, server_name

_MOST_CONNECTIONS = 4096
"""Remembered at a time; the one that began first is forgotten first, even if it was answered."""

_LONGEST_RECORD = 5 + (1 << 14)
"""Bytes of a plaintext record, header included (RFC 8446 section 5.1): a name that comes later is not found."""

_MOST_HELD = 4 * _LONGEST_RECORD
"""Bytes held of one connection's beginning: room for a large packet, and for some of it twice."""

_SYN = 0x02

_Connection = tuple[bytes, bytes, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The frame is kept back; these are sent instead of it."""

    onward: bytes | None = None
    """To the server."""
    returned: bytes | None = None
    """To the client."""


_SILENCE: Final = Answer()


@dataclass(slots=True)
class _Opening:
    """The first bytes of a connection, as far as they came, in whatever segments and order."""

    first: int
    """Sequence number of the first byte."""
    pieces: dict[int, bytes] = field(default_factory=dict)

    def add(self, segment: Segment) -> None:
        offset = distance(self.first, segment.tcp.seq)
        payload = segment.payload[max(-offset, 0) :]
        held = sum(map(len, self.pieces.values()))
        if payload and offset <= _LONGEST_RECORD and held + len(payload) <= _MOST_HELD:
            self.pieces[max(offset, 0)] = max(payload, self.pieces.get(max(offset, 0), b""), key=len)

    def whole(self) -> bytes:
        """What there is without a gap."""
        data = b""
        for offset in sorted(self.pieces):
            if offset > len(data):
                break
            data += self.pieces[offset][len(data) - offset :]
        return data


class Inspector:
    """Looks at every frame on its way there.

    The ClientHello may come in several segments, in any order. When its name is whole, the frame that completed it and
    all later ones of that connection are kept back; frames before it have passed, and the way back is not looked at.
    """

    def __init__(self, *, names: Iterable[str], answer: str) -> None:
        """Answer connections that name one of *names*, in upper or lower case: `silent`, or `reset` to both ends."""
        self._names = frozenset(name.lower() for name in names)
        self._resets = answer == "reset"
        self._connections: dict[_Connection, _Opening | Answer | None] = {}

    def look(self, frame: bytes) -> Answer | None:
        """Look at a frame: None where it may pass."""
        segment = segment_in(frame)
        if segment is None:
            return None
        key = segment.connection
        if segment.tcp.flags & _SYN:
            self._remember(key, _Opening(advance(segment.tcp.seq, 1)))
            return None
        if key not in self._connections:
            if not segment.payload:
                return None
            self._remember(key, _Opening(segment.tcp.seq))
        state = self._connections[key]
        if not isinstance(state, _Opening):
            return state
        return self._judged(state, segment) if segment.payload else None

    def _judged(self, opening: _Opening, segment: Segment) -> Answer | None:
        opening.add(segment)
        begun = opening.whole()
        name = server_name(begun)
        if name is not None and name.lower() in self._names:
            self._connections[segment.connection] = _SILENCE
            return Answer(**resets(segment)) if self._resets else _SILENCE
        if name is not None or not _may_name_yet(begun):
            self._connections[segment.connection] = None
        return None

    def _remember(self, key: _Connection, opening: _Opening) -> None:
        self._connections.pop(key, None)
        if len(self._connections) >= _MOST_CONNECTIONS:
            del self._connections[next(iter(self._connections))]
        self._connections[key] = opening


def _may_name_yet(begun: bytes) -> bool:
    """Whether these first bytes may become a ClientHello that names a server."""
    if len(begun) < 6:
        return begun[:1] in {b"", b"\x16"}
    return is_client_hello(begun) and len(begun) < 5 + int.from_bytes(begun[3:5])
