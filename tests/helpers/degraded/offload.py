"""Segments joined before the capture saw them, as a network card or its driver does (GRO, and TSO on the way out)."""

import struct
from dataclasses import replace

from tests.helpers.degraded.headers import FIN, RST, SYN, Headers, headers_of
from tests.helpers.degraded.taken import Evidence, Record

_LARGEST = 65_535 - 120
"""Payload of one joined packet: what the IP length can say, less the longest headers."""

_TOGETHER = 1_000_000
"""Nanoseconds within which segments are joined."""


def offloaded(evidence: Evidence) -> Evidence:
    """Neighbours of one way as one packet of up to 64 KiB."""
    return evidence.each(lambda taken: replace(taken, records=_joined(taken.records)))


def _joined(records: tuple[Record, ...]) -> tuple[Record, ...]:
    joined: list[Record] = []
    for record in records:
        now = headers_of(record.data)
        if joined and now is not None and record.at - joined[-1].at <= _TOGETHER:
            before = headers_of(joined[-1].data)
            if before is not None and _goes_on(before, now):
                joined[-1] = _one(joined[-1], before, record, now)
                continue
        joined.append(record)
    return tuple(joined)


def _goes_on(before: Headers, now: Headers) -> bool:
    """Whether *now* carries the next bytes under the same header."""
    return (
        before.tcp_at is not None
        and before.ends == now.ends
        and (before.ack, before.header_length) == (now.ack, now.header_length)
        and not (before.flags | now.flags) & (SYN | RST)
        and not before.flags & FIN
        and min(before.payload, now.payload) > 0
        and (before.seq + before.payload) % 2**32 == now.seq
        and before.payload + now.payload <= _LARGEST
    )


def _one(first: Record, before: Headers, second: Record, now: Headers) -> Record:
    assert before.tcp_at is not None
    assert now.tcp_at is not None
    start, begin = before.tcp_at + before.header_length, now.tcp_at + now.header_length
    data = bytearray(first.data[: start + before.payload] + second.data[begin : begin + now.payload])
    data[before.tcp_at + 13] |= now.flags
    length_at = 18 if before.six else 16
    (length,) = struct.unpack_from(">H", data, length_at)
    struct.pack_into(">H", data, length_at, length + now.payload)
    return replace(first, data=bytes(data), length=len(data))
