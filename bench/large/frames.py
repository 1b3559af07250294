"""Packets of one connection, as a tap between its ends sees them: whole pcap records, with right checksums.

A checksum is the complement of a sum modulo 65535, in which a 32-bit number counts as much as its two halves (RFC 1071
section 2). So what stays the same in a flow is summed once, and each packet adds its few numbers.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
TCP, ICMP, UDP, ICMP6 = 6, 1, 17, 58

START = 1_780_000_000
"""Seconds since 1970 at which every capture begins."""

Timed = tuple[int, bytes]
"""Microseconds since the capture's start, and a record."""

RECORD = struct.Struct("<IIII")
FOUR = struct.Struct(">HHHHHH12sIIHHHH")
SIX = struct.Struct(">IHBB36sIIHHHH")
STAMPS = struct.Struct(">HHII")
SECOND = 1_000_000
MASK = 0xFFFFFFFF


class Payload(NamedTuple):
    """Bytes and what they add to a checksum."""

    data: bytes
    total: int


def payload(data: bytes) -> Payload:
    return Payload(data, words(data))


def words(data: bytes) -> int:
    """Sum of the 16-bit words of *data*."""
    return int.from_bytes(data + b"\0" * (len(data) & 1), "big") % 0xFFFF


NOTHING = Payload(b"", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One end, as the tap sees it."""

    address: bytes
    """4 or 16 bytes."""

    mac: bytes
    ttl: int
    """What is left of it at the tap."""

    away: int
    """Microseconds from the tap to the host."""

    stamps: bool = True
    """Its TCP sends timestamps (RFC 7323), as those of Linux and macOS do and that of Windows does not."""

    vlan: int = 0
    """802.1Q tag of the frames there; 0 for none."""


def record(at: int, frame: bytes) -> bytes:
    size = len(frame)
    return RECORD.pack(START + at // SECOND, at % SECOND, size, size) + frame


def link(source: Host, destination: Host) -> bytes:
    """The Ethernet header of what *source* sends; the tag is that of the side where the tap stands."""
    kind = b"\x08\x00" if len(source.address) == 4 else b"\x86\xdd"
    vlan = source.vlan or destination.vlan
    return destination.mac + source.mac + (struct.pack(">HH", 0x8100, vlan) if vlan else b"") + kind


def ip_packet(source: Host, destination: Host, protocol: int, body: bytes, ident: int = 0) -> bytes:
    """A frame with an IP packet whose *body* is whole."""
    if len(source.address) == 16:
        head = struct.pack(">IHBB", 0x60000000, len(body), protocol, source.ttl)
        return link(source, destination) + head + source.address + destination.address + body
    head = struct.pack(">HHHHBB", 0x4500, 20 + len(body), ident, 0x4000, source.ttl, protocol)
    ends = source.address + destination.address
    return link(source, destination) + head + struct.pack(">H", -words(head + ends) % 0xFFFF) + ends + body


def pseudo(source: Host, destination: Host, protocol: int, size: int) -> int:
    """What the pseudo-header adds (RFC 9293 section 3.1, RFC 8200 section 8.1)."""
    return words(source.address + destination.address) + protocol + size


def udp_frame(source: Host, destination: Host, ports: tuple[int, int], said: Payload, ident: int = 0) -> bytes:
    size = 8 + len(said.data)
    total = pseudo(source, destination, UDP, size) + ports[0] + ports[1] + size + said.total
    head = struct.pack(">HHHH", *ports, size, -total % 0xFFFF or 0xFFFF)
    return ip_packet(source, destination, UDP, head + said.data, ident)


def icmp_frame(source: Host, destination: Host, kind: tuple[int, int], rest: bytes) -> bytes:
    """ICMP of *kind* (type, code), or ICMPv6; *rest* follows the checksum."""
    six = len(source.address) == 16
    total = words(bytes(kind) + rest)
    if six:
        total += pseudo(source, destination, ICMP6, 4 + len(rest))
    body = bytes(kind) + struct.pack(">H", -total % 0xFFFF) + rest
    return ip_packet(source, destination, ICMP6 if six else ICMP, body)


class Way:
    """One end of a connection, as it sends: what stays the same, and what has been said."""

    __slots__ = (
        "_ends",
        "_ip",
        "_link",
        "_six",
        "_tcp",
        "host",
        "ident",
        "isn",
        "mss",
        "next",
        "scale",
        "stamp",
        "ttl",
        "window",
    )

    def __init__(self, own: tuple[Host, int], peer: tuple[Host, int], isn: int, seed: int) -> None:
        (host, port), (other, to_port) = own, peer
        self.host = host
        self._link = link(host, other)
        self._ends = host.address + other.address + struct.pack(">HH", port, to_port)
        self._ip = 0x4500 + 0x4000 + TCP + words(host.address + other.address)
        self._tcp = TCP + words(self._ends)
        self._six = len(host.address) == 16
        self.ttl = host.ttl
        self.isn = isn
        self.next = isn
        self.ident = seed & 0xFFFF
        self.stamp = seed
        self.window = 502
        self.scale = 7 if host.stamps else 8
        self.mss = 1460 if len(host.address) == 4 else 1440

    def send(  # noqa: PLR0913, PLR0917 - as many as a header has fields; a call for each of millions is to be short
        self, at: int, flags: int, seq: int, ack: int, window: int, options: bytes, said: Payload = NOTHING
    ) -> bytes:
        """One packet as a record."""
        data, total = said
        size = 20 + len(options) + len(data)
        offset = (5 + len(options) // 4) << 12 | flags
        sums = self._tcp + size + seq + ack + offset + window + total
        if options:
            sums += words(options)
        check = -sums % 0xFFFF
        if self._six:
            head = SIX.pack(0x60000000, size, TCP, self.ttl, self._ends, seq, ack, offset, window, check, 0)
        else:
            ident = self.ident
            self.ident = (ident + 1) & 0xFFFF
            life = self.ttl << 8 | TCP
            sums = -(self._ip + (self.ttl << 8) + size + 20 + ident) % 0xFFFF
            head = FOUR.pack(
                *(0x4500, size + 20, ident, 0x4000, life, sums),
                *(self._ends, seq, ack, offset, window, check, 0),
            )
        length = len(self._link) + len(head) + len(options) + len(data)
        return RECORD.pack(START + at // SECOND, at % SECOND, length, length) + self._link + head + options + data


class Talk:
    """One connection: `there` and `back` give what its ends send, and keep count of it."""

    __slots__ = ("_stamps", "client", "port", "server")

    def __init__(self, client: tuple[Host, int], server: tuple[Host, int], numbers: tuple[int, int, int, int]) -> None:
        self._stamps = client[0].stamps and server[0].stamps
        self.client = Way(client, server, numbers[0], numbers[2])
        self.server = Way(server, client, numbers[1], numbers[3])
        self.port = server[1]

    @property
    def mss(self) -> int:
        """Bytes that a full segment carries."""
        return self.client.mss - (12 if self._stamps else 0)

    def there(self, at: int, flags: int = ACK, said: Payload = NOTHING, **odd: int) -> Timed:
        """What the client sends; *odd* is a `seq`, `ack` or `window` that is not the usual one."""
        return self._send(self.client, self.server, at, flags, said, odd)

    def back(self, at: int, flags: int = ACK, said: Payload = NOTHING, **odd: int) -> Timed:
        """What the server sends."""
        return self._send(self.server, self.client, at, flags, said, odd)

    def _send(self, way: Way, peer: Way, at: int, flags: int, said: Payload, odd: dict[str, int]) -> Timed:  # noqa: PLR0913, PLR0917 - one packet has as many properties, and a call for each of millions is to be short
        seq = odd.get("seq", way.next) if odd else way.next
        ack = (odd.get("ack", peer.next) if odd else peer.next) if flags & ACK else 0
        window = odd.get("window", way.window) if odd else way.window
        options = b""
        if flags & SYN:
            options = self._opening(way, peer, at, flags)
            window = 64_240
        elif flags & RST:
            window = 0
        elif self._stamps:
            options = STAMPS.pack(0x0101, 0x080A, (way.stamp + at // 1000) & MASK, (peer.stamp + at // 1000) & MASK)
        occupied = len(said.data) + (flags & FIN) + (flags >> 1 & 1)
        if occupied:
            end = (seq + occupied) & MASK
            if (end - way.next) & MASK < 0x80000000:
                way.next = end
        return at, way.send(at, flags, seq, ack, window, options, said)

    def _opening(self, way: Way, peer: Way, at: int, flags: int) -> bytes:
        """The options of a SYN as Linux and Windows order them."""
        head = struct.pack(">BBH", 2, 4, way.mss)
        if not (self._stamps if flags & ACK else way.host.stamps):
            return head + struct.pack(">BBBB", 1, 3, 3, way.scale) + b"\x01\x01\x04\x02"
        echo = (peer.stamp + at // 1000) & MASK if flags & ACK else 0
        stamps = struct.pack(">BBII", 8, 10, (way.stamp + at // 1000) & MASK, echo)
        return head + b"\x04\x02" + stamps + struct.pack(">BBBB", 1, 3, 3, way.scale)
