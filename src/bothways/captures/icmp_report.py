"""An ICMP packet to the error about a TCP packet that it reports."""

from bothways.captures.found import Found
from bothways.captures.other import Other
from bothways.captures.tcp_segment import endpoint
from bothways.evidence.icmp_error import IcmpError, Unreachable
from bothways.wire.address import address
from bothways.wire.icmp import parse_icmp
from bothways.wire.ip import TCP

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


def icmp_report(found: Found) -> IcmpError | Other:
    """Read the ICMP message behind an IP header: an error about a TCP packet, however that was carried."""
    ip = found.ip
    version = 4 if len(ip.source) == 4 else 6
    message = parse_icmp(version, found.data, ip.start, ip.length)
    if message is None or message.quote.protocol != TCP:
        return Other.IP
    quote = message.quote
    if quote.source_port is None or quote.destination_port is None:
        return Other.CUT_ERROR
    return IcmpError(
        frame=found.packet.frame,
        part=found.packet.part,
        at=found.packet.at,
        reporter=address(ip.source),
        says=meaning(version, message.type, message.code),
        type=message.type,
        code=message.code,
        next_hop_mtu=message.next_hop_mtu,
        ttl=ip.ttl,
        source=endpoint(quote.source, quote.source_port),
        destination=endpoint(quote.destination, quote.destination_port),
        seq=quote.seq,
        quoted_ttl=quote.ttl,
        receiver=address(ip.destination),
        quoted_ip_id=quote.identification,
        quoted_mss=quote.mss,
    )


def meaning(version: int, kind: int, code: int) -> Unreachable:
    """What an error of that type and code says, of ICMP (*version* 4) or ICMPv6."""
    return (_SAYS_V4 if version == 4 else _SAYS_V6).get((kind, code), Unreachable.OTHER)
