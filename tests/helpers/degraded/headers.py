"""Where things stand in an Ethernet frame with IP and TCP in it: enough to filter and to rewrite."""

import struct
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

ETHERNET = 14
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10

_TCP = 6
_ICMP = {1, 58}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """One frame's IP header and, where it carries a TCP header, that one's fields."""

    six: bool
    source: str
    target: str
    ttl_at: int
    """Offset of the TTL or hop limit."""

    source_at: int
    target_at: int
    icmp: bool
    tcp_at: int | None
    """Offset of the TCP header; None where there is none, or not even its flags were kept."""

    ports: tuple[int, int] = (0, 0)
    seq: int = 0
    ack: int = 0
    flags: int = 0
    header_length: int = 20
    payload: int = 0
    """Bytes on the wire, by the IP header's word."""

    @property
    def width(self) -> int:
        """Bytes of an address."""
        return 16 if self.six else 4

    @property
    def kind(self) -> int:
        """SYN and ACK bits."""
        return self.flags & (SYN | ACK)

    @property
    def ends(self) -> tuple[str, int, str, int]:
        """Sender and receiver."""
        return self.source, self.ports[0], self.target, self.ports[1]


def headers_of(frame: bytes) -> Headers | None:
    """Parse an untagged frame; None where it is no IP, or its IP header was cut off."""
    kind = frame[12:ETHERNET]
    if kind == b"\x08\x00" and len(frame) >= ETHERNET + 20:
        start = ETHERNET + (frame[ETHERNET] & 15) * 4
        length = int.from_bytes(frame[16:18]) - (start - ETHERNET)
        return _headers(frame, start, frame[23], length)
    if kind == b"\x86\xdd" and len(frame) >= ETHERNET + 40:
        return _headers(frame, ETHERNET + 40, frame[20], int.from_bytes(frame[18:20]))
    return None


def _headers(frame: bytes, start: int, protocol: int, length: int) -> Headers:
    six = frame[12:ETHERNET] == b"\x86\xdd"
    source_at, width = (22, 16) if six else (26, 4)
    common = Headers(
        six=six,
        source=_address(frame[source_at : source_at + width]),
        target=_address(frame[source_at + width : source_at + 2 * width]),
        ttl_at=21 if six else 22,
        source_at=source_at,
        target_at=source_at + width,
        icmp=protocol in _ICMP,
        tcp_at=None,
    )
    if protocol != _TCP or len(frame) < start + 14:
        return common
    source, target, seq, ack, words, flags = struct.unpack_from(">HHIIBB", frame, start)
    size = (words >> 4) * 4
    return Headers(
        six=six,
        source=common.source,
        target=common.target,
        ttl_at=common.ttl_at,
        source_at=source_at,
        target_at=common.target_at,
        icmp=False,
        tcp_at=start,
        ports=(source, target),
        seq=seq,
        ack=ack,
        flags=flags,
        header_length=size,
        payload=max(0, length - size),
    )


@lru_cache(maxsize=4096)
def _address(packed: bytes) -> str:
    return str(ip_address(packed))
