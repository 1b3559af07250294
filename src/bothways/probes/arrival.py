"""What a packet that arrived can be to a test: an ICMP error about something sent, or a TCP segment."""

from msgspec import Struct

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.path_report import Mark
from bothways.evidence.probing import Came
from bothways.wire.address import address
from bothways.wire.ip import ICMP, ICMPV6, TCP, IpHeader, parse_ip
from bothways.wire.tcp import TcpHeader, parse_tcp

_ICMP_HEADER = 8

_V4_MARKS = {
    0: Mark.NETWORK,
    1: Mark.HOST,
    2: Mark.PROTOCOL,
    4: Mark.NEEDS_FRAGMENTATION,
    5: Mark.SOURCE_ROUTE,
    6: Mark.NETWORK,
    7: Mark.HOST,
    9: Mark.PROHIBITED,
    10: Mark.PROHIBITED,
    11: Mark.SERVICE,
    12: Mark.SERVICE,
    13: Mark.PROHIBITED,
    14: Mark.PRECEDENCE,
    15: Mark.CUTOFF,
}
"""By the code of ICMP type 3 (RFC 792, RFC 1812 section 5.2.7.1)."""

_V6_MARKS = {0: Mark.NETWORK, 1: Mark.PROHIBITED, 3: Mark.HOST, 5: Mark.PROHIBITED, 6: Mark.PROHIBITED}
"""By the code of ICMPv6 type 1 (RFC 4443 section 3.1)."""

_PORT = {4: 3, 6: 4}
"""The code of port unreachable, which has no mark: the destination itself says it."""


class Error(Struct, frozen=True, kw_only=True):
    """An ICMP error that may be about a probe."""

    reporter: str
    receiver: str
    ttl: int
    """TTL or hop limit with which it arrived."""

    came: Came
    mark: Mark | None
    mtu: int | None
    """Bytes; None where it says none (RFC 1191 section 5)."""

    quote: bytes
    """The quoted packet from its IP header on, as much as came along."""


class Answer(Struct, frozen=True, kw_only=True):
    """A TCP segment."""

    sender: Endpoint
    receiver: Endpoint
    ttl: int
    traffic_class: int
    flow_label: int
    """0 in IPv4."""

    header: TcpHeader
    payload: int
    """Bytes."""


def read_error(packet: bytes) -> Error | None:
    """The error that a packet is; None for all others, and for errors that say neither of a probe's fates."""
    ip = parse_ip(packet, 0, len(packet))
    if ip is None or ip.fragment_offset or ip.protocol not in {ICMP, ICMPV6} or len(packet) < ip.start + _ICMP_HEADER:
        return None
    version = packet[0] >> 4
    if ip.protocol != (ICMP if version == 4 else ICMPV6):
        return None
    said = (_said_v4 if version == 4 else _said_v6)(packet, ip.start)
    if said is None:
        return None
    came, mark, mtu = said
    return Error(
        reporter=address(ip.source),
        receiver=address(ip.destination),
        ttl=ip.ttl,
        came=came,
        mark=mark,
        mtu=mtu,
        quote=packet[ip.start + _ICMP_HEADER : ip.start + ip.length],
    )


def read_answer(packet: bytes) -> Answer | None:
    """The TCP segment that a packet is; None for all others."""
    ip = parse_ip(packet, 0, len(packet))
    if ip is None or ip.protocol != TCP or ip.fragment is not None:
        return None
    header = parse_tcp(packet, ip.start, ip.length)
    if header is None:
        return None
    return Answer(
        sender=Endpoint(address(ip.source), header.source_port),
        receiver=Endpoint(address(ip.destination), header.destination_port),
        ttl=ip.ttl,
        traffic_class=traffic_class(packet),
        flow_label=flow_label(packet, ip),
        header=header,
        payload=ip.length - header.header_length,
    )


def traffic_class(packet: bytes) -> int:
    """All eight bits of type of service or traffic class, of a packet whose IP header is whole."""
    return packet[1] if packet[0] >> 4 == 4 else int.from_bytes(packet[:2]) >> 4 & 0xFF


def flow_label(packet: bytes, ip: IpHeader) -> int:
    """The flow label of IPv6 (RFC 8200 section 3); 0 in IPv4, which has none."""
    return int.from_bytes(packet[:4]) & 0xFFFFF if len(ip.source) == 16 else 0


def _said_v4(packet: bytes, at: int) -> tuple[Came, Mark | None, int | None] | None:
    kind, code = packet[at], packet[at + 1]
    match kind, code:
        case 11, 0:
            return Came.TIME_EXCEEDED, None, None
        case 3, 4:
            # "the low-order 16 bits of the ICMP header field that is labelled "unused"" (RFC 1191 section 4)
            return Came.TOO_BIG, Mark.NEEDS_FRAGMENTATION, int.from_bytes(packet[at + 6 : at + 8]) or None
        case 3, _:
            return Came.UNREACHABLE, None if code == _PORT[4] else _V4_MARKS.get(code, Mark.OTHER), None
    return None


def _said_v6(packet: bytes, at: int) -> tuple[Came, Mark | None, int | None] | None:
    kind, code = packet[at], packet[at + 1]
    match kind, code:
        case 3, 0:
            return Came.TIME_EXCEEDED, None, None
        case 2, _:
            return Came.TOO_BIG, Mark.NEEDS_FRAGMENTATION, int.from_bytes(packet[at + 4 : at + 8]) or None
        case 1, _:
            return Came.UNREACHABLE, None if code == _PORT[6] else _V6_MARKS.get(code, Mark.OTHER), None
    return None
