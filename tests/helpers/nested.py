"""Packets in whatever may carry them, in any order and inside of each other, and what may happen to them then."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tests.helpers import encapsulated as e
from tests.helpers import packets as p

if TYPE_CHECKING:
    from random import Random

_OLD_ENDS = ("10.0.0.1", "192.0.2.2", "255.255.255.255")
_NEW_ENDS = ("2001:db8::1", "fe80::1", "::ffff:1.2.3.4")
_TUNNEL_PORTS = (4789, 8472, 4790, 6081, 2152, 6635, 51820, 4500)
_ETHERTYPES = (0x0800, 0x86DD, 0x8100, 0x8847, 0x8864, 0x880B, 0x6558, 0x88E5, 0x88BE, 0x22EB, 0, 0xFFFF)
_TELLING = (
    *(struct.pack(">H", number) for number in _ETHERTYPES),
    *(b"\x45", b"\x60", e.SNAP, b"\x06\x06\x03", b"\xff\x03", b"\x04\0\0\0", b"\x30\0", b"\x11\0"),
)
"""Bytes that mean something in more than one place."""


def damaged(random: Random, frame: bytes) -> bytes:
    """Some bytes changed, gone or added, or the end cut off."""
    changed = bytearray(frame)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(min(len(changed), random.choice((40, 400))) or 1)
        telling = random.choice(_TELLING)
        match random.randrange(5):
            case 0:
                del changed[at:]
            case 1:
                del changed[at : at + random.randint(1, 8)]
            case 2:
                changed[at:at] = telling
            case 3:
                changed[at : at + 1] = random.randbytes(1)
            case _:
                changed[at : at + len(telling)] = telling
    return bytes(changed)


class Carriers:
    """Makes packets, and wraps them *depth* times at most."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def link(self, depth: int) -> tuple[int, bytes]:
        """A frame, and its link type."""
        some = self._random
        if some.random() < 0.4:
            return p.ETHERNET, self._frame(depth)
        return some.choice((self._cooked, self._bare, self._serial, self._in_the_air, self._recorded))(depth)

    def _cooked(self, depth: int) -> tuple[int, bytes]:
        kind, payload = self._payload(depth)
        address = self._random.randbytes(self._random.choice((0, 4, 6, 6)))
        if self._random.random() < 0.5:
            return p.COOKED_V1, p.cooked_v1(payload, protocol=kind, source=address)
        return p.COOKED_V2, p.cooked_v2(payload, protocol=kind, source=address)

    def _bare(self, depth: int) -> tuple[int, bytes]:
        some, packet = self._random, self._packet(depth)
        if some.random() < 0.3:
            return some.choice((0, 108)), p.bsd_loopback(packet, byte_order=some.choice("<>"))
        return some.choice((12, 14, 101, 228, 229)), packet

    def _serial(self, depth: int) -> tuple[int, bytes]:
        some, packet = self._random, self._packet(depth)
        kind, payload = self._payload(depth)
        return some.choice(
            (
                (some.choice((9, 50)), e.ppp(packet, address=self._maybe(), short=self._maybe())),
                (some.choice((50, 104)), b"\x0f\0" + struct.pack(">H", kind) + payload),
                (51, e.pppoe(packet)),
                (166, b"\0\x03" + e.ppp(packet)),
                (204, b"\1" + e.ppp(packet, address=True)),
            )
        )

    def _recorded(self, depth: int) -> tuple[int, bytes]:
        some = self._random
        order = some.choice("<>")
        if some.random() < 0.5:
            packet = self._packet(depth)
            return 239, e.nflog(packet, order=order, family=some.choice((None, 7)), with_address=self._maybe())
        link_type, frame = self.link(depth - 1)
        return some.choice(((258, e.pktap(frame, link_type, order=order)), (192, e.ppi(frame, link_type))))

    def _in_the_air(self, depth: int) -> tuple[int, bytes]:
        some = self._random
        frame = e.wifi(
            self._packet(depth),
            to_ds=self._maybe(),
            from_ds=self._maybe(),
            qos=self._maybe(),
            high_throughput=self._maybe(),
            protected=some.random() < 0.2,
            sealed=some.random() < 0.1,
            padded=some.random() < 0.2,
            subframes=[self._packet(depth - 1) for _ in range(some.choice((0, 0, 2, 5)))],
        )
        flags = some.choice((None, 0, 0x20, 0x40))
        return some.choice(
            (
                (105, frame),
                (119, e.prism(frame)),
                (163, e.avs(frame)),
                (127, e.radiotap(frame, flags=flags, clock=self._maybe(), more_words=some.choice((0, 2)))),
            )
        )

    def _maybe(self) -> bool:
        return self._random.random() < 0.5

    def _packet(self, depth: int) -> bytes:
        some = self._random
        source, destination = some.sample(some.choice((_OLD_ENDS, _NEW_ENDS)), 2)
        if depth <= 0 or some.random() < 0.2:
            return self._leaf(source, destination)
        tunnel = some.choice((self._of_packets, self._of_frames, self._of_mpls, self._hidden))
        return tunnel((source, destination), depth - 1)

    def _leaf(self, source: str, destination: str) -> bytes:
        some = self._random
        segment = p.tcp(
            some.choice((443, 40_000)),
            some.choice((443, 40_000)),
            flags=some.choice(("S", "SA", "A", "PA", "FA", "R")),
            seq=some.choice((0, 1, 1000, 2**32 - 1)),
            payload=some.choice((b"", bytes(30), p.client_hello("a.example"))),
        )
        packet = p.ip(source, destination, segment)
        return p.icmp_error(destination, source, packet) if some.random() < 0.1 else packet

    def _of_packets(self, ends: tuple[str, str], depth: int) -> bytes:
        some, packet = self._random, self._packet(depth)
        number = some.choice((None, 0, 2**32 - 1))
        return some.choice(
            (
                *[e.ipip(ends, packet)] * 3,
                e.gre(ends, packet, checksum=self._maybe(), key=number, sequence=number),
                e.pptp(ends, packet, call=some.randrange(1 << 16), acknowledges=self._maybe()),
                e.vxlan_gpe(ends, packet, kind=2 if packet[0] >> 4 == 6 else 1),
                e.gtp_u(ends, packet, tunnel=number or 0, extensions=some.choice((0, 1, 8, 9)), sequence=self._maybe()),
                e.udp(ends, packet, some.choice(_TUNNEL_PORTS)),
            )
        )

    def _of_frames(self, ends: tuple[str, str], depth: int) -> bytes:
        some, frame = self._random, self._frame(depth)
        network = some.randrange(1 << 24)
        return some.choice(
            (
                e.gre(ends, frame, kind=0x6558, key=network),
                e.erspan(ends, frame, version=some.choice((1, 2, 3)), session=network >> 8, subheader=self._maybe()),
                e.vxlan(ends, frame, network=network, policy=some.choice((None, 7))),
                e.vxlan_gpe(ends, frame, kind=3, network=network),
                e.geneve(ends, frame, network=network, options=bytes(some.choice((0, 4, 252)))),
                e.etherip(ends, frame),
                e.carried(ends, frame, some.choice((4, 41, 47, 97, 137))),
            )
        )

    def _of_mpls(self, ends: tuple[str, str], depth: int) -> bytes:
        packet, labels = self._packet(depth), self._labels()
        return e.mpls_in_ip(ends, packet, *labels) if self._maybe() else e.mpls_in_udp(ends, packet, *labels)

    def _hidden(self, ends: tuple[str, str], depth: int) -> bytes:
        some = self._random
        begins = some.choice((bytes(4), b"", b"\x04\0\0\0"))
        if self._maybe():
            return e.udp(ends, begins + bytes(28), some.choice((4500, 51820)))
        return e.carried(ends, self._packet(depth), 50)

    def _labels(self) -> list[int]:
        return [self._random.randrange(1 << 20) for _ in range(self._random.choice((1, 2, 3, 16, 17)))]

    def _payload(self, depth: int) -> tuple[int, bytes]:
        """What an Ethernet frame may carry, and its EtherType."""
        some = self._random
        if depth <= 0 or some.random() < 0.4:
            packet = self._packet(depth)
            return p.ethertype(packet), packet
        return some.choice((self._tagged, self._labelled, self._sessions))(depth - 1)

    def _tagged(self, depth: int) -> tuple[int, bytes]:
        some = self._random
        kind, payload = self._payload(depth)
        snap = e.SNAP + struct.pack(">H", kind) + payload
        tag = struct.pack(">HH", some.choice((0, 0xE000, 1, 0xFFFF)), kind) + payload
        return some.choice(((some.choice((0x8100, 0x88A8, 0x9100)), tag), (min(len(snap), 0x05FF), snap)))

    def _labelled(self, depth: int) -> tuple[int, bytes]:
        if self._maybe():
            return 0x8847, e.mpls(self._packet(depth), *self._labels())
        return 0x8848, e.mpls(self._frame(depth), *self._labels(), control_word=self._maybe())

    def _sessions(self, depth: int) -> tuple[int, bytes]:
        some, packet = self._random, self._packet(depth)
        return some.choice(
            (
                (0x8864, e.pppoe(packet, session=some.randrange(1 << 16))),
                (0x88E5, e.macsec(packet, encrypted=some.random() < 0.3, with_sender=self._maybe())),
                (3 + len(packet), b"\x06\x06\x03" + packet),
                (0x6558, self._frame(depth)),
            )
        )

    def _frame(self, depth: int) -> bytes:
        kind, payload = self._payload(depth)
        return p.SERVER_MAC + p.CLIENT_MAC + struct.pack(">H", kind) + payload
