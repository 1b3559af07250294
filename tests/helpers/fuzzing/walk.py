"""What a capture file holds, read plainly: where its records begin, and how many packets a flawless one has."""

import struct
from dataclasses import dataclass

_CLASSIC = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
_SECTION = b"\x0a\x0d\x0d\x0a"
_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_PACKETS = {2, 3, 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A walk from record to record, as far as it led."""

    starts: tuple[int, ...]
    """Where each record or block begins."""

    packets: int
    """Records, or blocks of a kind that holds a packet."""

    whole: bool
    """It led to the very end of the file."""


def walked(data: bytes) -> Walked:
    """Walk over *data*; nothing in what is no capture."""
    if data[:4] in _CLASSIC and len(data) >= 24:
        return _classic(data, _CLASSIC[data[:4]])
    if data[:4] == _SECTION:
        return _blocks(data)
    return Walked(starts=(), packets=0, whole=False)


def places(data: bytes) -> tuple[int, ...]:
    """Where each record or block begins."""
    return walked(data).starts


def _classic(data: bytes, order: str) -> Walked:
    (minor,) = struct.unpack_from(order + "H", data, 6)
    starts, at = [], 24
    while at + 16 <= len(data):
        kept = _kept(minor, *struct.unpack_from(order + "II", data, at + 8))
        if at + 16 + kept > len(data):
            break
        starts.append(at)
        at += 16 + kept
    return Walked(starts=tuple(starts), packets=len(starts), whole=at == len(data))


def _kept(minor: int, first: int, second: int) -> int:
    """How many bytes a record holds, by its two lengths.

    The kept length stands first since version 2.4. Before 2.3 it stood second; writers of 2.3 did both, and more is
    never kept than there was (libpcap, sf-pcap.c, swapped_type_t).
    """
    if minor < 3:
        return second
    return min(first, second) if minor == 3 else first


def _blocks(data: bytes) -> Walked:
    starts, at, packets, order = [], 0, 0, "<"
    while at + 12 <= len(data):
        if data[at : at + 4] == _SECTION:
            order = _ORDERS.get(data[at + 8 : at + 12], order)
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or length % 4 or at + length > len(data):
            break
        starts.append(at)
        packets += kind in _PACKETS
        at += length
    return Walked(starts=tuple(starts), packets=packets, whole=at == len(data))
