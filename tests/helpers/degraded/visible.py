"""Whether a failure can still be seen in captures: a plain reading of packets, apart from what the program thinks.

Visible is a connection of the case's client that was refused (by a reset or an ICMP error that answers its SYN), that
repeated a SYN, a SYN+ACK or data twice or more over at least three seconds, or whose acknowledged request had no reply
for three seconds while the capture ran.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.helpers import packets as p
from tests.helpers.degraded.headers import ACK, FIN, RST, SYN, Headers, headers_of
from tests.helpers.degraded.rewriting import PUBLIC
from tests.helpers.degraded.taken import Evidence, Taken

_PATIENCE = 3 * 10**9
_COPY = 100_000_000
_TIMES = 3
_FEWEST_HOPS = 32
"""A SYN with fewer hops to go than this measures a path."""

_LINKS = {p.ETHERNET: 12, p.COOKED_V1: 14}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    at: int
    ttl: int
    found: Headers


def shows_failure(evidence: Evidence, names: Iterable[str]) -> bool:
    """Whether one of the captures called *names* shows a failure."""
    ours = {evidence.client, *PUBLIC}
    return any(_in_capture(evidence.captures[name], ours) for name in names if name in evidence.captures)


def _in_capture(taken: Taken, ours: set[str]) -> bool:
    end = max((record.at for record in taken.records), default=0)
    connections: dict[frozenset[tuple[str, int]], list[_Seen]] = {}
    refused: set[frozenset[tuple[str, int]]] = set()
    for at, frame in _frames(taken):
        found = headers_of(frame)
        if found is None:
            continue
        if found.icmp:
            refused |= _quoted(frame, found)
        elif found.tcp_at is not None and ours & {found.source, found.target}:
            seen = _Seen(at=at, ttl=frame[found.ttl_at], found=found)
            connections.setdefault(_ends(found), []).append(seen)
    return any(
        _failed(sorted(seen, key=lambda one: one.at), end, errors=ends in refused)
        for ends, seen in connections.items()
        if not _measures(seen)
    )


def _frames(taken: Taken) -> Iterator[tuple[int, bytes]]:
    """The packets as untagged Ethernet frames."""
    kind_at = _LINKS.get(taken.form.link_type, 0)
    behind = 20 if taken.form.link_type == p.COOKED_V2 else kind_at + 2
    for record in taken.records:
        kind, rest = record.data[kind_at : kind_at + 2], record.data[behind:]
        if kind == b"\x81\x00":
            kind, rest = rest[2:4], rest[4:]
        yield record.at, bytes(12) + kind + rest


def _ends(found: Headers) -> frozenset[tuple[str, int]]:
    return frozenset({(found.source, found.ports[0]), (found.target, found.ports[1])})


def _quoted(frame: bytes, found: Headers) -> set[frozenset[tuple[str, int]]]:
    """The connection that an ICMP error is about."""
    start = found.target_at + found.width
    error = frame[start : start + 1] in ({b"\x01", b"\x03"} if found.six else {b"\x03", b"\x0b"})
    inner = bytes(12) + (b"\x86\xdd" if found.six else b"\x08\x00") + frame[start + 8 :]
    # Eight bytes of TCP must be quoted, no more: enough for the ports.
    quoted = headers_of(inner.ljust(14 + 60, b"\0")) if error else None
    return {_ends(quoted)} if quoted is not None and quoted.tcp_at is not None else set()


def _measures(seen: Sequence[_Seen]) -> bool:
    syns = [one for one in seen if one.found.kind == SYN]
    return bool(syns) and all(one.ttl < _FEWEST_HOPS for one in syns)


def _failed(seen: Sequence[_Seen], end: int, *, errors: bool) -> bool:
    opened = any(one.found.kind == SYN | ACK for one in seen)
    askers = {one.found.source for one in seen if one.found.kind == SYN}
    refused = any(one.found.flags & RST and one.found.source not in askers for one in seen)
    if askers and not opened and (errors or refused):
        return True
    return _repeats(seen) or _reset_early(seen) or _mute(seen, end)


def _repeats(seen: Sequence[_Seen]) -> bool:
    """Whether one end said one thing again and again, and the other never went past it."""
    times: dict[tuple[str, int, int], list[int]] = {}
    for one in seen:
        found = one.found
        if found.flags & RST or not (found.payload or found.flags & SYN):
            continue
        said = times.setdefault((found.source, found.seq, found.kind), [])
        if not said or one.at - said[-1] > _COPY:
            said.append(one.at)
    return any(
        len(said) >= _TIMES and said[-1] - said[0] >= _PATIENCE and not _went_past(seen, source, sequence)
        for (source, sequence, _), said in times.items()
    )


def _went_past(seen: Sequence[_Seen], source: str, sequence: int) -> bool:
    """Whether the sender said more than *sequence*, which takes an acknowledgement of it, or the other end took it."""
    for one in seen:
        found = one.found
        if found.flags & RST:
            continue
        if found.source == source and found.kind != SYN and 2**20 > (found.seq - sequence) % 2**32 > 2**16:
            return True
        if found.source != source and found.flags & ACK and 0 < (found.ack - sequence) % 2**32 < 2**31:
            return found.payload > 0 or found.kind != SYN | ACK
    return False


def _reset_early(seen: Sequence[_Seen]) -> bool:
    """Whether the one who was asked reset the connection and never said anything."""
    askers = {one.found.source for one in seen if one.found.kind == SYN}
    resets = [one for one in seen if one.found.flags & RST and one.found.source not in askers]
    said = any(one.found.payload for one in seen if one.found.source not in askers)
    return bool(askers and resets) and not said and not any(one.found.flags & FIN for one in seen)


def _mute(seen: Sequence[_Seen], end: int) -> bool:
    """Whether a request was acknowledged and nothing came back for long."""
    askers = {one.found.source for one in seen if one.found.kind == SYN}
    requests = [one for one in seen if one.found.payload and one.found.source in askers]
    if not requests:
        return False
    first = requests[0]
    after = (first.found.seq + first.found.payload) % 2**32
    replies = [one.found for one in seen if one.found.source not in askers]
    acknowledged = any(reply.flags & ACK and reply.ack == after for reply in replies)
    over = seen[-1].at if any(one.found.flags & (FIN | RST) for one in seen) else end
    return acknowledged and not any(reply.payload for reply in replies) and over - first.at >= _PATIENCE
