"""Builds packets and capture files out of nothing, for tests that want to say exactly what was on the wire.

A frame is made from the inside out, and every layer has an argument for what a test may want to be odd:

    frame = tcp_frame("10.0.0.1", "192.0.2.2", 40000, 443, flags="S", seq=1000, options=[mss(1460)])
    data = pcap_file([Packet(at=0, frame=frame)])

Times are integer nanoseconds. Checksums are left 0: nothing that reads captures may rely on them, because a sending
host's own capture shows them before its network card fills them in. This is not the product's own reader turned round:
it shares no code with it, so that a shared mistake cannot hide.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FLAG_LETTERS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, "A": 0x10, "U": 0x20, "E": 0x40, "C": 0x80}
CLIENT_MAC = bytes.fromhex("020000000001")
SERVER_MAC = bytes.fromhex("020000000002")

ETHERNET = 1
COOKED_V1 = 113
COOKED_V2 = 276
RAW_IP = 101
BSD_NULL = 0
BSD_LOOP = 108


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A frame and when it was captured."""

    at: int
    """Nanoseconds since 1970; files with microseconds lose the last three digits."""

    frame: bytes
    wire_length: int | None = None
    """What the file shall claim as length on the wire; None for the frame's own."""


# --- TCP ---


def nop() -> bytes:
    return b"\x01"


def mss(size: int) -> bytes:
    return struct.pack(">BBH", 2, 4, size)


def window_scale(shift: int) -> bytes:
    return struct.pack(">BBB", 3, 3, shift)


def sack_permitted() -> bytes:
    return b"\x04\x02"


def sack(*blocks: tuple[int, int]) -> bytes:
    edges = b"".join(struct.pack(">II", *block) for block in blocks)
    return struct.pack(">BB", 5, 2 + len(edges)) + edges


def timestamps(value: int, echo: int) -> bytes:
    return struct.pack(">BBII", 8, 10, value, echo)


def tcp(
    source_port: int,
    destination_port: int,
    *,
    seq: int = 0,
    ack: int = 0,
    flags: str = "A",
    window: int = 64_240,
    options: Sequence[bytes] = (),
    payload: bytes = b"",
    header_words: int | None = None,
) -> bytes:
    """A TCP segment. *flags* are letters of `FLAG_LETTERS`; *header_words* overrides the data offset field."""
    listed = b"".join(options)
    listed += b"\0" * (-len(listed) % 4)
    bits = sum(FLAG_LETTERS[letter] for letter in flags)
    words = 5 + len(listed) // 4 if header_words is None else header_words
    header = struct.pack(
        ">HHIIHHHH", source_port, destination_port, seq % 2**32, ack % 2**32, words << 12 | bits, window, 0, 0
    )
    return header + listed + payload


# --- IP ---


def ipv4(
    source: str,
    destination: str,
    payload: bytes,
    *,
    protocol: int = 6,
    ttl: int = 64,
    identification: int = 1,
    options: bytes = b"",
    fragment_offset: int = 0,
    more_fragments: bool = False,
    total_length: int | None = None,
) -> bytes:
    """An IPv4 packet. *fragment_offset* counts bytes; *total_length* overrides the field (0: segmentation offload)."""
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4
    total = words * 4 + len(payload) if total_length is None else total_length
    fragment = fragment_offset // 8 | (0x2000 if more_fragments else 0)
    addresses = ip_address(source).packed + ip_address(destination).packed
    header = struct.pack(">BBHHHBBH", 0x40 | words, 0, total, identification, fragment, ttl, protocol, 0)
    return header + addresses + options + payload


def ipv6(
    source: str,
    destination: str,
    payload: bytes,
    *,
    protocol: int = 6,
    ttl: int = 64,
    extensions: Sequence[tuple[int, bytes]] = (),
    payload_length: int | None = None,
) -> bytes:
    """An IPv6 packet. *extensions* are (number, header without its first byte); each is told what follows it."""
    kinds = [kind for kind, _ in extensions] + [protocol]
    chain = b"".join(bytes([after]) + rest for (_, rest), after in zip(extensions, kinds[1:], strict=True))
    length = len(chain) + len(payload) if payload_length is None else payload_length
    addresses = ip_address(source).packed + ip_address(destination).packed
    return struct.pack(">IHBB", 0x60000000, length, kinds[0], ttl) + addresses + chain + payload


def hop_by_hop(options: bytes = b"\x01\x04\0\0\0\0") -> tuple[int, bytes]:
    """A hop-by-hop extension header; *options* fill it to a multiple of 8 bytes (2 less than that)."""
    return 0, bytes([(len(options) + 2) // 8 - 1]) + options


def jumbo(length: int) -> tuple[int, bytes]:
    return hop_by_hop(struct.pack(">BBI", 0xC2, 4, length))


def fragment_header(offset: int, *, more: bool = False) -> tuple[int, bytes]:
    return 44, struct.pack(">BHI", 0, offset | more, 7)


def authentication_header(words: int = 4) -> tuple[int, bytes]:
    return 51, bytes([words - 2]) + b"\0" * (words * 4 - 2)


def ip(
    source: str, destination: str, payload: bytes, *, protocol: int = 6, ttl: int = 64, identification: int = 1
) -> bytes:
    """An IP packet of the addresses' family."""
    if ip_address(source).version == 4:
        return ipv4(source, destination, payload, protocol=protocol, ttl=ttl, identification=identification)
    return ipv6(source, destination, payload, protocol=protocol, ttl=ttl)


# --- ICMP ---


def icmp_error(
    reporter: str,
    receiver: str,
    quoted: bytes,
    *,
    kind: int = 11,
    code: int = 0,
    mtu: int = 0,
    ttl: int = 64,
) -> bytes:
    """An IP packet with an ICMP or ICMPv6 error (by the reporter's family) that quotes *quoted*, an IP packet."""
    version = ip_address(reporter).version
    body = struct.pack(">HH", 0, mtu) if version == 4 else struct.pack(">I", mtu)
    message = struct.pack(">BBH", kind, code, 0) + body + quoted
    return ip(reporter, receiver, message, protocol=1 if version == 4 else 58, ttl=ttl)


# --- links ---


def ethertype(packet: bytes) -> int:
    """EtherType of an IP packet, by its version."""
    return 0x86DD if packet and packet[0] >> 4 == 6 else 0x0800


def ethernet(
    packet: bytes,
    *,
    source: bytes = CLIENT_MAC,
    destination: bytes = SERVER_MAC,
    vlans: Sequence[tuple[int, int]] = (),
    protocol: int | None = None,
    padded: bool = True,
) -> bytes:
    """An Ethernet frame, padded to 60 bytes. *vlans* are (tag's EtherType, VLAN id), outermost first."""
    tags = b"".join(struct.pack(">HH", kind, number) for kind, number in vlans)
    kind = ethertype(packet) if protocol is None else protocol
    frame = destination + source + tags + struct.pack(">H", kind) + packet
    return frame.ljust(60, b"\0") if padded else frame


def cooked_v1(packet: bytes, *, source: bytes = CLIENT_MAC, protocol: int | None = None) -> bytes:
    """A frame as `tcpdump -i any` kept it (LINKTYPE_LINUX_SLL)."""
    kind = ethertype(packet) if protocol is None else protocol
    return struct.pack(">HHH8sH", 0, 1, len(source), source, kind) + packet


def cooked_v2(packet: bytes, *, source: bytes = CLIENT_MAC, protocol: int | None = None) -> bytes:
    """A frame as `tcpdump -i any` keeps it (LINKTYPE_LINUX_SLL2)."""
    kind = ethertype(packet) if protocol is None else protocol
    return struct.pack(">HHIHBB8s", kind, 0, 2, 1, 0, len(source), source) + packet


def bsd_loopback(packet: bytes, *, byte_order: str = "<", family: int | None = None) -> bytes:
    """A frame of a BSD loopback interface (LINKTYPE_NULL; LINKTYPE_LOOP with byte order `>`)."""
    number = family if family is not None else 30 if ethertype(packet) == 0x86DD else 2
    return struct.pack(byte_order + "I", number) + packet


def tcp_frame(
    source: str,
    destination: str,
    source_port: int,
    destination_port: int,
    *,
    seq: int = 0,
    ack: int = 0,
    flags: str = "A",
    window: int = 64_240,
    options: Sequence[bytes] = (),
    payload: bytes = b"",
    ttl: int = 64,
    identification: int = 1,
    mac: bytes = CLIENT_MAC,
    receiver: bytes = SERVER_MAC,
) -> bytes:
    """An Ethernet frame with one TCP segment, IPv4 or IPv6 by the addresses: what most tests need."""
    segment = tcp(
        source_port, destination_port, seq=seq, ack=ack, flags=flags, window=window, options=options, payload=payload
    )
    packet = ip(source, destination, segment, ttl=ttl, identification=identification)
    return ethernet(packet, source=mac, destination=receiver)


# --- capture files ---


def pcap_file(
    packets: Iterable[Packet],
    *,
    nanoseconds: bool = False,
    byte_order: str = "<",
    link_type: int = ETHERNET,
    snap_length: int = 262_144,
    modified: bool = False,
) -> bytes:
    """A classic capture file. Frames are cut to *snap_length*; *modified* is the variant with longer record headers."""
    magic = 0xA1B2CD34 if modified else 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    pieces = [struct.pack(byte_order + "IHHiIII", magic, 2, 4, 0, 0, snap_length, link_type)]
    for packet in packets:
        seconds, rest = divmod(packet.at, 10**9)
        kept = packet.frame[:snap_length]
        wire_length = len(packet.frame) if packet.wire_length is None else packet.wire_length
        ticks = rest if nanoseconds else rest // 1000
        pieces += [struct.pack(byte_order + "IIII", seconds, ticks, len(kept), wire_length)]
        pieces += [b"\0" * 8] if modified else []
        pieces += [kept]
    return b"".join(pieces)


def pcapng_block(kind: int, body: bytes, *, byte_order: str = "<") -> bytes:
    """One pcapng block around a body, which is padded to four bytes."""
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(byte_order + "I", len(body) + 12)
    return struct.pack(byte_order + "I", kind) + length + body + length


def pcapng_option(code: int, value: bytes, *, byte_order: str = "<") -> bytes:
    return struct.pack(byte_order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def pcapng_section(*, byte_order: str = "<", length: int = -1, major: int = 1, options: bytes = b"") -> bytes:
    """A section header. *length* is that of the blocks behind it, -1 where the writer does not say."""
    body = struct.pack(byte_order + "IHHq", 0x1A2B3C4D, major, 0, length) + options
    return pcapng_block(0x0A0D0D0A, body, byte_order=byte_order)


def pcapng_interface(
    *,
    link_type: int = ETHERNET,
    snap_length: int = 262_144,
    resolution: int | None = 9,
    offset: int = 0,
    more: bytes = b"",
    byte_order: str = "<",
) -> bytes:
    """An interface description. *resolution* is the option's byte: 9 for nanoseconds, 0x80 + n for 2^-n; *more* are
    further options."""
    options = more
    options += b"" if resolution is None else pcapng_option(9, bytes([resolution]), byte_order=byte_order)
    if offset:
        options += pcapng_option(14, struct.pack(byte_order + "q", offset), byte_order=byte_order)
    body = struct.pack(byte_order + "HHI", link_type, 0, snap_length) + options
    return pcapng_block(1, body, byte_order=byte_order)


def pcapng_packet(
    ticks: int,
    frame: bytes,
    *,
    interface: int = 0,
    wire_length: int | None = None,
    options: bytes = b"",
    byte_order: str = "<",
) -> bytes:
    """An enhanced packet block with all of *frame*."""
    length = len(frame) if wire_length is None else wire_length
    head = struct.pack(byte_order + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), length)
    padding = b"\0" * (-len(frame) % 4) if options else b""
    return pcapng_block(6, head + frame + padding + options, byte_order=byte_order)


def pcapng_old_packet(
    ticks: int, frame: bytes, *, interface: int = 0, lost: int = 0xFFFF, byte_order: str = "<"
) -> bytes:
    """The kind of packet block that is no longer written; *lost* 0xFFFF stands for unknown."""
    head = struct.pack(byte_order + "HHIIII", interface, lost, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
    return pcapng_block(2, head + frame, byte_order=byte_order)


def pcapng_simple_packet(frame: bytes, *, wire_length: int | None = None, byte_order: str = "<") -> bytes:
    length = len(frame) if wire_length is None else wire_length
    return pcapng_block(3, struct.pack(byte_order + "I", length) + frame, byte_order=byte_order)


def pcapng_names(*records: tuple[bytes, bytes], byte_order: str = "<") -> bytes:
    """A name resolution block: packed addresses (4 or 16 bytes, others of a kind of their own) and their names."""
    kinds = {4: 1, 16: 2}
    body = b"".join(
        pcapng_option(kinds.get(len(address), 3), address + names, byte_order=byte_order) for address, names in records
    )
    return pcapng_block(4, body + bytes(4), byte_order=byte_order)


def pcapng_statistics(
    interface: int, *, dropped: int | None = None, os_dropped: int | None = None, byte_order: str = "<"
) -> bytes:
    """An interface statistics block; what is None is not said."""
    said = [(5, dropped), (7, os_dropped)]
    options = b"".join(
        pcapng_option(code, struct.pack(byte_order + "Q", count), byte_order=byte_order)
        for code, count in said
        if count is not None
    )
    return pcapng_block(5, struct.pack(byte_order + "III", interface, 0, 0) + options, byte_order=byte_order)


def pcapng_file(
    packets: Iterable[Packet],
    *,
    byte_order: str = "<",
    link_type: int = ETHERNET,
    snap_length: int = 262_144,
) -> bytes:
    """A capture file in blocks: one section, one interface with nanoseconds, enhanced packet blocks."""
    pieces = [
        pcapng_section(byte_order=byte_order),
        pcapng_interface(link_type=link_type, snap_length=snap_length, byte_order=byte_order),
    ]
    for packet in packets:
        wire_length = len(packet.frame) if packet.wire_length is None else packet.wire_length
        kept = packet.frame[:snap_length]
        pieces.append(pcapng_packet(packet.at, kept, wire_length=wire_length, byte_order=byte_order))
    return b"".join(pieces)


# --- applications ---


def client_hello(name: str | bytes | None = "example.org", *, before: Sequence[tuple[int, bytes]] = ()) -> bytes:
    """A TLS record with a ClientHello. *before* are extensions (number, body) that stand ahead of the server name's."""
    extensions = list(before)
    if name is not None:
        raw = name.encode() if isinstance(name, str) else name
        entry = struct.pack(">BH", 0, len(raw)) + raw
        extensions.append((0, struct.pack(">H", len(entry)) + entry))
    listed = b"".join(struct.pack(">HH", kind, len(body)) + body for kind, body in extensions)
    body = b"\x03\x03" + bytes(32) + b"\x20" + bytes(32) + b"\x00\x02\x13\x01" + b"\x01\x00"
    body += struct.pack(">H", len(listed)) + listed
    handshake = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(handshake)) + handshake
