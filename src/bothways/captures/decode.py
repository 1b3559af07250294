"""The packets of one capture file to what they show of TCP: the innermost connection, whatever carries it."""

from collections.abc import Iterator

from msgspec.structs import replace

from bothways.captures.found import Found
from bothways.captures.fragments import Fragments
from bothways.captures.icmp_report import icmp_report
from bothways.captures.other import Other
from bothways.captures.raw_packet import RawPacket
from bothways.captures.tcp_segment import tcp_segment
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.segment import Segment
from bothways.wire.inside import MOST_TUNNELS, Inside, Nothing, inside
from bothways.wire.ip import ICMP, ICMPV6, TCP, parse_ip
from bothways.wire.layer import IPV4, IPV6, Hidden
from bothways.wire.link import WIRELESS, LinkHeader, parse_link, parse_wireless

Decoded = Segment | IcmpError | Hidden | Other
"""A segment, an ICMP error about one, why its content is hidden, or why it is none of these."""

_IP = frozenset({IPV4, IPV6})


class Decoder:
    """Reads the packets of one capture in order; what one shows may depend on fragments before it."""

    def __init__(self) -> None:
        self.fragments = 0
        """Packets so far that were fragments."""

        self.pending: list[tuple[RawPacket, Decoded]] = []
        """What `further` will give."""

        self._fragments = Fragments()

    @property
    def unfinished(self) -> int:
        """Datagrams so far of which not all fragments came."""
        return self._fragments.given_up

    @property
    def overlapping(self) -> int:
        """Datagrams so far that were refused because their fragments overlap."""
        return self._fragments.overlapping

    def decode(self, packet: RawPacket) -> Decoded:
        """Read what a packet shows of TCP; see `further` for what else came to light with it."""
        if self._fragments.open:
            self._fragments.expire(packet.at)
            self._take_first_ones()
        if packet.link_type in WIRELESS:
            return self._wireless(packet)
        link = parse_link(packet.link_type, packet.data)
        if link is None:
            return Other.NOT_IP
        return self._network(packet, link)

    def look_through(self, packet: RawPacket) -> None:
        """Take in a packet of which nothing is wanted but the fragments that it may bring."""
        if packet.link_type not in WIRELESS and not self._fragments.open:
            link = parse_link(packet.link_type, packet.data)
            ip = None if link is None else parse_ip(packet.data, link.offset, packet.wire_length)
            if ip is not None and ip.protocol == TCP and ip.fragment is None:
                return
        self.decode(packet)

    def further(self) -> Iterator[tuple[RawPacket, Decoded]]:
        """What came to light since the last call beside what `decode` gave, with the frames to cite.

        These are the other packets of an aggregate, and the first fragments of datagrams that stayed incomplete, which
        lie a second back.
        """
        further, self.pending = self.pending, []
        return iter(further)

    def finish(self) -> Iterator[tuple[RawPacket, Decoded]]:
        """The same at the end of the capture: no more fragments will come."""
        self._fragments.give_up_all()
        self._take_first_ones()
        return self.further()

    def _take_first_ones(self) -> None:
        for found in self._fragments.first_ones():
            self.pending.append((found.packet, self._innermost(found)))

    def _wireless(self, packet: RawPacket) -> Decoded:
        headers = parse_wireless(packet.link_type, packet.data)
        if not headers:
            return Other.NOT_IP
        first, *more = [self._network(packet, header) for header in headers]
        self.pending += [(packet, decoded) for decoded in more]
        return first

    def _network(self, packet: RawPacket, link: LinkHeader) -> Decoded:
        if link.protocol not in _IP:
            return link.protocol if isinstance(link.protocol, Hidden) else Other.NOT_IP
        ip = parse_ip(packet.data, link.offset, packet.wire_length)
        if ip is None:
            return Other.NOT_IP
        if ip.protocol == TCP and ip.fragment is None:
            return tcp_segment(packet, packet.data, ip, link.source, link.layers)
        found = Found(packet=packet, data=packet.data, ip=ip, link_source=link.source, layers=link.layers)
        return self._innermost(found)

    def _innermost(self, found: Found) -> Decoded:
        """Follow tunnels, and put fragments together where they lead."""
        for _ in range(MOST_TUNNELS):
            if found.ip.fragment is not None and not found.partial:
                self.fragments += found.data is found.packet.data
                whole = self._fragments.add(found, found.ip.fragment)
                if whole is None:
                    return Other.FRAGMENT
                found = whole
            ip = found.ip
            if ip.protocol == TCP:
                return tcp_segment(found.packet, found.data, ip, found.link_source, found.layers, found.partial)
            if ip.protocol == (ICMP if len(ip.source) == 4 else ICMPV6):
                return icmp_report(found)
            within = inside(ip, found.data)
            if not isinstance(within, Inside):
                return _ends(within)
            found = replace(found, ip=within.ip, layers=found.layers + within.words)
        return Other.IP


def _ends(within: Hidden | Nothing) -> Decoded:
    if isinstance(within, Hidden):
        return within
    return Other.CUT_TUNNEL if within is Nothing.CUT else Other.IP
