"""One packet of a capture file to what it shows of TCP."""

from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from bothways.captures.raw_packet import RawPacket
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.icmp_error import IcmpError, Unreachable
from bothways.evidence.segment import Content, Flags, Options, Segment
from bothways.wire import http, tls
from bothways.wire.icmp import IcmpMessage, parse_icmp
from bothways.wire.ip import ICMP, ICMPV6, TCP, IpHeader, parse_ip
from bothways.wire.link import IPV4, IPV6, LinkHeader, parse_link
from bothways.wire.tcp import HEADER_LENGTH, NO_OPTIONS, TcpOptions, parse_tcp


class Other(Enum):
    """A packet that shows nothing of TCP, or too little."""

    NOT_IP = "not-ip"
    """Another network protocol, an unknown link type, or cut before the end of the IP addresses."""

    IP = "ip"
    """Neither TCP nor an ICMP error about TCP; later fragments too, which carry no TCP header."""

    CUT_TCP = "cut-tcp"
    """TCP, but its header's first 20 bytes were not all kept."""

    CUT_ERROR = "cut-error"
    """An ICMP error about TCP whose quote ends before the ports."""

    MALFORMED_TCP = "malformed-tcp"
    """TCP by its IP header, with a header length that cannot be."""


Decoded = Segment | IcmpError | Other

_FLAGS = tuple(Flags(value) for value in range(256))
_NO_OPTIONS = Options()

_PROHIBITED = Unreachable.PROHIBITED
_SAYS_V4 = {
    (3, 0): Unreachable.NETWORK,
    (3, 1): Unreachable.HOST,
    (3, 3): Unreachable.PORT,
    (3, 4): Unreachable.TOO_BIG,
    (3, 6): Unreachable.NETWORK,
    (3, 7): Unreachable.HOST,
    (3, 9): _PROHIBITED,
    (3, 10): _PROHIBITED,
    (3, 13): _PROHIBITED,
    (11, 0): Unreachable.EXPIRED,
}
_SAYS_V6 = {
    (1, 0): Unreachable.NETWORK,
    (1, 1): _PROHIBITED,
    (1, 3): Unreachable.HOST,
    (1, 4): Unreachable.PORT,
    (1, 5): _PROHIBITED,
    (1, 6): _PROHIBITED,
    (2, 0): Unreachable.TOO_BIG,
    (3, 0): Unreachable.EXPIRED,
}


def decode(packet: RawPacket) -> Decoded:
    """Read what a packet shows of TCP: a segment, an ICMP error about one, or why it is neither."""
    link = parse_link(packet.link_type, packet.data)
    if link is None or link.protocol not in {IPV4, IPV6}:
        return Other.NOT_IP
    ip = parse_ip(packet.data, link.offset, packet.wire_length)
    if ip is None:
        return Other.NOT_IP
    if ip.fragment_offset:
        return Other.IP
    if ip.protocol == TCP:
        return _segment(packet, link, ip)
    if ip.protocol == (ICMP if link.protocol == IPV4 else ICMPV6):
        return _icmp_error(packet, 4 if link.protocol == IPV4 else 6, ip)
    return Other.IP


def _segment(packet: RawPacket, link: LinkHeader, ip: IpHeader) -> Segment | Other:
    data = packet.data
    tcp = parse_tcp(data, ip.start, ip.length)
    if tcp is None:
        kept_less = len(data) < ip.start + HEADER_LENGTH <= ip.start + ip.length
        return Other.CUT_TCP if kept_less else Other.MALFORMED_TCP
    payload = ip.length - tcp.header_length
    start = ip.start + tcp.header_length
    content, name = _content(data, start, payload) if payload else (Content.NOTHING, None)
    return Segment(
        frame=packet.frame,
        part=packet.part,
        number=packet.number,
        at=packet.at,
        source=_endpoint(ip.source, tcp.source_port),
        destination=_endpoint(ip.destination, tcp.destination_port),
        seq=tcp.seq,
        ack=tcp.ack,
        flags=_FLAGS[tcp.flags],
        window=tcp.window,
        payload=payload,
        ttl=ip.ttl,
        ip_id=ip.identification,
        options=_options(tcp.options),
        content=content,
        name=name,
        link_source=link.source,
    )


def _options(options: TcpOptions) -> Options:
    if options is NO_OPTIONS:
        return _NO_OPTIONS
    return Options(
        mss=options.mss,
        window_scale=options.window_scale,
        sack_permitted=options.sack_permitted,
        sack_blocks=options.sack_blocks,
        ts_value=options.ts_value,
        ts_echo=options.ts_echo,
        cut=options.cut,
    )


TELLING = 16
"""Bytes of payload by which every kind of content is told: a TLS record and handshake header take 9, the longest
method of
HTTP and what follows it 8. Fewer that match nothing may be the beginning of anything."""


def _content(data: bytes, start: int, length: int) -> tuple[Content, str | None]:
    """What a payload begins with, and the server name in it."""
    payload = data[start : start + length]
    if tls.is_client_hello(payload):
        return Content.CLIENT_HELLO, tls.server_name(payload)
    if tls.is_record(payload):
        return Content.TLS, None
    if http.is_request(payload):
        return Content.HTTP_REQUEST, http.host(payload)
    if http.is_response(payload):
        return Content.HTTP_RESPONSE, None
    return (Content.CUT_OFF if len(payload) < min(length, TELLING) else Content.OTHER), None


def _icmp_error(packet: RawPacket, version: int, ip: IpHeader) -> IcmpError | Other:
    message = parse_icmp(version, packet.data, ip.start, ip.length)
    if message is None or message.quote.protocol != TCP:
        return Other.IP
    quote = message.quote
    if quote.source_port is None or quote.destination_port is None:
        return Other.CUT_ERROR
    return IcmpError(
        frame=packet.frame,
        part=packet.part,
        at=packet.at,
        reporter=_address(ip.source),
        says=_says(version, message),
        type=message.type,
        code=message.code,
        next_hop_mtu=message.next_hop_mtu,
        ttl=ip.ttl,
        source=_endpoint(quote.source, quote.source_port),
        destination=_endpoint(quote.destination, quote.destination_port),
        seq=quote.seq,
        quoted_ttl=quote.ttl,
    )


def _says(version: int, message: IcmpMessage) -> Unreachable:
    words = _SAYS_V4 if version == 4 else _SAYS_V6
    return words.get((message.type, message.code), Unreachable.OTHER)


@lru_cache(maxsize=65_536)
def _endpoint(address: bytes, port: int) -> Endpoint:
    return Endpoint(_address(address), port)


@lru_cache(maxsize=16_384)
def _address(packed: bytes) -> str:
    """The canonical text of an address (RFC 5952)."""
    return str(IPv4Address(packed)) if len(packed) == 4 else str(IPv6Address(packed))
