"""What devices between two vantages change in packets: addresses, ports, numbers, sizes, hops.

They carry TCP's checksum over by what they change (RFC 1624), so that it stays right, or wrong, as it was.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from tests.helpers.degraded.headers import ACK, RST, SYN, Headers, headers_of
from tests.helpers.degraded.taken import Evidence

BEYOND = ("firewall-outside", "server")
"""Vantages behind the translator, seen from the client."""

BEFORE = ("client", "firewall-inside")

PUBLIC = ("100.64.7.9", "2001:db8:64::7:9")
"""RFC 6598's range for carriers' translators: no case uses it."""

SERVICE = ("100.64.88.1", "2001:db8:64::88:1")
"""The address that clients know a server by, where a balancer translates."""

MSS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Renamed:
    """One address, and its ports where they are rewritten, under another name."""

    old: str
    new: str
    ports: bool

    def port(self, port: int) -> int:
        return 1024 + port * 7 % 60_000 if self.ports else port

    def done_to(self, frame: bytes) -> bytes:
        """The frame as it is beyond the translator, quotes in ICMP errors included."""
        old, new = ip_address(self.old).packed, ip_address(self.new).packed
        found = headers_of(frame)
        if found is None:
            return frame
        data = bytearray(frame)
        if found.icmp:
            # An error quotes the packet that it is about, and a translator mends that, too.
            inner = found.target_at + found.width + 8
            return bytes(data[:inner]).replace(old, new) + self._quoted(bytes(data[inner:]))
        for address, at, port in ((found.source, found.source_at, 0), (found.target, found.target_at, 2)):
            if address == self.old:
                data[at : at + len(new)] = new
                if found.tcp_at is not None:
                    (number,) = struct.unpack_from(">H", data, found.tcp_at + port)
                    struct.pack_into(">H", data, found.tcp_at + port, self.port(number))
        return bytes(data)

    def _quoted(self, packet: bytes) -> bytes:
        kind = b"\x86\xdd" if len(ip_address(self.old).packed) == 16 else b"\x08\x00"
        return self.done_to(bytes(12) + kind + packet)[14:]


def _summed(frame: bytes, found: Headers, tcp_at: int) -> int:
    """The 16-bit words that TCP's checksum covers and that a device may change, but not the checksum itself."""
    addresses = frame[found.source_at : found.source_at + 2 * found.width]
    covered = addresses + frame[tcp_at : tcp_at + 16] + frame[tcp_at + 18 :]
    return sum(struct.unpack(f">{len(covered) // 2}H", covered[: len(covered) & ~1]))


def _carried_over(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """*change*, and the checksum with it: HC' = ~(~HC + ~m + m') of RFC 1624 section 3."""

    def changed(frame: bytes) -> bytes:
        after, old = change(frame), headers_of(frame)
        new, tcp_at = headers_of(after), old.tcp_at if old else None
        if old is None or new is None or tcp_at is None or len(after) != len(frame) or len(after) < tcp_at + 18:
            return after
        (was,) = struct.unpack_from(">H", frame, tcp_at + 16)
        total = (~was & 0xFFFF) + _summed(after, new, tcp_at) - _summed(frame, old, tcp_at)
        # One's complement: what overflows 16 bits is added again, which is arithmetic modulo 0xFFFF.
        data = bytearray(after)
        struct.pack_into(">H", data, tcp_at + 16, ~(total % 0xFFFF) & 0xFFFF if after != frame else was)
        return bytes(data)

    return changed


def source_nat(evidence: Evidence, *, ports: bool = True) -> Evidence:
    """Beyond the firewall the client has another address and other ports."""
    six = ":" in evidence.client
    renamed = _Renamed(old=evidence.client, new=PUBLIC[six], ports=ports)
    return evidence.each(lambda taken: taken.with_data(_carried_over(renamed.done_to)), only=BEYOND)


def destination_nat(evidence: Evidence, *, ports: bool = False) -> Evidence:
    """Before the firewall the server has the address that clients know, not its own."""
    six = ":" in evidence.server
    renamed = _Renamed(old=evidence.server, new=SERVICE[six], ports=ports)
    return evidence.each(lambda taken: taken.with_data(_carried_over(renamed.done_to)), only=BEFORE)


def numbers_rewritten(evidence: Evidence, by: int) -> Evidence:
    """A firewall that randomises initial sequence numbers: beyond it the client counts from elsewhere."""

    def shifted(frame: bytes) -> bytes:
        found = headers_of(frame)
        if found is None or found.tcp_at is None:
            return frame
        data = bytearray(frame)
        own = (by * (found.ports[0] | 1)) % 2**32
        other = (by * (found.ports[1] | 1)) % 2**32
        if _goes_there(evidence, found.source):
            struct.pack_into(">I", data, found.tcp_at + 4, (found.seq + own) % 2**32)
        elif found.flags & ACK and not (found.flags & RST and not found.ack):
            struct.pack_into(">I", data, found.tcp_at + 8, (found.ack + other) % 2**32)
            _shift_sack(data, found.tcp_at, found.header_length, other)
        return bytes(data)

    return evidence.each(lambda taken: taken.with_data(_carried_over(shifted)), only=BEYOND)


def _goes_there(evidence: Evidence, source: str) -> bool:
    return source in {evidence.client, *PUBLIC}


def _options(data: bytes, tcp_at: int, header_length: int) -> dict[int, int]:
    """Offset of each TCP option's value, by kind."""
    found: dict[int, int] = {}
    at, end = tcp_at + 20, min(tcp_at + header_length, len(data))
    while at < end and data[at]:
        if data[at] == 1:
            at += 1
        elif at + 1 < end and data[at + 1] >= 2:
            found[data[at]] = at + 2
            at += data[at + 1]
        else:
            break
    return found


def _shift_sack(data: bytearray, tcp_at: int, header_length: int, by: int) -> None:
    at = _options(bytes(data), tcp_at, header_length).get(5)
    if at is None:
        return
    for edge in range(at, at + data[at - 1] - 2, 4):
        if edge + 4 <= len(data):
            (number,) = struct.unpack_from(">I", data, edge)
            struct.pack_into(">I", data, edge, (number + by) % 2**32)


def mss_clamped(evidence: Evidence, mss: int) -> Evidence:
    """A device writes a smaller MSS into the SYN of either end: beyond it the client's, before it the server's."""

    def clamped(frame: bytes) -> bytes:
        found = headers_of(frame)
        if found is None or found.tcp_at is None or not found.flags & SYN:
            return frame
        at = _options(frame, found.tcp_at, found.header_length).get(MSS)
        if at is None or at + 2 > len(frame) or int.from_bytes(frame[at : at + 2]) <= mss:
            return frame
        return frame[:at] + mss.to_bytes(2) + frame[at + 2 :]

    def there(frame: bytes) -> bytes:
        found = headers_of(frame)
        return clamped(frame) if found is not None and _goes_there(evidence, found.source) else frame

    def back(frame: bytes) -> bytes:
        found = headers_of(frame)
        return frame if found is None or _goes_there(evidence, found.source) else clamped(frame)

    beyond = evidence.each(lambda taken: taken.with_data(_carried_over(there)), only=BEYOND)
    return beyond.each(lambda taken: taken.with_data(_carried_over(back)), only=BEFORE)


def hops_reset(evidence: Evidence, *vantages: str) -> Evidence:
    """A tap that proxies: every packet leaves it with 64 hops to go."""

    def reset(frame: bytes) -> bytes:
        found = headers_of(frame)
        if found is None:
            return frame
        return frame[: found.ttl_at] + b"\x40" + frame[found.ttl_at + 1 :]

    return evidence.each(lambda taken: taken.with_data(reset), only=vantages)
