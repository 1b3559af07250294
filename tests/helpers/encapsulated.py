"""Builds what carries packets: tags, labels, PPP, Wi-Fi frames, records of capturing systems, tunnels, fragments.

Like `packets.py`, from the inside out, and without a line of the product's own readers.
"""

from __future__ import annotations

import struct
from ipaddress import ip_address
from typing import TYPE_CHECKING

from tests.helpers import packets as p

if TYPE_CHECKING:
    from collections.abc import Sequence

STATION = bytes.fromhex("020000000001")
ACCESS_POINT = bytes.fromhex("02000000000a")
GATEWAY = bytes.fromhex("020000000002")
SNAP = b"\xaa\xaa\x03\0\0\0"


# --- inside of Ethernet ---


def mpls(packet: bytes, *labels: int, control_word: bool = False) -> bytes:
    """A label stack over something; as payload of Ethernet its EtherType is 0x8847."""
    entries = [
        struct.pack(">I", label << 12 | (0x100 if at == len(labels) - 1 else 0) | 63) for at, label in enumerate(labels)
    ]
    return b"".join(entries) + (b"\0\0\0\0" if control_word else b"") + packet


def ppp(packet: bytes, *, address: bool = False, short: bool = False) -> bytes:
    number = 0x0057 if packet[0] >> 4 == 6 else 0x0021
    return (
        (b"\xff\x03" if address else b"") + (struct.pack("B", number) if short else struct.pack(">H", number)) + packet
    )


def pppoe(packet: bytes, session: int = 17) -> bytes:
    """As payload of Ethernet its EtherType is 0x8864."""
    inner = ppp(packet)
    return struct.pack(">BBHH", 0x11, 0, session, len(inner)) + inner


def llc_snap(packet: bytes, *, kind: int | None = None) -> bytes:
    return SNAP + struct.pack(">H", p.ethertype(packet) if kind is None else kind) + packet


def ieee_802_3(packet: bytes) -> bytes:
    """An Ethernet frame with a length, LLC and SNAP."""
    body = llc_snap(packet)
    return p.SERVER_MAC + p.CLIENT_MAC + struct.pack(">H", len(body)) + body


def macsec(packet: bytes, *, encrypted: bool, with_sender: bool = True) -> bytes:
    """The security tag; as payload of Ethernet its EtherType is 0x88E5."""
    control = (0x20 if with_sender else 0) | (0x0C if encrypted else 0)
    tag = struct.pack(">BBI", control, 0, 7) + (b"\2\0\0\0\0\1\0\1" if with_sender else b"")
    return tag + struct.pack(">H", p.ethertype(packet)) + packet + bytes(16)


# --- serial lines and loopbacks ---


def cisco_hdlc(packet: bytes) -> bytes:
    return struct.pack(">BBH", 0x0F, 0, p.ethertype(packet)) + packet


# --- Wi-Fi ---


def wifi(
    packet: bytes,
    *,
    to_ds: bool = True,
    from_ds: bool = False,
    qos: bool = False,
    high_throughput: bool = False,
    protected: bool = False,
    sealed: bool = False,
    fragment: int = 0,
    padded: bool = False,
    subframes: Sequence[bytes] = (),
    subtype: int = 0,
) -> bytes:
    """A data frame of 802.11; with *subframes* an aggregate of these packets. *sealed*: as encrypted bytes would be."""
    subtype |= 8 if qos else 0
    flags = to_ds | from_ds << 1 | (0x40 if protected else 0) | (0x80 if high_throughput else 0)
    addresses = {
        (False, False): [GATEWAY, STATION, ACCESS_POINT],
        (True, False): [ACCESS_POINT, STATION, GATEWAY],
        (False, True): [GATEWAY, ACCESS_POINT, STATION],
        (True, True): [GATEWAY, ACCESS_POINT, GATEWAY, STATION],
    }[to_ds, from_ds]
    header = struct.pack("<BBH", subtype << 4 | 0x08, flags, 0) + b"".join(addresses[:3])
    header += struct.pack("<H", fragment | 0x10) + b"".join(addresses[3:])
    if qos:
        header += struct.pack("<H", 0x80 if subframes else 0)
        header += bytes(4) if high_throughput else b""
    header += bytes(-len(header) % 4) if padded else b""
    if sealed:
        return header + packet
    return header + (aggregate(subframes) if subframes else llc_snap(packet))


def aggregate(packets: Sequence[bytes]) -> bytes:
    pieces = b""
    for packet in packets:
        pieces += bytes(-len(pieces) % 4)
        body = llc_snap(packet)
        pieces += GATEWAY + STATION + struct.pack(">H", len(body)) + body
    return pieces


def radiotap(frame: bytes, *, flags: int | None = None, clock: bool = False, more_words: int = 0) -> bytes:
    present = [(1 if clock else 0) | (2 if flags is not None else 0)] + [0] * more_words
    for at in range(more_words):
        present[at] |= 0x80000000
    words = b"".join(struct.pack("<I", word) for word in present)
    fields = b""
    if clock:
        fields += bytes(-(4 + len(words)) % 8) + struct.pack("<Q", 12345)
    fields += b"" if flags is None else bytes([flags])
    return struct.pack("<BBH", 0, 0, 4 + len(words) + len(fields)) + words + fields + frame


def prism(frame: bytes) -> bytes:
    return struct.pack("<II", 0x44, 144) + b"wlan0".ljust(16, b"\0") + bytes(120) + frame


def avs(frame: bytes) -> bytes:
    return struct.pack(">II", 0x80211001, 64) + bytes(56) + frame


def ppi(frame: bytes, link_type: int = 105) -> bytes:
    return struct.pack("<BBHI", 0, 0, 8, link_type) + frame


# --- records of capturing systems ---


def nflog(packet: bytes, *, order: str = "<", family: int | None = None, with_address: bool = True) -> bytes:
    """What `tcpdump -i nflog:1` keeps (LINKTYPE_NFLOG)."""

    def attribute(kind: int, body: bytes) -> bytes:
        return struct.pack(order + "HH", len(body) + 4, kind) + body + bytes(-len(body) % 4)

    kind = p.ethertype(packet)
    number = (10 if kind == 0x86DD else 2) if family is None else family
    parts = attribute(1, struct.pack(">HBB", kind, 1, 0)) + attribute(10, b"log me\0")
    if with_address:
        parts += attribute(8, struct.pack(">HH8s", 6, 0, p.CLIENT_MAC))
    return struct.pack(">BBH", number, 0, 1) + parts + attribute(9, packet)


def pktap(frame: bytes, link_type: int, *, order: str = "<", follows: int = 1) -> bytes:
    """What macOS's `tcpdump -i pktap` keeps: 108 bytes, of which three numbers matter here."""
    return struct.pack(order + "III", 108, follows, link_type) + b"en0".ljust(24, b"\0") + bytes(72) + frame


# --- tunnels ---


def carried(outer: tuple[str, str], body: bytes, protocol: int, *, ttl: int = 60, identification: int = 9) -> bytes:
    """An IP packet between the tunnel's ends."""
    return p.ip(*outer, body, protocol=protocol, ttl=ttl, identification=identification)


def ipip(outer: tuple[str, str], packet: bytes, *, ttl: int = 60) -> bytes:
    return carried(outer, packet, 41 if packet[0] >> 4 == 6 else 4, ttl=ttl)


def gre(
    outer: tuple[str, str],
    packet: bytes,
    *,
    kind: int | None = None,
    checksum: bool = False,
    key: int | None = None,
    sequence: int | None = None,
) -> bytes:
    flags = (0x8000 if checksum else 0) | (0x2000 if key is not None else 0) | (0x1000 if sequence is not None else 0)
    fields = (bytes(4) if checksum else b"") + (struct.pack(">I", key) if key is not None else b"")
    fields += struct.pack(">I", sequence) if sequence is not None else b""
    kind = p.ethertype(packet) if kind is None else kind
    return carried(outer, struct.pack(">HH", flags, kind) + fields + packet, 47)


def erspan(outer: tuple[str, str], frame: bytes, *, version: int, session: int = 5, subheader: bool = False) -> bytes:
    """A mirrored Ethernet frame."""
    if version == 1:
        return gre(outer, frame, kind=0x88BE)
    words = struct.pack(">HH", version - 1 << 12, session)
    if version == 2:
        return gre(outer, words + bytes(4) + frame, kind=0x88BE, sequence=1)
    words += bytes(4) + struct.pack(">HH", 0, 1 if subheader else 0) + (bytes(8) if subheader else b"")
    return gre(outer, words + frame, kind=0x22EB, sequence=1)


def pptp(outer: tuple[str, str], packet: bytes, *, call: int = 99, acknowledges: bool = False) -> bytes:
    inner = ppp(packet, address=True)
    header = struct.pack(">HHHHI", 0x3081 if acknowledges else 0x3001, 0x880B, len(inner), call, 1)
    return carried(outer, header + (bytes(4) if acknowledges else b"") + inner, 47)


def udp(
    outer: tuple[str, str], body: bytes, port: int, *, source_port: int = 50_000, ttl: int = 60, identification: int = 9
) -> bytes:
    header = struct.pack(">HHHH", source_port, port, len(body) + 8, 0)
    return carried(outer, header + body, 17, ttl=ttl, identification=identification)


def vxlan(
    outer: tuple[str, str], frame: bytes, *, network: int = 42, port: int = 4789, policy: int | None = None
) -> bytes:
    header = struct.pack(">BBHI", 0x08 | (0x80 if policy is not None else 0), 0, policy or 0, network << 8)
    return udp(outer, header + frame, port)


def vxlan_gpe(outer: tuple[str, str], packet: bytes, *, kind: int, network: int = 42) -> bytes:
    return udp(outer, struct.pack(">BBBBI", 0x0C, 0, 0, kind, network << 8) + packet, 4790)


def geneve(
    outer: tuple[str, str], packet: bytes, *, kind: int = 0x6558, network: int = 42, options: bytes = b""
) -> bytes:
    header = struct.pack(">BBHI", len(options) // 4, 0, kind, network << 8)
    return udp(outer, header + options + packet, 6081)


def gtp_u(
    outer: tuple[str, str], packet: bytes, *, tunnel: int = 0x1234, extensions: int = 0, sequence: bool = False
) -> bytes:
    flags = 0x30 | (0x02 if sequence else 0) | (0x04 if extensions else 0)
    fields = struct.pack(">HBB", 7, 0, 0x85 if extensions else 0) if sequence or extensions else b""
    for left in range(extensions, 0, -1):
        fields += bytes([1, 0, 9, 0x85 if left > 1 else 0])
    return udp(outer, struct.pack(">BBHI", flags, 255, len(fields) + len(packet), tunnel) + fields + packet, 2152)


def etherip(outer: tuple[str, str], frame: bytes) -> bytes:
    return carried(outer, b"\x30\0" + frame, 97)


def mpls_in_ip(outer: tuple[str, str], packet: bytes, *labels: int) -> bytes:
    return carried(outer, mpls(packet, *labels), 137)


def mpls_in_udp(outer: tuple[str, str], packet: bytes, *labels: int) -> bytes:
    return udp(outer, mpls(packet, *labels), 6635)


def authenticated(source: str, destination: str, segment: bytes) -> bytes:
    """IPv4 with an authentication header before TCP."""
    number, rest = p.authentication_header(6)
    return p.ipv4(source, destination, bytes([6]) + rest + segment, protocol=number)


# --- fragments ---


def fragments(packet: bytes, size: int = 16, *, identification: int = 7) -> list[bytes]:
    """An IP packet without options cut into pieces of *size* bytes, a multiple of 8."""
    version = packet[0] >> 4
    header = 20 if version == 4 else 40
    body = packet[header:]
    size_of_address, first = (4, 12) if version == 4 else (16, 8)
    source, destination = (
        str(ip_address(packet[at : at + size_of_address])) for at in (first, first + size_of_address)
    )
    pieces = []
    for start in range(0, len(body), size):
        piece, more = body[start : start + size], start + size < len(body)
        if version == 4:
            pieces.append(
                p.ipv4(
                    source,
                    destination,
                    piece,
                    protocol=packet[9],
                    ttl=packet[8],
                    identification=identification,
                    fragment_offset=start,
                    more_fragments=more,
                )
            )
        else:
            kind = 44, struct.pack(">BHI", 0, start | more, identification)
            pieces.append(p.ipv6(source, destination, piece, protocol=packet[6], ttl=packet[7], extensions=[kind]))
    return pieces
