"""A SYN made by hand, as scanners and forgers send it: no socket of TCP is behind it, whatever comes back."""

import os
import select
import socket
import struct
import time
from ipaddress import ip_address

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic.endpoints import own_address
from bothways.lab.traffic.outcomes import Outcome
from bothways.lab.world import nodes
from bothways.units import Duration, Instant
from bothways.wire.checksum import internet_checksum

_MSS = b"\x02\x04\x05\xb4"
"""Kind 2, length 4, 1460 bytes (RFC 9293 section 3.7.1)."""
_SYN = 0x02
_TTL = 64


def send(visit: Visit, port: int, over: int) -> tuple[Outcome, str]:
    """Send the SYN of a visit, and wait for as long as the visit has patience; the outcome, and no words of curl.

    Args:
        visit: one that does `syn`.
        port: where the SYN claims to come from.
        over: a descriptor that becomes readable when the lab is over.

    Raises:
        OSError: there is no such node, or no route.
    """
    source = visit.source or own_address(visit.node, visit.to) or ""
    began, start = Instant(time.time_ns()), time.monotonic_ns()
    with nodes.within(visit.node):
        _out(packet(source, visit.to, port, visit.port), visit.to)
    waiting = select.poll()
    waiting.register(over, select.POLLIN)
    stopped = bool(waiting.poll(visit.patience_s * 1000))
    outcome = Outcome(
        visit=visit,
        began=began,
        address=source,
        port=port,
        ended="unfinished" if stopped else "timed out",
        connected=False,
        closed=False,
        took=Duration(time.monotonic_ns() - start),
        sent=0,
        received=0,
    )
    return outcome, ""


def packet(source: str, target: str, port: int, to_port: int) -> bytes:
    """The whole IP packet: a SYN with nothing but a segment size, its sequence number by chance."""
    here, there = ip_address(source).packed, ip_address(target).packed
    length = 20 + len(_MSS)
    head = struct.pack(
        "!HHIIBBHHH", port, to_port, int.from_bytes(os.urandom(4)), 0, length // 4 << 4, _SYN, 1024, 0, 0
    )
    pseudo = here + there + struct.pack("!IHBB", length, 0, 0, socket.IPPROTO_TCP)
    segment = head[:16] + internet_checksum(pseudo + head + _MSS).to_bytes(2) + head[18:] + _MSS
    if len(here) == 16:
        return struct.pack("!IHBB", 6 << 28, length, socket.IPPROTO_TCP, _TTL) + here + there + segment
    # The kernel fills in the header's checksum (raw(7)).
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, _TTL, socket.IPPROTO_TCP, 0) + here + there + segment


def _out(whole: bytes, target: str) -> None:
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    # IPPROTO_RAW stands for "the header is mine" in both families (raw(7), ipv6(7)).
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sending:
        sending.sendto(whole, (target, 0))
